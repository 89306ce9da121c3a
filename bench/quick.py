"""Weir beside HAProxy in the same run: short rounds, each proxy first in every other one,
so that what the machine does meanwhile meets both. The figure is CPU time per request;
requests per second depend on what else shares the cores."""

import argparse
import json
import os
import re
import signal
import socket
import statistics
import string
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from cpu_time import cpu_ns

HERE = Path(__file__).resolve().parent
PROXIES = ("weir", "haproxy")
CONNECTIONS = 64
BODY_BYTES = 1024
LONGEST_SECONDS = 110
REQUESTS = re.compile(r"(\d+) requests in ([\d.]+)(ms|s|m)")
FAILURES = re.compile(r"(Socket errors:.*|Non-2xx.*)")
SECONDS = {"ms": 0.001, "s": 1, "m": 60}


def free_ports(names):
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in names]
        return {name: s.getsockname()[1] for name, s in zip(names, sockets, strict=True)}


class Bench:
    """A context manager: nothing it started is left when it ends."""

    def __init__(self, weir):
        self.weir = str(Path(weir).resolve())
        self.processes = {}
        two_cores = os.cpu_count() >= 2
        self.proxy_core = ["taskset", "-c", "0"] if two_cores else []
        self.other_core = ["taskset", "-c", "1"] if two_cores else []

    def __enter__(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="weir-bench-")
        self.folder = Path(self.temporary.name)
        self.ports = free_ports(["origin_port", "weir_port", "haproxy_port", "admin_port"])
        try:
            self.start_all()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.temporary.cleanup()

    def start_all(self):
        origin = self.write("nginx-origin.conf")
        haproxy, weir = self.write("haproxy.cfg"), self.write("weir.yaml")
        # -e: else nginx opens the log of the system's own nginx first
        nginx = ["nginx", "-e", "stderr", "-p", str(self.folder), "-c", origin]
        self.start("origin", self.other_core + nginx)
        self.start("haproxy", [*self.proxy_core, "haproxy", "-db", "-f", haproxy])
        self.start("weir", [*self.proxy_core, self.weir, "run", "--config", weir])

    def write(self, name):
        template = string.Template((HERE / "peers" / name).read_text())
        target = self.folder / name
        target.write_text(
            template.substitute(self.ports, folder=self.folder, body="x" * BODY_BYTES)
        )
        return str(target)

    def start(self, name, command):
        log_name = self.folder / f"{name}.log"
        with open(log_name, "wb") as log:
            self.processes[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 10
        while not answers(self.ports[f"{name}_port"]):
            if self.processes[name].poll() is not None or time.monotonic() > deadline:
                said = log_name.read_text(errors="replace")[-2000:]
                raise SystemExit(f"bench: {name} did not start\n{said}")
            time.sleep(0.05)

    def load(self, name, seconds):
        """CPU µs per request, requests per second."""
        before = cpu_ns(self.processes[name].pid)
        requests, took = self.wrk(self.ports[f"{name}_port"], seconds)
        used = cpu_ns(self.processes[name].pid) - before
        return {"cpu_us": used / 1000 / requests, "rps": requests / took}

    def wrk(self, port, seconds):
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "5s"]
        script = ["-s", str(HERE / "peers" / "browser.lua")]
        done = subprocess.run(
            [*self.other_core, *command, *script, f"http://127.0.0.1:{port}/"],
            capture_output=True,
            text=True,
            timeout=seconds + 15,
        )
        failures = FAILURES.search(done.stdout)
        counted = REQUESTS.search(done.stdout)
        if failures or not counted or int(counted[1]) == 0:
            raise SystemExit(f"bench: not a clean run\n{done.stdout}{done.stderr}")
        return int(counted[1]), float(counted[2]) * SECONDS[counted[3]]


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as client:
            client.settimeout(1)
            client.sendall(b"GET / HTTP/1.1\r\nHost: bench\r\n\r\n")
            return client.recv(4096).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def measure(bench, rounds, seconds):
    for name in PROXIES:
        bench.load(name, 2)  # warms connections and caches
    measured = []
    for number in range(rounds):
        order = PROXIES if number % 2 == 0 else PROXIES[::-1]
        measured.append({name: bench.load(name, seconds) for name in order})
    return measured


def median(measured, name, what):
    return statistics.median(one[name][what] for one in measured)


def print_table(measured):
    ratios = [one["weir"]["cpu_us"] / one["haproxy"]["cpu_us"] for one in measured]
    print("             µs CPU/request   requests/s   ratio to HAProxy (min-max)")
    for name in PROXIES:
        cpu, rps = (median(measured, name, what) for what in ("cpu_us", "rps"))
        line = f"{name:<12}{cpu:15.2f} {rps:12.0f}"
        if name == "weir":
            line += f"   {statistics.median(ratios):.3f} ({min(ratios):.3f}-{max(ratios):.3f})"
        print(line)
    print(f"medians of {len(measured)} rounds; ratios are of the same round")
    return ratios


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weir", required=True, help="the binary")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=5, help="per proxy and round")
    chosen = parser.parse_args()
    if chosen.rounds < 1 or 2 * chosen.rounds * chosen.seconds > LONGEST_SECONDS - 20:
        parser.error(f"all rounds must fit into {LONGEST_SECONDS - 20} s")
    return chosen


def leave(number, _):
    sys.exit(128 + number)


def main():
    chosen = arguments()
    signal.signal(signal.SIGTERM, leave)
    with Bench(chosen.weir) as bench:
        measured = measure(bench, chosen.rounds, chosen.seconds)
    ratios = print_table(measured)
    target = HERE.parent / "build" / "bench" / "quick.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({"rounds": measured, "ratios": ratios}, indent=1) + "\n")


if __name__ == "__main__":
    main()
