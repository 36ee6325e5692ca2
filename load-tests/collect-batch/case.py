"""Durable POST /collect with 10 events a request, against nginx's logged pixel requests.

Events a second of one Highland core against requests a second of one nginx core. Wanted: at least 3 times, better 5."""

import pathlib

import harness

HERE = pathlib.Path(__file__).resolve().parent
EVENTS = 10


def run(full):
    rounds, seconds = (9, 5) if full else (5, 4)
    highland, nginx = harness.Highland(), harness.Nginx()
    try:
        cookies = str(highland.cookies(500))
        ours, theirs = [], []
        for number in range(1, rounds + 1):
            arguments = [highland.site, cookies, str(number)]
            before = harness.cpu_seconds(highland.pid)
            result = harness.wrk(highland.port, HERE / "batch.lua", arguments, 64, seconds)
            highland.wait_caught_up()
            result["cpu"] = (harness.cpu_seconds(highland.pid) - before) / max(result["requests"] * EVENTS, 1) * 1e6
            ours.append(result)
            before = harness.cpu_seconds(nginx.pid)
            result = harness.wrk(nginx.port, HERE.parent / "collect-pixel" / "pixel.lua", arguments, 64, seconds)
            result["cpu"] = (harness.cpu_seconds(nginx.pid) - before) / max(result["requests"], 1) * 1e6
            theirs.append(result)
        failed = sum(r["errors"] + r["statuses"] for r in ours)
        mine, peer = harness.median(ours, "rate") * EVENTS, harness.median(theirs, "rate")
        print(f"  highland {mine:,.0f} events/s, nginx {peer:,.0f} requests/s: ratio {mine / peer:.1f} (at least 3, wanted 5); {failed} failed")
        print(f"  highland {harness.median(ours, 'cpu'):.1f} us CPU an event with projections, nginx {harness.median(theirs, 'cpu'):.1f} a request", flush=True)
    finally:
        highland.stop()
        nginx.stop()
