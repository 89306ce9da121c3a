"""Weir beside its peers in one run: `compare.py --weir BINARY [--quick]`. Writes results.json,
results.md and, with matplotlib, plots. bench/README.md says what the table means."""

import argparse
import json
import resource
from pathlib import Path

import peers
from cells import BARS, EVERY, REFERENCE
from ratios import NOISE_BOUND
from report import page
from survey import leave_in_order, survey, tell

ROOT = Path(__file__).resolve().parents[1]
QUICK_PEERS = (REFERENCE, "nginx")
FILES = 20_000
FULL = {"rounds": 5, "seconds": 2, "idle": 5000, "into": ROOT / "bench" / "results"}
QUICK = {"rounds": 3, "seconds": 2, "idle": 2000, "into": ROOT / "build" / "bench"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weir", required=True, help="the binary")
    parser.add_argument("--commit", default="unknown", help="what the binary was built from")
    parser.add_argument("--quick", action="store_true", help="the bar's cells, in five minutes")
    parser.add_argument("--rounds", type=int, help="default 5, or 3 if quick")
    parser.add_argument("--seconds", type=int, help="per proxy, cell and round: 2")
    parser.add_argument("--idle", type=int, help="idle connections: 5000, or 2000 if quick")
    parser.add_argument("--into", type=Path, help="folder of the results")
    parser.add_argument(
        "--peer",
        action="append",
        default=[],
        type=peers.named,
        metavar="NAME=KIND:PATH",
        help="one more, as haproxy-3.5=haproxy:/opt/haproxy",
    )
    options = parser.parse_args()
    for name, value in (QUICK if options.quick else FULL).items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    if options.rounds < 3:
        parser.error("fewer than three rounds cannot tell how noisy they are")
    return options


def taking_part(options):
    """Weir first. A peer at a path stands in for the installed one of its name."""
    found = peers.installed(QUICK_PEERS if options.quick else peers.PEERS)
    by_name = {each.name: each for each in [*found, *options.peer]}
    if REFERENCE not in by_name:
        raise SystemExit(f"bench: {REFERENCE} is not installed, and all ratios are to it")
    return [peers.weir(options.weir), *by_name.values()]


def left_out(proxies, quick):
    """Peers that take no part, and why."""
    there = {each.name for each in proxies}
    return {
        name: "not in a quick run" if quick and name not in QUICK_PEERS else "not installed"
        for name in peers.PEERS
        if name not in there
    }


def write(results, into):
    into.mkdir(parents=True, exist_ok=True)
    (into / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    text = page(results)
    (into / "results.md").write_text(text)
    print(text)
    try:
        import plots
    except ModuleNotFoundError as missing:
        tell(f"no plots: {missing.name} is not installed")
        return
    plots.write(results, into)


def allow_files():
    """Idle connections need them, here and in the proxies."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, most), most))


def main():
    options = arguments()
    leave_in_order()
    allow_files()
    proxies = taking_part(options)
    told = {"commit": options.commit, "noise_bound": NOISE_BOUND}
    told["left_out"] = left_out(proxies, options.quick)
    write(told | survey(proxies, BARS if options.quick else EVERY, options), options.into)


if __name__ == "__main__":
    main()
