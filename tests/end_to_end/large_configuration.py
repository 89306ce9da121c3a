"""A configuration of a thousand services, and what taking it over costs those it serves."""

import threading
import time
from pathlib import Path

from wire import RawClient

SERVICES, ENDPOINTS = 1000, 100  # endpoints of both pools together


def addresses(first, count, port):
    """Loopback addresses nobody listens on."""
    numbers = range(first, first + count)
    return [f"127.{1 + n // 62500}.{1 + n // 250 % 250}.{1 + n % 250}:{port}" for n in numbers]


def pool_lines(name, endpoints, check):
    return [f"      {name}:", f"        check: {check}", "        endpoints:"] + [
        f'          - "{each}"' for each in endpoints
    ]


def large(served, port=9, check="{kind: none}", services=SERVICES, hold="1h", first_pool=(), **top):
    """As text. The first service takes any host and is served by `served` and `first_pool`;
    the endpoints of the others all have `port`."""
    lines = [
        'listen: ["127.0.0.1:0"]',
        'admin: {listen: "127.0.0.1:0"}',
        "workers: 2",
        'log: {access_sample: "0%"}',
        'drain: {accept: "0s", deadline: "3s"}',
        *(f"{key}: {value}" for key, value in top.items()),
        "services:",
    ]
    half = ENDPOINTS // 2
    for n in range(services):
        lines += [f"  - name: s{n}", f"    hosts: [{'' if n == 0 else f's{n}.test'}]"]
        lines += ["    rollout:", "      steps:", f"        - {{weight: 10%, hold: {hold}}}"]
        lines += ["    pools:"]
        for i, colour in enumerate(("blue", "green")):
            endpoints = addresses((2 * n + i) * half, half, port)
            if n == 0:
                endpoints = [served, *first_pool]
            lines += pool_lines(colour, endpoints, "{kind: none}" if n == 0 else check)
    return "\n".join(lines) + "\n"


def cpu_seconds(pid):
    """User and system time of a process, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def resident_mb(pid):
    line = next(
        line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in line
    )
    return int(line.split()[1]) / 1024


class Probe:
    """Asks again and again, at a steady pace on kept connections, and notes how long each
    answer took. Runs inside `with`."""

    def __init__(self, port, per_second, threads=1, path="/"):
        self.port, self.path = port, path
        self.pause = threads / per_second
        self.took, self.failures, self.running = [], [], True
        self.threads = [threading.Thread(target=self.work, daemon=True) for _ in range(threads)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.running = False
        for thread in self.threads:
            thread.join()

    def work(self):
        try:
            with RawClient(self.port) as client:
                due = time.monotonic()
                while self.running:
                    began = time.monotonic()
                    answer = client.get(self.path)
                    ended = time.monotonic()
                    self.took.append((began, ended - began))
                    if answer.status != 200:
                        self.failures.append(answer.status)
                    due = max(due + self.pause, ended)
                    time.sleep(max(0, due - time.monotonic()))
        except (OSError, ValueError, AssertionError) as mishap:
            self.failures.append(mishap)

    def worst(self, begin, end):
        """The longest of those that were under way in that time."""
        return max(took for began, took in self.took if began <= end and began + took >= begin)
