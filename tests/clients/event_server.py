"""Server-sent events by aiohttp, each sent only after its listener has told of the one
before: a proxy that keeps any of them back gets no more."""

import asyncio
import threading

from aiohttp import web

from waiting import scaled

EVENTS = 6
BREAK_AFTER = 3
PATIENCE_SECONDS = 5


class EventServer:
    """/events/stream?of=NAME and POST /events/heard?of=NAME&id=N. The stream ends after
    BREAK_AFTER events; who comes back with Last-Event-ID gets the rest."""

    def __init__(self):
        self.heard, self.loop = {}, asyncio.new_event_loop()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        assert self.ready.wait(scaled(10))

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self.start())
        self.ready.set()
        self.loop.run_forever()

    async def start(self):
        app = web.Application()
        app.router.add_get("/events/page", self.page)
        app.router.add_get("/events/stream", self.stream)
        app.router.add_post("/events/heard", self.note)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        listener = web.TCPSite(self.runner, "127.0.0.1", 0)
        await listener.start()
        self.port = self.runner.addresses[0][1]

    async def page(self, _):
        return web.Response(text="<title>events</title>", content_type="text/html")

    def event_of(self, asked, number):
        return self.heard.setdefault((asked.query["of"], number), asyncio.Event())

    async def note(self, asked):
        self.event_of(asked, int(asked.query["id"])).set()
        return web.Response(status=204)

    async def stream(self, asked):
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(asked)
        await answer.write(b"retry: 10\n\n")
        first = int(asked.headers.get("Last-Event-ID", 0)) + 1
        for number in range(first, min(first + BREAK_AFTER, EVENTS + 1)):
            await answer.write(f"id: {number}\ndata: event {number}\n\n".encode())
            told = self.event_of(asked, number).wait()
            await asyncio.wait_for(told, scaled(PATIENCE_SECONDS))
        return answer

    def close(self):
        asyncio.run_coroutine_threadsafe(self.runner.cleanup(), self.loop).result(scaled(10))
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(scaled(10))
