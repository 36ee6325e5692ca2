"""Latency of a durable pixel at half of capacity, from the time each request was due (open loop, constant rate).

Printed beside the disk's own fdatasync p99; wanted: p99 at most 10 ms over it. Again with every fdatasync delayed by
2 and 10 ms (slow-sync.c), for the server and for the probe that measures the disk."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import harness

HERE = pathlib.Path(__file__).resolve().parent

# Milliseconds: 16 KiB appended to a preallocated file, then synced.
PROBE = """
import os, statistics, sys, tempfile, time
with tempfile.TemporaryDirectory(prefix="highland-fdatasync-") as directory:
    handle = os.open(os.path.join(directory, "file"), os.O_RDWR | os.O_CREAT)
    samples = int(sys.argv[1])
    os.write(handle, bytes(16384 * samples))
    os.fsync(handle)
    times = []
    for index in range(samples):
        os.pwrite(handle, os.urandom(16384), index * 16384)
        start = time.perf_counter()
        os.fdatasync(handle)
        times.append((time.perf_counter() - start) * 1000)
    print(statistics.quantiles(times, n=100)[98])
"""


def slowed(library, milliseconds):
    """What the environment needs so that each fdatasync takes longer."""
    return {"LD_PRELOAD": str(library), "SYNC_DELAY_US": str(milliseconds * 1000)} if milliseconds else {}


def disk_fdatasync_p99(environment):
    output = subprocess.run(
        [sys.executable, "-c", PROBE, "400"], env={**os.environ, **environment}, check=True, capture_output=True, text=True).stdout
    return float(output)


def request_file(highland):
    cookie = highland.cookies(1).read_text().strip()
    target = f"/collect.gif?site={highland.site}&name=pageview&url=https%3A%2F%2Fshop.test%2Fpricing&consent=m&title=Pricing"
    text = f"GET {target} HTTP/1.1\r\nHost: track.shop.test\r\nUser-Agent: Mozilla/5.0 (X11; Linux x64) Firefox/140.0\r\nCookie: {cookie}\r\n\r\n"
    path = highland.directory / "request.bin"
    path.write_bytes(text.encode())
    return path


def open_loop(highland, request, rate, seconds, connections):
    output = subprocess.run(
        ["taskset", "-c", "1", str(harness.BUILD / "highland-openloop"), "--port", str(highland.port), "--request", str(request),
         "--rate", str(rate), "--seconds", str(seconds), "--connections", str(connections)],
        check=True, capture_output=True, text=True).stdout
    return json.loads(output)


def line(name, rate, runs, disk):
    def median(key):
        return statistics.median(run[key] for run in runs)
    lost = sum(run["refused"] + run["unanswered"] for run in runs)
    print(f"  {name}: {rate:,.0f} requests/s; p50 {median('p50_ms'):.2f}, p99 {median('p99_ms'):.2f}, p99.9 {median('p999_ms'):.2f} ms (medians of"
          f" {len(runs)} runs), max {max(run['max_ms'] for run in runs):.1f} ms; disk's fdatasync p99 {statistics.median(disk):.2f} ms;"
          f" {lost} not answered; the host took {max(run['stolen'] for run in runs):.1%} of the core at most", flush=True)


def capacity():
    highland = harness.Highland()
    try:
        cookies = str(highland.cookies(200))
        return harness.wrk(highland.port, HERE.parent / "collect-pixel" / "pixel.lua", [highland.site, cookies, "7"], 128, 4)["rate"]
    finally:
        highland.stop()


def stolen_seconds(core):
    """Time for which the host of a virtual machine ran something else on this core."""
    for line in pathlib.Path("/proc/stat").read_text().splitlines():
        if line.startswith(f"cpu{core} "):
            return int(line.split()[8]) / harness.TICKS
    return 0.0


def once(environment, rate, seconds):
    highland = harness.Highland(environment=environment)
    try:
        request = request_file(highland)
        before = stolen_seconds(0)
        # Each connection has one request under way: as many as the rate and a wait of some 30 ms need.
        result = open_loop(highland, request, rate, seconds, 512)
        result["stolen"] = (stolen_seconds(0) - before) / seconds
        return result
    finally:
        highland.stop()


def run(full):
    seconds = 20 if full else 4
    rate = capacity() / 2
    with tempfile.TemporaryDirectory(prefix="highland-slow-sync-") as directory:
        library = pathlib.Path(directory) / "slow-sync.so"
        subprocess.run(["clang", "-shared", "-fPIC", "-O2", "-o", str(library), str(HERE / "slow-sync.c")], check=True)
        delays = (0, 2, 10)
        runs, disk = {delay: [] for delay in delays}, {delay: [] for delay in delays}
        for _ in range(3):
            for delay in delays:
                environment = slowed(library, delay)
                runs[delay].append(once(environment, rate, seconds))
                disk[delay].append(disk_fdatasync_p99(environment))
        for delay in delays:
            line(f"fdatasync delayed by {delay} ms" if delay else "half of capacity", rate, runs[delay], disk[delay])
