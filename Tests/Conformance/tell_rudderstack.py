#!/usr/bin/env -S python3 -B
"""The story through rudder-sdk-python."""

import segment_story
import teller


def tell(url, value, steps):
    from rudderstack.analytics.client import Client
    segment_story.tell(Client(value, host=url, sync_mode=True), steps)


if __name__ == "__main__":
    teller.main(tell)
