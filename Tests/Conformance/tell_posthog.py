#!/usr/bin/env -S python3 -B
"""The story through posthog. A login keeps the browser's id as `$device_id`, as posthog-js does."""

import story
import teller


def tell(url, value, steps):
    from posthog import Posthog
    client = Posthog(value, host=url, sync_mode=True, gzip=False, enable_local_evaluation=False)
    for step in steps:
        person = step["user"] or step["anonymous"]
        properties = {"$current_url": step["url"], "$device_id": step["anonymous"], "$referrer": step["referrer"] or "$direct",
                      "$title": step["title"], "title": step["title"], "$raw_user_agent": story.AGENTS[step["visitor"]],
                      "$ip": story.ADDRESSES[step["visitor"]]}
        common = dict(distinct_id=person, timestamp=story.moment(step), uuid=step["id"])
        if step["kind"] == "pageview":
            client.capture("$pageview", properties=properties, **common)
        elif step["kind"] == "identify":
            client.capture("$identify", properties={**properties, "$anon_distinct_id": step["anonymous"]}, **common)
        elif step["kind"] == "cart":
            client.capture("add_to_cart", properties={**properties, "product": step["item"]["name"]}, **common)
        elif step["kind"] == "order":
            order = step["order"]
            client.capture("order", properties={
                **properties, "order_id": order["id"], "revenue": float(order["amount"]), "currency": order["currency"],
                "products": [{"product_id": item["id"], "name": item["name"], "price": float(item["price"]),
                              "quantity": item["quantity"]} for item in order["items"]]}, **common)
    client.flush()


if __name__ == "__main__":
    teller.main(tell)
