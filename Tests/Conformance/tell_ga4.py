#!/usr/bin/env -S python3 -B
"""The story through ga4mp, the Measurement Protocol. The library sends one time a request, so each event is a request."""

import story
import teller


def tell(url, value, steps):
    from ga4mp import GtagMP
    trackers = {}
    for step in steps:
        visitor = step["visitor"]
        if visitor not in trackers:
            trackers[visitor] = GtagMP("secret", value, story.GA_IDS[visitor])
            trackers[visitor]._base_domain = f"{url}/mp/collect"
        tracker = trackers[visitor]
        if step["user"]:
            tracker.store.set_user_property("user_id", step["user"])
        parameters = {"page_location": step["url"], "page_title": step["title"], "page_referrer": step["referrer"]}
        name = {"pageview": "page_view", "cart": "add_to_cart", "order": "purchase"}.get(step["kind"])
        if step["kind"] in ("cart", "order"):
            items = [step["item"]] if step["kind"] == "cart" else step["order"]["items"]
            parameters["items"] = [{"item_id": item["id"], "item_name": item["name"], "item_category": item["category"],
                                    "price": float(item["price"]), "quantity": item["quantity"]} for item in items]
        if step["kind"] == "cart":
            # What lies in a cart is a value, and no revenue.
            parameters |= {"currency": "EUR", "value": float(step["item"]["price"])}
        if step["kind"] == "order":
            order = step["order"]
            parameters |= {"transaction_id": order["id"], "value": float(order["amount"]), "currency": order["currency"],
                           "coupon": "", "shipping": 0, "tax": 0, "affiliation": ""}
        if name:
            tracker.send([{"name": name, "params": parameters}], date=story.moment(step).replace(tzinfo=None))


if __name__ == "__main__":
    teller.main(tell)
