"""What every telling shares: its arguments, its list of steps, and what it says at its end.

    tell_PRODUCT.py URL VALUE DOMAIN START

tells the story of story.py to the server at URL and prints one JSON object: what was raised and what was logged."""

import json
import logging
import os
import sys
import time
import traceback
import warnings

import environment
import story


class Kept(logging.Handler):
    """Keeps warnings and errors of any logger."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.name}: {record.getMessage()}"[:300])


def run(tell):
    """tell(url, value, steps) tells the story and sends all of it before it returns."""
    # ga4mp reads dates as local time.
    os.environ["TZ"] = "UTC"
    time.tzset()
    warnings.simplefilter("ignore", DeprecationWarning)
    kept = Kept()
    logging.getLogger().addHandler(kept)
    for name in ("segment", "rudderstack", "posthog"):
        logging.getLogger(name).addHandler(kept) if not logging.getLogger(name).propagate else None
    url, value, domain, start = sys.argv[1:5]
    raised = []
    try:
        tell(url, value, story.steps(domain, float(start)))
    except Exception as error:
        raised.append(f"{type(error).__name__}: {error}"[:300])
        traceback.print_exc()
    print(json.dumps({"raised": raised, "logged": kept.lines}), flush=True)
    # Clients with threads of their own would hold the process for what they still mean to retry.
    os._exit(0)


def main(tell):
    environment.enter(f"{sys.argv[0]}")
    run(tell)
