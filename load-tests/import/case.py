"""Access-log import, lines a second, against GoAccess on the same file. Wanted: at least 5 times, better 10.

The file is the real log of the test data where that is there (repeated with its days moved on, so that no line is a
duplicate), else one written in its shape. Both read it from the page cache on one core."""

import gzip
import json
import pathlib
import random
import re
import subprocess
import tempfile
import time

import harness

REAL = harness.ROOT.parent / "shared" / "data" / "logs" / "semicomplete-combined.log.gz"


def write_log(path, lines_wanted):
    if REAL.exists():
        source = gzip.open(REAL, "rt", errors="replace").read().splitlines()
    else:
        rng = random.Random(7)
        source = [
            f'203.0.{rng.randrange(256)}.{rng.randrange(256)} - - [{17 + n * 4 // 10000:02d}/May/2015:{n % 24:02d}:05:{n % 60:02d} +0000] '
            f'"GET /blog/post-{rng.randrange(300)} HTTP/1.1" 200 {rng.randrange(90000)} "https://www.google.com/" '
            f'"Mozilla/5.0 (Windows NT 6.1; WOW64; rv:{rng.randrange(20, 40)}.0) Gecko/20100101 Firefox/{rng.randrange(20, 40)}.0"' for n in range(10000)]
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    written = 0
    with open(path, "w") as out:
        for copy in range(lines_wanted // len(source) + 1):
            month, year = months[copy % 12], 2010 + copy // 12
            for row in source:
                out.write(re.sub(r"/May/2015:", f"/{month}/{year}:", row, count=1) + "\n")
                written += 1
                if written == lines_wanted:
                    return written
    return written


def run(full):
    lines, rounds = (1_000_000, 3) if full else (200_000, 3)
    with tempfile.TemporaryDirectory(prefix="highland-import-") as directory:
        log = pathlib.Path(directory) / "access.log"
        lines = write_log(log, lines)
        ours, theirs = [], []
        for _ in range(rounds):
            highland = harness.Highland()
            highland.process.terminate()
            highland.process.wait(15)
            start = time.monotonic()
            output = subprocess.run(
                ["taskset", "-c", "0", str(harness.HIGHLAND), "import", "access-log", "--site", "shop.test", "--json", str(log)],
                env=highland.environment, check=True, capture_output=True, text=True).stdout
            ours.append(lines / (time.monotonic() - start))
            if json.loads(output)["read"] != lines:
                raise SystemExit(f"read {output}, expected {lines} lines")
            highland.stop()
            start = time.monotonic()
            subprocess.run(
                ["taskset", "-c", "0", "goaccess", str(log), "--log-format=COMBINED", "-o", f"{directory}/out.json", "--no-progress"],
                check=True, capture_output=True)
            theirs.append(lines / (time.monotonic() - start))
        mine, peer = sorted(ours)[len(ours) // 2], sorted(theirs)[len(theirs) // 2]
        print(f"  {lines:,} lines: highland {mine:,.0f} lines/s, goaccess {peer:,.0f}: ratio {mine / peer:.1f} (at least 5, wanted 10)", flush=True)
