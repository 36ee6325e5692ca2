"""Durable GET /collect.gif, every step on, against nginx's empty_gif with a buffered log that is never synced.

One server on core 0, wrk on core 1, 1.2 kB requests, 64 and 256 keep-alive connections. CPU is the whole process,
user and system; Highland's runs until its projections have applied every event. Wanted: at most 1.0 of nginx's CPU
per request, better 0.7. User instructions a request come from callgrind with --full."""

import pathlib

import harness

HERE = pathlib.Path(__file__).resolve().parent


def one_round(target, script, arguments, connections, seconds, caught_up=None):
    before = harness.cpu_seconds(target.pid)
    result = harness.wrk(target.port, script, arguments, connections, seconds)
    if caught_up:
        caught_up()
    result["cpu"] = (harness.cpu_seconds(target.pid) - before) / max(result["requests"], 1) * 1e6
    return result


def run(full):
    rounds, seconds = (9, 5) if full else (5, 4)
    highland, nginx = harness.Highland(), harness.Nginx()
    try:
        cookies = str(highland.cookies(500))
        script = HERE / "pixel.lua"
        number = 0
        for connections in (64, 256):
            ours, theirs = [], []
            for _ in range(rounds):
                number += 1
                arguments = [highland.site, cookies, str(number)]
                ours.append(one_round(highland, script, arguments, connections, seconds, highland.wait_caught_up))
                theirs.append(one_round(nginx, script, arguments, connections, seconds))
            report(connections, ours, theirs)
    finally:
        highland.stop()
        nginx.stop()


def report(connections, ours, theirs):
    failed = sum(r["errors"] + r["statuses"] for r in ours)
    mine, peer = harness.median(ours, "cpu"), harness.median(theirs, "cpu")
    my_rate, peer_rate = harness.median(ours, "rate"), harness.median(theirs, "rate")
    print(f"  c={connections}: highland {mine:.1f} us CPU a request, nginx {peer:.1f}: ratio {mine / peer:.2f} (at most 1.0, wanted 0.7)")
    print(f"  c={connections}: highland {my_rate:,.0f} requests/s, nginx {peer_rate:,.0f}: ratio {my_rate / peer_rate:.2f};"
          f" p50 {harness.median(ours, 'p50'):.2f} ms, p99 {harness.median(ours, 'p99'):.2f} ms; {failed} failed")
    print("  rounds, us CPU a request: highland " + " ".join(f"{r['cpu']:.1f}" for r in ours)
          + " | nginx " + " ".join(f"{r['cpu']:.1f}" for r in theirs), flush=True)
