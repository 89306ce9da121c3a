"""Headless Chromium, driven over its DevTools protocol."""

import base64
import hashlib
import itertools
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from websockets.sync.client import connect

from certificates import openssl
from steps import Answer
from waiting import eventually, scaled

PATIENCE_SECONDS = 30
# One step, as a page makes it. A body comes and goes as base64.
FETCH = """
(async (method, path, body, fields) => {
  const options = {method, headers: fields}
  if (body !== null) options.body = Uint8Array.from(atob(body), (c) => c.charCodeAt(0))
  const answer = await fetch(path, options)
  const data = new Uint8Array(await answer.arrayBuffer())
  let text = ''
  for (let at = 0; at < data.length; at += 8192) {
    text += String.fromCharCode(...data.subarray(at, at + 8192))
  }
  return [answer.status, [...answer.headers], btoa(text)]
})
"""


def key_hash(certificate):
    """How a command line names the one certificate that is trusted without an authority."""
    public = openssl("pkey", "-in", certificate.key, "-pubout", "-outform", "der")
    return base64.b64encode(hashlib.sha256(public).digest()).decode()


class Browser:
    """One process with one page."""

    def __init__(self, certificate):
        self.folder = tempfile.mkdtemp()
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                   "--no-proxy-server", "--disable-background-networking",
                   "--disable-component-update", "--disable-dev-shm-usage",
                   "--disable-extensions", "--remote-debugging-port=0",
                   f"--user-data-dir={self.folder}",
                   f"--ignore-certificate-errors-spki-list={key_hash(certificate)}"]
        with open(Path(self.folder, "log"), "wb") as log:
            self.process = subprocess.Popen(
                ["chromium", *options, "about:blank"], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log,
            )
        self.numbers = itertools.count(1)
        port, path = eventually(self.told_port, PATIENCE_SECONDS, "Chromium listens")
        self.tools = connect(f"ws://127.0.0.1:{port}{path}", max_size=None, proxy=None)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        self.call("Page.enable")

    session = None

    def told_port(self):
        assert self.process.poll() is None, Path(self.folder, "log").read_text()[-4000:]
        told = Path(self.folder, "DevToolsActivePort")
        lines = told.read_text().split() if told.exists() else []
        return lines if len(lines) == 2 else None

    def call(self, method, **parameters):
        message = {"id": next(self.numbers), "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.tools.send(json.dumps(message))
        while True:
            heard = json.loads(self.tools.recv(scaled(PATIENCE_SECONDS)))
            if heard.get("id") == message["id"]:
                assert "error" not in heard, heard["error"]
                return heard["result"]

    def open(self, url):
        """Until the page is there."""
        gone = self.call("Page.navigate", url=url)
        assert "errorText" not in gone, gone
        ready = "document.readyState == 'complete' && location.href"
        eventually(lambda: self.run(ready) == url, PATIENCE_SECONDS, url)

    def run(self, script):
        """The value of a script in the page, or what its promise came to."""
        done = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def forget_cookies(self):
        self.call("Network.clearBrowserCookies")

    def close(self):
        self.session = None
        self.call("Browser.close")
        self.tools.close()
        try:
            self.process.wait(scaled(10))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def by_chromium(browser, base, steps):
    answers = {}
    browser.open(base + "/page")
    for step in steps:
        if step.fresh:
            browser.forget_cookies()
        body = None if step.body is None else base64.b64encode(step.body).decode()
        allowed = {name: value for name, value in step.fields if name != "Accept-Encoding"}
        asked = json.dumps([step.method, step.path, body, allowed])
        status, fields, got = browser.run(f"{FETCH}(...{asked})")
        answers[step.name] = Answer.of(status, fields, base64.b64decode(got))
    return answers
