"""Runs drills and prints what they came to: `drills.py [--rate N] [--seconds N] [NAME …]`."""

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "end_to_end")]

from field import Field  # noqa: E402
from rules import KEPT_CONNECTION, rule_for  # noqa: E402
from scenarios import DRILLS  # noqa: E402

RATE, SECONDS = 1000, 25


def perform(drill, folder, rate, seconds):
    """The account of one drill."""
    with Field(folder, drill.kind, drill.faults, drill.pool, **drill.service) as field:
        traffic = {"rate": rate * drill.share, "mix": drill.mix}
        return field.work(traffic, drill.script, seconds)


def verdicts(drill, account):
    """What is wrong with an account, a line each; none where all is as it must be."""
    for (kind, outcome), count in account.failures.items():
        if rule_for(kind, outcome) not in drill.may:
            yield f"{count} × {kind}: {outcome}, which no rule of this drill explains"
    if account.report["sent_anew"] and KEPT_CONNECTION not in drill.may:
        yield f"{account.report['sent_anew']} kept connections of clients were closed"
    if account.refused:
        yield f"{account.refused} requests refused that no endpoint had seen a byte of"
    if account.twice:
        yield f"POSTs delivered twice: {account.twice[:10]}"
    if account.changed:
        yield f"{account.changed} bodies changed"
    if account.lost:
        yield f"POSTs answered but not delivered: {account.lost[:10]}"


def row(drill, account):
    """Of a Markdown table."""
    rate = account.total / account.report["seconds"]
    failed = sum(account.failures.values())
    return (f"| {drill.name} | {account.total} | {rate:.0f} | {failed} | {account.retries} | "
            f"{len(account.twice)} | {account.changed} |")


def details(account):
    for (kind, outcome), count in sorted(account.failures.items()):
        yield f"- {count} × {kind}: {outcome}. {rule_for(kind, outcome) or 'UNEXPLAINED'}"


HEAD = """| drill | requests | per second | failed | sent again | POSTs twice | bodies changed |
| --- | --- | --- | --- | --- | --- | --- |"""


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rate", type=int, default=RATE)
    options.add_argument("--seconds", type=float, default=SECONDS)
    options.add_argument("names", nargs="*", default=list(DRILLS))
    chosen = options.parse_args()
    rows, notes, wrong = [HEAD], [], []
    for name in chosen.names:
        drill = DRILLS[name]
        with tempfile.TemporaryDirectory() as folder:
            account = perform(drill, Path(folder), chosen.rate, chosen.seconds)
        rows.append(row(drill, account))
        said = [f"\n{name}: p50, p99, most in ms {account.report['milliseconds']}"]
        said += details(account)
        wrong += [f"{name}: {each}" for each in verdicts(drill, account)]
        notes += said
        print("\n".join(said), file=sys.stderr, flush=True)
    print("\n".join([*rows, *notes, "", *(wrong or ["nothing is wrong"])]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
