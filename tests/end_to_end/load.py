"""Load of a few keep-alive connections, one request after another on each."""

import itertools
import threading
import time
from dataclasses import dataclass

from waiting import eventually
from wire import Incomplete, RawClient, request


@dataclass(frozen=True)
class Sample:
    """One request as its client saw it. Times of the monotonic clock."""

    sent: float
    ended: float
    id: str
    key: str
    status: int  # 0: no complete answer
    version: str

    @property
    def failed(self):
        return self.status == 0 or self.status >= 500


class SentAway(Exception):
    """The proxy closed a kept connection before it answered anything on it."""


class Load:
    """Runs inside `with`. Each request has an id of its own and one of `keys` keys, in the
    field X-Key. Whatever is not a complete answer is a failed sample. With
    `leaves_when_told` each client ends when the proxy says close, or closes an idle
    connection: that may cross its next request, which it would send elsewhere."""

    def __init__(self, weir, threads=4, keys=400, path="/", pause=0.002, method="GET"):
        self.port, self.path, self.pause, self.method = weir.port, path, pause, method
        self.keys, self.numbers = keys, itertools.count()
        self.samples, self.running, self.leaves_when_told = [], True, False
        self.threads = [threading.Thread(target=self.work, daemon=True) for _ in range(threads)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        self.await_more(10)
        return self

    def __exit__(self, *_):
        self.running = False
        for thread in self.threads:
            thread.join()

    @property
    def failures(self):
        return [sample for sample in self.samples if sample.failed]

    def await_more(self, count):
        """Until that many more requests were answered."""
        before = len(self.samples)
        eventually(lambda: len(self.samples) >= before + count, 20, f"{count} more requests")

    def await_end(self):
        """With `leaves_when_told`: until the proxy has sent every client away."""
        eventually(lambda: not any(thread.is_alive() for thread in self.threads), 20)

    def work(self):
        client = None
        while self.running:
            number = next(self.numbers)
            sent = time.monotonic()
            try:
                client, answer = self.exchange(client, number)
            except SentAway:
                return
            self.note(sent, number, answer)
            if answer and answer.value("Connection") == "close":
                client.close()
                client = None
                if self.leaves_when_told:
                    return
            time.sleep(self.pause)
        if client:
            client.close()

    def exchange(self, client, number):
        """The connection and the answer; none of both where the exchange failed."""
        data = request(
            self.method,
            self.path,
            b"" if self.method == "POST" else None,
            X_Test_Id=str(number),
            X_Key=f"key-{number % self.keys}",
        )
        kept = client is not None
        try:
            client = client or RawClient(self.port)
            client.send(data)
            answer = client.response()
            return (client, answer) if answer.complete else (None, None)
        except (OSError, Incomplete, ValueError) as mishap:
            silent = kept and not client.buffer and not isinstance(mishap, TimeoutError)
            if client:
                client.close()
            if silent and self.leaves_when_told:
                raise SentAway from None
            return None, None

    def note(self, sent, number, answer):
        version = (answer.value("X-Weir-Version") or "") if answer else ""
        status = answer.status if answer else 0
        ended, key = time.monotonic(), f"key-{number % self.keys}"
        self.samples.append(Sample(sent, ended, str(number), key, status, version))
