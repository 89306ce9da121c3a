"""Faults on demand, spread evenly rather than drawn at random: of n requests, exactly
floor(n * error_ratio) fail, so that a demonstration is the same every time."""

import threading

LONGEST_LATENCY_MS = 60_000


class Faults:
    def __init__(self, error_ratio=0.0):
        self._lock = threading.Lock()
        self._asked = 0
        self.down = False
        self.latency_ms = 0
        self.error_ratio = 0.0
        self.switch({"error_ratio": error_ratio})

    def switch(self, wanted):
        """Takes any of error_ratio, latency_ms, down. ValueError, and nothing is
        changed, where one is unknown or out of range."""
        changed = {**self.settings(), **checked(wanted)}
        with self._lock:
            self.error_ratio = changed["error_ratio"]
            self.latency_ms = changed["latency_ms"]
            self.down = changed["down"]
            self._asked = 0

    def settings(self):
        return {
            "error_ratio": self.error_ratio,
            "latency_ms": self.latency_ms,
            "down": self.down,
        }

    def strikes(self):
        """Whether this request is one of those that fail."""
        with self._lock:
            before = int(self._asked * self.error_ratio)
            self._asked += 1
            return int(self._asked * self.error_ratio) > before


def checked(wanted):
    if not isinstance(wanted, dict):
        raise ValueError("an object is needed")
    rules = {
        "error_ratio": lambda v: is_number(v) and 0 <= v <= 1,
        "latency_ms": lambda v: is_number(v) and 0 <= v <= LONGEST_LATENCY_MS,
        "down": lambda v: isinstance(v, bool),
    }
    for name, value in wanted.items():
        if name not in rules:
            raise ValueError(f"{name}: unknown")
        if not rules[name](value):
            raise ValueError(f"{name}: out of range")
    return wanted


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)
