"""Random events of a few made-up sites, as lines for `highland import ndjson` and as the rows that reports should be made
of. Everything follows from the seed.

The sites lie where clocks are awkward: days of 23 and 25 hours, a shift by half an hour, one at midnight, offsets of 45
minutes. People come in bursts, many of them at such a moment; pauses are often just as long as a visit allows."""

import collections
import datetime
import json
import random

import visits

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)

Site = collections.namedtuple("Site", "domain zone currency options rules windows moments events")


def moment(text):
    """Milliseconds of a time in UTC."""
    return int(datetime.datetime.fromisoformat(text + "+00:00").timestamp()) * 1000


def site(domain, zone, currency, windows, moments, events=1300, midnight=False, campaign=False):
    options = ["--time-zone", zone, "--currency", currency, "--split-at-midnight", str(midnight).lower(),
               "--split-on-campaign", str(campaign).lower()]
    return Site(domain, zone, currency, options, visits.Rules(zone, midnight, campaign), windows,
                [moment(text) for text in moments], events)


# Windows are local days; moments are when a clock shifts.
SITES = [
    site("zurich.test", "Europe/Zurich", "CHF", [("2025-10-24", "2025-10-28"), ("2026-03-27", "2026-03-31")],
         ["2025-10-26T01:00", "2026-03-29T01:00"]),
    site("york.test", "America/New_York", "USD", [("2025-10-31", "2025-11-04"), ("2026-03-06", "2026-03-10")],
         ["2025-11-02T06:00", "2026-03-08T07:00"], midnight=True),
    site("howe.test", "Australia/Lord_Howe", "AUD", [("2025-10-03", "2025-10-07"), ("2026-04-03", "2026-04-07")],
         ["2025-10-04T15:30", "2026-04-04T15:00"]),
    site("kathmandu.test", "Asia/Kathmandu", "NPR", [("2026-01-29", "2026-02-03")], ["2026-01-31T18:15"], campaign=True),
    site("cairo.test", "Africa/Cairo", "EGP", [("2025-10-29", "2025-11-02"), ("2026-04-22", "2026-04-26")],
         ["2025-10-30T21:00", "2026-04-23T22:00"], midnight=True, campaign=True),
    # One visit of more events than a visit may have.
    site("busy.test", "Pacific/Chatham", "NZD", [("2026-04-03", "2026-04-06")], ["2026-04-04T14:00"], events=300),
]

# device, browser and system that everybody would name the same.
AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":
        ("desktop", "Chrome", "Windows"),
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0": ("desktop", "Firefox", "Linux"),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Mobile/15E148 Safari/604.1": ("mobile", "Safari", "iOS"),
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36":
        ("mobile", "Chrome", "Android"),
    "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 "
    "Safari/604.1": ("tablet", "Safari", "iOS"),
}
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
BOT_CLASS = ("bot", "Googlebot", None)

PATHS = ["/", "", "/prices", "/blog/", "/blog/first-steps", "/blog/Second", "/caf%C3%A9", "/über/uns", "/a/b/c"]
NAMES = ["signup", "purchase", "add_to_cart", "Newsletter öffnen", "video|play"]
# Referrer: what reports show of it, its source, its channel, and the kind of that source where it is a known one.
REFERRERS = {
    "": (None, None, "Direct", None),
    "OWN": (None, None, "Internal", None),
    "https://www.google.com/": ("google.com", "Google", "Organic Search", "search"),
    "https://duckduckgo.com/": ("duckduckgo.com", "DuckDuckGo", "Organic Search", "search"),
    "https://www.facebook.com/some/page?story=x": ("facebook.com/some/page", "Facebook", "Organic Social", "social"),
    "https://weekly.zx-news.example/issue/twelve/?from=x":
        ("weekly.zx-news.example/issue/twelve", "weekly.zx-news.example", "Referral", None),
    "https://ZX-Forum.example/Thread#last": ("zx-forum.example/Thread", "zx-forum.example", "Referral", None),
    "https://mail.zx-firm.example/inbox": ("mail.zx-firm.example/inbox", "mail.zx-firm.example", "Email", None),
}
# Source in a link's tags: as written, the source of reports, its kind.
TAGS = [("zx-partner", "zx-partner", None), ("zx+letter", "zx letter", None), ("google", "Google", "search"),
        ("zx%20caf%C3%A9", "zx café", None)]
MEDIA = ["cpc", "email", "social", "referral", "zine"]


def channel(medium, kind):
    """Of a tagged link: the medium goes before the kind of its source."""
    if medium == "cpc":
        return {"search": "Paid Search", "social": "Paid Social"}.get(kind, "Campaign")
    if medium in ("email", "social", "referral"):
        return {"email": "Email", "social": "Organic Social", "referral": "Referral"}[medium]
    if kind == "search":
        return "Campaign" if medium else "Organic Search"
    return "Organic Social" if kind == "social" else "Campaign"


class Maker:
    """Makes the events of all sites: `lines[domain][n]` is what import n of a site reads, `rows` and `visit_rows`
    what reports are made of."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = {place.domain: ([], []) for place in SITES}
        self.crowded = []
        self.rows = []
        self.visit_rows = []
        self.number = self.repeats = 0
        for place in SITES:
            self.site = place
            self.used = set()
            self.made = []
            self.people()
            if place.domain == "busy.test":
                self.crowd()
            self.add_visits()
        for lines in (lines for pair in self.lines.values() for lines in pair):
            self.random.shuffle(lines)
        # The one huge visit comes in its order but for a few: late ones have it cut anew each time.
        late = self.random.sample(range(len(self.crowded)), 60)
        last = self.lines["busy.test"][1]
        last += [line for index, line in enumerate(self.crowded) if index not in late]
        last += [self.crowded[index] for index in late]

    def chance(self, percent):
        return self.random.random() * 100 < percent

    # Who comes, and when

    def people(self):
        households = [(f"203.0.113.{self.random.randrange(1, 250)}", agent) for agent in AGENTS for _ in range(2)]
        people = 0
        while len(self.made) < self.site.events:
            people += 1
            kind = self.random.choices(["device", "user", "both", "daily", "shared", "refused", "nobody", "bot"],
                                       [34, 8, 8, 16, 20, 5, 3, 6])[0]
            person = {"name": f"{kind}-{people}", "kind": kind, "agent": self.random.choice(list(AGENTS)),
                      "address": f"198.51.100.{people % 250}" if people < 250 else f"192.0.2.{people % 250}",
                      "language": self.random.choice(["de-CH", "en", "ne"]),
                      "screen": self.random.choice(["1920x1080", "390x844"]), "import": self.random.randrange(2)}
            if kind == "shared":
                person["address"], person["agent"] = households[people % len(households)]
                # The salts of an import are its own: a household's hash is one within an import only.
                person["import"] = people % len(households) % 2
            if people == 1:
                person["kind"] = "device"
                self.walker(person)
            for _ in range(self.random.randrange(1, 6)):
                self.burst(person)

    def walker(self, person):
        """Two days awake: longer than a visit may last, with an event just when it has lasted that long."""
        start = at = self.start()
        self.event(person, at)
        while at < start + 50 * HOUR:
            at += self.random.randrange(15 * MINUTE, 30 * MINUTE)
            self.event(person, at)
        self.event(person, start + DAY)

    def crowd(self):
        """A device with 10,050 events within an hour."""
        person = {"name": "crowd", "kind": "crowd", "agent": list(AGENTS)[0], "language": "en", "screen": "390x844"}
        start = moment("2026-04-05T02:00")
        for index in range(10_050):
            self.event(person, start + index * 300)

    def start(self):
        """A time near a shift of the clock, a midnight or anywhere in a window."""
        near = self.random.random()
        if near < 0.3:
            return self.random.choice(self.site.moments) + self.random.randrange(-2 * HOUR, 2 * HOUR)
        first, last = self.random.choice(self.site.windows)
        low, high = moment(first + "T00:00"), moment(last + "T00:00")
        at = self.random.randrange(low, high)
        if near < 0.5:
            # Around midnight in UTC, where hashes change, or in the site's zone.
            local = datetime.datetime.fromtimestamp(at // 1000, self.site.rules.zone).utcoffset().total_seconds() * 1000
            shift = self.random.choice([0, int(local)])
            at = (at + shift) // DAY * DAY - shift + self.random.randrange(-25 * MINUTE, 25 * MINUTE)
        return at

    def burst(self, person):
        at = self.start()
        for _ in range(self.random.choice([1, 1, 2, 3, 5, 9])):
            self.event(person, at)
            at += self.random.choice([self.random.randrange(1, 5 * MINUTE), self.random.randrange(MINUTE, 29 * MINUTE),
                                      visits.GAP, visits.GAP + 1])

    # What comes

    def event(self, person, at):
        while at in self.used:
            at += 1
        self.used.add(at)
        self.number += 1
        domain, kind = self.site.domain, person["kind"]
        line = {"name": "pageview" if self.chance(60) else self.random.choice(NAMES), "time": at, "id": f"e-{self.number}"}
        row = {"site": domain, "occurred": at, "name": line["name"], "pageview": line["name"] == "pageview", "bot": False}
        if self.chance(20):
            line["time"] = (EPOCH + datetime.timedelta(milliseconds=at)).isoformat(timespec="milliseconds")
        self.address(line, row)
        self.money(line, row)
        self.properties(line, row)
        event = self.identity(person, line, row, at)
        self.made.append(event)
        lines = self.lines[domain][person["import"] if "ip" in line else self.random.randrange(2)]
        if kind == "crowd":
            lines = self.crowded
        lines.append(json.dumps(line, ensure_ascii=self.chance(50)))
        if self.chance(2):
            # Again, as a client sends again: known by its id.
            lines.append(json.dumps(line))
            self.repeats += 1

    def address(self, line, row):
        """URL and referrer: page and host of the event, and where a visit comes from that begins with it."""
        if self.chance(12):
            return
        domain = self.site.domain
        host = self.random.choice([domain, domain, "www." + domain, "Shop." + domain.upper() + ":8443"])
        path = self.random.choice(PATHS)
        pairs, shown = [], {}
        named = None
        if self.chance(30):
            for field, values in (("utm_source", [tag[0] for tag in TAGS]), ("utm_medium", MEDIA),
                                  ("utm_campaign", ["spring", "Autumn+sale"]), ("utm_content", ["red", "blue"]),
                                  ("utm_term", ["shoes"]), ("ref", ["zx-blog"])):
                if self.chance({"ref": 8, "utm_term": 25}.get(field, 55)):
                    pairs.append((field, self.random.choice(values)))
                    shown[field] = pairs[-1][1]
        # Dropped before anything is stored: not on the list, or a click id without consent to advertising.
        pairs += [("page", "two")] * self.chance(20) + [("gclid", "Cj0KCQ")] * self.chance(10)
        self.random.shuffle(pairs)
        query = "&".join(f"{key}={value}" for key, value in pairs)
        line["url"] = f"https://{host}{path}" + (f"?{query}" if query else "") + ("#top" if self.chance(10) else "")
        row["page"], row["hostname"] = path or "/", host.lower().split(":")[0]
        referrer = self.random.choice(list(REFERRERS))
        if referrer:
            line["referrer"] = referrer if referrer != "OWN" else f"https://www.{domain}/blog/?x=1"
        row["referrer"], source, way, kind = REFERRERS[referrer]
        row["source"], row["channel"] = source, way
        if shown.keys() & {"utm_source", "utm_medium", "utm_campaign", "ref"}:
            decoded = {tag[0]: tag[1:] for tag in TAGS}
            if "utm_source" in shown:
                source, kind = decoded[shown["utm_source"]]
            elif "ref" in shown:
                source, kind = shown["ref"], None
            row["source"], row["channel"] = source, channel(shown.get("utm_medium"), kind)
            for field in ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"):
                if field in shown:
                    row[field] = shown[field].replace("+", " ").replace("%20", " ").replace("%C3%A9", "é")

    def money(self, line, row):
        if line["name"] not in ("purchase", "signup") or self.chance(30):
            return
        micros = self.random.choice([self.random.randrange(1, 90_000_000), self.random.randrange(1, 900) * 100_000,
                                     -self.random.randrange(1, 9_000_000), 1])
        sign, size = "-" * (micros < 0), abs(micros)
        amount = f"{sign}{size // 1_000_000}.{size % 1_000_000:06}"
        line["revenue"] = {"amount": amount}
        currency = self.random.choice([self.site.currency, self.site.currency, None, "GBP"])
        if currency:
            line["revenue"]["currency"] = currency
        row["micros"], row["currency"] = micros, currency or self.site.currency

    def properties(self, line, row):
        """Text, numbers as they are written, booleans, objects flattened; what is empty is missing."""
        made = {}
        if self.chance(50):
            row["plan"] = made["plan"] = self.random.choice(["free", "Pro", "größer"])
        if self.chance(30):
            made["count"] = self.random.choice([1, 2.5, -3])
            row["count"] = str(made["count"])
        if self.chance(30):
            made["vip"] = self.chance(50)
            row["vip"] = str(made["vip"]).lower()
        if self.chance(20):
            row["deep"] = self.random.choice(["one", "two"])
            made["deep"] = {"level": row["deep"], "none": None}
        if self.chance(10):
            made["note"] = ""
        if made:
            line["properties"] = made

    def identity(self, person, line, row, at):
        """Puts in who it is; gives the event as visits are cut from it."""
        kind, name = person["kind"], person["name"]
        has_address = kind in ("daily", "shared", "bot") or (kind in ("device", "both") and self.chance(40))
        agent = BOT if kind == "bot" else person["agent"]
        has_agent = has_address or self.chance(60)
        if has_address:
            line["ip"] = person["address"]
        if has_agent:
            line["userAgent"] = agent
            row["device"], row["browser"], row["os"] = BOT_CLASS if kind == "bot" else AGENTS[agent]
        if self.chance(50):
            line["language"] = row["language"] = person["language"]
        if self.chance(30):
            line["screen"] = row["screen"] = person["screen"]
        device = user = None
        if kind in ("device", "both", "refused", "crowd"):
            line["anonymousID"] = device = name
        if kind in ("user", "both") or (kind == "shared" and self.chance(45)):
            line["userID"] = user = name
        if kind == "refused":
            line["consent"] = {"measurement": False}
            device = user = None
            has_address = False
        elif self.chance(20):
            line["consent"] = {"measurement": True}
        row["bot"] = kind == "bot"
        # The day's hash of address and agent, by the day in UTC; for the first half hour with the day before's.
        daily = previous = None
        if has_address and not device:
            key = (person["import"], person["address"], agent)
            daily = ("daily", (at // DAY, key))
            if at % DAY < visits.GAP:
                previous = ("daily", (at // DAY - 1, key))
        anchor = ("device", device) if device else ("user", user) if user else daily
        campaign = None
        if "page" in row:
            campaign = row.get("utm_source"), row.get("utm_medium"), row.get("utm_campaign")
        return visits.Event(at, anchor, daily, previous, row["bot"], campaign, row)

    # What comes of it

    def add_visits(self):
        """Cuts the site's events into visits; gives each event its visit."""
        for anchor, is_bot, events in visits.visits(self.made, self.site.rules):
            number = len(self.visit_rows)
            rows = [event.row for event in events]
            pages = [row["page"] for row in rows if row["pageview"] and "page" in row]
            visit = {"visit": number, "anchor": anchor and repr(anchor), "v_bot": is_bot, "started": events[0].at,
                     "ended": events[-1].at, "views": sum(row["pageview"] for row in rows), "size": len(rows),
                     "entry_page": pages[0] if pages else None, "exit_page": pages[-1] if pages else None}
            # Of where it comes from its first page tells, of the client the first event that says so.
            landing = next((row for row in rows if "page" in row), {})
            for field in TRAFFIC:
                visit["v_" + field] = landing.get(field)
            for field in CLIENT:
                visit["v_" + field] = next((row[field] for row in rows if row.get(field)), None)
            self.visit_rows.append(visit)
            for row in rows:
                row["visit"] = number
        self.rows += [event.row for event in self.made]


TRAFFIC = ["referrer", "source", "channel", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"]
CLIENT = ["device", "browser", "os", "language", "screen"]
PROPERTIES = {"plan": "plan", "count": "count", "vip": "vip", "deep.level": "deep", "note": "note"}
