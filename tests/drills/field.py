"""What a drill is made of: endpoints as processes, one proxy, traffic, and the account."""

import contextlib
import hashlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import requests

import bodies
from app_servers import APP_FOLDER, free_port, listens
from configuration import pool, proxy, service
from take_over import successor_of
from waiting import eventually, scaled
from weir_process import Weir

HERE = Path(__file__).resolve().parent
CHECK = {"path": "/healthz", "interval": "500ms", "timeout": "300ms", "rise": 1, "fall": 2}
ENDPOINTS = 4
QUIET_SECONDS = 0.5
LONGEST_SECONDS = 300


class Endpoint:
    """One endpoint's process; after `kill` or `leave` it can be started again."""

    def __init__(self, folder, number, faults):
        self.folder, self.faults = folder, faults
        self.port = free_port()
        self.address, self.record = f"127.0.0.1:{self.port}", folder / f"record-{number}"
        self.process = None

    def start(self):
        with open(self.folder / "endpoints.log", "ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=os.environ | self.environment(),
            )

    def command(self):
        return [sys.executable, HERE / "endpoint.py", str(self.port), self.record]

    def environment(self):
        return {}

    def await_start(self):
        eventually(lambda: listens(self.port), what="an endpoint listens")
        if self.faults:
            self.fault(**self.faults)

    def fault(self, **faults):
        answer = requests.post(f"http://{self.address}/fault", json=faults, timeout=scaled(5))
        assert answer.status_code == 200

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def leave(self):
        """Until it has finished what it had begun."""
        self.process.terminate()
        self.process.wait(scaled(15))

    def restart(self):
        self.start()
        self.await_start()

    def close(self):
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGCONT)
        self.kill()

    def lines(self):
        return self.record.read_text().splitlines() if self.record.exists() else []


class Gunicorn(Endpoint):
    """gunicorn with threads, as the sample application is run."""

    def command(self):
        configuration = str(APP_FOLDER / "gunicorn.conf.py")
        return [sys.executable, "-m", "gunicorn", "-c", configuration, "--chdir", str(HERE),
                "wsgi:app"]

    def environment(self):
        return {
            "APP_BIND": self.address, "APP_THREADS": "32", "APP_GRACEFUL_SECONDS": "8",
            "APP_LOG_LEVEL": "warning", "RECORD": str(self.record),
            "PYTHONDONTWRITEBYTECODE": "1",
        }


class Field:
    """Runs inside `with`: endpoints and a proxy in front of them. `more`: of the service's
    settings; `pool_settings`: of its pool's."""

    def __init__(self, folder, kind=Endpoint, faults=(), pool_settings=None, **more):
        self.folder = Path(folder)
        faults = list(faults) or [{}] * ENDPOINTS
        self.endpoints = [kind(self.folder, at, each) for at, each in enumerate(faults)]
        self.pool_settings, self.more, self.problems = pool_settings or {}, more, []
        self.replacements = 0

    def settings(self, **changes):
        stable = pool(*self.endpoints, **{"check": CHECK, **self.pool_settings})
        more = {**self.more, **changes}
        rest = {key: more.pop(key) for key in ("drain", "timeouts", "limits") if key in more}
        take_over = {"socket": str(self.folder / "next")}
        return proxy(service(stable, stable, **more), take_over=take_over, **rest)

    def __enter__(self):
        for endpoint in self.endpoints:
            endpoint.start()
        for endpoint in self.endpoints:
            endpoint.await_start()
        self.weir = Weir(self.folder, self.settings()).start()
        eventually(self.has_checked, what="every endpoint was checked")
        return self

    def __exit__(self, *_):
        for endpoint in self.endpoints:
            endpoint.close()
        self.weir.finish()

    def work(self, traffic, script, seconds):
        """`script(field)` while traffic passes; what became of its requests."""
        told = json.dumps({"port": self.weir.port, "seconds": LONGEST_SECONDS, **traffic})
        self.sender = subprocess.Popen(
            [sys.executable, HERE / "traffic.py", told],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        operator = threading.Thread(target=self.operate, args=(script, seconds))
        operator.start()
        said, errors = self.sender.communicate()
        operator.join()
        assert not self.problems, self.problems
        assert self.sender.returncode == 0, errors[-4000:]
        assert "Traceback" not in errors, errors[-4000:]
        account = Account(json.loads(said), self.endpoints)
        if not self.weir.ended:
            account.note_metrics(self.weir)
        return account

    def operate(self, script, seconds):
        """Before and after it everything is as it should be."""
        try:
            time.sleep(QUIET_SECONDS)
            self.until = time.monotonic() + seconds
            script(self)
            time.sleep(QUIET_SECONDS)
        except Exception as problem:  # shown by `work`, in the thread that waits
            self.problems.append(repr(problem))
        self.sender.send_signal(signal.SIGTERM)

    def replace_proxy(self):
        """By a process of the same settings, in a folder of its own; the old one has ended."""
        old = self.weir
        self.weir = successor_of(old, self.another_proxy)
        assert old.wait(30) == 0
        old.finish()

    def another_proxy(self, settings, start):
        self.replacements += 1
        folder = self.folder / f"replacement-{self.replacements}"
        folder.mkdir()
        made = Weir(folder, settings)
        return made.start() if start else made

    def wait(self):
        time.sleep(max(0, self.until - time.monotonic()))

    def turns(self, pause=0.3):
        """Each endpoint in turn until the time is over, at least one."""
        for endpoint in itertools.cycle(self.endpoints):
            yield endpoint
            time.sleep(pause)
            if time.monotonic() > self.until:
                return

    def has_checked(self):
        states = self.weir.metric("weir_pool_endpoints")
        return states['service="shop",version="blue",state="unknown"'] == 0


class Account:
    """What became of every request, and what the endpoints wrote down of every POST.
    `refused`: requests answered 502 or 503 though not a byte of them had been sent."""

    def __init__(self, report, endpoints):
        self.report, self.retries, self.refused = report, 0, 0
        self.counts = {(kind, outcome): count for kind, outcome, count in report["outcomes"]}
        self.total = sum(self.counts.values())
        self.failures = {key: n for key, n in self.counts.items() if key[1] != "ok"}
        lines = [line.split(" ") for endpoint in endpoints for line in endpoint.lines()]
        self.heads = Counter(int(line[1]) for line in lines if line[0] == "head")
        self.whole = {int(line[1]): line[2] for line in lines if line[0] == "body"}

    def note_metrics(self, weir):
        self.retries = int(sum(weir.metric("weir_retries_total").values()))
        refused = weir.metric("weir_rejected_requests_total")
        of_none = ("connect_failed", "pool_down", "pool_full")
        self.refused = sum(int(refused[f'reason="{reason}"']) for reason in of_none)

    @property
    def twice(self):
        """Numbers of POSTs that were delivered more than once, be it in part."""
        return [number for number, count in self.heads.items() if count > 1]

    @property
    def changed(self):
        """Bodies that came out other than they went in, at either end."""
        answers = sum(n for (_, outcome), n in self.failures.items() if outcome == "changed")
        return answers + sum(
            digest not in possible_hashes(number) for number, digest in self.whole.items()
        )

    @property
    def lost(self):
        """POSTs whose clients were told that they were received, though they were not."""
        return [number for number in self.report["answered"] if number not in self.whole]


def possible_hashes(number):
    """Of a POST or an upload with that number."""
    both = (bodies.posted(number), bodies.uploaded(number))
    return [hashlib.sha256(body).hexdigest() for body in both]
