"""A client of the wire suite: sends what the case says, byte for byte, and reads the answers
strictly."""

import select
import socket
import time

from case import HALF_CLOSE, UNTIL_100, UNTIL_ANSWERED, UNTIL_ASKED
from strict_messages import Malformed, StrictReader, response_of
from waiting import PAUSE_SECONDS


class Conversation:
    """One connection. `methods`: of the requests in order; the last stands for all others."""

    def __init__(self, port, methods, patience):
        self.socket = socket.create_connection(("127.0.0.1", port), patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.methods, self.patience = list(methods), patience
        self.reader = StrictReader(self._response)
        self.finals = 0
        self.half_closed = False
        self.ended = False  # the proxy closed, or reset the connection
        self.problem = None

    def _response(self, line, fields):
        method = self.methods[min(self.finals, len(self.methods) - 1)]
        message = response_of(line, fields, method)
        if message.status >= 200 or message.status == 101:
            self.finals += 1
        return message

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    @property
    def answers(self):
        return [m for m in self.reader.messages if m.status >= 200 or m.status == 101]

    @property
    def whole_answers(self):
        return [each for each in self.answers if each.complete]

    def send(self, data):
        """The proxy may refuse and close before it has heard all."""
        try:
            self.socket.sendall(data)
        except OSError:
            pass

    def half_close(self):
        self.half_closed = True
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def read(self, seconds):
        """Reads once. False: nothing came in time, or nothing more will."""
        if self.ended or self.problem or not select.select([self.socket], [], [], seconds)[0]:
            return False
        try:
            data = self.socket.recv(256 * 1024)
        except OSError:
            data = b""
        try:
            self.reader.feed(data) if data else self.reader.feed_end()
        except (Malformed, StopIteration) as problem:
            self.problem = f"malformed at the client: {problem}"
        self.ended = self.ended or not data
        return bool(data)

    def until(self, reached):
        """Reads until `reached()`, the end, or the end of patience."""
        deadline = time.monotonic() + self.patience
        while not reached() and not self.ended and not self.problem:
            if not self.read(max(0, deadline - time.monotonic())) and not self.ended:
                return

    def until_answers(self, count):
        self.until(lambda: len(self.whole_answers) >= count)

    def until_end(self):
        self.until(lambda: False)

    def step(self, step, origin):
        """What a client does between its bytes."""
        if step == UNTIL_100:
            self.until(lambda: any(m.status == 100 for m in self.reader.messages) or self.answers)
        elif step == UNTIL_ANSWERED:
            self.until_answers(1)
        elif step == UNTIL_ASKED:
            self._until_asked(origin)
        elif step == HALF_CLOSE:
            self.half_close()

    def _until_asked(self, origin):
        deadline = time.monotonic() + self.patience
        while not origin.asked and not self.ended and time.monotonic() < deadline:
            self.read(PAUSE_SECONDS)
