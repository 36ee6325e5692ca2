#!/usr/bin/env -S python3 -B
"""The story in Highland's own words: `POST /collect`, one request an event, as a visitor's device without cookies sends it.
`value` is the site's key. check-clients calls `events` with what a protocol cannot carry left out."""

import json
import urllib.request

import story
import teller

GRANTED = {"measurement": True, "personalisation": False, "advertising": False, "sharing": False, "stitching": False}


def events(steps, key, names):
    """Native events, each with the user agent of its visitor."""
    for step in steps:
        if step["kind"] == "identify":
            continue
        event = {"site": key, "name": names.get(step["kind"], "pageview"), "id": step["id"], "url": step["url"],
                 "title": step["title"], "referrer": step["referrer"], "anonymousID": step["anonymous"], "userID": step["user"],
                 "consent": GRANTED if step["anonymous"] else None, "time": step["at"] and int(step["at"] * 1000)}
        if step["kind"] == "cart":
            event["properties"] = {"product": step["item"]["name"]}
        if step["kind"] == "order":
            order = step["order"]
            event["revenue"] = {"amount": order["amount"], "currency": order["currency"]}
            event["items"] = [{name: item[name] for name in ("id", "name", "price", "quantity")} for item in order["items"]]
        yield story.AGENTS[step["visitor"]], {name: value for name, value in event.items() if value is not None}


def send(url, agent, event):
    """Raises where the event is not accepted."""
    request = urllib.request.Request(
        f"{url}/collect", json.dumps(event).encode(), {"Content-Type": "application/json", "User-Agent": agent})
    with urllib.request.urlopen(request, timeout=20) as answer:
        said = json.load(answer)
    if said != {"accepted": 1, "rejected": []}:
        raise ValueError(f"{said} to {event}")


def tell(url, value, steps):
    for agent, event in events(steps, value, story.NAMES["native"]):
        send(url, agent, event)


if __name__ == "__main__":
    teller.run(tell)
