"""What the checks of this folder share: where things are, a fresh installation of Highland, a list of comparisons, the
rules of the contract for access logs, and the Python environment that has DuckDB.

A check compares Highland with a program or a count of other descent. It prints one line that counts, and every
difference, and exits with 1 if there was one. Data that is not there is said loudly and skips the check."""

import gzip
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from decimal import Decimal

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
SHARED = ROOT.parent / "shared" / "data"
HIGHLAND = pathlib.Path(os.environ.get("HIGHLAND", ROOT / ".build" / "release" / "highland"))
SHOWN_MAX = 25
sys.path.insert(0, str(ROOT / "Tests" / "Process"))

import environments  # noqa: E402


def need(path, what):
    """Ends the check, loudly, where a file of the shared data is absent."""
    if not path.exists():
        print(f"SKIPPED: {path} is absent; {what} was not checked")
        sys.exit(0)
    return path


def enter(what):
    """Goes on inside the environment that has DuckDB; skips the whole check where it is not there."""
    environments.enter(what, "test", FOLDER / "requirements.txt")


class Comparisons:
    """Counts what was compared, keeps what differed."""

    def __init__(self, peer):
        self.peer = peer
        self.count = 0
        self.differences = []

    def equal(self, name, highland, peer):
        self.count += 1
        if highland != peer:
            self.differences.append(f"{name}\n    highland {highland}\n    {self.peer} {peer}")

    def equal_tables(self, name, highland, peer):
        """Two dictionaries, entry by entry; what one lacks is None."""
        for key in sorted(set(highland) | set(peer), key=str):
            self.equal(f"{name} {key}", highland.get(key), peer.get(key))

    def end(self, summary):
        """Prints what there is to say and leaves."""
        for difference in self.differences[:SHOWN_MAX]:
            print("WRONG", difference)
        if len(self.differences) > SHOWN_MAX:
            print(f"WRONG … and {len(self.differences) - SHOWN_MAX} more")
        print(f"{summary}; {self.count} comparisons, {len(self.differences)} differences")
        sys.exit(1 if self.differences or not self.count else 0)


class Installation:
    """A Highland of its own in a temporary folder; commands work on it with or without a server."""

    def __enter__(self):
        if not HIGHLAND.exists():
            raise SystemExit(f"oracle: {HIGHLAND} is absent; make it with: make build")
        self.temporary = tempfile.TemporaryDirectory(prefix="highland-oracle-")
        self.folder = pathlib.Path(self.temporary.name)
        clean = {key: value for key, value in os.environ.items() if not key.startswith("HIGHLAND")}
        self.environment = dict(
            clean, HIGHLAND_DATA=f"{self.folder}/data", HIGHLAND_RUNTIME=f"{self.folder}/run",
            HIGHLAND_SECRETS=f"{self.folder}/sec", HIGHLAND_LISTEN="127.0.0.1:0", HIGHLAND_ADMIN_LISTEN="127.0.0.1:0",
            HIGHLAND_LOG_LEVEL="warning")
        self.server = None
        return self

    def __exit__(self, *_):
        self.stop()
        self.temporary.cleanup()

    def run(self, *arguments):
        """A command's standard output; where it fails, its complaint ends the check."""
        words = list(map(str, arguments))
        done = subprocess.run([str(HIGHLAND), *words], env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"oracle: highland {' '.join(words)}: exit {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def add_site(self, domain, *options):
        return json.loads(self.run("site", "add", "--domain", domain, "--json", *options))["key"]

    def load(self, kind, site, file, *options):
        """Imports a file; gives the counts."""
        return json.loads(self.run("import", kind, "--site", site, "--json", *options, file))

    def report(self, site, metrics, dimensions=(), *, range, filters=(), bots=False, limit=None):
        """Rows of `highland report` in their order: ([dimensions], [metrics]), numbers exact."""
        words = ["report", "--site", site, "--metrics", ",".join(metrics), "--range", range, "--format", "json"]
        if dimensions:
            words += ["--dimensions", ",".join(dimensions)]
        for condition in filters:
            words += ["--filter", condition]
        if bots:
            words.append("--include-bots")
        if limit:
            words += ["--limit", str(limit)]
        return rows(self.run(*words))

    def table(self, site, metrics, dimensions, **options):
        """The same as a dictionary: the one dimension, or a tuple of them, to the one metric, or a list of them."""
        one = lambda values: values[0] if len(values) == 1 else values
        return {one(tuple(key)): one(values) for key, values in self.report(site, metrics, dimensions, **options)}

    def serve(self):
        """Starts the server and gives the address of its admin plane, once it says that it is there."""
        self.server = subprocess.Popen(
            [str(HIGHLAND), "serve"], env=self.environment, stdout=subprocess.PIPE, text=True, start_new_session=True)
        for line in self.server.stdout:
            found = re.search(r"signed in (http://\S+:\d+)/", line)
            if found:
                return found.group(1)
        raise SystemExit(f"oracle: highland serve ended with {self.server.wait()} before it said its addresses")

    def stop(self):
        if self.server:
            self.server.send_signal(signal.SIGTERM)
            self.server.communicate()
            self.server = None


def rows(text):
    """The rows of a report in JSON, numbers exact."""
    answer = json.loads(text, parse_float=Decimal)
    return [(row["dimensions"], row["metrics"]) for row in answer["results"]]


def post(url, key, body):
    """A query over HTTP; the answer's text."""
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        raise SystemExit(f"oracle: {url}: {error.code} {error.read().decode()} to {json.dumps(body)}") from None


# The contract's rules for access logs: what of a log is an event, and which.

LOG = SHARED / "logs" / "semicomplete-combined.log.gz"
ASSETS = set("""css js mjs map json xml txt rss atom png jpg jpeg gif svg webp avif ico bmp woff woff2 ttf otf eot
    mp3 mp4 webm ogg wav mov avi""".split())
DOWNLOADS = set("""pdf zip gz tar tgz bz2 xz 7z rar exe dmg iso deb rpm jar doc docx xls xlsx ppt pptx epub csv""".split())
LINE = re.compile(
    r'^(\S+) \S+ \S.*? ?\[([^\]]+)\] "([A-Z]+) (\S+)[^"]*" (\d{3}) (\S+) "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"')


def log_lines():
    """The real log's lines."""
    with gzip.open(LOG, "rt", encoding="utf-8", errors="surrogateescape") as file:
        return file.read().splitlines(keepends=True)


def ending(path):
    """The letters behind the last dot of the last segment, `` where there is none."""
    name = path.rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def kind_of(method, status, path):
    """The event's name, or why the request is none: method, status, asset."""
    if method != "GET":
        return None, "method"
    if status == "404":
        return "404", None
    if not (status.startswith("2") or status == "304"):
        return None, "status"
    if ending(path) in ASSETS:
        return None, "asset"
    return "download" if ending(path) in DOWNLOADS else "pageview", None
