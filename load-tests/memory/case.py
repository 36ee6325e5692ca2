"""Resident memory idle, under load, and after many visitors; bytes an event in journal and columns. Idle: at most 64 MiB."""

import pathlib

import harness

HERE = pathlib.Path(__file__).resolve().parent


def size_of(directory):
    return sum(f.stat().st_blocks * 512 for f in pathlib.Path(directory).rglob("*") if f.is_file())


def run(full):
    visitors = 1_000_000 if full else 100_000
    highland = harness.Highland()
    try:
        print(f"  idle: {harness.resident_mib(highland.pid):.0f} MiB (at most 64)")
        cookies = str(highland.cookies(500))
        before = size_of(highland.data)
        result = harness.wrk(highland.port, HERE.parent / "collect-pixel" / "pixel.lua", [highland.site, cookies, "3"], 256, 8)
        peak = harness.resident_mib(highland.pid)
        highland.wait_caught_up()
        print(f"  under load: {peak:.0f} MiB after {result['requests']:,} events of 500 visitors")
        print(f"  on disk: {(size_of(highland.data) - before) / max(result['requests'], 1):.0f} bytes an event, journal (not yet sealed) and columns")
        sent = harness.wrk(highland.port, HERE / "visitors.lua", [highland.site, "0", str(visitors)], 64, 60 if full else 10)
        highland.wait_caught_up()
        print(f"  {min(sent['requests'], visitors):,} visitors: {harness.resident_mib(highland.pid):.0f} MiB", flush=True)
    finally:
        highland.stop()
