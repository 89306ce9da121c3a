"""Latencies of an open load, coordinated omission accounted for."""

from dataclasses import dataclass

PERCENTILES = {"p50_ms": 0.5, "p99_ms": 0.99, "p999_ms": 0.999}


@dataclass(frozen=True)
class Latencies:
    """In microseconds, sorted; `corrected` has those of requests that had to wait for an
    earlier one's answer as well."""

    count: int
    failures: int
    corrected: list

    @classmethod
    def of_log(cls, path, window, interval):
        """h2load's log: microseconds of the start, status, microseconds until the end. A
        connection sends every `interval` seconds; what ended outside the window is left out."""
        first, last = (moment * 1e6 for moment in window)
        with open(path) as log:
            rows = [tuple(map(int, line.split())) for line in log]
        failures = sum(status // 100 != 2 for _, status, _ in rows)
        took = [took for start, _, took in rows if first <= start + took < last]
        return cls(len(took), failures, corrected(took, interval * 1e6))

    def figures(self):
        """In milliseconds; without a percentile that so few cannot tell."""
        many = len(self.corrected)
        return {
            name: self.corrected[int(share * many)] / 1000
            for name, share in PERCENTILES.items()
            if many * (1 - share) >= 1
        }


def corrected(took, interval):
    """An answer that took longer than the interval kept the connection's next requests back,
    which h2load times from when it could send them: each counts from when it was due."""
    kept_back = [
        each - turn * interval for each in took for turn in range(1, int(each / interval) + 1)
    ]
    return sorted([*took, *kept_back])
