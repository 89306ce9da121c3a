"""Weir beside HAProxy in the same run: short rounds, each proxy first in every other one,
so that what the machine does meanwhile meets both. The figure is CPU time per request;
requests per second depend on what else shares the cores."""

import argparse
import json
import statistics
from pathlib import Path

import peers
from cells import BARS
from field import Field
from ratios import median
from survey import exchange, leave_in_order, turns, warm

ROOT = Path(__file__).resolve().parents[1]
PROXIES = ("weir", "haproxy")
CELL = next(cell for cell in BARS if not cell.rate)
LONGEST_SECONDS = 110


def measured(field, rounds, seconds):
    for name in PROXIES:
        warm(field, name, [CELL.path], 2)
    made = []
    for number in range(rounds):
        order = turns(PROXIES, number)
        made.append({name: exchange(field, CELL, name, seconds) for name in order})
        for name, figures in made[-1].items():
            if "error" in figures:
                raise SystemExit(f"bench: {name}: not a clean run: {figures['error']}")
    return made


def print_table(rounds):
    ratios = [one["weir"]["cpu_us"] / one["haproxy"]["cpu_us"] for one in rounds]
    print("             µs CPU/request   requests/s   ratio to HAProxy (min-max)")
    for name in PROXIES:
        cpu, rps = (median(rounds, name, what) for what in ("cpu_us", "rps"))
        line = f"{name:<12}{cpu:15.2f} {rps:12.0f}"
        if name == "weir":
            line += f"   {statistics.median(ratios):.3f} ({min(ratios):.3f}-{max(ratios):.3f})"
        print(line)
    print(f"medians of {len(rounds)} rounds; ratios are of the same round")
    return ratios


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weir", required=True, help="the binary")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=5, help="per proxy and round")
    chosen = parser.parse_args()
    if chosen.rounds < 1 or 2 * chosen.rounds * chosen.seconds > LONGEST_SECONDS - 20:
        parser.error(f"all rounds must fit into {LONGEST_SECONDS - 20} s")
    return chosen


def main():
    chosen = arguments()
    leave_in_order()
    with Field([peers.weir(chosen.weir), *peers.installed(PROXIES[1:])]) as field:
        rounds = measured(field, chosen.rounds, chosen.seconds)
    ratios = print_table(rounds)
    target = ROOT / "build" / "bench" / "quick.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({"rounds": rounds, "ratios": ratios}, indent=1) + "\n")


if __name__ == "__main__":
    main()
