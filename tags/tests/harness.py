"""A real Chromium and the web that it sees: every host name leads to one local server, which answers what a test has put
there and keeps what was asked. Whoever imports this goes on in the environment that `scripts/setup browser` makes."""

import http.server
import json
import os
import pathlib
import re
import ssl
import subprocess
import tempfile
import threading
import urllib.parse

import environment

environment.enter("what runs in the browser")

from claims import Claims, until  # noqa: E402, F401
from playwright.sync_api import sync_playwright  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("HIGHLAND_CHROMIUM", "/usr/bin/chromium")
# Chromium's updates, clock and accounts, whatever page it shows.
BROWSERS_OWN = (".googleapis.com", "accounts.google.com", "clients2.google.com")


class Asked:
    """One request as it arrived."""

    def __init__(self, scheme, host, method, target, headers, body):
        self.scheme, self.host, self.method, self.headers, self.body = scheme, host, method, headers, body
        parts = urllib.parse.urlsplit(target)
        self.path, self.query = parts.path, dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))

    @property
    def url(self):
        return f"{self.scheme}://{self.host}{self.path}"

    def __repr__(self):
        return f"{self.method} {self.url} {self.query or ''} {self.body[:200] if self.body else ''}"


class Web:
    """`put(url, body, type)` makes a page or script; `asked` is everything that came. An unknown path is answered 404,
    and it is in `asked` all the same. `forward(host, port)` hands a host's requests to another local server."""

    def __init__(self):
        self.answers, self.asked, self.forwards = {}, [], {}
        self.lock = threading.Lock()
        self.folder = tempfile.TemporaryDirectory()
        web = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length) if length else b""
                scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
                asked = Asked(scheme, self.headers.get("Host", ""), self.command, self.path, dict(self.headers), body)
                with web.lock:
                    web.asked.append(asked)
                    answer = web.answers.get(asked.url)
                    port = web.forwards.get(asked.host)
                if port and not answer:
                    return self.relay(port, body, scheme)
                status, headers, content = answer or (404, {}, b"")
                self.send_response(status)
                origin = self.headers.get("Origin")
                given = {"Access-Control-Allow-Origin": origin or "*", "Access-Control-Allow-Credentials": "true"}
                for name, value in {**given, **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            def relay(self, port, body, scheme):
                import http.client
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                headers = {k: v for k, v in self.headers.items() if k.lower() not in ("connection", "content-length")}
                connection.request(self.command, self.path, body or None, headers)
                answer = connection.getresponse()
                content = answer.read()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                connection.close()

            do_GET = do_POST = do_HEAD = do_OPTIONS = do_PUT = handle_any

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.plain = Server(("127.0.0.1", 0), Handler)
        self.secure = Server(("127.0.0.1", 0), Handler)
        key, certificate = f"{self.folder.name}/key.pem", f"{self.folder.name}/cert.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days",
             "2", "-subj", "/CN=every.test", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.secure.socket = context.wrap_socket(self.secure.socket, server_side=True, do_handshake_on_connect=False)
        for server in (self.plain, self.secure):
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def put(self, url, body="", type="text/html; charset=utf-8", status=200, headers=None):
        body = body.encode() if isinstance(body, str) else body
        with self.lock:
            self.answers[url] = (status, {"Content-Type": type, "Cache-Control": "no-store", **(headers or {})}, body)

    def put_script(self, url, body):
        self.put(url, body, "text/javascript; charset=utf-8")

    def forward(self, host, port):
        self.forwards[host] = port

    def requests(self, text=""):
        """What came whose URL contains `text`, without what the browser asks for itself."""
        with self.lock:
            return [a for a in self.asked if text in a.url and not a.path.endswith("favicon.ico")
                    and not a.host.endswith(BROWSERS_OWN)]

    def clear(self):
        with self.lock:
            self.asked.clear()

    def close(self):
        self.plain.shutdown()
        self.secure.shutdown()
        self.folder.cleanup()


class Browser:
    """One Chromium for many tests; `page()` gives a fresh profile each time."""

    def __init__(self, web, arguments=()):
        self.playwright = sync_playwright().start()
        rules = f"MAP *:80 127.0.0.1:{web.plain.server_port}, MAP *:443 127.0.0.1:{web.secure.server_port}"
        self.browser = self.playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-component-update", "--disable-background-networking",
                  f"--host-resolver-rules={rules}", "--ignore-certificate-errors",
                  # Loopback behind public names: the browser would ask first.
                  "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests", *arguments])

    def page(self, **options):
        context = self.browser.new_context(ignore_https_errors=True, **options)
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error"
                and not message.location.get("url", "").endswith("favicon.ico") else None)
        return page

    def close(self):
        self.browser.close()
        self.playwright.stop()


_runtime = {}


def runtime():
    """The runtime's parts, and the names of the functions that modules begin with, as `scripts/embed-tags` has them."""
    if not _runtime:
        done = subprocess.run([ROOT / "scripts/embed-tags", "--json"], check=True, capture_output=True, text=True)
        _runtime.update(json.loads(done.stdout))
    return _runtime


def code(*modules):
    """The parts that some of `core`, `noop` and the modules need, in their order, by name."""
    parts = {part["name"]: part for part in runtime()["parts"]}
    seen, open = set(), [name if name in ("core", "noop", "ended") else f"modules/{name}" for name in modules]
    while open:
        name = open.pop()
        if name not in seen:
            seen.add(name)
            open += parts[name]["needs"]
    return {name: part["code"] for name, part in parts.items() if name in seen}


def joined(data, modules, *more, also=()):
    """The script of these modules, and of `more`, functions of a test's own, as the compiler writes it; with the code
    of `also`, whose functions `more` names."""
    starts = runtime()["starts"]
    begun = ",".join([*(starts[name] for name in modules), *more])
    parts = "".join(code("core", *modules, *also).values())
    return f"(function(){{{parts}{starts['core']}({json.dumps(data)},[{begun}])}})();"


# The event that a type of trigger is for, as the compiler writes it into the data.
EVENTS = {
    "consentInit": "gtm.init_consent", "init": "gtm.init", "pageview": "gtm.js", "domReady": "gtm.dom",
    "windowLoaded": "gtm.load", "formSubmission": "gtm.formSubmit", "jsError": "gtm.pageError",
    "youTubeVideo": "gtm.video", **{word: f"gtm.{word}" for word in (
        "click", "linkClick", "historyChange", "timer", "scrollDepth", "elementVisibility", "triggerGroup")}}


# Modules that the compiler takes where a parameter of these is on, by type. In truth they stand in the tables of
# Sources/Tagging/Types.
OPTIONS = {
    "linkClick": ("link-wait", "waitForTags", "checkValidation"),
    "formSubmission": ("form-wait", "waitForTags", "checkValidation"),
    "elementVisibility": ("changes", "useDomChangeListener"),
    "scrollDepth": ("scroll-wide", "horizontalThresholdsPercent", "horizontalThresholdsPixels"),
    "u": ("page-more", "component", "stripWww", "defaultPages", "queryKey"),
    "f": ("page-more", "component", "stripWww", "defaultPages", "queryKey"),
    "metaPixel": ("meta-more", "eventName", "advancedMatching", "disablePushState", "dpoLDU", "disableAutoConfig",
                  "objectPropertiesFromVariable", "objectPropertyList"),
    **dict.fromkeys(("googleTag", "ga4Event"), (
        "google-more", "configSettingsVariable", "configSettingsTable",
        "enableSendToServerContainer", "enhancedUserId", "eventParameters", "eventSettingsTable", "eventSettingsVariable", "fieldsToSet",
        "sendPageView", "userProperties")),
}


def is_on(value):
    """Not plainly off; nor what is done without the option as well: a table that is an object, a simple part."""
    return value not in (None, "", False, "false", "URL", "HOST", "PATH", "standard") and not (
        isinstance(value, list) and value[0] == 10)


def optional(data):
    """The modules that options of triggers, tags and variables need."""
    things = [*((t[0], t[2]) for t in data["T"]), *((g["t"], g["p"]) for g in data["G"]),
              *((v[0], v[1]) for v in data["V"])]
    return {OPTIONS[kind][0] for kind, parameters in things if kind in OPTIONS
            and any(is_on(parameters.get(key)) for key in OPTIONS[kind][1:])}


def needed(data, modules):
    """The modules, and before them those that the data or a module asks for, as README.md's table says."""
    text = json.dumps(data)
    comparisons = {c[0] for trigger in data["T"] for filters in (trigger[1], *trigger[4:5]) for c in filters or []}
    lowered = [value for parameters in [t[2] for t in data["T"]] + [g["p"] for g in data["G"]]
               for value in parameters.values()]
    first = [name for name, isNeeded in (
        ("values", data["V"] or any(t[1] or t[4:] for t in data["T"]) or any(isinstance(v, list) for v in lowered)),
        ("code", data.get("u")),
        ("compare", comparisons & {"gt", "ge", "lt", "le", "url"}),
        ("css", "css" in comparisons),
        ("escape", re.search(r"\[[45], \d+\]", text)),
        ("priority", any("r" in tag for tag in data["G"])),
        ("sequence", any("s" in tag or "u" in tag for tag in data["G"]))) if isNeeded]
    return first + sorted({*modules, *optional(data)} - {*first})


def container(data, modules=(), *more, also=()):
    """The script of a container, joined as the compiler joins it."""
    whole = {"i": "HL-TEST0001", "v": 1, "e": "live", "V": [], "T": [], "G": [], "S": [], **data}
    whole["T"] = [[t[0], t[1], {"eventName": EVENTS[t[0]], **t[2]} if t[0] in EVENTS else t[2], *t[3:]]
                  for t in whole["T"]]
    return joined(whole, needed(whole, modules), *more, also=also)
