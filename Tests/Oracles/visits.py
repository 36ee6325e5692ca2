"""Which visit an event belongs to: the rules that head `Sources/Projections/Visits/VisitRules.swift`, written down a second
time over all events at once, without the order of their arrival."""

import collections
import datetime
import zoneinfo

GAP = 30 * 60 * 1000
LENGTH = 24 * 3600 * 1000
EVENTS = 10_000
DAY = 86_400_000

# at: milliseconds; anchor, daily, previous: (kind, id) or None; campaign: None without a page URL, else the triple of
# source, medium and campaign; row: whatever it is the event of.
Event = collections.namedtuple("Event", "at anchor daily previous is_bot campaign row")
Item = collections.namedtuple("Item", "event target")


class Rules:
    """A site's options."""

    def __init__(self, zone, splits_at_midnight=False, splits_on_campaign=False):
        self.zone = zoneinfo.ZoneInfo(zone)
        self.splits_at_midnight = splits_at_midnight
        self.splits_on_campaign = splits_on_campaign

    def day(self, at):
        return datetime.datetime.fromtimestamp(at // 1000, self.zone).date()


def visits(events, rules):
    """[(anchor, is_bot, [event, …])] of one site's events, no two of which share a millisecond."""
    streams, found = collections.defaultdict(list), []
    for event in events:
        if event.anchor is None:
            found.append((None, event.is_bot, [event]))
            continue
        streams[event.anchor, event.is_bot].append(Item(event, None))
        # A hash beside the anchor is marked: the visit open there goes on at the target.
        target = event.anchor
        for source in (event.daily, event.previous):
            if source and source != event.anchor:
                streams[source, event.is_bot].append(Item(event, target))
                target = source
    # Hashes of earlier days first, devices and users last: whoever takes a visit is cut after whom it is taken from.
    for anchor, is_bot in sorted(streams, key=order):
        for part in cut(sorted(streams[anchor, is_bot], key=lambda item: item.event.at), rules):
            if part[-1].target:
                streams[part[-1].target, is_bot] += [Item(item.event, None) for item in part[:-1]]
            else:
                found.append((anchor, is_bot, [item.event for item in part]))
    return found


def order(key):
    (kind, name), is_bot = key
    return (0, name, is_bot) if kind == "daily" else (1, (kind, name), is_bot)


def cut(items, rules):
    """The items in parts: visits, or what a mark at the end takes away."""
    parts = []
    for item in items:
        if parts and goes_on(parts[-1], item.event, rules):
            parts[-1].append(item)
        else:
            parts.append([item])
    return parts


def goes_on(part, event, rules):
    if part[-1].target or event.at - part[-1].event.at > GAP or event.at - part[0].event.at >= LENGTH or len(part) >= EVENTS:
        return False
    if rules.splits_at_midnight and rules.day(event.at) != rules.day(part[0].event.at):
        return False
    if rules.splits_on_campaign and event.campaign and any(event.campaign):
        first = next((item.event.campaign for item in part if item.event.campaign), None)
        if first and first != event.campaign:
            return False
    return True
