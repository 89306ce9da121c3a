"""The sample application under real gunicorn, and the Redis it needs."""

import os
import socket
import subprocess
import sys

import requests

from waiting import eventually, scaled
from weir_process import ROOT

APP_FOLDER = ROOT / "deploy" / "app"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


class Process:
    """A server process that is ended by its own id."""

    def __init__(self, command, log, **environment):
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=os.environ | environment,
            )

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(scaled(8))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Redis(Process):
    def __init__(self, folder):
        self.port = free_port()
        private = ["--save", "", "--appendonly", "no", "--dir", str(folder)]
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", *private]
        super().__init__(command, folder / "redis.log")
        eventually(lambda: listens(self.port), what="Redis listens")

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"


class AppServer(Process):
    """One gunicorn. `wait` before use: servers start side by side."""

    def __init__(self, folder, redis, colour, version="1.0"):
        self.port = free_port()
        configuration = str(APP_FOLDER / "gunicorn.conf.py")
        super().__init__(
            [sys.executable, "-m", "gunicorn", "-c", configuration],
            folder / f"{colour}-{self.port}.log",
            APP_BIND=self.address,
            APP_COLOUR=colour,
            APP_VERSION=version,
            APP_FAULTS="1",
            APP_LOG_LEVEL="warning",
            APP_GRACEFUL_SECONDS="2",
            APP_THREADS="16",
            REDIS_URL=redis.url,
            PYTHONDONTWRITEBYTECODE="1",
        )

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def wait(self):
        eventually(lambda: listens(self.port), 30, f"gunicorn listens on {self.port}")
        self.fault()

    def fault(self, error_ratio=0.0, latency_ms=0, down=False):
        """Those faults and no others."""
        wanted = {"error_ratio": error_ratio, "latency_ms": latency_ms, "down": down}
        answer = requests.post(f"http://{self.address}/_fault", json=wanted, timeout=scaled(10))
        assert answer.json() == wanted, answer.text


class AppPool:
    """A server of each colour."""

    def __init__(self, folder):
        self.redis = Redis(folder)
        self.blue = AppServer(folder, self.redis, "blue", "1.0")
        self.green = AppServer(folder, self.redis, "green", "2.0")
        for server in (self.blue, self.green):
            server.wait()

    def server(self, colour):
        return getattr(self, colour)

    def heal(self):
        self.blue.fault()
        self.green.fault()

    def close(self):
        for process in (self.blue, self.green, self.redis):
            process.close()
