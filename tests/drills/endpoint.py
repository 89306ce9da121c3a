"""An endpoint as a process of its own: `endpoint.py PORT RECORD` serves until SIGTERM, then
finishes what it has begun and closes what is idle. POST /fault, straight to it, sets how it
fails. Every POST is a line of the file RECORD, `head NUMBER` as it begins and
`body NUMBER HASH` when it is whole, written at once: a SIGKILL takes none back.
"""

import asyncio
import base64
import hashlib
import json
import os
import random
import signal
import socket
import struct
import sys

import uvloop

import bodies

SLOW_GAP_SECONDS = 0.06
LEAVE_SECONDS = 8
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
# well: what /healthz says. resets: share of requests reset after their head. breaks: share of
# answers reset in the middle. idle: seconds until an idle connection is closed; 0 is never.
FAULTS = {"well": True, "resets": 0.0, "breaks": 0.0, "idle": 0.0}


class Reset(Exception):
    """End this connection with a reset."""


class Endpoint:
    def __init__(self, record):
        self.record = os.open(record, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.faults, self.leaving = dict(FAULTS), asyncio.Event()
        self.idle, self.busy = set(), set()

    def note(self, line):
        os.write(self.record, line.encode() + b"\n")

    async def serve(self, reader, writer):
        me = asyncio.current_task()
        self.busy.add(me)
        try:
            await Connection(self, reader, writer).converse(me)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        except Reset:
            sock = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        finally:
            writer.close()
            self.busy.discard(me)
            self.idle.discard(me)

    async def leave(self, server):
        """As a good server does: no more connections, idle ones closed, the rest finished."""
        self.leaving.set()
        server.close()
        for task in list(self.idle):
            task.cancel()
        if self.busy:
            await asyncio.wait(self.busy, timeout=LEAVE_SECONDS)


class Connection:
    def __init__(self, endpoint, reader, writer):
        self.endpoint, self.reader, self.writer = endpoint, reader, writer

    async def converse(self, me):
        while not self.endpoint.leaving.is_set():
            self.endpoint.idle.add(me)
            head = await self.next_head()
            self.endpoint.idle.discard(me)
            if not head:
                return
            await self.answer(head)

    async def next_head(self):
        limit = self.endpoint.faults["idle"] or None
        try:
            return await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), limit)
        except TimeoutError:
            return None

    async def answer(self, head):
        line, *lines = head.decode("latin-1").split("\r\n")[:-2]
        method, target, _ = line.split(" ")
        fields = {name.lower(): value.strip() for name, value in (x.split(":", 1) for x in lines)}
        path, _, number = target.partition("?")
        number, faults = int(number or 0), self.endpoint.faults
        if path == "/healthz":
            return self.say(200 if faults["well"] else 503, b"")
        if path == "/fault":
            faults |= json.loads(await self.reader.readexactly(int(fields["content-length"])))
            return self.say(200, b"")
        if method == "POST":
            self.endpoint.note(f"head {number}")
        if random.random() < faults["resets"]:
            raise Reset
        await getattr(self, f"on_{path[1:]}")(number, fields)

    def say(self, status, body):
        close = "Connection: close\r\n" if self.endpoint.leaving.is_set() else ""
        head = f"HTTP/1.1 {status} Said\r\nContent-Length: {len(body)}\r\n{close}\r\n"
        if body and random.random() < self.endpoint.faults["breaks"]:
            self.writer.write(head.encode() + body[: len(body) // 2])
            raise Reset
        self.writer.write(head.encode() + body)

    async def on_small(self, number, _):
        self.say(200, bodies.small(number))

    async def on_big(self, number, _):
        self.say(200, bodies.big(number))
        await self.writer.drain()

    async def on_flood(self, *_):
        """More than all buffers on the way hold."""
        self.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(bodies.FLOOD))
        self.writer.write(bodies.FLOOD)
        await self.writer.drain()

    async def on_post(self, number, fields):
        body = await self.body(fields)
        digest = hashlib.sha256(body).hexdigest()
        self.endpoint.note(f"body {number} {digest}")
        self.say(200, f"{number} {digest}".encode())

    on_upload = on_post

    async def on_slow(self, number, _):
        body, size = bodies.slow(number), bodies.SLOW_PIECE_BYTES
        self.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
        for start in range(0, len(body), size):
            await asyncio.sleep(SLOW_GAP_SECONDS)  # none after the last: then the next may come
            self.writer.write(body[start : start + size])

    async def on_websocket(self, _, fields):
        key = hashlib.sha1(fields["sec-websocket-key"].encode() + MAGIC).digest()
        self.writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: %s\r\n\r\n" % base64.b64encode(key)
        )
        leaving = asyncio.ensure_future(self.endpoint.leaving.wait())
        while True:
            frame = asyncio.ensure_future(self.frame())
            await asyncio.wait([frame, leaving], return_when=asyncio.FIRST_COMPLETED)
            opcode, data = frame.result() if frame.done() else (8, struct.pack("!H", 1001))
            self.writer.write(bytes([0x80 | opcode, len(data)]) + data)
            if opcode == 8:
                frame.cancel()
                leaving.cancel()
                raise ConnectionError

    async def frame(self):
        """One of a client: short and masked."""
        head = await self.reader.readexactly(2)
        mask = await self.reader.readexactly(4)
        data = await self.reader.readexactly(head[1] & 0x7F)
        return head[0] & 0x0F, bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))

    async def body(self, fields):
        if fields.get("transfer-encoding") != "chunked":
            return await self.reader.readexactly(int(fields.get("content-length", 0)))
        pieces = []
        while size := int(await self.reader.readuntil(b"\r\n"), 16):
            pieces.append((await self.reader.readexactly(size + 2))[:-2])
        await self.reader.readuntil(b"\r\n")
        return b"".join(pieces)


async def main(port, record):
    endpoint = Endpoint(record)
    server = await asyncio.start_server(
        endpoint.serve, "127.0.0.1", port, limit=1 << 18, backlog=1024
    )
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    await told.wait()
    await endpoint.leave(server)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2]))
