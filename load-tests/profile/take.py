"""Takes the profile that the river's targets are compiled with: plays made-up traffic, an import and reports
to a build that counts, and merges what it counted.

usage: take.py PROGRAM OUTPUT      (PROGRAM: built with HIGHLAND_PROFILE=take)"""

import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "collect-protocols")]

import case  # noqa: E402
import harness  # noqa: E402
import traffic  # noqa: E402

REPORTS = [
    [],
    ["--metrics", "visitors,events", "--dimensions", "event:page", "--range", "7d"],
    ["--metrics", "visits,bounce_rate", "--dimensions", "visit:source,visit:device", "--range", "2026-03-01,2026-03-31"],
    ["--metrics", "pageviews", "--dimensions", "time:hour", "--filter", "event:page contains rose", "--range", "day"],
]


def foreign_requests(site):
    """One request of each other product, without what only its load test fills in."""
    made = []
    for name, text in case.requests(site).items():
        if name == "native":
            continue
        text = text.replace("PAGE", "123").replace("VISITOR", "456789").replace("shop.test", "garten.test")
        head, _, body = text.partition("\r\n\r\n")
        if body:
            length = f"Content-Length: {traffic.content_length(body)}"
            head = "\r\n".join(length if line.startswith("Content-Length") else line for line in head.split("\r\n"))
        made.append(head + "\r\n\r\n" + body)
    return made, case.ALIASES


def prepare(highland):
    domains = [word for host in traffic.HOSTS for word in ("--domain", host)]
    site = highland.command("site", "add", *domains, "--allow-query", "q", "--json")
    key = json.loads(site)["key"]
    foreign, aliases = foreign_requests(key)
    for protocol, value in aliases.items():
        highland.command("site", "alias", "add", "--site", "garten.test", "--protocol", protocol,
                         "--value", value.replace("shop.test", "garten.test"), "--consent", "client", "--json")
    return key, foreign


def cookies(highland, key, count):
    """Cookies of so many visitors who consented."""
    found = []
    for number in range(count):
        answer, _ = harness.get(
            highland.port, f"/collect.gif?site={key}&consent=m&url=https%3A%2F%2Fgarten.test%2F{number}",
            {"User-Agent": traffic.AGENTS[number % 8]})
        found.append(answer.getheader("Set-Cookie").split(";")[0])
    return found


def write_log(path, lines):
    rng = random.Random(11)
    with open(path, "w") as out:
        for number in range(lines):
            address = f"10.{rng.randrange(40)}.{rng.randrange(256)}.{rng.randrange(256)}"
            time = f"{1 + number * 20 // lines:02d}/Mar/2026:{number % 24:02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d} +0100"
            target = "/" + urllib.parse.quote(rng.choice(traffic.WORDS)) + rng.choice(["", ".css", ".png", "/", "?q=rose"])
            status, size = rng.choice([200, 200, 200, 304, 404]), rng.randrange(50_000)
            referrer, agent = rng.choice(traffic.REFERRERS) or "-", rng.choice(traffic.AGENTS)
            out.write(f'{address} - - [{time}] "GET {target} HTTP/1.1" {status} {size} "{referrer}" "{agent}"\n')


def play(folder):
    highland = harness.Highland()
    try:
        key, foreign = prepare(highland)
        made = traffic.Traffic(key, cookies(highland, key, 200), seed=17)
        file = folder / "requests"
        made.write(file, 6000, foreign)
        for round, connections in enumerate((64, 8, 200)):
            result = harness.wrk(highland.port, HERE / "traffic.lua", [str(file), str(round * 10_000_000)], connections, 8)
            highland.wait_caught_up()
            print(f"  {connections} connections: {result['requests']} requests, {result['statuses']} refused, {result['errors']} failed")
            if result["errors"] or not result["requests"]:
                raise SystemExit("the traffic failed; see the server's answers")
        log = folder / "access.log"
        write_log(log, 60_000)
        print(highland.command("import", "access-log", "--site", "garten.test", "--json", str(log)).strip())
        highland.wait_caught_up()
        for report in REPORTS:
            highland.command("report", "--site", "garten.test", *report)
    finally:
        highland.stop()


def main():
    program, output = sys.argv[1:]
    harness.HIGHLAND = pathlib.Path(program).resolve()
    with tempfile.TemporaryDirectory(prefix="highland-profile-") as directory:
        folder = pathlib.Path(directory)
        os.environ["LLVM_PROFILE_FILE"] = str(folder / "%p.profraw")
        play(folder)
        raw = [str(path) for path in folder.glob("*.profraw")]
        # The compiler's own tool: others may not know its format.
        tool = pathlib.Path(shutil.which("swiftc")).resolve().parent / "llvm-profdata"
        # Of functions of one file alone the names have that file's path on this machine.
        subprocess.run([str(tool), "merge", "--sparse", "--no-function=;", "-o", output, *raw], check=True)
    print(f"{output}: {os.path.getsize(output)} bytes of {len(raw)} runs")


main()
