"""What a check claims, one thing for all checks: counts of claims that held and did not, waits on a condition."""

import pathlib
import sys
import time


class Claims:
    """Counts claims that held and those that did not; ends the program with the sum. Those that held are told too with
    `tells_all`."""

    def __init__(self, name=None, tells_all=False):
        self.name, self.tells_all = name or pathlib.Path(sys.argv[0]).name, tells_all
        self.made = self.failed = self.skips = 0

    def check(self, text, holds, detail=""):
        self.made += 1
        if not holds:
            self.failed += 1
            print(f"FAILED - {text}: {detail}", flush=True)
        elif self.tells_all:
            print(f"ok - {text}", flush=True)
        return holds

    def equal(self, text, got, wanted):
        return self.check(text, got == wanted, f"\n   got    {got!r}\n   wanted {wanted!r}")

    def skipped(self, reason):
        """What could not be checked here, and why."""
        self.skips += 1
        print(f"SKIPPED: {reason}", flush=True)

    def end(self):
        """Exit code 1 where a claim failed, or where there was none and no reason for it."""
        print(f"{self.name}: {self.made} claims, {self.failed} failed, {self.skips} skipped", flush=True)
        sys.exit(1 if self.failed or not (self.made or self.skips) else 0)


def wait_until(condition, seconds, pause=0.01):
    """The first value of `condition` that is true; its last one when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > deadline:
            return value
        time.sleep(pause)


def until(condition, what, seconds=60):
    """The first value of `condition` that is true; an error that names `what` when the time is over, which is long: it
    says that nothing came, not that it came late."""
    value = wait_until(condition, seconds, 0.02)
    if not value:
        raise AssertionError(f"did not happen within {seconds} s: {what}")
    return value
