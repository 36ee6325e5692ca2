"""One page view in each product's own words against the same page view as a native event, same run.

Each protocol's typical browser request, its ids kept (`--consent client`). Wanted: at least 0.7 of native `POST /collect`
in events a second; nothing may fail."""

import json
import tempfile
import urllib.parse
import pathlib

import harness

HERE = pathlib.Path(__file__).resolve().parent
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
URL = "https://shop.test/catalogue/shoes/product-PAGE?utm_source=newsletter&utm_medium=email&utm_campaign=autumn"
REFERRER = "https://www.google.com/"
TITLE = "Running shoe PAGE"
WEBSITE = "94db1cb1-74f4-4a40-ad6c-962362670409"
# Events of one visitor bear a UUID or 16 hexadecimal digits where the protocol wants that.
VISITOR_UUID = "6f1c1f0e-0000-4000-8000-000000VISITOR"
EVENT_UUID = "0b5c7d1e-1111-4111-8111-00SERIAL"


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def query(pairs):
    return urllib.parse.urlencode(pairs, quote_via=urllib.parse.quote)


def post(path, body, kind):
    length = len(body.replace("SERIAL", "0" * 10).replace("PAGE", "000").replace("VISITOR", "0" * 6).encode())
    return head("POST", path) + f"Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"


def get(path):
    return head("GET", path) + "\r\n"


def head(method, path):
    return (f"{method} {path} HTTP/1.1\r\nHost: track.shop.test\r\nUser-Agent: {AGENT}\r\nAccept: */*\r\n"
            "Origin: https://shop.test\r\nReferer: https://shop.test/\r\nAccept-Language: de-CH,de;q=0.9,en;q=0.8\r\n"
            "Accept-Encoding: gzip, deflate, br, zstd\r\n")


def requests(site):
    """The raw request of each protocol."""
    return {
        "native": post("/collect", compact({
            "site": site, "name": "pageview", "id": "eSERIAL", "url": URL, "referrer": REFERRER, "title": TITLE,
            "screen": "1920x1080", "language": "de-CH", "anonymousID": "vVISITOR", "consent": {"measurement": True}}), "text/plain"),
        "matomo": get("/matomo.php?" + query({
            "action_name": TITLE, "idsite": "1", "rec": "1", "r": "SERIAL", "h": "10", "m": "12", "s": "33", "url": URL,
            "urlref": REFERRER, "_id": "a0b1c2d3e4VISITOR", "_idn": "0", "send_image": "0", "_refts": "0", "pv_id": "x7Kq2M",
            "pf_net": "12", "pf_srv": "80", "pf_tfr": "10", "pf_dm1": "200", "cookie": "1", "res": "1920x1080"})),
        "snowplow": post("/com.snowplowanalytics.snowplow/tp2", compact({
            "schema": "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",
            "data": [{"e": "pv", "url": URL, "page": TITLE, "refr": REFERRER, "tv": "js-3.24.0", "tna": "sp", "aid": "my-app", "p": "web",
                      "cookie": "1", "cs": "UTF-8", "lang": "de-CH", "res": "1920x1080", "cd": "24", "tz": "Europe/Zurich", "vp": "1200x800",
                      "ds": "1200x3000", "vid": "1", "sid": EVENT_UUID, "duid": VISITOR_UUID, "eid": EVENT_UUID}]}), "application/json"),
        "plausible": post("/api/event", compact({"n": "pageview", "v": 26, "u": URL, "d": "shop.test", "r": REFERRER}), "text/plain"),
        "umami": post("/api/send", compact({"type": "event", "payload": {
            "website": WEBSITE, "screen": "1920x1080", "language": "de-CH", "title": TITLE, "hostname": "shop.test",
            "url": URL, "referrer": REFERRER}}), "application/json"),
        "ga4": post("/g/collect?" + query({
            "v": "2", "tid": "G-TEST1234", "gtm": "45je5b", "_p": "SERIAL", "cid": "1234VISITOR.1700000000", "ul": "de-ch", "sr": "1920x1080",
            "uaa": "x86", "uab": "64", "uam": "", "uamb": "0", "uap": "Windows", "_s": "1", "sid": "1700000000", "sct": "1", "seg": "1",
            "gcs": "G111", "dl": URL, "dr": REFERRER, "dt": TITLE, "en": "page_view", "_et": "12"}), "", "text/plain"),
        "segment": post("/v1/p", compact({
            "timestamp": None, "integrations": {}, "type": "page", "properties": {"path": "/catalogue", "referrer": REFERRER, "search": "",
            "title": TITLE, "url": URL}, "context": {"page": {"path": "/catalogue", "referrer": REFERRER, "search": "", "title": TITLE, "url": URL},
            "userAgent": AGENT, "locale": "de-CH", "library": {"name": "analytics.js", "version": "next-1.81.0"}, "timezone": "Europe/Zurich"},
            "messageId": "ajs-next-SERIAL", "anonymousId": VISITOR_UUID, "writeKey": "wk_test", "userId": None,
            "_metadata": {"bundled": ["Segment.io"], "unbundled": []}}), "text/plain"),
        "posthog": post("/e/", compact({
            "api_key": "phc_test", "event": "$pageview", "uuid": EVENT_UUID, "properties": {
                "distinct_id": VISITOR_UUID, "$os": "Windows", "$browser": "Chrome", "$device_type": "Desktop", "$current_url": URL,
                "$host": "shop.test", "$pathname": "/catalogue", "$browser_version": 140, "$browser_language": "de-CH",
                "$screen_height": 1080, "$screen_width": 1920, "$viewport_height": 800, "$viewport_width": 1200, "$lib": "web",
                "$lib_version": "1.290.0", "$referrer": REFERRER, "title": TITLE, "token": "phc_test"}}), "text/plain"),
    }


ALIASES = {"matomo": "1", "snowplow": "my-app", "plausible": "shop.test", "umami": WEBSITE, "ga4": "G-TEST1234",
           "segment": "wk_test", "posthog": "phc_test"}


def run(full):
    rounds, seconds = (5, 5) if full else (3, 3)
    highland = harness.Highland()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="highland-protocols-"))
    try:
        for protocol, value in ALIASES.items():
            highland.command("site", "alias", "add", "--site", "shop.test", "--protocol", protocol, "--value", value, "--consent", "client", "--json")
        files = {}
        for name, text in requests(highland.site).items():
            files[name] = folder / f"{name}.http"
            files[name].write_text(text, newline="")
        results = {name: [] for name in files}
        number = 0
        for _ in range(rounds):
            for name, file in files.items():
                number += 1
                before = harness.cpu_seconds(highland.pid)
                result = harness.wrk(highland.port, HERE / "requests.lua", [str(file), str(number)], 64, seconds)
                highland.wait_caught_up()
                result["cpu"] = (harness.cpu_seconds(highland.pid) - before) / max(result["requests"], 1) * 1e6
                results[name].append(result)
        native = harness.median(results["native"], "rate")
        for name, rows in results.items():
            rate = harness.median(rows, "rate")
            failed = sum(r["errors"] + r["statuses"] for r in rows)
            print(f"  {name:10s} {rate:8,.0f} events/s, {rate / native:.2f} of native (at least 0.7),"
                  f" {harness.median(rows, 'cpu'):.1f} us CPU; {failed} failed", flush=True)
    finally:
        highland.stop()
