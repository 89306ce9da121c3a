"""What the proxy said while the load ran, and what the two together prove."""

import asyncio
import json
import math
import time
from dataclasses import dataclass

from load import read_head

CONFIDENCE = 0.999
MARGIN_SECONDS = 0.1  # at both ends of a step: changes are seen by asking, so a little late


@dataclass(frozen=True, slots=True)
class Moment:
    """The rollout from `at` (monotonic seconds) until the next moment."""

    at: float
    phase: str
    stable: str
    canary: str
    weight_percent: float

    def share_of(self, colour):
        return self.weight_percent if colour == self.canary else 100 - self.weight_percent


class Watch:
    """Reads the rollout from the admin API fifty times a second; keeps the changes."""

    INTERVAL_SECONDS = 0.02

    def __init__(self, port, token, service):
        self.request = (
            f"GET /v1/services/{service}/rollout HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        ).encode()
        self.port, self.moments, self.running = port, [], True
        self.streams = None

    def stop(self):
        self.running = False

    async def run(self):
        while self.running:
            self.note(await asyncio.wait_for(self.ask(), 5))
            await asyncio.sleep(self.INTERVAL_SECONDS)
        self.close()

    async def ask(self):
        self.streams = self.streams or await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        writer.write(self.request)
        fields, rollout = await read_json(reader)
        if fields.get("connection") == "close":
            self.close()
        return rollout

    def close(self):
        if self.streams:
            self.streams[1].close()
        self.streams = None

    def note(self, rollout):
        moment = Moment(
            time.monotonic(),
            rollout["phase"],
            rollout["stable"],
            rollout["canary"],
            float(rollout["weight_percent"]),
        )
        if not self.moments or facts(self.moments[-1]) != facts(moment):
            self.moments.append(moment)


def facts(moment):
    return (moment.phase, moment.stable, moment.weight_percent)


async def read_json(reader):
    status, fields = await read_head(reader)
    if status != 200:
        raise RuntimeError(f"the admin API answered {status}")
    named = dict(fields)
    return named, json.loads(await reader.readexactly(int(named["content-length"])))


@dataclass(frozen=True)
class StepSeen:
    asked_percent: float
    requests: int
    failed: int
    users: int
    on_new: int
    least: int  # of `users`, at CONFIDENCE
    most: int

    @property
    def within(self):
        return self.users > 0 and self.least <= self.on_new <= self.most


def binomial_bounds(n, p, confidence=CONFIDENCE):
    """The least and most of n that a fair split gives with probability `confidence`."""
    if p in (0.0, 1.0) or n == 0:
        return round(n * p), round(n * p)
    tail = (1 - confidence) / 2
    chances = [binomial_chance(n, k, p) for k in range(n + 1)]
    return quantile(chances, tail), n - quantile(chances[::-1], tail)


def binomial_chance(n, k, p):
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(ways + k * math.log(p) + (n - k) * math.log1p(-p))


def quantile(chances, tail):
    """The first k whose chance and all before it come to more than `tail`."""
    total = 0.0
    for k, chance in enumerate(chances):
        total += chance
        if total > tail:
            return k
    return len(chances) - 1


def steps_seen(samples, moments, colour, until):
    """One row for each share `colour` was asked to have; a request counts for a step when
    all of it lies well inside, since the old share may still answer one under way."""
    rows = []
    for share, began, ended in spans(moments, colour, until):
        first, last = began + MARGIN_SECONDS, ended - MARGIN_SECONDS
        inside = [s for s in samples if s.sent >= first and s.ended < last]
        version_of = {s.user: s.version for s in inside if s.version}
        on_new = sum(version == colour for version in version_of.values())
        bounds = binomial_bounds(len(version_of), share / 100)
        failed = sum(s.failed for s in inside)
        rows.append(StepSeen(share, len(inside), failed, len(version_of), on_new, *bounds))
    return rows


def spans(moments, colour, until):
    """(share, from, to): moments that ask for the same share are one."""
    merged = []
    for moment, ended in zip(moments, [m.at for m in moments[1:]] + [until], strict=True):
        share = moment.share_of(colour)
        if merged and merged[-1][0] == share:
            merged[-1][2] = ended
        else:
            merged.append([share, moment.at, ended])
    return merged


def moved_back(samples, colour):
    """Clients that were on `colour` and then were not, in the order they asked."""
    reached, back = set(), set()
    for sample in sorted(samples, key=lambda s: s.sent):
        if sample.version == colour:
            reached.add(sample.user)
        elif sample.version and sample.user in reached:
            back.add(sample.user)
    return len(back)
