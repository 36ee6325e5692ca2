"""Latency of a durable pixel at half of capacity, from the time each request was due (open loop, constant rate).

Printed beside the disk's own fdatasync p99; wanted: p99 at most 10 ms over it. Again with every fdatasync delayed by
2 and 10 ms (strace's fault injection on the server's own system calls)."""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

import harness

HERE = pathlib.Path(__file__).resolve().parent


def disk_fdatasync_p99(samples=400):
    """Milliseconds: 16 KiB appended to a preallocated file, then synced."""
    directory = tempfile.mkdtemp(prefix="highland-fdatasync-")
    handle = os.open(os.path.join(directory, "file"), os.O_RDWR | os.O_CREAT)
    try:
        os.write(handle, bytes(16384 * samples))
        os.fsync(handle)
        times = []
        for index in range(samples):
            os.pwrite(handle, os.urandom(16384), index * 16384)
            start = time.perf_counter()
            os.fdatasync(handle)
            times.append((time.perf_counter() - start) * 1000)
        return statistics.quantiles(times, n=100)[98]
    finally:
        os.close(handle)
        shutil.rmtree(directory)


def request_file(highland):
    cookie = highland.cookies(1).read_text().strip()
    target = f"/collect.gif?site={highland.site}&name=pageview&url=https%3A%2F%2Fshop.test%2Fpricing&consent=m&title=Pricing"
    text = f"GET {target} HTTP/1.1\r\nHost: track.shop.test\r\nUser-Agent: Mozilla/5.0 (X11; Linux x64) Firefox/140.0\r\nCookie: {cookie}\r\n\r\n"
    path = highland.directory / "request.bin"
    path.write_bytes(text.encode())
    return path


def open_loop(highland, request, rate, seconds):
    output = subprocess.run(
        ["taskset", "-c", "1", str(harness.BUILD / "highland-openloop"), "--port", str(highland.port), "--request", str(request),
         "--rate", str(rate), "--seconds", str(seconds), "--connections", "128"],
        check=True, capture_output=True, text=True).stdout
    return json.loads(output)


def line(name, rate, result, p99):
    print(f"  {name}: {rate:,.0f} requests/s; p50 {result['p50_ms']:.2f}, p99 {result['p99_ms']:.2f}, p99.9 {result['p999_ms']:.2f},"
          f" max {result['max_ms']:.1f} ms; disk's fdatasync p99 {p99:.2f} ms; {result['refused'] + result['unanswered']} not answered", flush=True)


def run(full):
    seconds = 20 if full else 6
    highland = harness.Highland()
    try:
        cookies = str(highland.cookies(200))
        capacity = harness.wrk(highland.port, HERE.parent / "collect-pixel" / "pixel.lua", [highland.site, cookies, "7"], 128, 4)["rate"]
        highland.wait_caught_up()
        request = request_file(highland)
        rate = capacity / 2
        line("half of capacity", rate, open_loop(highland, request, rate, seconds), disk_fdatasync_p99())
    finally:
        highland.stop()
    for delay in (2, 10):
        highland = harness.Highland(wrapper=[
            "strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e", f"inject=fdatasync:delay_enter={delay * 1000}"])
        try:
            request = request_file(highland)
            rate = min(rate, 2000)  # strace stops the process at every traced call: a lower rate keeps that out of the figure
            line(f"fdatasync delayed by {delay} ms", rate, open_loop(highland, request, rate, seconds), delay + disk_fdatasync_p99())
        finally:
            highland.stop()
