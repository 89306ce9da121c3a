"""The real binary with its admin API and its command line."""

import os
import re
import signal
import subprocess
from pathlib import Path

import requests

import configuration
from waiting import eventually, scaled

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("WEIR_BINARY", ROOT / "build/release/weir")).resolve()
SANITIZER = re.compile(r"(ERROR|WARNING): \w+Sanitizer|runtime error:|SUMMARY: \w+Sanitizer")


def run(*arguments, seconds=30, **options):
    """The binary to its end. Text on `stdout` and `stderr`."""
    return subprocess.run(
        [BINARY, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=scaled(seconds),
        **options,
    )


def sanitizer_reports(pid):
    """Files a sanitizer wrote for that process, where its options name a log_path."""
    found = []
    for variable in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
        for option in os.environ.get(variable, "").split(":"):
            name, _, value = option.partition("=")
            if name == "log_path" and Path(f"{value}.{pid}").exists():
                found.append(Path(f"{value}.{pid}").read_text())
    return found


class Weir:
    """One proxy in a folder of its own."""

    def __init__(self, folder, settings):
        self.folder, self.settings = Path(folder), settings
        self.config_file = self.folder / "weir.yaml"
        self.log_file = self.folder / "weir.log"
        self.process, self.token = None, None
        self.session = requests.Session()

    def launch(self, *options, wrapper=(), **more):
        """Starts without waiting until it serves. `wrapper`: a command that becomes it."""
        configuration.write(self.config_file, self.settings)
        self.told = self.ended = False
        self.log_from = len(self.whole_log)
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [*wrapper, BINARY, "run", "--config", self.config_file, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **more,
            )
        return self

    def start(self, *options, **more):
        self.launch(*options, **more)
        self.admin_port = int(eventually(lambda: self.logged(r"admin on \S+:(\d+)"), 20)[0])
        ports = self.logged(r"listening on \S+:(\d+)")
        self.ports = [int(port) for port in ports]
        self.port = self.ports[0]
        health = self.logged(r"health on \S+:(\d+)")
        self.health_port = int(health[0]) if health else None
        return self

    @property
    def whole_log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    @property
    def log(self):
        """Since it was started last."""
        return self.whole_log[self.log_from :]

    def logged(self, pattern):
        assert self.process.poll() is None, f"ended with {self.process.returncode}:\n{self.log}"
        return re.findall(pattern, self.log)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def admin(self):
        return f"http://127.0.0.1:{self.admin_port}"

    def api(self, method, path, **options):
        """To the admin API."""
        if self.token:
            options.setdefault("headers", {}).setdefault("Authorization", f"Bearer {self.token}")
        options.setdefault("timeout", scaled(10))
        return self.session.request(method, self.admin + path, **options)

    def status(self, service="shop"):
        answer = self.api("GET", f"/v1/services/{service}/rollout")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def act(self, action, service="shop", headers=None, **body):
        path = f"/v1/services/{service}/rollout/{action}"
        return self.api("POST", path, json=body, headers=dict(headers or {}))

    def done(self, action, service="shop", **body):
        """The rollout after an action that must succeed."""
        answer = self.act(action, service, **body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def set_weight(self, percent, service="shop"):
        """A rollout that stands still at this weight."""
        if self.status(service)["phase"] in ("Healthy", "Degraded"):
            self.done("start", service)
        return self.done("set-weight", service, weight=percent)

    def await_phase(self, phase, service="shop", seconds=10):
        def reached():
            status = self.status(service)
            return status if status["phase"] == phase else None

        return eventually(reached, seconds, f"phase {phase} of {service}")

    def metric(self, name):
        """The values of one family, by its labels as text."""
        lines = re.findall(rf"^{name}(?:{{(.*)}})? (\S+)$", self.api("GET", "/metrics").text, re.M)
        return {labels: float(value) for labels, value in lines}

    def command(self, verb, *options, service="shop"):
        line = [str(BINARY), verb, "--server", self.admin, "--service", service]
        if self.token:
            line += ["--token-file", str(self.folder / "token")]
        return [*line, *options]

    def cli(self, verb, *options, seconds=30, **more):
        return run(*self.command(verb, *options, **more)[1:], seconds=seconds)

    def cli_open(self, verb, *options, **more):
        """Running; its output is a pipe. The test ends it."""
        return subprocess.Popen(
            self.command(verb, *options, **more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def write_token(self, *tokens):
        """The first is the one this object uses."""
        self.token = tokens[0]
        (self.folder / "token").write_text("".join(f"{token}\n" for token in tokens))

    def reload(self, settings, result="ok"):
        """Until the new configuration was taken over, or refused."""
        label = f'result="{result}"'
        before = self.metric("weir_config_reloads_total")[label]
        configuration.write(self.config_file, settings)
        self.process.send_signal(signal.SIGHUP)
        eventually(
            lambda: self.metric("weir_config_reloads_total")[label] > before,
            what=f"reload: {result}",
        )

    def terminate(self):
        self.told = True
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds=15):
        """The exit code, once it has ended by itself or was told to."""
        code = self.process.wait(scaled(seconds))
        self.ended = True
        self.assert_sound()
        return code

    def stop(self):
        """Exit code of an orderly end."""
        self.terminate()
        return self.wait()

    def kill(self):
        """As a crash or a power cut would."""
        self.ended = True
        self.process.kill()
        self.process.wait()
        self.assert_sound()

    def assert_sound(self):
        assert not SANITIZER.search(self.log), self.log[-8000:]
        assert not sanitizer_reports(self.process.pid)

    def finish(self):
        """The end of every test: whatever still runs ends in order, and what does not
        was ended by the test."""
        self.session.close()
        if self.process is None or self.ended:
            return
        early = self.process.poll()
        assert early is None or self.told, f"died of {early}:\n{self.log}"
        try:
            code = self.stop()
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"did not end after SIGTERM:\n{self.log[-4000:]}") from None
        assert code == 0, f"ended with {code}:\n{self.log[-4000:]}"
