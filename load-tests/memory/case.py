"""Resident memory idle, under load, and after many visitors; bytes an event in journal and columns. Idle: at most 64 MiB."""

import json
import pathlib
import re

import harness

HERE = pathlib.Path(__file__).resolve().parent


def size_of(directory):
    return sum(f.stat().st_blocks * 512 for f in pathlib.Path(directory).rglob("*") if f.is_file())


def journal_bytes(highland, key):
    """What was written to the journal; its files' sizes say how much is reserved."""
    metrics = harness.get(highland.admin, "/metrics", {"Authorization": f"Bearer {key}"})[1].decode()
    return float(re.search(r"^journal_written_bytes_total (\S+)", metrics, re.MULTILINE)[1])


def run(full):
    visitors = 1_000_000 if full else 100_000
    highland = harness.Highland()
    try:
        print(f"  idle: {harness.resident_mib(highland.pid):.0f} MiB (at most 64)")
        cookies = str(highland.cookies(500))
        key = json.loads(highland.command("key", "add", "--role", "viewer", "--json"))["key"]
        journal, columns = journal_bytes(highland, key), size_of(highland.data / "columns")
        result = harness.wrk(highland.port, HERE.parent / "collect-pixel" / "pixel.lua", [highland.site, cookies, "3"], 256, 8)
        peak = harness.resident_mib(highland.pid)
        highland.wait_caught_up()
        print(f"  under load: {peak:.0f} MiB after {result['requests']:,} events of 500 visitors")
        events = max(result["requests"], 1)
        journal, columns = journal_bytes(highland, key) - journal, size_of(highland.data / "columns") - columns
        print(f"  on disk: {journal / events:.0f} bytes an event in the journal (not yet sealed), {columns / events:.0f} in columns")
        sent = harness.wrk(highland.port, HERE / "visitors.lua", [highland.site, "0", str(visitors)], 64, 60 if full else 10)
        highland.wait_caught_up()
        print(f"  {min(sent['requests'], visitors):,} visitors: {harness.resident_mib(highland.pid):.0f} MiB", flush=True)
    finally:
        highland.stop()
