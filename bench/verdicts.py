"""What becomes of a rollout at 5 % and 2,000 requests a second, with real processes:

- caught: canary fails with 3 %, stable with 1 %: canary requests until it is rolled back, beside
  the median that bench/decisions simulates;
- equal: both fail with 1 %: nothing is rolled back, for as long as it runs;
- outage: both fail with 30 %: nothing is rolled back, and Weir warns.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from rollback import Stage, await_true, h2load
from survey import leave_in_order

CELL, SIMULATED_RUNS, TIMES_SIMULATED = "plain 1% to 3% at 5%", 2_000, 2
MISSED = 1


def simulated_median(programs):
    """Canary requests until Weir's own guard finds 3 % against 1 %."""
    with tempfile.TemporaryDirectory(prefix="weir-verdicts-") as folder:
        figures = Path(folder) / "figures.json"
        command = [f"{programs}/decisions", "--only", CELL, "--runs", str(SIMULATED_RUNS)]
        subprocess.run([*command, "--loose", "--json", figures], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)
        cells = json.loads(figures.read_text())["cells"]
    found = next(each for each in cells if each["cell"] == CELL)
    return found["contenders"]["weir"]["delay_median"]


def fail(stage, stable, canary):
    stage.stable.fail(stable)
    stage.canary.fail(canary)


def phase(stage):
    return stage.call("GET", "")["phase"]


def caught(stage):
    """Canary requests of one rollout, from its first to its last."""
    stage.begin()
    await_true(lambda: phase(stage) == "Degraded", 60)
    time.sleep(0.05)  # whatever was still sent has arrived
    return stage.canary.last()[1] + 1  # `begin` took the first


def measure_caught(stage, runs):
    load = stage.runs(h2load(stage.ports["weir_port"], runs * 30))
    fail(stage, 0.01, 0.03)
    found = [caught(stage) for _ in range(runs)]
    load.terminate()
    return found


def kinds_since(stage, seconds, stable, canary):
    """Transitions of one rollout under these shares of errors, and canary's requests in it."""
    load = stage.runs(h2load(stage.ports["weir_port"], seconds + 5))
    fail(stage, stable, canary)
    stage.begin()
    time.sleep(seconds)
    requests = stage.canary.last()[1]
    events = [json.loads(line) for line in stage.audit().splitlines()]
    stage.admin.close()  # it was idle for longer than Weir keeps a connection
    begun = max(i for i, event in enumerate(events) if event["what"] == "start")
    stage.call("POST", "/abort")
    load.terminate()
    return [event["what"] for event in events[begun + 1:]], requests


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--weir", required=True, help="the binary")
    parser.add_argument("--programs", required=True, help="the folder of timed_origin, decisions")
    parser.add_argument("--runs", type=int, default=20, help="rollouts of a canary at 3 %%")
    parser.add_argument("--equal-seconds", type=int, default=600)
    parser.add_argument("--outage-seconds", type=int, default=20)
    return parser.parse_args()


def said(name, text, met):
    print(f"{name}: {text}: {'met' if met else 'MISSED'}", flush=True)
    return met


def main():
    chosen = arguments()
    leave_in_order()
    bar = TIMES_SIMULATED * simulated_median(chosen.programs)
    with Stage(chosen.weir, chosen.programs, "5%") as stage:
        found = sorted(measure_caught(stage, chosen.runs))
        median = statistics.median(found)
        met = said("caught", f"{len(found)} rollouts; canary requests until the rollback: median "
                   f"{median:.0f}, {found[0]} to {found[-1]} (bar: median {bar:.0f})",
                   median <= bar)
        kinds, requests = kinds_since(stage, chosen.equal_seconds, 0.01, 0.01)
        met &= said("equal", f"{chosen.equal_seconds} s, {requests} canary requests; then {kinds} "
                    "(bar: no rollback)", "rollback" not in kinds)
        kinds, requests = kinds_since(stage, chosen.outage_seconds, 0.3, 0.3)
        met &= said("outage", f"{chosen.outage_seconds} s, {requests} canary requests; then "
                    f"{kinds} (bar: a warn, no rollback)",
                    "warn" in kinds and "rollback" not in kinds)
    raise SystemExit(0 if met else MISSED)


if __name__ == "__main__":
    main()
