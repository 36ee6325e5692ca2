"""The story in the Segment specification's calls, for the two libraries that speak it."""

from urllib.parse import parse_qs, urlsplit

import story


def context(step):
    """What a server knows about its visitor's request."""
    parts = urlsplit(step["url"])
    page = {"url": step["url"], "path": parts.path, "search": f"?{parts.query}" if parts.query else "",
            "title": step["title"], "referrer": step["referrer"]}
    told = {"userAgent": story.AGENTS[step["visitor"]], "ip": story.ADDRESSES[step["visitor"]], "locale": "en-US", "page": page}
    query = parse_qs(parts.query)
    if "utm_campaign" in query:
        told["campaign"] = {"name": query["utm_campaign"][0], "source": query["utm_source"][0], "medium": query["utm_medium"][0]}
    return told, page


def tell(client, steps):
    """Each call on its own: the libraries' synchronous mode."""
    for step in steps:
        about, page = context(step)
        common = dict(anonymous_id=step["anonymous"], user_id=step["user"], timestamp=story.moment(step), context=about,
                      message_id=step["id"])
        if step["kind"] == "pageview":
            client.page(name=step["title"], properties=page, **common)
        elif step["kind"] == "identify":
            client.identify(traits={"plan": "customer"}, **common)
        elif step["kind"] == "cart":
            item = step["item"]
            client.track(event="Product Added", properties={
                "product_id": item["id"], "name": item["name"], "price": float(item["price"]), "quantity": 1}, **common)
        elif step["kind"] == "order":
            order = step["order"]
            products = [{"product_id": item["id"], "name": item["name"], "price": float(item["price"]),
                         "quantity": item["quantity"]} for item in order["items"]]
            client.track(event="Order Completed", properties={
                "order_id": order["id"], "total": float(order["amount"]), "revenue": float(order["amount"]),
                "currency": order["currency"], "products": products}, **common)
