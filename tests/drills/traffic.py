"""Mixed traffic at a fixed rate, whatever becomes of it: `traffic.py JSON` with port, rate,
seconds, first (number of the first request) and mix prints one JSON: what became of each
request. A request is sent once, on a kept connection where there is one, and ends as `ok` or
as a failure named by how far it had come. As clients do (RFC 9112 §9.3.1), a GET whose kept
connection was closed without an answer is sent once more, on a new one. SIGTERM: no new
requests, but those that are under way end as they would.
"""

import asyncio
import collections
import hashlib
import itertools
import json
import os
import random
import signal
import struct
import sys
import time

import uvloop

import bodies

PATIENCE_SECONDS = 40
MOST_OPEN = 4000
UPLOAD_GAP_SECONDS = 0.002
MESSAGES, MESSAGE_GAP_SECONDS = 5, 0.2
EXAMPLES = 40
# In a thousand.
MIX = {"small": 480, "big": 200, "post": 200, "upload": 100, "slow": 10, "websocket": 10}


class Failed(Exception):
    """Its text names the kind."""


class Answered(Failed):
    """Whole, but not with what was asked for."""


class KeptConnectionClosed(Failed):
    """Before anything of an answer."""


class Connection:
    def __init__(self, reader, writer):
        self.reader, self.writer, self.kept, self.reused = reader, writer, True, False

    async def head(self):
        """Status and length. A connection that ends before it is a failure of its own."""
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError) as end:
            began = getattr(end, "partial", b"")
            if self.reused and not began:
                raise KeptConnectionClosed("kept connection closed") from None
            raise Failed("cut in the head" if began else "closed without an answer") from None
        line, *lines = head.decode("latin-1").split("\r\n")[:-2]
        fields = {name.lower(): value.strip() for name, value in (x.split(":", 1) for x in lines)}
        self.kept = fields.get("connection", "").lower() != "close"
        return int(line.split(" ")[1]), int(fields.get("content-length", 0))

    async def answer(self):
        status, length = await self.head()
        try:
            body = await self.reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise Failed("cut in the body") from None
        if status != 200:
            raise Answered(f"answered {status}")
        return body

    async def expect(self, body):
        if await self.answer() != body:
            raise Failed("changed")


class Traffic:
    def __init__(self, port, rate, seconds, first=0, mix=None):
        self.port, self.rate, self.until = port, rate, time.monotonic() + seconds
        self.numbers = itertools.count(first)
        self.idle, self.open = collections.deque(), 0
        self.outcomes, self.examples, self.ok_ids = collections.Counter(), [], []
        self.latencies = collections.defaultdict(list)
        mix = mix or MIX
        self.kinds, self.weights = list(mix), list(mix.values())
        self.stopped, self.sent_anew = asyncio.Event(), 0

    async def run(self):
        began, sent, under_way = time.monotonic(), 0, set()
        while not self.stopped.is_set() and (now := time.monotonic()) < self.until:
            while sent < (now - began) * self.rate:
                kind = random.choices(self.kinds, self.weights)[0]
                task = asyncio.ensure_future(self.take(kind, next(self.numbers)))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
                sent += 1
            await asyncio.sleep(0.001)
        self.seconds = time.monotonic() - began
        if under_way:
            await asyncio.wait(under_way)

    async def take(self, kind, number):
        began, outcome = time.monotonic(), "ok"
        if self.open >= MOST_OPEN:
            outcome = "too many under way"
        else:
            self.open += 1
            try:
                await asyncio.wait_for(self.insist(kind, number), PATIENCE_SECONDS)
            except Failed as failure:
                outcome = str(failure)
            except TimeoutError:
                outcome = "no end in time"
            except OSError as error:
                outcome = type(error).__name__
            self.open -= 1
        self.note(kind, number, outcome, began)

    def note(self, kind, number, outcome, began):
        self.outcomes[kind, outcome] += 1
        if outcome == "ok":
            self.latencies[kind].append(time.monotonic() - began)
            if kind in ("post", "upload"):
                self.ok_ids.append(number)
        elif len(self.examples) < EXAMPLES:
            self.examples.append([kind, number, outcome, time.time()])

    async def insist(self, kind, number):
        try:
            await self.exchange(kind, number)
        except KeptConnectionClosed:
            if kind in ("post", "upload"):
                raise
            self.sent_anew += 1
            await self.exchange(kind, number, anew=True)

    async def exchange(self, kind, number, anew=False):
        connection, kept = await self.connection(anew), False
        try:
            await getattr(self, kind)(connection, number)
            kept = connection.kept
        except Answered:
            kept = connection.kept
            raise
        finally:
            if kept:
                self.idle.append(connection)
            else:
                connection.writer.close()

    async def connection(self, anew):
        while self.idle and not anew:
            connection = self.idle.popleft()
            connection.reused = True
            if not connection.reader.at_eof() and not connection.writer.is_closing():
                return connection
            connection.writer.close()
        try:
            return Connection(*await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 18))
        except OSError as error:
            raise Failed(f"no connection: {type(error).__name__}") from None

    def ask(self, connection, path, number, *lines, method="GET"):
        head = [f"{method} /{path}?{number} HTTP/1.1", "Host: shop.test", *lines, "", ""]
        connection.writer.write("\r\n".join(head).encode())

    async def small(self, connection, number):
        self.ask(connection, "small", number)
        await connection.expect(bodies.small(number))

    async def big(self, connection, number):
        self.ask(connection, "big", number)
        await connection.expect(bodies.big(number))

    async def slow(self, connection, number):
        self.ask(connection, "slow", number)
        await connection.expect(bodies.slow(number))

    async def post(self, connection, number):
        body = bodies.posted(number)
        self.ask(connection, "post", number, f"Content-Length: {len(body)}", method="POST")
        connection.writer.write(body)
        await connection.expect(self.told(number, body))

    async def upload(self, connection, number):
        body, size = bodies.uploaded(number), 16_000
        self.ask(connection, "upload", number, "Transfer-Encoding: chunked", method="POST")
        for start in range(0, len(body), size):
            piece = body[start : start + size]
            connection.writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            await asyncio.sleep(UPLOAD_GAP_SECONDS)
        connection.writer.write(b"0\r\n\r\n")
        await connection.expect(self.told(number, body))

    def told(self, number, body):
        return f"{number} {hashlib.sha256(body).hexdigest()}".encode()

    async def websocket(self, connection, number):
        connection.kept = False
        self.ask(connection, "websocket", number, "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
        status, _ = await connection.head()
        connection.kept = False
        if status != 101:
            raise Failed(f"answered {status}")
        try:
            await self.chat(connection, number)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise Failed("cut behind the 101") from None

    async def chat(self, connection, number):
        for turn in range(MESSAGES):
            message = f"{number} says {turn}".encode()
            connection.writer.write(framed(1, message))
            opcode, data = await unframed(connection.reader)
            if opcode == 8:
                raise Failed(f"sent away with {struct.unpack('!H', data[:2])[0]}")
            if data != message:
                raise Failed("changed")
            await asyncio.sleep(MESSAGE_GAP_SECONDS)
        connection.writer.write(framed(8, struct.pack("!H", 1000)))
        await unframed(connection.reader)

    def report(self):
        return {
            "seconds": self.seconds,
            "outcomes": [[*key, count] for key, count in sorted(self.outcomes.items())],
            "examples": self.examples,
            "sent_anew": self.sent_anew,
            "answered": self.ok_ids,
            "milliseconds": {kind: summary(values) for kind, values in self.latencies.items()},
        }


def summary(values):
    values.sort()
    at = {share: values[int(len(values) * share)] for share in (0.5, 0.99)}
    return [round(1000 * value, 3) for value in (at[0.5], at[0.99], values[-1])]


def framed(opcode, data):
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))
    return bytes([0x80 | opcode, 0x80 | len(data)]) + mask + masked


async def unframed(reader):
    head = await reader.readexactly(2)
    return head[0] & 0x0F, await reader.readexactly(head[1])


async def main():
    traffic = Traffic(**json.loads(sys.argv[1]))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, traffic.stopped.set)
    await traffic.run()
    print(json.dumps(traffic.report()))


if __name__ == "__main__":
    uvloop.run(main())
