"""Server-sent events: each arrives as it is sent, however long the gaps."""

import asyncio
import threading
import time

import aiohttp
import pytest
from aiohttp import web

from configuration import milliseconds, proxy, service
from waiting import eventually, scaled
from wire import Incomplete, RawClient, request

GAP_SECONDS = 0.7
TIMEOUTS = {"body_stall": milliseconds(0.3), "response": milliseconds(5)}
EVENT_STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNK = b"3\r\nabc\r\n"


class EventServer:
    """aiohttp, which sends an event each time it is told to."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.ready, self.left = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        self.ready.wait(scaled(10))

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self.start())
        self.ready.set()
        self.loop.run_forever()

    async def start(self):
        self.events = asyncio.Queue()
        app = web.Application()
        app.router.add_get("/events", self.stream)
        self.runner = web.AppRunner(app, handler_cancellation=True)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]

    async def stream(self, asked):
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        try:
            await answer.prepare(asked)
            while (event := await self.events.get()) is not None:
                await answer.write(f"data: {event}\n\n".encode())
            await answer.write_eof()
        except (asyncio.CancelledError, ConnectionError):
            self.left.set()
            raise
        return answer

    def send(self, event):
        self.loop.call_soon_threadsafe(self.events.put_nowait, event)

    def close(self):
        asyncio.run_coroutine_threadsafe(self.runner.cleanup(), self.loop).result(scaled(10))
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(scaled(10))


@pytest.fixture
def events():
    server = EventServer()
    yield server
    server.close()


async def listen(url, count, send):
    """Sends each event when the one before has arrived; answers what came and how late."""
    heard, delays = [], []
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200
        for number in range(count):
            await asyncio.sleep(scaled(GAP_SECONDS))
            sent = time.monotonic()
            send(number)
            heard.append(await asyncio.wait_for(answer.content.readuntil(b"\n\n"), scaled(5)))
            delays.append(time.monotonic() - sent)
        send(None)
        assert await answer.read() == b""
    return heard, delays


def test_each_event_arrives_as_it_is_sent(weir, events):
    """The gaps are longer than `timeouts.body_stall`."""
    proxied = weir(proxy(service(events, events), timeouts=TIMEOUTS))
    heard, delays = asyncio.run(listen(proxied.url + "/events", 4, events.send))
    assert heard == [b"data: %d\n\n" % number for number in range(4)]
    assert max(delays) < scaled(GAP_SECONDS) / 2


def test_a_listener_that_leaves_is_noticed_between_two_events(weir, events):
    proxied = weir(proxy(service(events, events)))
    with RawClient(proxied.port) as client:
        client.send(request(path="/events"))
        client.head()
    assert events.left.wait(scaled(2)), "nothing was sent since"
    blue = 'service="shop",version="blue"'
    eventually(lambda: proxied.metric("weir_client_aborts_total")[blue] == 1)


def pausing(kind):
    def converse(peer):
        peer.read_request()
        peer.send(EVENT_STREAM % kind + CHUNK)
        peer.fill()

    return converse


def test_a_silent_event_stream_ends_with_the_idle_time_of_tunnels(weir, origin):
    served = origin(pausing(b"Text/Event-Stream"))
    timeouts = {**TIMEOUTS, "tunnel_idle": milliseconds(1.5)}
    proxied = weir(proxy(service(served, served), timeouts=timeouts))
    with RawClient(proxied.port) as client:
        client.send(request())
        client.head()
        began = time.monotonic()
        assert client.to_end() == CHUNK
        assert scaled(1.4) <= time.monotonic() - began <= scaled(3)


@pytest.mark.parametrize("kind", [b"text/plain", b"text/event-streams", b"x-text/event-stream"])
def test_other_bodies_keep_their_deadline(weir, origin, kind):
    served = origin(pausing(kind))
    proxied = weir(proxy(service(served, served), timeouts=TIMEOUTS))
    with RawClient(proxied.port) as client:
        client.send(request())
        client.head()
        began = time.monotonic()
        with pytest.raises(Incomplete):
            client.exactly(1000)
        assert time.monotonic() - began <= scaled(1.2)
