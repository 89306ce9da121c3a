"""Load of many clients, each with its own cookies, over a few keep-alive connections:
consecutive requests of one connection belong to different clients, so that nothing
but the cookie can keep a client on its version. Standard library only."""

import asyncio
import time
from dataclasses import dataclass, field

REQUEST_TIMEOUT_SECONDS = 15


@dataclass
class User:
    number: int
    cookies: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """One request as the client saw it; times of the monotonic clock, in seconds."""

    sent: float
    ended: float
    user: int
    status: int  # 0: no complete response
    version: str  # X-Weir-Version; empty where there was none

    @property
    def failed(self):
        return self.status == 0 or self.status >= 500


async def read_head(reader):
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = [line.split(":", 1) for line in lines[1:] if line]
    return int(lines[0].split(" ", 2)[1]), [(n.lower(), v.strip()) for n, v in fields]


async def read_body(reader, fields):
    named = dict(fields)
    if "chunked" in named.get("transfer-encoding", ""):
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        while await reader.readuntil(b"\r\n") != b"\r\n":
            pass
    else:
        await reader.readexactly(int(named["content-length"]))


def keep_cookies(user, fields):
    for name, value in fields:
        if name == "set-cookie":
            cookie, _, content = value.split(";", 1)[0].partition("=")
            user.cookies[cookie] = content


class Connection:
    """One client connection, opened when needed and again after a failure."""

    def __init__(self, host, port, path="/"):
        self.address = (host, port)
        self.path = path
        self.streams = None

    def close(self):
        if self.streams:
            self.streams[1].close()
        self.streams = None

    async def exchange(self, user):
        """Status and version. A connection that fails is a failed request: no retry."""
        if not self.streams:
            self.streams = await asyncio.open_connection(*self.address)
        reader, writer = self.streams
        cookies = "; ".join(f"{name}={value}" for name, value in user.cookies.items())
        head = f"GET {self.path} HTTP/1.1\r\nHost: {self.address[0]}:{self.address[1]}\r\n"
        head += f"Cookie: {cookies}\r\n" if cookies else ""
        writer.write(f"{head}User-Agent: demo\r\n\r\n".encode("latin-1"))
        status, fields = await read_head(reader)
        await read_body(reader, fields)
        keep_cookies(user, fields)
        if dict(fields).get("connection", "").lower() == "close":
            self.close()
        return status, dict(fields).get("x-weir-version", "")

    async def ask(self, user):
        sent = time.monotonic()
        try:
            status, version = await asyncio.wait_for(self.exchange(user), REQUEST_TIMEOUT_SECONDS)
        except (OSError, EOFError, ValueError, KeyError, asyncio.TimeoutError):
            self.close()
            status, version = 0, ""
        return Sample(sent, time.monotonic(), user.number, status, version)


class Load:
    """`users` clients, one after the other and round again, at `rate` requests per second
    over `connections` connections, until `stop`."""

    def __init__(self, host, port, users=2400, rate=600, connections=24, path="/"):
        self.users = [User(number) for number in range(users)]
        self.rate = rate
        self.connections = [Connection(host, port, path) for _ in range(connections)]
        self.samples = []
        self.sent = 0
        self.running = True

    def stop(self):
        self.running = False

    async def run(self):
        began = time.monotonic()
        await asyncio.gather(*(self.drive(connection, began) for connection in self.connections))

    async def drive(self, connection, began):
        while self.running:
            turn = self.sent
            self.sent += 1
            await asyncio.sleep(max(0.0, began + turn / self.rate - time.monotonic()))
            user = self.users[turn % len(self.users)]
            self.samples.append(await connection.ask(user))
        connection.close()
