"""Waiting for what the outside shows, with a deadline. Sanitizers make everything slower:
WEIR_TEST_SLOWDOWN multiplies every deadline."""

import os
import time

SLOWDOWN = float(os.environ.get("WEIR_TEST_SLOWDOWN", "1"))
PAUSE_SECONDS = 0.01


def scaled(seconds):
    return seconds * SLOWDOWN


def eventually(look, seconds=10, what=""):
    """The first truthy answer of `look`."""
    deadline = time.monotonic() + scaled(seconds)
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {scaled(seconds):g} s: {what or look}; saw {seen!r}")
        time.sleep(PAUSE_SECONDS)
    return seen


def always(look, seconds):
    """`look` stays truthy for that long: for what must not happen."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not look():
            return False
        time.sleep(PAUSE_SECONDS)
    return True
