"""Processes that replace one another, and a successor that does only what a test says."""

import json
import os
import socket
import subprocess
from pathlib import Path

from configuration import milliseconds
from waiting import scaled
from weir_process import BINARY, ROOT


def replaceable(tmp_path, timeout=10):
    return {"take_over": {"socket": str(tmp_path / "next"), "timeout": milliseconds(timeout)}}


def successor_of(old, weir, settings=None):
    """Serving in its place."""
    new = weir(settings or old.settings, start=False)
    old.told = True
    return new.start("--take-over", old.settings["take_over"]["socket"])


class Successor:
    """A process that comes to replace another one, packet by packet."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(scaled(10))
        self.socket.connect(path)
        self.descriptors = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def say(self, word, **more):
        self.socket.send(json.dumps({"weir_take_over": 1, "word": word, **more}).encode())

    def hear(self):
        """None: the other side closed."""
        data, descriptors, _, _ = socket.recv_fds(self.socket, 65536, 253)
        self.descriptors += descriptors
        return json.loads(data) if data else None

    def fetch(self):
        """What the other process listens on."""
        self.say("listeners")
        heard = []
        while (packet := self.hear())["word"] != "all":
            heard.append(packet)
        return heard

    def take(self):
        self.say("take")
        return self.hear()

    def close(self):
        self.socket.close()
        for each in self.descriptors:
            os.close(each)


class Arrivals:
    """New clients at a fixed rate (tests/drills/arrivals.cc), and the pool they reach."""

    def __init__(self):
        places = [BINARY.parent, ROOT / "build/dev"]
        program = next(each / "arrivals" for each in places if (each / "arrivals").exists())
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([Path(program)], stdin=pipe, stdout=pipe, text=True)
        self.address = f"127.0.0.1:{self.process.stdout.readline().split()[1]}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def begin(self, port, rate, seconds):
        self.process.stdin.write(f"{port} {rate} {seconds}\n")
        self.process.stdin.flush()

    def end(self):
        """How each of them fared."""
        return json.loads(self.process.stdout.readline())
