"""A reader of server-sent events (WHATWG HTML §9.2) that does not wait for ever."""

import json

from waiting import scaled
from wire import RawClient


class EventStream:
    def __init__(self, weir, service=None, last_id=None):
        self.client = RawClient(weir.admin_port)
        query = f"?service={service}" if service else ""
        head = f"GET /v1/events{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        if weir.token:
            head += f"Authorization: Bearer {weir.token}\r\n"
        if last_id is not None:
            head += f"Last-Event-ID: {last_id}\r\n"
        self.client.send((head + "\r\n").encode())
        self.head = self.client.head()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.close()

    def next(self):
        """The next event: its fields, `data` read as JSON."""
        while True:
            event = {}
            for line in self.client.until(b"\n\n").decode().split("\n"):
                name, _, value = line.partition(":")
                event[name] = value.removeprefix(" ")
            if "data" in event:
                return {**event, "id": int(event["id"]), "data": json.loads(event["data"])}

    def take(self, count):
        return [self.next() for _ in range(count)]

    def silent(self, seconds=0.3):
        """Nothing comes for that long."""
        self.client.socket.settimeout(scaled(seconds))
        try:
            return self.next() is None
        except TimeoutError:
            return True
