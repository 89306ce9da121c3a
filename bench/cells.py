"""What is measured: a cell is one kind of traffic; its bar is the most that Weir's CPU time per
request may be, as a part of the reference peer's."""

from dataclasses import dataclass

REFERENCE = "haproxy"
CONNECTIONS = 64
PATHS = {"1 KB": "/", "64 KB": "/files/64k", "1 MB": "/files/1m"}
RATES = {"1 KB": 5000, "64 KB": 1000, "1 MB": 100}


@dataclass(frozen=True)
class Cell:
    body: str
    tls: bool = False
    rate: int | None = None  # requests per second; saturated without
    bar: float | None = None
    workers: int = 1
    reconnect: bool = False  # a new connection for each request
    connections: int = CONNECTIONS

    @property
    def path(self):
        return PATHS[self.body]

    @property
    def name(self):
        parts = [f"TLS {self.body}" if self.tls else self.body]
        parts.append(f"at {self.rate:,}/s" if self.rate else "saturated")
        parts += ["new connections"] if self.reconnect else []
        parts += [f"{self.workers} workers"] if self.workers > 1 else []
        return ", ".join(parts)


@dataclass(frozen=True)
class IdleCell:
    """Memory for each idle connection, in KiB; the bar is of Weir alone."""

    tls: bool
    bar: float

    @property
    def name(self):
        return "idle TLS connection" if self.tls else "idle connection"


BARS = [
    Cell("1 KB", rate=RATES["1 KB"], bar=0.80),
    Cell("1 KB", bar=0.88),
    Cell("1 KB", tls=True, rate=RATES["1 KB"], bar=0.85),
    Cell("1 KB", tls=True, bar=0.80),
    Cell("64 KB", rate=RATES["64 KB"], bar=0.95),
    Cell("64 KB", bar=0.90),
    Cell("1 MB", rate=RATES["1 MB"], bar=0.70),
    Cell("1 MB", bar=0.50),
]
BESIDES = [
    *(Cell(body, tls=True, rate=RATES[body]) for body in ("64 KB", "1 MB")),
    *(Cell(body, tls=True) for body in ("64 KB", "1 MB")),
    Cell("1 KB", reconnect=True),
    Cell("1 KB", tls=True, reconnect=True),
]
TWO_WORKERS = [
    Cell(body, tls=tls, rate=rate, workers=2)
    for tls in (False, True)
    for body in PATHS
    for rate in (RATES[body], None)
] + [Cell("1 KB", tls=tls, reconnect=True, workers=2) for tls in (False, True)]
IDLE = [IdleCell(tls=False, bar=1.1), IdleCell(tls=True, bar=14)]
EVERY = [*BARS, *BESIDES, *TWO_WORKERS]
