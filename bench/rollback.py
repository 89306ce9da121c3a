"""How long a rollback takes, by the kernel's time stamps on what reaches the canary:

- called: from an abort sent to the admin API, to the last request newly sent to canary, while
  wrk keeps 64 connections busy and half of the clients are on canary;
- noticed: from the first bad answer of a canary at 5 % that breaks at 2,000 requests a second,
  to the last request sent to it; with what clients saw of it.

Both ends are measured outside of Weir, so that its own waiting for a core is in the figure.
"""

import argparse
import http.client
import json
import statistics
import string
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from field import HERE, free_ports
from survey import leave_in_order

CALLED_BAR_MS, NOTICED_BAR_MS = 2, 100


def end(process):
    process.terminate()
    process.wait(20)


class Origin:
    """bench/timed_origin.cc."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def ask(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        return connection.getresponse().read().decode()

    def fail(self, share):
        self.ask(f"/fail/{round(share * 10_000)}")

    def last(self):
        """(last arrival, requests, first bad answer, bad answers) since it was asked last."""
        return tuple(map(int, self.ask("/last").split()))

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Stage:
    """Weir before two timed origins, as long as the context lasts."""

    def __init__(self, weir, programs, weight):
        self.weir, self.weight = str(Path(weir).resolve()), weight
        self.program = str(Path(programs).resolve() / "timed_origin")

    def __enter__(self):
        with ExitStack() as started:
            self.start_all(started)
            self.started = started.pop_all()
        return self

    def __exit__(self, *_):
        self.started.close()

    def start_all(self, started):
        """Ends, in case of failure, what it began."""
        folder = Path(started.enter_context(tempfile.TemporaryDirectory(prefix="weir-rollback-")))
        self.stable, self.canary = Origin(self.program), Origin(self.program)
        started.callback(self.stable.end)
        started.callback(self.canary.end)
        self.ports = free_ports(["weir_port", "admin_port"])
        template = string.Template((HERE / "peers" / "rollback.yaml").read_text())
        ports = {**self.ports, "stable_port": self.stable.port, "canary_port": self.canary.port}
        self.audit_file = folder / "audit"
        config = folder / "weir.yaml"
        config.write_text(template.substitute(ports, folder=folder, weight=self.weight))
        with open(folder / "weir.log", "wb") as log:
            weir = subprocess.Popen(
                [self.weir, "run", "--config", str(config)], stdout=log, stderr=log
            )
        started.callback(end, weir)
        await_true(self.serves, 10)
        self.admin = http.client.HTTPConnection("127.0.0.1", self.ports["admin_port"], timeout=10)

    def audit(self):
        return self.audit_file.read_text()

    def runs(self, process):
        """It ends with the stage at the latest."""
        self.started.callback(end, process)
        return process

    def serves(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.ports["weir_port"], timeout=1)
            connection.request("GET", "/", headers={"Host": "shop.test"})
            return connection.getresponse().status == 200
        except OSError:
            return False

    def call(self, method, path):
        self.admin.request(method, f"/v1/services/shop/rollout{path}", body="{}" if path else None,
                           headers={"Content-Type": "application/json"})
        answer = self.admin.getresponse()
        body = json.loads(answer.read())
        if answer.status != 200:
            raise SystemExit(f"rollback: {path or 'status'} was answered {answer.status}: {body}")
        return body

    def begin(self):
        """A new rollout, once canary has requests of it."""
        self.call("POST", "/start")
        self.canary.last()
        await_true(lambda: self.canary.last()[1] > 0, 10)


def await_true(condition, seconds):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise SystemExit("rollback: what was waited for did not come")
        time.sleep(0.01)


def load(command):
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def wrk(port, seconds):
    return load(["wrk", "-t1", "-c64", f"-d{seconds}s", f"http://127.0.0.1:{port}/"])


def h2load(port, seconds):
    command = ["h2load", "--h1", "-t1", "-c50", "--rps=40", f"-D{seconds}"]
    return load([*command, f"http://127.0.0.1:{port}/"])


def called_ms(stage):
    """One rollback by a call, while the load runs."""
    stage.begin()
    stage.canary.last()
    sent = time.time_ns()
    stage.call("POST", "/abort")
    took = (time.time_ns() - sent) / 1e6
    time.sleep(0.05)  # whatever was still sent has arrived
    last = stage.canary.last()[0]
    return max(0.0, (last - sent) / 1e6), took


def measure_called(chosen):
    seconds = max(10, chosen.rollbacks // 4)
    with Stage(chosen.weir, chosen.programs, "50%") as stage:
        stage.runs(wrk(stage.ports["weir_port"], seconds))
        until = time.monotonic() + seconds - 2
        time.sleep(0.5)
        found = []
        while len(found) < chosen.rollbacks and time.monotonic() < until:
            found.append(called_ms(stage))
    return found


def noticed(stage):
    """One rollback by a guard: ms to canary's last request, ms to the phase as a poll sees
    it, bad answers, and how many clients saw one."""
    running = stage.runs(h2load(stage.ports["weir_port"], 6))
    time.sleep(0.5)
    stage.begin()
    time.sleep(2)
    stage.canary.last()
    stage.canary.fail(1)
    await_true(lambda: stage.call("GET", "")["phase"] == "Degraded", 10)
    seen = time.time_ns()
    time.sleep(0.05)
    last, _, first_bad, bad = stage.canary.last()
    stage.canary.fail(0)
    printed = running.communicate(timeout=30)[0]
    status = next(line for line in printed.splitlines() if line.startswith("status codes"))
    good = int(status.split(":")[1].split("2xx")[0])
    served = int(printed.split(" done")[0].split()[-1])
    return max(0.0, (last - first_bad) / 1e6), (seen - first_bad) / 1e6, bad, served - good


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--weir", required=True, help="the binary")
    parser.add_argument("--programs", required=True, help="the folder of timed_origin")
    parser.add_argument("--rollbacks", type=int, default=200)
    parser.add_argument("--breaks", type=int, default=10)
    return parser.parse_args()


def main():
    chosen = arguments()
    leave_in_order()
    found = measure_called(chosen)
    ends, calls = [each[0] for each in found], [each[1] for each in found]
    print(f"called: {len(found)} rollbacks; last request to canary after p50 "
          f"{statistics.median(ends):.2f}, p99 {quantile(ends, 0.99):.2f}, most {max(ends):.2f} ms "
          f"(bar: p99 {CALLED_BAR_MS} ms); the call took p50 {statistics.median(calls):.2f}, "
          f"p99 {quantile(calls, 0.99):.2f} ms")
    with Stage(chosen.weir, chosen.programs, "5%") as stage:
        breaks = [noticed(stage) for _ in range(chosen.breaks)]
    lasts, phases, bad, seen = zip(*breaks, strict=True)
    print(f"noticed: {len(breaks)} broken canaries; last request to canary after p50 "
          f"{statistics.median(lasts):.0f}, most {max(lasts):.0f} ms (bar: {NOTICED_BAR_MS} ms); "
          f"Degraded, seen every 10 ms, after p50 {statistics.median(phases):.0f}, most "
          f"{max(phases):.0f} ms; bad answers of canary {list(bad)}, seen by clients {sum(seen)}")


if __name__ == "__main__":
    main()
