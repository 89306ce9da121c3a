"""The origin and the proxies before it, each on its cores, as long as they are measured."""

import os
import signal
import socket
import string
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import peers

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "tests" / "end_to_end"))

from certificates import Authority  # noqa: E402

START_SECONDS = 20
STOP_SECONDS = 5
FILES = {"64k": 64 * 1024, "1m": 1024 * 1024}
SMALL_BYTES = 1024


def free_ports(names):
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in names]
        return {name: s.getsockname()[1] for name, s in zip(names, sockets, strict=True)}


def cores(workers):
    """Those of the proxies and those of load and origin: apart where there are enough."""
    every = sorted(os.sched_getaffinity(0))
    mine, others = every[:workers], every[workers:]
    return mine, others or every


def pinned(to):
    return ["taskset", "-c", ",".join(map(str, to))]


class Field:
    """A context manager: nothing it started is left when it ends."""

    def __init__(self, proxies, workers=1):
        self.proxies = {proxy.name: proxy for proxy in proxies}
        self.workers = workers
        self.processes = {}
        self.proxy_cores, self.other_cores = cores(workers)

    def __enter__(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="weir-bench-")
        self.folder = Path(self.temporary.name)
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
            end(process)
        self.temporary.cleanup()

    def start_all(self):
        names = ["origin", *self.proxies]
        whats = ("port", "tls_port", "admin_port")
        self.ports = free_ports([(name, what) for name in names for what in whats])
        self.values = self.shared_values()
        self.start(peers.origin(), self.other_cores)
        for proxy in self.proxies.values():
            self.start(proxy, self.proxy_cores)

    def shared_values(self):
        """What the configurations say of certificates, bodies and the origin."""
        self.folder.chmod(0o755)  # h2o and nginx drop root's rights
        authority = Authority(self.folder)
        self.authority = authority.certificate
        issued = authority.issue("bench", "DNS:shop.example.com")
        bundle = self.folder / "bundle.pem"
        bundle.write_bytes(issued.certificate.read_bytes() + issued.key.read_bytes())
        return {
            **issued.files,
            "bundle": bundle,
            "body": "x" * SMALL_BYTES,
            "workers": self.workers,
            "origin_port": self.ports["origin", "port"],
        }

    def start(self, proxy, to):
        folder = self.folder / proxy.name
        (folder / "files").mkdir(parents=True)
        for name, size in FILES.items() if proxy.name == "origin" else ():
            (folder / "files" / name).write_bytes(b"x" * size)
        values = self.values_of(proxy.name, folder)
        config = folder / proxy.kind.config
        config.write_text(string.Template(self.template(proxy)).substitute(values))
        command = [*pinned(to), *proxy.command({**values, "config": config})]
        with open(folder / "log", "wb") as log:
            self.processes[proxy.name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.await_answer(proxy.name, folder / "log")

    def template(self, proxy):
        """Of its configuration."""
        return (HERE / "peers" / proxy.kind.config).read_text()

    def values_of(self, name, folder):
        own = {what: port for (who, what), port in self.ports.items() if who == name}
        return {**self.values, **own, "folder": folder}

    def await_answer(self, name, log):
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.ports[name, "port"]):
            if self.processes[name].poll() is not None or time.monotonic() > deadline:
                said = log.read_text(errors="replace")[-2000:]
                raise SystemExit(f"bench: {name} did not start\n{said}")
            time.sleep(0.05)

    def pid(self, name):
        return self.processes[name].pid

    def url(self, name, path, tls):
        scheme, what = ("https", "tls_port") if tls else ("http", "port")
        return f"{scheme}://127.0.0.1:{self.ports[name, what]}{path}"


def end(process):
    """Its children too, where it did not see to them in time."""
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as client:
            client.settimeout(1)
            client.sendall(b"GET / HTTP/1.1\r\nHost: bench\r\n\r\n")
            return client.recv(4096).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
