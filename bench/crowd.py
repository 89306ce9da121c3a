"""What a crowd of slow and idle clients costs the others, and the memory of an idle connection:
`crowd.py [--rounds N] [--seconds N] [--rate N]`. Rounds with the crowd and without take turns,
the order changing, so that the machine's moods meet both."""

import argparse
import contextlib
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "drills"), str(ROOT / "tests" / "end_to_end")]

from certificates import Authority  # noqa: E402
from configuration import pool, proxy, secured, service  # noqa: E402
from field import Endpoint  # noqa: E402
from weir_process import Weir  # noqa: E402

IDLE, READERS, WRITERS = 5000, 250, 250
SETTLE_SECONDS = 1.5
FILES = 20_000


@contextlib.contextmanager
def bench(certificate):
    """A proxy on a plain port and one with TLS, and two endpoints."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        endpoints = [Endpoint(folder, number, {}) for number in range(2)]
        for endpoint in endpoints:
            endpoint.restart()
        stable = pool(*endpoints)
        listen = ["127.0.0.1:0", secured(certificate)]
        weir = Weir(folder, proxy(service(stable, stable), listen=listen)).start()
        try:
            yield weir
        finally:
            weir.finish()
            for endpoint in endpoints:
                endpoint.close()


@contextlib.contextmanager
def crowd(port, readers=READERS, writers=WRITERS, authority=None):
    told = {"port": port, "idle": IDLE, "readers": readers, "writers": writers}
    told["authority"] = authority and str(authority.certificate)
    clients = subprocess.Popen(
        [sys.executable, ROOT / "bench" / "crowd_clients.py", json.dumps(told)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    try:
        assert clients.stdout.readline() == "ready\n"
        time.sleep(SETTLE_SECONDS)
        yield
    finally:
        clients.stdin.close()
        assert clients.wait(60) == 0
        time.sleep(SETTLE_SECONDS)


def latencies(port, rate, seconds):
    """Median and 99th percentile in milliseconds of GETs at that rate."""
    told = {"port": port, "rate": rate, "seconds": seconds, "mix": {"small": 1}}
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "drills" / "traffic.py", json.dumps(told)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True,
    )
    report = json.loads(done.stdout)
    assert [each[1] for each in report["outcomes"]] == ["ok"], report["outcomes"]
    return report["milliseconds"]["small"][:2]


def rss_bytes(weir):
    lines = Path(f"/proc/{weir.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))


def memory_of_idle(certificate, authority, tls):
    """Bytes of the process for each idle connection that was served once."""
    with bench(certificate) as weir:
        latencies(weir.port, 200, 1)
        before = rss_bytes(weir)
        with crowd(weir.ports[tls], 0, 0, authority if tls else None):
            return (rss_bytes(weir) - before) / IDLE


def rounds(certificate, options):
    measured = {True: [], False: []}
    with bench(certificate) as weir:
        latencies(weir.port, options.rate, 2)
        for number in range(options.rounds):
            for crowded in ((True, False), (False, True))[number % 2]:
                with crowd(weir.port) if crowded else contextlib.nullcontext():
                    took = latencies(weir.port, options.rate, options.seconds)
                measured[crowded].append(took)
                print(f"{'with' if crowded else 'without'} the crowd: p50 {took[0]} ms, "
                      f"p99 {took[1]} ms", flush=True)
    return measured


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--seconds", type=float, default=6)
    options.add_argument("--rate", type=int, default=500)
    options = options.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, most), most))
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(folder)
        certificate = authority.issue("shop", "DNS:localhost,IP:127.0.0.1")
        measured = rounds(certificate, options)
        plain, tls = (memory_of_idle(certificate, authority, each) for each in (False, True))
    p50, p99 = ([statistics.median(each[at] for each in measured[crowded])
                 for crowded in (True, False)] for at in (0, 1))
    print(f"\n{READERS} readers and {WRITERS} writers of a byte a second, {IDLE} idle; "
          f"{options.rate} GETs per second; medians of {options.rounds} rounds each")
    print(f"p50 {p50[0]:.3f} ms with, {p50[1]:.3f} ms without: {p50[0] / p50[1]:.2f} ×")
    print(f"p99 {p99[0]:.3f} ms with, {p99[1]:.3f} ms without: {p99[0] / p99[1]:.2f} ×")
    print(f"memory of an idle connection: {plain:.0f} bytes in the clear, {tls:.0f} under TLS")


if __name__ == "__main__":
    main()
