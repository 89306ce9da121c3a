"""Load on one proxy: saturated by wrk, or at a fixed rate by h2load, which does not wait for
answers before it sends what is due on other connections. Each tells what came back and when,
or raises Unclean."""

import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from latency import Latencies

PEERS = Path(__file__).resolve().parent / "peers"
WRK_REQUESTS = re.compile(r"(\d+) requests in ([\d.]+)(ms|s|m)")
WRK_FAILURES = re.compile(r"(Socket errors:.*|Non-2xx.*)")
SECONDS = {"ms": 0.001, "s": 1, "m": 60}
H2LOAD_CLEAN = re.compile(r"(\d+) total, \1 started, \1 done, \1 succeeded, 0 failed, 0 errored")
KEPT = 0.97  # of the rate that was asked for
GRACE_SECONDS = 15


class Unclean(Exception):
    """Something failed: what was measured meanwhile counts for nothing."""


@dataclass(frozen=True)
class Outcome:
    requests: int
    seconds: float
    cpu_ns: int
    latencies: Latencies | None = None

    def figures(self):
        figures = {
            "cpu_us": self.cpu_ns / 1000 / self.requests,
            "rps": self.requests / self.seconds,
        }
        return figures | (self.latencies.figures() if self.latencies else {})


def browser_fields():
    lines = (PEERS / "browser.fields").read_text().splitlines()
    return [line.split(": ", 1) for line in lines]


def run(command, seconds):
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=seconds + GRACE_SECONDS
        )
    except subprocess.TimeoutExpired as late:
        raise Unclean(f"{command[0]} did not end in time") from late


def saturated(url, connections, seconds, used_ns, prefix=(), reconnect=False):
    """As fast as answers come back. `used_ns` tells the CPU time used so far."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s"]
    closing = ["-H", "Connection: close"] if reconnect else []
    before = used_ns()
    script = ["-s", str(PEERS / "browser.lua")]
    done = run([*prefix, *command, *script, *closing, url], seconds)
    used = used_ns() - before
    failures = WRK_FAILURES.search(done.stdout)
    counted = WRK_REQUESTS.search(done.stdout)
    if failures or not counted or int(counted[1]) == 0:
        raise Unclean(failures[0] if failures else f"{done.stdout}{done.stderr}"[-300:])
    return Outcome(int(counted[1]), float(counted[2]) * SECONDS[counted[3]], used)


def stagger_ms(rate, connections):
    """Between the starts of two connections, so that their requests are spread evenly: a
    connection sends at multiples of connections/rate seconds from its start."""
    step = 1000 / rate
    for turns in range(connections):
        between = step * (1 + turns * connections)
        if abs(between - round(between)) < 1e-9:
            return round(between)
    raise ValueError(f"{rate}/s over {connections} connections is not of whole milliseconds")


def at_rate(url, rate, connections, seconds, used_ns, log, prefix=()):
    """What happened in the middle `seconds`, when all connections are there."""
    between = stagger_ms(rate, connections)
    ramp = between * connections / 1000
    each = round(rate * (seconds + 2 * ramp) / connections)
    command = ["h2load", "--h1", "-t1", f"-c{connections}", "-r1", f"--rate-period={between}ms"]
    command += [f"-n{each * connections}", f"--rps={rate / connections}", f"--log-file={log}"]
    for name, value in browser_fields():
        command += ["-H", f"{':authority' if name == 'Host' else name}: {value}"]
    with subprocess.Popen(
        [*prefix, *command, url], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            window, used = observed(ramp, seconds, used_ns)
            said = process.communicate(timeout=ramp + GRACE_SECONDS)[0]
        except subprocess.TimeoutExpired as late:
            raise Unclean("h2load did not end in time") from late
        finally:
            process.kill()
    return judged(said, Latencies.of_log(log, window, connections / rate), rate, window, used)


def observed(ramp, seconds, used_ns):
    """Begin and end of the middle by the clock, and the CPU time used in it."""
    time.sleep(ramp + 0.05)
    began, before = time.time(), used_ns()
    time.sleep(seconds)
    return (began, time.time()), used_ns() - before


def judged(said, latencies, rate, window, used):
    took = window[1] - window[0]
    if not H2LOAD_CLEAN.search(said) or latencies.failures:
        counts = re.findall(r"(?m)^(?:requests|status codes): .*", said)
        raise Unclean(" ".join(counts) or said[-300:])
    if latencies.count < KEPT * rate * took:
        raise Unclean(f"{latencies.count / took:.0f} requests/s instead of {rate}")
    return Outcome(latencies.count, took, used, latencies)
