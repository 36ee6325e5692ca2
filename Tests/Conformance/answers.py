"""What each product's own server says when all is well: what its clients were written against."""

import gzip
import json
from urllib.parse import urlsplit

GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
JSON = ["Content-Type: application/json"]
TEXT = ["Content-Type: text/plain"]


def body_of(request):
    """The body, unpacked where it is gzip."""
    return gzip.decompress(request.body) if request.body[:2] == b"\x1f\x8b" else request.body


def matomo(request):
    if b'"requests"' in request.body:
        bulk = json.loads(request.body)
        if not bulk.get("send_image", 1):
            return 204, [], b""
        return 200, JSON, json.dumps({"status": "success", "tracked": len(bulk["requests"]), "invalid": 0}).encode()
    if "send_image=0" in request.path or b"send_image=0" in request.body:
        return 204, [], b""
    return 200, ["Content-Type: image/gif", "Cache-Control: no-store"], GIF


def snowplow(request):
    return (200, ["Content-Type: image/gif"], GIF) if request.method == "GET" else (200, TEXT, b"ok")


def segment(request):
    if request.path.startswith("/v1/projects/"):
        return 200, JSON, b'{"integrations":{}}'
    return 200, JSON, b'{"success":true}'


def rudderstack(request):
    """Its clients take nothing but 200, and read no more: Segment's, which share its paths, are told what both take."""
    if request.path.startswith("/pixel/"):
        return 200, ["Content-Type: image/gif"], GIF
    if request.path.startswith("/sourceConfig"):
        return 200, JSON, b'{"source":{"enabled":true}}'
    return 200, JSON, b'{"success":true}'


def posthog(request):
    """Its clients take nothing but 200."""
    path = urlsplit(request.path).path
    if path.startswith("/flags"):
        return 200, JSON, b'{"flags":{},"errorsWhileComputingFlags":false,"requestId":"r"}'
    if path.startswith("/decide"):
        return 200, JSON, b'{"featureFlags":{}}'
    if path.endswith(".js"):
        return 200, ["Content-Type: application/javascript"], b"(function(){})()"
    if path.startswith("/array/"):
        return 200, JSON, b"{}"
    if path.startswith("/i/v1/analytics/events"):
        events = json.loads(body_of(request))["batch"]
        return 200, JSON, json.dumps({"results": {event["uuid"]: {"result": "ok"} for event in events}}).encode()
    return 200, JSON, b'{"status":"Ok"}'


def umami(request):
    """Any JSON will do for the clients, nothing else."""
    if request.path.startswith("/api/heartbeat"):
        return 200, JSON, b'{"ok":true}'
    if request.path.startswith("/api/batch"):
        count = len(json.loads(request.body))
        return 200, JSON, json.dumps({"size": count, "processed": count, "errors": 0, "cache": "a.b.c"}).encode()
    return 200, JSON, b'{"cache":"a.b.c","sessionId":"00000000-0000-5000-8000-000000000001","visitId":"00000000-0000-5000-8000-000000000002"}'


def ga4(request):
    if request.path.startswith("/debug"):
        return 200, JSON, b'{"validationMessages":[]}'
    return 204, [], b""


def plausible(request):
    if body_of(request) == b"{}":
        return 400, JSON, b'{"errors":{}}'
    return 202, TEXT, b"ok"


def mixpanel(request):
    return 200, JSON, b'{"status":1,"error":""}'


OF = {"matomo": matomo, "snowplow": snowplow, "segment": segment, "rudderstack": rudderstack, "posthog": posthog,
      "umami": umami, "ga4": ga4, "plausible": plausible, "mixpanel": mixpanel}


def failing(status, headers=(), body=b""):
    """A server that always says the same."""
    return lambda request: (status, list(headers), body)
