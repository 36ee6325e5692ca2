"""What each real client can be made to send, one named call a fixture. A call gets the server's address and returns when
the client has nothing left to send, or raises. Values are made up and the same each time, where the client allows it."""

import datetime
import time

import story

AT = datetime.datetime(2026, 11, 25, 12, 0, tzinfo=datetime.timezone.utc)
ANNA = story.IDS["anna"]
HEX = story.HEX_IDS["anna"]
AGENT = story.AGENTS["anna"]
UUID = story.PRODUCTS["umami"][1]
PAGE = "https://shop.test/boots?colour=brown"
REFERRER = "https://www.google.com/"


# --- Matomo ---

def _matomo(url, token=None):
    import matomopy
    tracker = matomopy.MatomoTracker(url, 1, token, user_agent=AGENT, accept_language="en-US,en")
    return tracker.set_visitor_id(HEX).set_url(PAGE).set_url_referrer(REFERRER).set_resolution(1920, 1080)


def _matomo_bulk(url):
    tracker = _matomo(url, "0123456789abcdef0123456789abcdef").enable_bulk_tracking().set_custom_timestamp(int(AT.timestamp()))
    tracker.set_ip("198.51.100.17").track_page_view("Boots")
    tracker.track_event("shop", "add_to_cart", "Boots", 99.9)
    tracker.flush()


MATOMO = {
    "page-view": lambda url: _matomo(url).set_user_id("customer-7").set_custom_dimension(1, "member").track_page_view("Boots"),
    "event": lambda url: _matomo(url).track_event("shop", "add_to_cart", "Boots", 99.9),
    "goal": lambda url: _matomo(url).track_goal(3, 12.5),
    "site-search": lambda url: _matomo(url).track_site_search("boots", "Shoes", 14),
    "download": lambda url: _matomo(url).track_action("https://shop.test/sizes.pdf", "download"),
    "outlink": lambda url: _matomo(url).track_action("https://maker.example/", "link"),
    "content-impression": lambda url: _matomo(url).track_content_impression("Autumn", "banner.png", "https://shop.test/autumn"),
    "content-interaction": lambda url: _matomo(url).track_content_interaction("click", "Autumn", "banner.png", "https://shop.test/autumn"),
    "order": lambda url: _matomo(url).track_ecommerce_order(
        "order-1001", 129.9, 119.9, 20.74, 10.0, 0.0, [["B-42", "Boots", "Shoes", 99.9, 1], ["S-7", "Socks", ["Clothes", "Feet"], 15.0, 2]]),
    "cart-update": lambda url: _matomo(url).track_ecommerce_cart_update(99.9, [["B-42", "Boots", "Shoes", 99.9, 1]]),
    "ping": lambda url: _matomo(url).track_ping(),
    "new-visit-past": lambda url: _matomo(url, "0123456789abcdef0123456789abcdef").set_force_new_visit()
        .set_custom_timestamp(int(AT.timestamp())).set_ip("198.51.100.17").track_page_view("Boots"),
    "bulk": _matomo_bulk,
}


# --- Snowplow ---

def _snowplow(url, method="post", base64=True, failures=None):
    from snowplow_tracker import Emitter, Subject, Tracker
    emitter = Emitter(url, method=method, batch_size=10 if method == "post" else 1, max_retry_delay_seconds=1,
                      on_failure=lambda sent, unsent: failures.append(len(unsent)) if failures is not None else None)
    subject = Subject().set_platform("web").set_domain_user_id(ANNA).set_domain_session_id(UUID).set_domain_session_index(3)
    subject.set_useragent(AGENT).set_ip_address("198.51.100.17").set_lang("en-GB").set_timezone("Europe/Zurich")
    subject.set_screen_resolution(1920, 1080).set_viewport(1200, 800).set_color_depth(24).set_user_id("customer-7")
    return Tracker("sp", emitter, subject=subject, app_id="my-app", encode_base64=base64)


def _snowplow_track(url, *make, **options):
    tracker = _snowplow(url, **options)
    for one in make:
        tracker.track(one())
    tracker.flush()


def _snowplow_patient(url):
    """The emitter asks again on a timer: stays while that runs, for at most the time of a handful of tries."""
    tracker = _snowplow(url)
    for one in (_PV, _PP, _SE):
        tracker.track(one())
    tracker.flush()
    emitter, deadline = tracker.emitters[0], time.monotonic() + 9
    while time.monotonic() < deadline:
        with emitter.lock:
            if not emitter.retry_timer.is_active() and emitter.event_store.size() == 0:
                return
        time.sleep(0.02)


def _sp(name, *arguments, **named):
    def make():
        import snowplow_tracker
        return getattr(snowplow_tracker, name)(*arguments, **named)
    return make


def _sp_data(schema, data):
    from snowplow_tracker import SelfDescribingJson
    return SelfDescribingJson(f"iglu:test.shop/{schema}/jsonschema/1-0-0", data)


def _sp_self():
    from snowplow_tracker import SelfDescribing
    return SelfDescribing(_sp_data("add_to_cart", {"product": "Boots", "price": 99.9}), context=[_sp_data("customer", {"tier": "gold"})])


def _snowplow_order(url):
    tracker = _snowplow(url)
    tracker.track_ecommerce_transaction(
        "order-1001", 129.9, affiliation="web", tax_value=20.74, shipping=10.0, city="Zurich", country="CH", currency="EUR",
        items=[{"sku": "B-42", "name": "Boots", "category": "Shoes", "price": 99.9, "quantity": 1},
               {"sku": "S-7", "name": "Socks", "category": "Clothes", "price": 15.0, "quantity": 2}])
    tracker.flush()


_PV = _sp("PageView", PAGE, "Boots", REFERRER)
_PP = _sp("PagePing", PAGE, "Boots", REFERRER, 0, 0, 120, 900)
_SE = _sp("StructuredEvent", "shop", "add_to_cart", "Boots", "size", 42.0)
SNOWPLOW = {
    "page-view": lambda url: _snowplow_track(url, _PV),
    "page-view-true-time": lambda url: _snowplow_track(
        url, _sp("PageView", PAGE, "Boots", REFERRER, true_timestamp=int(AT.timestamp() * 1000))),
    "batch": _snowplow_patient,
    "self-describing-base64": lambda url: _snowplow_track(url, _sp_self),
    "self-describing-plain": lambda url: _snowplow_track(url, _sp_self, base64=False),
    "screen-view": lambda url: _snowplow_track(url, _sp("ScreenView", UUID, "Basket")),
    "order": _snowplow_order,
    "get-page-view": lambda url: _snowplow_track(url, _PV, method="get"),
    "get-structured": lambda url: _snowplow_track(url, _SE, method="get"),
    "get-self-describing": lambda url: _snowplow_track(url, _sp_self, method="get"),
}


# --- Segment, RudderStack ---

_CONTEXT = {"userAgent": AGENT, "ip": "198.51.100.17", "locale": "en-US",
            "page": {"url": PAGE, "path": "/boots", "search": "?colour=brown", "title": "Boots", "referrer": REFERRER},
            "campaign": {"name": "autumn", "source": "newsletter", "medium": "email"}}
_WHO = {"anonymous_id": ANNA, "timestamp": AT}


def _segment(url):
    from segment.analytics.client import Client
    return Client("wk_test", host=url, sync_mode=True)


def _segment_gzip(url):
    from segment.analytics.client import Client
    return Client("wk_test", host=url, sync_mode=True, gzip=True)


def _rudder(url):
    from rudderstack.analytics.client import Client
    return Client("wk_test", host=url, sync_mode=True)


def _order(client):
    client.track(event="Order Completed", context=dict(_CONTEXT), **_WHO, properties={
        "order_id": "order-1001", "total": 129.9, "revenue": 129.9, "currency": "EUR", "products": [
            {"product_id": "B-42", "name": "Boots", "price": 99.9, "quantity": 1}, {"product_id": "S-7", "name": "Socks", "price": 15.0, "quantity": 2}]})


def _queued(make, url):
    """The default mode: a queue and a thread, all in one batch."""
    client = make("wk_test", host=url, max_retries=10)
    for _ in range(2):
        client.page(name="Boots", properties=dict(_CONTEXT["page"]), context=dict(_CONTEXT), **_WHO)
    _order(client)
    client.flush()


def _segment_queued(url):
    from segment.analytics.client import Client
    _queued(Client, url)


def _rudder_queued(url):
    from rudderstack.analytics.client import Client
    _queued(Client, url)


def _segment_calls(make):
    return {
        "page": lambda url: make(url).page(name="Boots", category="Shoes", properties=dict(_CONTEXT["page"]), context=dict(_CONTEXT), **_WHO),
        "screen": lambda url: make(url).screen(name="Basket", context=dict(_CONTEXT), **_WHO),
        "identify": lambda url: make(url).identify(user_id="customer-7", traits={"plan": "gold"}, **_WHO),
        "group": lambda url: make(url).group(user_id="customer-7", group_id="club", traits={"name": "Club"}, **_WHO),
        "alias": lambda url: make(url).alias(previous_id=ANNA, user_id="customer-7", timestamp=AT),
        "order": lambda url: _order(make(url)),
    }


SEGMENT = _segment_calls(_segment) | {"order-gzip": lambda url: _order(_segment_gzip(url)), "queued": _segment_queued}
RUDDERSTACK = _segment_calls(_rudder) | {"queued": _rudder_queued}


# --- PostHog ---

def _posthog(url, **options):
    from posthog import Posthog
    return Posthog("phc_test", host=url, enable_local_evaluation=False, **{"sync_mode": True, **options})


_WEB = {"$current_url": PAGE, "$referrer": REFERRER, "$device_id": ANNA, "$raw_user_agent": AGENT, "$ip": "198.51.100.17"}


def _posthog_queued(url, **options):
    client = _posthog(url, sync_mode=False, **options)
    for name in ("$pageview", "$pageleave", "add_to_cart"):
        client.capture(name, distinct_id=ANNA, properties=dict(_WEB), timestamp=AT)
    client.shutdown()


POSTHOG = {
    "pageview": lambda url: _posthog(url).capture("$pageview", distinct_id=ANNA, properties=dict(_WEB), timestamp=AT),
    "order": lambda url: _posthog(url).capture("order", distinct_id=ANNA, properties={**_WEB, "revenue": 129.9, "currency": "EUR"}, timestamp=AT),
    "set": lambda url: _posthog(url).set(distinct_id="customer-7", properties={"plan": "gold"}, timestamp=AT),
    "set-once": lambda url: _posthog(url).set_once(distinct_id="customer-7", properties={"first": "autumn"}, timestamp=AT),
    "alias": lambda url: _posthog(url).alias(previous_id=ANNA, distinct_id="customer-7", timestamp=AT),
    "group-identify": lambda url: _posthog(url).group_identify("company", "club", {"name": "Club"}),
    "anonymous": lambda url: _posthog(url).capture("signup", timestamp=AT),
    "flags": lambda url: _posthog(url).get_all_flags(ANNA),
    "queued": _posthog_queued,
    "queued-gzip": lambda url: _posthog_queued(url, gzip=True),
    "queued-v1": lambda url: _posthog_queued(url, capture_mode="v1"),
}


# --- Umami, GA4, Mixpanel ---

def _umami(url):
    import umami
    umami.set_url_base(url)
    umami.set_website_id(UUID)
    umami.set_hostname("shop.test")
    return umami


UMAMI = {
    "page-view": lambda url: _umami(url).new_page_view("Boots", "/boots?colour=brown", referrer=REFERRER, ua=AGENT,
                                                       distinct_id="customer-7", ip_address="198.51.100.17"),
    "event": lambda url: _umami(url).new_event("add_to_cart", url="/boots", custom_data={"product": "Boots", "price": 99.9}),
    "revenue": lambda url: _umami(url).new_revenue_event(129.9, "EUR", "order", url="/checkout", custom_data={"order_id": "order-1001"}),
    "heartbeat": lambda url: _umami(url).heartbeat(),
}


def _ga4(url, *events, user=None, **options):
    from ga4mp import GtagMP
    tracker = GtagMP("secret", "G-TEST1234", story.GA_IDS["anna"])
    tracker._base_domain, tracker._validation_domain = f"{url}/mp/collect", f"{url}/debug/mp/collect"
    if user:
        tracker.store.set_user_property("user_id", user)
        tracker.store.set_user_property("plan", "gold")
        tracker.store.set_user_property("non_personalized_ads", True)
    tracker.send([{"name": name, "params": dict(parameters)} for name, parameters in events], **options)
    return tracker


_GA_PAGE = ("page_view", {"page_location": PAGE, "page_title": "Boots", "page_referrer": REFERRER})
_GA_ORDER = ("purchase", {
    "transaction_id": "order-1001", "value": 129.9, "currency": "EUR", "tax": 20.74, "shipping": 10, "coupon": "", "affiliation": "",
    "items": [{"item_id": "B-42", "item_name": "Boots", "item_category": "Shoes", "price": 99.9, "quantity": 1},
              {"item_id": "S-7", "item_name": "Socks", "price": 15.0, "quantity": 2}]})
GA4 = {
    "page-view": lambda url: _ga4(url, _GA_PAGE),
    "page-view-user-past": lambda url: _ga4(url, _GA_PAGE, user="customer-7", date=AT.replace(tzinfo=None)),
    "purchase": lambda url: _ga4(url, _GA_ORDER),
    "several": lambda url: _ga4(url, _GA_PAGE, _GA_ORDER),
    "thirty": lambda url: _ga4(url, *[_GA_PAGE] * 30),
    "postponed": lambda url: _ga4(url, _GA_PAGE, _GA_PAGE, postpone=True).postponed_send(),
    "validation": lambda url: _ga4(url, _GA_PAGE, validation_hit=True),
}


def _mixpanel(url):
    from mixpanel import Consumer, Mixpanel
    return Mixpanel("token", consumer=Consumer(
        events_url=f"{url}/track", people_url=f"{url}/engage", groups_url=f"{url}/groups", import_url=f"{url}/import"))


# No alias: the library sends that one to its maker's own host, whatever the consumer says.
MIXPANEL = {
    "track": lambda url: _mixpanel(url).track("customer-7", "add_to_cart", {"product": "Boots"}),
    "people-set": lambda url: _mixpanel(url).people_set("customer-7", {"plan": "gold"}),
}

CALLS = {"matomo": MATOMO, "snowplow": SNOWPLOW, "segment": SEGMENT, "rudderstack": RUDDERSTACK, "posthog": POSTHOG,
         "umami": UMAMI, "ga4": GA4, "mixpanel": MIXPANEL}
# What is tried against servers that fail: (product, call), as an application would use the client by default.
TRIED = {"matomo": ("matomo", "page-view"), "snowplow": ("snowplow", "batch"), "segment": ("segment", "queued"),
         "rudderstack": ("rudderstack", "queued"), "posthog": ("posthog", "queued"), "posthog-v1": ("posthog", "queued-v1"),
         "umami": ("umami", "event"), "ga4": ("ga4", "page-view"), "mixpanel": ("mixpanel", "track")}
