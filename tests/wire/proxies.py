"""The proxies a suite of cases can be run against: started before one origin, with a `port`."""

import re
import shutil
import socket
import string
import subprocess
from pathlib import Path

from configuration import milliseconds, pool, proxy, service
from waiting import eventually, scaled
from weir_process import Weir, run

TEMPLATES = Path(__file__).resolve().parent / "peers"


class WeirUnderTest:
    """One worker; its only endpoint is never ejected."""

    def __init__(self, folder, origin):
        served = pool(origin, ejection={"consecutive_failures": 0})
        settings = proxy(
            service(served, served, key={"none": True}),
            workers=1,
            timeouts={"response": milliseconds(2)},
        )
        self.weir = Weir(folder, settings).start()

    @staticmethod
    def version():
        return run("--version").stdout.split()[-1]

    @property
    def port(self):
        return self.weir.port

    def is_alive(self):
        return self.weir.process.poll() is None

    def restart(self):
        self.weir.start()

    def finish(self):
        self.weir.finish()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as held:
        return held.getsockname()[1]


class Peer:
    """Another proxy, from a template of its configuration. `command` is told the file."""

    def __init__(self, template, command, folder, origin):
        self.folder, self.port, self.command = Path(folder), free_port(), command
        self.config = self.folder / template
        text = string.Template((TEMPLATES / template).read_text())
        self.config.write_text(
            text.substitute(port=self.port, origin_port=origin.port, folder=self.folder)
        )
        self.restart()

    def restart(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                self.command(self.config), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        eventually(self.answers, 20, f"{self.config.name} serves; log in {self.folder}")

    def answers(self):
        assert self.is_alive(), (self.folder / "log").read_text()[-2000:]
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def is_alive(self):
        return self.process.poll() is None

    def finish(self):
        self.process.terminate()
        try:
            self.process.wait(scaled(5))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def version_of(*command):
    told = subprocess.run(command, capture_output=True, text=True)
    return re.search(r"\d+\.\d+\.\d+[\w.+~-]*", told.stdout + told.stderr)[0]


def nginx(folder, origin):
    def command(config):  # -e: else it opens the log of the system's own nginx first
        return ["nginx", "-e", "stderr", "-p", str(folder), "-c", str(config)]

    return Peer("nginx.conf", command, folder, origin)


def haproxy(folder, origin):
    return Peer("haproxy.cfg", lambda config: ["haproxy", "-db", "-f", config], folder, origin)


def envoy(folder, origin):
    options = ["--concurrency", "1", "--disable-hot-restart", "--log-level", "error"]
    return Peer("envoy.yaml", lambda config: ["envoy", "-c", config, *options], folder, origin)


def all_present():
    """Name: how it is made, and its version; without those that are not installed."""
    known = {
        "Weir": (WeirUnderTest, WeirUnderTest.version),
        "nginx": (nginx, lambda: version_of("nginx", "-v")),
        "HAProxy": (haproxy, lambda: version_of("haproxy", "-v")),
        "Envoy": (envoy, lambda: version_of("envoy", "--version")),
    }
    return {
        name: (make, version())
        for name, (make, version) in known.items()
        if name == "Weir" or shutil.which(name.lower())
    }
