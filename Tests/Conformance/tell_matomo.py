#!/usr/bin/env -S python3 -B
"""The story through matomopy. Times go as `cdt`; nothing younger than a day needs a token."""

import story
import teller


def tell(url, value, steps):
    import matomopy
    for step in steps:
        tracker = matomopy.MatomoTracker(url, int(value), user_agent=story.AGENTS[step["visitor"]], accept_language="en-US,en")
        tracker.set_visitor_id(story.HEX_IDS[step["visitor"]]).set_custom_timestamp(int(step["at"])).set_url(step["url"])
        tracker.set_resolution(1920, 1080)
        if step["referrer"]:
            tracker.set_url_referrer(step["referrer"])
        if step["user"]:
            tracker.set_user_id(step["user"])
        if step["kind"] == "pageview":
            tracker.track_page_view(step["title"])
        elif step["kind"] == "cart":
            tracker.track_event("shop", "add_to_cart", step["item"]["name"])
        elif step["kind"] == "order":
            order = step["order"]
            items = [[item["id"], item["name"], item["category"], float(item["price"]), item["quantity"]] for item in order["items"]]
            tracker.track_ecommerce_order(order["id"], float(order["amount"]), items=items)
        tracker.close()


if __name__ == "__main__":
    teller.main(tell)
