"""The pool of the wire suite: records every byte of every connection, reads them strictly
and answers by the script of the case. One thread, so that what comes first is answered
first."""

import asyncio
import itertools
import re
import socket
import struct
import threading

from case import CLOSE, RESET, Pool
from strict_messages import Malformed, StrictReader, request_of
from waiting import eventually, scaled

# Asked by clients that have nothing to do with the case.
BYSTANDER = re.compile(rb"/(next|after|barrier)-\d+")
SPLIT = re.compile(rb"/split-(\d+)")  # answered in two pieces, cut there
SECOND_HALF_OF_TUNNEL = b"pong"


class Link(asyncio.Protocol):
    """One connection from the proxy."""

    def __init__(self, origin):
        self.origin, self.reader = origin, StrictReader(request_of)
        self.answered = 0
        self.spoiled = self.open = self.continued = False
        self.tunnel = self.received = b""

    def connection_made(self, transport):
        self.transport, self.open = transport, True
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.origin.links.append(self)

    def connection_lost(self, _):
        self.open = False

    def data_received(self, data):
        self.received += data
        if self.reader.opaque:
            return self.tunnelled(data)
        try:
            self.reader.feed(data)
        except (Malformed, StopIteration) as problem:
            self.origin.complain(f"malformed at the pool: {problem}")
            return self.transport.abort()
        for message in self.reader.messages[self.answered :]:
            self.meet(message)

    def tunnelled(self, data):
        self.tunnel += data
        if b"ping" in data:
            self.transport.write(SECOND_HALF_OF_TUNNEL)

    def meet(self, message):
        """Answers where the script's moment has come."""
        if self.spoiled:
            self.origin.reused = True
        bystander = BYSTANDER.fullmatch(message.target)
        pool = None if bystander else self.origin.script_for(message)
        if pool and pool.interim and not self.continued:
            self.continued = True
            self.transport.write(pool.interim)
        if not (message.complete or (pool and pool.at == "head")):
            return
        self.answered += 1
        self.continued = False
        if bystander or pool is None:
            return self.transport.write(self.origin.plain_answer(message))
        self.play(pool, message)

    def play(self, pool, message):
        said = pool.say.replace(b"@", b"%d" % next(self.origin.numbers))
        if said.startswith(b"HTTP/1.1 101"):
            self.reader.opaque = True
            self.tunnel, self.reader.buffer = self.reader.buffer, b""
        if pool.later:
            self.transport.write(said)
            self.origin.held.append((self, pool.later, pool))
        elif cut := SPLIT.fullmatch(message.target):
            self.transport.write(said[: int(cut[1])])
            self.origin.held.append((self, said[int(cut[1]) :], pool))
        else:
            self.end(said, pool)

    def end(self, said, pool):
        self.spoiled = not pool.clean
        if said:
            self.transport.write(said)
        if pool.then == CLOSE and pool.at == "head":
            # The body still to come is read: closing on it would reset what was said.
            self.transport.write_eof()
        elif pool.then == CLOSE:
            self.transport.close()
        elif pool.then == RESET:
            sock = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()


class RecordingOrigin:
    """Listens on a free loopback port. `begin` before each case; then read `received`,
    `asked` and `problems`."""

    def __init__(self):
        self.numbers = itertools.count(1)
        self.links, self.held = [], []
        self.script, self.problems, self.reused = None, [], False
        self.before = {}
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        listening = self.loop.create_server(lambda: Link(self), "127.0.0.1", 0, backlog=1024)
        self.server = self.call(listening)
        self.port = self.server.sockets[0].getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"

    def call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(scaled(10))

    def begin(self, script: Pool | None):
        self.call(self.drop_spoiled())
        self.links = [link for link in self.links if link.open]
        self.before = {id(link): len(link.reader.messages) for link in self.links}
        for link in self.links:
            link.received = b""
            link.reader.odd.clear()
        self.script, self.problems, self.reused = script, [], False

    async def drop_spoiled(self):
        """What one case left behind is not held against the next."""
        for link in self.links:
            if link.spoiled:
                link.transport.abort()

    @property
    def odd(self):
        return [line for link in self.links for line in link.reader.odd]

    def complain(self, problem):
        self.problems.append(problem)

    def script_for(self, message):
        if self.script and self.script.upgrade_only and not message.values(b"Upgrade"):
            return None
        return self.script

    def plain_answer(self, message):
        number = b"%d" % next(self.numbers)
        body = b"" if message.method == b"HEAD" else b"%b %b" % (message.method, message.target)
        length = b"" if message.method == b"HEAD" else b"Content-Length: %d\r\n" % len(body)
        return b"HTTP/1.1 200 OK\r\nX-Origin: %b\r\n%b\r\n%b" % (number, length, body)

    @property
    def asked(self):
        """Requests of the case, whole or not."""
        new = [m for link in self.links for m in link.reader.messages[self.seen_before(link) :]]
        return [each for each in new if not BYSTANDER.fullmatch(each.target)]

    @property
    def received(self):
        """Every byte since `begin`, connection by connection, then the bodies by themselves."""
        raw = b"".join(link.received for link in self.links)
        return raw + b"\0" + b"\0".join(each.body for each in self.asked)

    def seen_before(self, link):
        return self.before.get(id(link), 0)

    def release(self):
        """Says the second halves of answers that are held. The proxy's side has them then."""
        async def say():
            held, self.held = self.held, []
            for link, rest, pool in held:
                link.end(rest, pool)

        self.call(say())

    def await_rest(self, patience):
        """Until no open connection is in the middle of a request."""
        eventually(
            lambda: not any(link.open and link.reader.unfinished for link in list(self.links)),
            patience,
            "a request without its end is left open at the pool",
        )

    def close(self):
        async def end():
            self.server.close()
            for link in self.links:
                link.transport.abort()

        self.call(end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(scaled(5))
        self.loop.close()
