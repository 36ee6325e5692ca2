"""A published container's script of about 20 kB, against nginx sending the same bytes as a static file.

One server on core 0, wrk on core 1, 64 keep-alive connections; plain, packed (nginx: gzip_static) and asked for with
the entity tag that the server gave (304). CPU is the whole process, user and system. Wanted: at least 0.8 of nginx's
requests a second."""

import json
import pathlib
import time
import urllib.parse

import harness

HERE = pathlib.Path(__file__).resolve().parent
ACCEPT = "gzip, deflate, br, zstd"
WANTED_BYTES = 20_000


def export(tags):
    """A web container in the export format 2: as many GA4 events, each with its own trigger and parameters."""

    def template(key, value):
        return {"type": "TEMPLATE", "key": key, "value": value}

    def parameter(name, value):
        return {"type": "MAP", "map": [template("parameter", name), template("parameterValue", value)]}

    names = [f"funnel_step_{n}_{'checkout' if n % 2 else 'catalogue'}" for n in range(tags)]
    return {
        "exportFormatVersion": 2,
        "exportTime": "2026-11-26 08:00:00",
        "containerVersion": {
            "container": {"name": "bench", "publicId": "GTM-BENCH01", "usageContext": ["WEB"]},
            "tag": [
                {
                    "tagId": str(n + 1), "name": f"GA4 {name}", "type": "gaawe", "firingTriggerId": [str(1000 + n)],
                    "tagFiringOption": "ONCE_PER_EVENT",
                    "parameter": [
                        template("eventName", name), template("measurementIdOverride", "G-BENCH00001"),
                        {"type": "LIST", "key": "eventSettingsTable", "list": [
                            parameter("step", str(n)), parameter("page", "{{Page Path}}"),
                            parameter("label", f"Step {n} of the funnel, as the shop calls it")]},
                    ],
                }
                for n, name in enumerate(names)
            ],
            "trigger": [
                {
                    "triggerId": str(1000 + n), "name": f"on {name}", "type": "CUSTOM_EVENT",
                    "customEventFilter": [
                        {"type": "EQUALS", "parameter": [template("arg0", "{{_event}}"), template("arg1", name)]}],
                }
                for n, name in enumerate(names)
            ],
            "builtInVariable": [{"type": "PAGE_PATH", "name": "Page Path"}],
        },
    }


def publish(highland):
    """Imports and publishes a container of about the wanted size; its path and its bytes, plain and packed."""
    file = highland.directory / "container.json"
    tags = 60
    for attempt in range(4):
        file.write_text(json.dumps(export(tags)))
        highland.command("import", "gtm", "--container", f"bench-{attempt}", "--site", "shop.test", str(file))
        said = json.loads(highland.command("container", "publish", f"bench-{attempt}", "--confirm", "--json"))
        path = urllib.parse.urlsplit(said["url"]).path
        plain = fetch(highland, path, "identity")
        if attempt == 3 or abs(len(plain[1]) - WANTED_BYTES) < WANTED_BYTES // 10:
            return path, plain, fetch(highland, path, ACCEPT)
        tags = max(1, tags * WANTED_BYTES // len(plain[1]))


def fetch(highland, path, coding, seconds=10):
    """An answer of 200 with its bytes; the publication reaches the public plane a moment after its command ends."""
    deadline = time.monotonic() + seconds
    while True:
        answer, body = highland.get(path, {"Accept-Encoding": coding})
        if answer.status == 200:
            return answer, body
        if time.monotonic() > deadline:
            raise SystemExit(f"{path} was answered {answer.status} after its publication")
        time.sleep(0.05)


def one_round(target, path, coding, tag, seconds):
    before = harness.cpu_seconds(target.pid)
    result = harness.wrk(target.port, HERE / "script.lua", [path, coding, tag], 64, seconds)
    result["cpu"] = (harness.cpu_seconds(target.pid) - before) / max(result["requests"], 1) * 1e6
    return result


def run(full):
    highland = harness.Highland()
    try:
        compare(highland, *publish(highland), full)
    finally:
        highland.stop()


def compare(highland, path, plain, packed, full):
    """Loads both servers in turn with each kind of request and prints the ratios."""
    rounds, seconds = (9, 5) if full else (5, 3)
    name = path.lstrip("/")
    nginx = harness.Nginx(
        configuration=HERE / "nginx.conf", files={name: plain[1], name + ".gz": packed[1]})
    try:
        for what, coding, answer, body in (
            ("plain", "identity", plain[0], plain[1]), ("gzip", ACCEPT, packed[0], packed[1]), ("304", ACCEPT, packed[0], b"")):
            theirs = nginx.get(path, {"Accept-Encoding": coding})
            if theirs[0].status != 200 or (body and theirs[1] != body):
                raise SystemExit(f"nginx does not send the same bytes for {path}, {coding}")
            tags = [a.getheader("ETag") if what == "304" else "" for a in (answer, theirs[0])]
            rows = ([], [])
            for _ in range(rounds):
                for target, tag, results in zip((highland, nginx), tags, rows):
                    results.append(one_round(target, path, coding, tag, seconds))
            report(what, len(body), *rows)
    finally:
        nginx.stop()


def report(what, size, ours, theirs):
    failed = sum(r["errors"] + r["statuses"] for r in ours + theirs)
    mine, peer = harness.median(ours, "rate"), harness.median(theirs, "rate")
    my_cpu, peer_cpu = harness.median(ours, "cpu"), harness.median(theirs, "cpu")
    print(f"  {what}, {size:,} bytes: highland {mine:,.0f} requests/s, nginx {peer:,.0f}: ratio {mine / peer:.2f} (at least 0.8); {failed} failed")
    print(f"  {what}: highland {my_cpu:.1f} us CPU a request, nginx {peer_cpu:.1f}: ratio {my_cpu / peer_cpu:.2f};"
          f" p99 {harness.median(ours, 'p99'):.2f} and {harness.median(theirs, 'p99'):.2f} ms", flush=True)
