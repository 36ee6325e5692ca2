#!/usr/bin/env -S python3 -B
"""The story through snowplow-tracker. Times go as `ttm`; user agent and address as the subject's `ua` and `ip`."""

import story
import teller


def tell(url, value, steps):
    from snowplow_tracker import Emitter, PageView, StructuredEvent, Subject, Tracker
    failures = []
    # The default batch of ten holds a transaction together with its items.
    emitter = Emitter(url, on_failure=lambda sent, unsent: failures.append(len(unsent)))
    tracker = Tracker("sp", emitter, app_id=value, encode_base64=True)
    for step in steps:
        subject = Subject().set_platform("web").set_domain_user_id(step["anonymous"])
        subject.set_useragent(story.AGENTS[step["visitor"]]).set_ip_address(story.ADDRESSES[step["visitor"]])
        if step["user"]:
            subject.set_user_id(step["user"])
        at = int(step["at"] * 1000)
        if step["kind"] == "pageview":
            tracker.track(PageView(step["url"], step["title"], step["referrer"] or None, event_subject=subject, true_timestamp=at))
        elif step["kind"] == "cart":
            event = StructuredEvent("shop", "add_to_cart", step["item"]["name"], event_subject=subject, true_timestamp=at)
            # The constructor takes no page; a site that reports one adds it to the payload.
            event.payload.add("url", step["url"])
            tracker.track(event)
        elif step["kind"] == "order":
            order = step["order"]
            items = [{"sku": item["id"], "name": item["name"], "category": item["category"], "price": float(item["price"]),
                      "quantity": item["quantity"]} for item in order["items"]]
            tracker.track_ecommerce_transaction(
                order["id"], float(order["amount"]), currency=order["currency"], items=items, tstamp=at, event_subject=subject)
    tracker.flush()
    if failures:
        raise RuntimeError(f"the emitter failed for {sum(failures)} events")


if __name__ == "__main__":
    teller.main(tell)
