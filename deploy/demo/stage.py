"""The processes of the demonstration, all on free loopback ports and in one temporary
directory. Each is ended by its own process id, whatever happens."""

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

APP_FOLDER = Path(__file__).resolve().parents[1] / "app"
START_SECONDS = 20
STOP_SECONDS = 8
PER_POOL = 3

CONFIG = """\
listen: ["127.0.0.1:{proxy_port}"]
admin: {{listen: "127.0.0.1:{admin_port}", token_file: {folder}/token, audit_file: {folder}/audit}}
state: {{file: {folder}/state}}
log: {{access_sample: 0%}}
drain: {{accept: 0s, deadline: 5s}}
services:
  - name: shop
    key: {{cookie: weir_key}}
    version_header: true
    pools:
      blue:
        endpoints: {blue}
        check: {{path: /healthz, interval: 500ms, timeout: 500ms}}
      green:
        endpoints: {green}
        check: {{path: /healthz, interval: 500ms, timeout: 500ms}}
    rollout:
      steps:
{steps}
      guards:
        errors: {{window: 5s}}
"""


def free_ports(count):
    """Distinct: all are held until the last is known."""
    with contextlib.ExitStack() as held:
        listeners = [
            held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)
        ]
        return [listener.getsockname()[1] for listener in listeners]


def http_answers(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1) as answer:
            return answer.status == 200
    except OSError:
        return False


def tcp_answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


class Stage:
    """A context manager: nothing it started is left when it ends."""

    def __init__(self, weir, steps, hold_seconds):
        self.weir_binary = str(Path(weir).resolve())
        self.steps, self.hold_seconds = steps, hold_seconds
        self.processes = {}

    def __enter__(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="weir-demo-")
        self.folder = Path(self.temporary.name)
        ports = free_ports(3 + 2 * PER_POOL)
        self.redis_port, self.proxy_port, self.admin_port = ports[:3]
        self.ports = {"blue": ports[3 : 3 + PER_POOL], "green": ports[3 + PER_POOL :]}
        try:
            self.raise_curtain()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            end(process)
        self.temporary.cleanup()

    def raise_curtain(self):
        self.start("redis", self.redis_command())
        self.wait("redis", lambda: tcp_answers(self.redis_port))
        for colour in self.ports:
            self.start_pool(colour, version=f"1.0-{colour}")
        self.token = secrets.token_hex(16)
        token_file = self.folder / "token"
        token_file.touch(mode=0o600)
        token_file.write_text(self.token + "\n")
        (self.folder / "weir.yaml").write_text(self.config())
        self.start("weir", [self.weir_binary, "run", "--config", str(self.folder / "weir.yaml")])
        self.wait("weir", lambda: http_answers(self.proxy_port, "/healthz"))

    def redis_command(self):
        private = ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        return ["redis-server", "--port", str(self.redis_port), "--bind", "127.0.0.1", *private]

    def config(self):
        steps = (
            f"        - {{weight: {weight}%, hold: {self.hold_seconds}s, min_requests: 50}}"
            for weight in self.steps
        )
        named = {
            colour: json.dumps([f"127.0.0.1:{port}" for port in ports])
            for colour, ports in self.ports.items()
        }
        return CONFIG.format(
            proxy_port=self.proxy_port,
            admin_port=self.admin_port,
            folder=self.folder,
            steps="\n".join(steps),
            **named,
        )

    def start(self, name, command, **environment):
        with open(self.folder / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | environment,
            )

    def wait(self, name, ready):
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if self.processes[name].poll() is not None or time.monotonic() > deadline:
                log = (self.folder / f"{name}.log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{name} did not start:\n{log}")
            time.sleep(0.05)

    def start_pool(self, colour, version, error_ratio=0.0):
        for number, port in enumerate(self.ports[colour]):
            self.start(
                f"{colour}-{number}",
                [sys.executable, "-m", "gunicorn", "-c", str(APP_FOLDER / "gunicorn.conf.py")],
                APP_BIND=f"127.0.0.1:{port}",
                APP_COLOUR=colour,
                APP_VERSION=version,
                APP_FAULT_ERROR_RATIO=str(error_ratio),
                APP_LOG_LEVEL="warning",
                APP_GRACEFUL_SECONDS="5",
                REDIS_URL=f"redis://127.0.0.1:{self.redis_port}/0",
            )
        for number, port in enumerate(self.ports[colour]):
            self.wait(f"{colour}-{number}", lambda port=port: http_answers(port, "/healthz"))

    def replace_pool(self, colour, version, error_ratio=0.0):
        """As a deployment does: the servers of one colour end and others take their ports."""
        for number in range(PER_POOL):
            self.processes[f"{colour}-{number}"].terminate()
        for number in range(PER_POOL):
            end(self.processes[f"{colour}-{number}"])
        self.start_pool(colour, version, error_ratio)

    def command(self, verb, *options):
        server = ["--server", f"http://127.0.0.1:{self.admin_port}"]
        token = ["--token-file", str(self.folder / "token")]
        return [self.weir_binary, verb, *server, *token, "--service", "shop", *options]


def end(process):
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
