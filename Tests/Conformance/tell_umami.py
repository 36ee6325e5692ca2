#!/usr/bin/env -S python3 -B
"""The story through umami-analytics. It cannot set a time, and its events cannot set a user agent: all is told as of now,
with the library's own agent, and visitors are told apart by the payload's `id`."""

from urllib.parse import urlsplit

import story
import teller


def tell(url, value, steps):
    import umami
    umami.set_url_base(url)
    umami.set_website_id(value)
    for step in steps:
        parts = urlsplit(step["url"])
        common = dict(hostname=parts.netloc, url=step["page"], referrer=step["referrer"], distinct_id=step["anonymous"],
                      ip_address=story.ADDRESSES[step["visitor"]])
        if step["kind"] == "pageview":
            umami.new_page_view(page_title=step["title"], **common)
        elif step["kind"] == "cart":
            umami.new_event(event_name="add_to_cart", title=step["title"], custom_data={"product": step["item"]["name"]}, **common)
        elif step["kind"] == "order":
            order = step["order"]
            umami.new_revenue_event(
                float(order["amount"]), order["currency"], event_name="order", title=step["title"],
                custom_data={"order_id": order["id"]}, **common)


if __name__ == "__main__":
    teller.main(tell)
