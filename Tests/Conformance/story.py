"""One visit of a shop, told by every client: the story as data, what each protocol cannot carry, and what is compared.

Each product's telling is held against a native telling of the same story. Where a protocol (or its only client) cannot
carry a fact, the difference stands in DIFFERENCES by name and reason, and the native telling leaves the same fact out.
Nothing else may differ."""

import copy
import datetime

AGENTS = {
    "anna": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "ben": "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "cleo": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
}
# The same visitor in the words of each protocol: 16 hex digits are an id of Matomo, a UUID is one of all others.
HEX_IDS = {"anna": "a11a000000000001", "ben": "be11000000000002", "cleo": "c1e0000000000003"}
IDS = {name: f"{text[:8]}-0000-4000-8000-{text:>012.12}" for name, text in HEX_IDS.items()}
GA_IDS = {"anna": "1000000001.1700000001", "ben": "1000000002.1700000002", "cleo": "1000000003.1700000003"}
ADDRESSES = {"anna": "198.51.100.17", "ben": "198.51.101.18", "cleo": "198.51.102.19"}
USER = "customer-7"
ITEMS = [
    {"id": "B-42", "name": "Boots", "category": "Shoes", "price": "99.90", "quantity": 1},
    {"id": "S-7", "name": "Socks", "category": "Clothes", "price": "15.00", "quantity": 2},
]
ORDER = {"id": "order-1001", "amount": "129.90", "currency": "EUR", "items": ITEMS}
STORY = [
    dict(visitor="anna", minute=0, kind="pageview", page="/?utm_source=newsletter&utm_medium=email&utm_campaign=autumn",
         title="Shop", referrer="https://www.google.com/"),
    dict(visitor="anna", minute=2, kind="pageview", page="/catalogue", title="Catalogue", referrer="own:/"),
    dict(visitor="anna", minute=3, kind="cart", page="/catalogue", title="Catalogue", item=ITEMS[0]),
    dict(visitor="anna", minute=5, kind="order", page="/checkout", title="Checkout", order=ORDER),
    dict(visitor="ben", minute=10, kind="pageview", page="/catalogue", title="Catalogue", referrer="https://www.bing.com/"),
    dict(visitor="cleo", minute=12, kind="pageview", page="/login", title="Login", referrer=""),
    dict(visitor="cleo", minute=13, kind="identify", page="/login", title="Login", user=USER),
    dict(visitor="cleo", minute=14, kind="pageview", page="/account", title="Account", referrer="own:/login", user=USER),
    dict(visitor="anna", minute=45, kind="pageview", page="/account", title="Account", referrer=""),
]
# What the unchanged native telling must say: the one count that is made by hand.
EXPECTED = {
    "totals": {"visitors": 3, "visits": 4, "pageviews": 6, "events": 8, "total_revenue": 129.9},
    "pages": {"/": [1, 1], "/catalogue": [2, 3], "/checkout": [0, 1], "/login": [1, 1], "/account": [2, 2]},
    "names": {"pageview": 6, "add_to_cart": 1, "order": 1},
    "sources": {"newsletter": 1, "Bing": 1, None: 2},
    "campaigns": {"autumn": 1, None: 3},
    "entry pages": {"/": 1, "/catalogue": 1, "/login": 1, "/account": 1},
}
# How the report calls the two events of the shop: an order is `order` whatever the client calls it; others keep their name.
NAMES = {product: {"cart": "add_to_cart", "order": "order"}
         for product in ("native", "matomo", "snowplow", "plausible", "umami", "ga4", "posthog")}
NAMES |= {product: {"cart": "Product Added", "order": "order"} for product in ("segment", "rudderstack")}
# Whose clients can be told an event's id: a second telling with the same ids must add nothing.
KEEPS_IDS = {"segment", "rudderstack", "posthog"}
# Product: protocol of the alias, value.
PRODUCTS = {
    "matomo": ("matomo", "1"),
    "snowplow": ("snowplow", "my-app"),
    "plausible": ("plausible", "shop-plausible.test"),
    "umami": ("umami", "5c1d6c9e-0000-4000-8000-00000000000a"),
    "ga4": ("ga4", "G-TEST1234"),
    "segment": ("segment", "wk_test"),
    "rudderstack": ("segment", "wk_rudder"),
    "posthog": ("posthog", "phc_test"),
}


# What a protocol cannot carry: each takes the story and gives it without that fact.


def without_time(steps):
    for step in steps:
        step["at"] = None
    return steps


def without_ids(steps):
    for step in steps:
        step["anonymous"] = step["user"] = None
    return steps


def without_order_page(steps):
    for step in steps:
        if step["kind"] == "order":
            step["url"] = step["title"] = None
    return steps


DIFFERENCES = {
    "plausible": [
        ("no time", "an event's time is its arrival; both of Anna's visits become one", without_time),
        ("no ids", "visitors are told apart by address and user agent of the day", without_ids),
    ],
    "umami": [("no time", "umami-analytics cannot set `timestamp`; both of Anna's visits become one", without_time)],
    "snowplow": [
        ("order without page", "the tracker's transaction call takes no page address", without_order_page)],
}


def steps(domain, start):
    """The story on one domain. `start`: seconds since 1970 of its first event."""
    told = copy.deepcopy(STORY)
    for number, step in enumerate(told):
        referrer = step.get("referrer", "")
        step["referrer"] = f"https://{domain}{referrer[4:]}" if referrer.startswith("own:") else referrer
        step["url"] = f"https://{domain}{step['page']}"
        step["at"] = start + 60 * step["minute"]
        step["id"] = f"00000000-0000-4000-9000-{number:012d}"
        step["anonymous"] = IDS[step["visitor"]]
        step.setdefault("user", None)
    return told


def native_twin(product, domain, start):
    """What the native telling says so that it equals what the product can say."""
    told = steps(domain, start)
    for _, _, leave_out in DIFFERENCES.get(product, []):
        told = leave_out(told)
    return told


def moment(step):
    """The step's time as a date with its zone."""
    return datetime.datetime.fromtimestamp(step["at"], datetime.timezone.utc)
