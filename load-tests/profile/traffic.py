"""A day's mixture of requests to a collector, made up from a seed: other sites, pages, browsers, languages and
properties than the load tests send, so that nothing is measured with what the compiler was shown."""

import json
import random
import urllib.parse

HOSTS = ["garten.test", "www.garten.test", "magazin.garten.test"]
AGENTS = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
    "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
]
LANGUAGES = ["de", "de-AT,de;q=0.8,en;q=0.5", "fr-CH,fr;q=0.9", "it", "en-GB,en;q=0.9", "pl-PL,pl;q=0.8,en-US;q=0.6,en;q=0.4"]
SCREENS = ["390x844", "1440x900", "2560x1440", "360x800", "1536x864", "820x1180"]
REFERRERS = [
    "", "", "https://duckduckgo.com/", "https://www.bing.com/search?q=rosen+schneiden", "https://chatgpt.com/", "https://t.co/x1Y2z3",
    "https://forum.pflanzen.test/viewtopic.php?t=4711&start=20", "https://www.garten.test/", "https://mail.google.com/", "android-app://org.telegram/",
]
CAMPAIGNS = [
    "", "", "", "utm_source=facebook&utm_medium=cpc&utm_campaign=fr%C3%BChling", "utm_source=brief&utm_medium=email", "gclid=Cj0KCQjw5Zy",
    "q=tomaten&sort=preis", "utm_source=partner&utm_medium=affiliate&utm_term=d%C3%BCnger&utm_content=b2&sid=99f1",
]
WORDS = ("rose tulpe dahlie lavendel salbei kräuter dünger erde topf schaufel hecke wiese obst beere tomate gurke saat "
         "pflanze garten balkon terrasse winter sommer herbst frühling schnitt pflege kompost mulch boden licht wasser").split()
NAMES = ["scroll", "click", "add_to_cart", "video_start", "form_start", "search", "download", "share", "purchase", "rate"]


def content_length(body):
    """Of a body whose SERIALs will be ten digits."""
    return len(body.encode()) + 4 * body.count("SERIAL")


class Traffic:
    def __init__(self, site, cookies, seed):
        self.site, self.cookies, self.random = site, cookies, random.Random(seed)

    def words(self, least, most):
        return [self.random.choice(WORDS) for _ in range(self.random.randint(least, most))]

    def page(self):
        path = "/" + "/".join(self.words(0, 3)) + (f"-{self.random.randrange(3000)}.html" if self.random.random() < 0.5 else "")
        campaign = self.random.choice(CAMPAIGNS)
        return "https://" + self.random.choice(HOSTS) + urllib.parse.quote(path) + ("?" + campaign if campaign else "")

    def title(self):
        return " ".join(self.words(2, 6)).capitalize() + self.random.choice(["", " – Garten & Balkon", " | Magazin"])

    def properties(self):
        made = {}
        for _ in range(self.random.choice([0, 0, 1, 2, 3, 6, 9])):
            key = self.random.choice(["_", "-", "."]).join(self.words(1, 2))
            made[key] = self.random.choice([
                self.random.randrange(100000), round(self.random.random() * 200, 2), True, False, " ".join(self.words(1, 4)),
                "/" + "/".join(self.words(1, 2)), f"{self.random.randrange(1000)}-{self.random.choice(WORDS)}"])
        return made

    def event(self):
        is_page = self.random.random() < 0.4
        event = {"site": self.site, "name": "pageview" if is_page else self.random.choice(NAMES), "id": f"{self.random.randrange(10**6)}-SERIAL",
                 "url": self.page()}
        if is_page or self.random.random() < 0.3:
            event["title"], event["referrer"] = self.title(), self.random.choice(REFERRERS)
        if self.random.random() < 0.6:
            event["screen"], event["language"] = self.random.choice(SCREENS), self.random.choice(LANGUAGES)[:5].split(",")[0]
        properties = self.properties()
        if properties:
            event["properties"] = properties
        if self.random.random() < 0.6:
            event["consent"] = {"measurement": self.random.random() < 0.8, "advertising": self.random.random() < 0.5}
        if event["name"] == "purchase":
            event["revenue"] = {"amount": f"{self.random.randrange(1, 300)}.{self.random.randrange(10)}0", "currency": "EUR"}
            event["items"] = [{"id": f"a{n}", "name": self.random.choice(WORDS), "quantity": 1, "price": 4.5} for n in range(self.random.randint(1, 4))]
        return event

    def pixel(self):
        event = self.event()
        pairs = [(key, event[key]) for key in ("site", "name", "id", "url", "title", "referrer", "screen", "language") if event.get(key)]
        pairs += [("p." + key, str(value).lower()) for key, value in event.get("properties", {}).items()]
        consent = event.get("consent")
        if consent:
            pairs.append(("consent", "".join(key[0] for key, granted in consent.items() if granted) or "0"))
        quote = urllib.parse.quote_plus if self.random.random() < 0.5 else urllib.parse.quote
        return self.request("GET", "/collect.gif?" + "&".join(f"{key}={quote(str(value), safe='')}" for key, value in pairs))

    def batch(self):
        events = [self.event() for _ in range(self.random.choice([1, 1, 2, 4, 8, 20]))]
        separators = self.random.choice([(",", ":"), (",", ":"), (", ", ": ")])
        texts = [json.dumps(event, separators=separators, ensure_ascii=self.random.random() < 0.3) for event in events]
        kind = self.random.choice(["text/plain;charset=UTF-8", "application/json", "application/x-ndjson"])
        body = "\n".join(texts) if kind.endswith("ndjson") else texts[0] if len(texts) == 1 else "[" + ",".join(texts) + "]"
        return self.request("POST", "/collect", body, kind)

    def broken(self):
        return self.random.choice([
            lambda: self.request("POST", "/collect", '[{"site":', "application/json"),
            lambda: self.request("GET", "/collect.gif?site=unknown&url=https%3A%2F%2Fgarten.test%2F"),
            lambda: self.request("GET", "/collect.gif?site=" + self.site + "&url=https%3A%2F%2Felsewhere.test%2F"),
            lambda: self.request("GET", "/" + self.random.choice(WORDS[:4])),
            lambda: self.request("GET", "/healthz"),
            lambda: self.request("OPTIONS", "/collect", extra="Access-Control-Request-Method: POST\r\n"),
        ])()

    def request(self, method, target, body=None, kind="", extra=""):
        agent = self.random.choice(AGENTS)
        head = (f"{method} {target} HTTP/1.1\r\nHost: t.garten.test\r\nUser-Agent: {agent}\r\nAccept: */*\r\n"
                f"Accept-Language: {self.random.choice(LANGUAGES)}\r\nAccept-Encoding: gzip, deflate, br\r\n{extra}")
        if "Chrome/" in agent:
            head += ('sec-ch-ua: "Google Chrome";v="141", "Not?A_Brand";v="8", "Chromium";v="141"\r\nsec-ch-ua-mobile: ?0\r\n'
                     'sec-ch-ua-platform: "macOS"\r\nSec-Fetch-Dest: empty\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Site: same-site\r\n')
        if self.random.random() < 0.7 or method != "GET":
            head += f"Origin: https://{self.random.choice(HOSTS)}\r\n"
        if self.random.random() < 0.8:
            head += f"Referer: https://www.garten.test/{self.random.choice(CAMPAIGNS)}\r\n"
        if self.random.random() < 0.6:
            head += f"Cookie: session={self.random.randrange(10**9)}; {self.random.choice(self.cookies)}; lang=de\r\n"
        if body is None:
            return head + "\r\n"
        return head + f"Content-Type: {kind}\r\nContent-Length: {content_length(body)}\r\n\r\n{body}"

    def write(self, path, count, foreign):
        """So many requests, of which a share are those of other products."""
        makers = [self.pixel] * 9 + [self.batch] * 8 + [lambda: self.random.choice(foreign)] * 2 + [self.broken]
        with open(path, "wb") as out:
            for _ in range(count):
                text = self.random.choice(makers)().encode()
                out.write(f"{len(text)}\n".encode() + text)
