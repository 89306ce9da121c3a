"""Ratios between proxies. `rounds` is a list with, for each round, a proxy's figures by its
name, `{"error": why}` where something failed. Both of a ratio are always of the same round."""

import statistics
from dataclasses import dataclass

NOISE_BOUND = 0.15


@dataclass(frozen=True)
class Ratio:
    """`value` is None where there is none to tell; `why` says why: void, or noisy."""

    value: float | None
    spread: float | None = None
    why: str = ""

    def __str__(self):
        return self.why if self.value is None else f"{self.value:.3f} ±{self.spread / 2:.1%}"


def errors(rounds, name):
    return [each[name]["error"] for each in rounds if "error" in each[name]]


def median(rounds, name, what):
    """Of what was measured cleanly in every round, else None."""
    values = [each[name].get(what) for each in rounds]
    return None if None in values else statistics.median(values)


def ratio(rounds, name, to, what="cpu_us"):
    """The median; `spread` is the distance of the outermost rounds as a part of it."""
    if errors(rounds, name) or errors(rounds, to):
        return Ratio(None, why="void")
    values = [each[name][what] / each[to][what] for each in rounds]
    middle = statistics.median(values)
    spread = (max(values) - min(values)) / middle
    if spread > NOISE_BOUND:
        return Ratio(None, spread, f"noisy ±{spread / 2:.1%}")
    return Ratio(middle, spread)


def best_peer(rounds, peers, what="cpu_us"):
    """The one that needs least, of those without errors; None where there is none."""
    clean = {name: median(rounds, name, what) for name in peers if not errors(rounds, name)}
    return min(clean, key=clean.get) if clean else None


def verdict(to_reference, to_best, bar):
    """Whether Weir is at its bar, where it has one, and below the best peer. One of the two
    that is clearly missed is enough to tell."""
    limits = [(to_reference, lambda value: value <= bar)] if bar else []
    limits.append((to_best, lambda value: value < 1))
    if any(each.value is not None and not kept(each.value) for each, kept in limits):
        return "not met"
    untold = [each.why.split()[0] for each, _ in limits if each.value is None]
    return untold[0] if untold else "met"
