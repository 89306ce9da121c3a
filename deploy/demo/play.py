"""The demonstration itself: a healthy ramp, then a broken version that rolls back, then
what clients saw of both. Exit code 0 when every promise in the table was kept."""

import argparse
import asyncio
import json
import signal
import sys
import time
from dataclasses import dataclass

from load import Load
from ramp import MARGIN_SECONDS, Watch, moved_back, steps_seen
from stage import Stage

STEPS = (5, 25, 50, 100)
BROKEN_ERROR_RATIO = 0.5
ROLLBACK_SECONDS = 1.0
LONGEST_SECONDS = 240
FINISHED, ROLLED_BACK = 0, 3


@dataclass
class Ramp:
    new: str  # the colour that took over
    exit_code: int
    rows: list
    requests: int
    failed: int
    moved_back: int


@dataclass
class Rollback:
    exit_code: int
    bad: int  # responses clients saw
    seconds: float | None  # from the first bad response until canary's share was 0
    canary_after: int  # requests canary still got afterwards


async def run(command):
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
    return process.returncode, output.decode()


async def start_and_wait(stage):
    """Prints each change as it comes; returns the exit code."""
    process = await asyncio.create_subprocess_exec(
        *stage.command("start", "--wait", "--timeout", "120s"), stdin=asyncio.subprocess.DEVNULL
    )
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()


async def healthy_ramp(stage, load, watch):
    await asyncio.sleep(stage.hold_seconds)
    new = watch.moments[-1].canary
    say(f"a healthy release on {new}: weir start --wait")
    exit_code = await start_and_wait(stage)
    await asyncio.sleep(1)
    until, samples = time.monotonic(), list(load.samples)
    return Ramp(
        new,
        exit_code,
        steps_seen(samples, watch.moments, new, until),
        len(samples),
        sum(sample.failed for sample in samples),
        moved_back(samples, new),
    )


async def broken_release(stage, load, watch):
    canary = json.loads((await run(stage.command("status", "--output", "json")))[1])["canary"]
    say(f"a broken release on {canary}: {BROKEN_ERROR_RATIO:.0%} of its answers are errors")
    await asyncio.to_thread(stage.replace_pool, canary, "2.0-broken", BROKEN_ERROR_RATIO)
    await asyncio.sleep(2)
    began = time.monotonic()
    say("weir start --wait")
    exit_code = await start_and_wait(stage)
    await asyncio.sleep(2)
    return rollback_seen(load.samples, watch.moments, canary, began, exit_code)


def rollback_seen(samples, moments, canary, began, exit_code):
    bad = [sample.ended for sample in samples if sample.failed and sample.ended >= began]
    first_bad = min(bad, default=None)
    zero = [m.at for m in moments if first_bad and m.at > first_bad and m.weight_percent == 0]
    if not zero:
        return Rollback(exit_code, len(bad), None, 0)
    late = (s for s in samples if s.sent > zero[0] + MARGIN_SECONDS and s.version == canary)
    return Rollback(exit_code, len(bad), zero[0] - first_bad, sum(1 for _ in late))


async def play(stage):
    load = Load("127.0.0.1", stage.proxy_port)
    watch = Watch(stage.admin_port, stage.token, "shop")
    async with asyncio.TaskGroup() as background:
        background.create_task(load.run())
        background.create_task(watch.run())
        try:
            ramp = await healthy_ramp(stage, load, watch)
            rollback = await broken_release(stage, load, watch)
        finally:
            load.stop()
            watch.stop()
    return ramp, rollback


def say(text):
    print(f"-- {text}", flush=True)


def print_ramp(ramp):
    print(f"\nshare asked and seen of {ramp.new}, by distinct clients")
    print("   asked    seen   99.9 % bound      clients  requests  failed")
    for row in ramp.rows:
        users = max(row.users, 1)
        bound = f"{100 * row.least / users:.2f}-{100 * row.most / users:.2f} %"
        print(
            f"{row.asked_percent:6.2f} % {100 * row.on_new / users:6.2f} %  {bound:<16}"
            f"{row.users:9} {row.requests:9} {row.failed:7}{'' if row.within else '  OUTSIDE'}"
        )


def promises(ramp, rollback):
    shares = [row.asked_percent for row in ramp.rows]
    seconds = "never" if rollback.seconds is None else f"{1000 * rollback.seconds:.0f} ms"
    fast = rollback.seconds is not None and rollback.seconds <= ROLLBACK_SECONDS
    return [
        (ramp.exit_code == FINISHED, f"healthy ramp ended with exit code {ramp.exit_code}"),
        (shares == [0, *STEPS], f"shares gone through: {', '.join(f'{s:g}' for s in shares)} %"),
        (ramp.failed == 0, f"{ramp.failed} of {ramp.requests} requests failed in the ramp"),
        (all(row.within for row in ramp.rows), "every share within its binomial bound"),
        (ramp.moved_back == 0, f"{ramp.moved_back} clients moved back while the share rose"),
        (
            rollback.exit_code == ROLLED_BACK,
            f"broken release ended with exit code {rollback.exit_code}",
        ),
        (fast, f"first bad response to 0 %: {seconds} (at most {ROLLBACK_SECONDS:g} s)"),
        (rollback.canary_after == 0, f"{rollback.canary_after} requests to canary after that"),
    ]


def verdict(ramp, rollback):
    print_ramp(ramp)
    print()
    kept = promises(ramp, rollback)
    for holds, text in kept:
        print(f"{'kept  ' if holds else 'BROKEN'}  {text}")
    print(f"        {rollback.bad} bad responses reached clients of the broken release")
    return 0 if all(holds for holds, _ in kept) else 1


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weir", required=True, help="the binary")
    parser.add_argument("--hold", type=int, default=6, help="seconds per step")
    return parser.parse_args()


def leave(number, _):
    sys.exit(128 + number)


def main():
    chosen = arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    say("starting Redis, three blue and three green servers, Weir")
    with Stage(chosen.weir, STEPS, chosen.hold) as stage:
        say(f"Weir on 127.0.0.1:{stage.proxy_port}, clients at work")
        ramp, rollback = asyncio.run(asyncio.wait_for(play(stage), LONGEST_SECONDS))
    return verdict(ramp, rollback)


if __name__ == "__main__":
    sys.exit(main())
