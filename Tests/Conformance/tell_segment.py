#!/usr/bin/env -S python3 -B
"""The story through segment-analytics-python, gzip on."""

import segment_story
import teller


def tell(url, value, steps):
    from segment.analytics.client import Client
    segment_story.tell(Client(value, host=url, sync_mode=True, gzip=True), steps)


if __name__ == "__main__":
    teller.main(tell)
