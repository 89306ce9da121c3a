"""Replaces the proxy again and again while new clients come at a fixed rate, and says how each
of them fared. Usage:

    tests/drills/replacement.py [--rate 5000] [--seconds 60] [--replacements 10] [--workers 2]

Runs build/release/weir (WEIR_BINARY names another) and the program `arrivals` beside it or in
build/dev. Exit codes: 0 nobody was refused, reset or left without an answer, 1 somebody was.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/end_to_end"))

from configuration import proxy, service  # noqa: E402
from take_over import Arrivals, successor_of  # noqa: E402
from weir_process import Weir  # noqa: E402

LOST = ("refused", "reset", "unanswered", "wrong", "local")


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rate", type=int, default=5000, help="new clients a second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--replacements", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def settings(folder, arrivals, workers):
    return proxy(
        service(arrivals, arrivals),
        listen=["127.0.0.1:0"],
        workers=workers,
        # A machine that stalls is not what is drilled: nobody is turned away for it.
        limits={"requests_per_pool": 100_000, "connections": 1_000_000},
        timeouts={"connect": "5s"},
        state={"file": str(folder / "state")},
        take_over={"socket": str(folder / "next")},
        drain={"accept": "0s", "idle": "1s", "deadline": "30s"},
    )


class Line:
    """The processes, one after another, in folders of their own."""

    def __init__(self, folder, configured):
        self.folder, self.configured, self.made = folder, configured, []

    def make(self, wanted, start=True):
        place = self.folder / f"weir-{len(self.made)}"
        place.mkdir()
        self.made.append(Weir(place, wanted))
        return self.made[-1].start() if start else self.made[-1]

    def replace(self):
        """How long the new process took to serve, and the old one to end."""
        old, began = self.made[-1], time.monotonic()
        successor_of(old, self.make)
        serving = time.monotonic()
        assert old.wait(60) == 0
        return serving - began, time.monotonic() - serving

    def finish(self):
        for each in self.made:
            each.finish()


def drill(asked, folder):
    with Arrivals() as arrivals:
        line = Line(folder, settings(folder, arrivals, asked.workers))
        first = line.make(line.configured)
        first.set_weight(50)
        before = first.status()
        arrivals.begin(first.port, asked.rate, asked.seconds)
        began, times = time.monotonic(), []
        for number in range(asked.replacements):
            due = began + asked.seconds * (number + 0.5) / asked.replacements
            time.sleep(max(0, due - time.monotonic()))
            times.append(line.replace())
        outcome = arrivals.end()
        kept = ("epoch", "phase", "weight_percent")
        after = line.made[-1].status()
        outcome["rollout_kept"] = all(before[name] == after[name] for name in kept)
        line.finish()
    logs = "".join(each.whole_log for each in line.made)
    outcome["reasons"] = Counter(re.findall(r'"refused":"([^"]+)"', logs))
    outcome["serving_after_s"] = [round(serving, 3) for serving, _ in times]
    outcome["old_gone_after_s"] = [round(gone, 3) for _, gone in times]
    return outcome


def main():
    asked = options()
    with tempfile.TemporaryDirectory(prefix="weir-drill-") as folder:
        outcome = drill(asked, Path(folder))
    print(json.dumps(outcome, indent=1))
    lost = sum(outcome[name] for name in LOST)
    whole = outcome["answered"] == int(asked.rate * asked.seconds)
    return 0 if whole and lost == 0 and outcome["rollout_kept"] else 1


if __name__ == "__main__":
    sys.exit(main())
