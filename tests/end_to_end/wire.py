"""HTTP/1.1 as bytes on a socket: what clients and scripted origins have in common."""

import socket
from dataclasses import dataclass, field

from waiting import scaled

WITHOUT_BODY = (204, 304)


@dataclass
class Message:
    """A request or a response as it came. `body`: without chunk framing."""

    line: str
    fields: list
    body: bytes = b""
    complete: bool = True
    trailers: list = field(default_factory=list)

    @property
    def status(self):
        return int(self.line.split(" ")[1])

    @property
    def method(self):
        return self.line.split(" ")[0]

    @property
    def target(self):
        return self.line.split(" ")[1]

    def values(self, name):
        return [value for each, value in self.fields if each.lower() == name.lower()]

    def value(self, name):
        """The only one; none where the field is absent."""
        values = self.values(name)
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None


def parse_fields(lines):
    pairs = (line.split(":", 1) for line in lines)
    return [(name, value.strip()) for name, value in pairs]


class Incomplete(Exception):
    """The other side closed in the middle of a message."""


class Stream:
    """A socket with a buffer; remembers every byte it received."""

    def __init__(self, sock, record=None):
        self.socket, self.buffer, self.record = sock, b"", record
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data):
        self.socket.sendall(data)

    def fill(self):
        """False: the other side closed or reset."""
        try:
            data = self.socket.recv(256 * 1024)
        except (ConnectionError, BrokenPipeError):
            return False
        if self.record is not None:
            self.record(data)
        self.buffer += data
        return bool(data)

    def until(self, mark):
        while mark not in self.buffer:
            if not self.fill():
                raise Incomplete(f"closed before {mark!r}, after {self.buffer[:200]!r}")
        taken, self.buffer = self.buffer.split(mark, 1)
        return taken

    def exactly(self, count):
        pieces, held = [self.buffer], len(self.buffer)
        while held < count:
            self.buffer = b""
            if not self.fill():
                self.buffer = b"".join(pieces)
                raise Incomplete(f"closed {count - held} bytes early")
            pieces.append(self.buffer)
            held += len(self.buffer)
        whole = b"".join(pieces)
        self.buffer = whole[count:]
        return whole[:count]

    def to_end(self):
        while self.fill():
            pass
        rest, self.buffer = self.buffer, b""
        return rest

    def head(self):
        lines = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        return Message(lines[0], parse_fields(lines[1:]))

    def chunked(self, message):
        body = []
        while size := int(self.until(b"\r\n").split(b";")[0], 16):
            body.append(self.exactly(size))
            assert self.exactly(2) == b"\r\n"
        message.body = b"".join(body)
        while line := self.until(b"\r\n"):
            message.trailers += parse_fields([line.decode("latin-1")])

    def framed_body(self, message):
        """False: the message says nothing about its length."""
        if (message.value("Transfer-Encoding") or "").lower() == "chunked":
            self.chunked(message)
        elif (length := message.value("Content-Length")) is not None:
            message.body = self.exactly(int(length))
        else:
            return False
        return True

    def close(self):
        self.socket.close()


class RawClient(Stream):
    """One connection to the proxy; says exactly what it is told."""

    def __init__(self, port, seconds=10):
        super().__init__(socket.create_connection(("127.0.0.1", port), scaled(seconds)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def get(self, path="/", **fields):
        self.send(request("GET", path, **fields))
        return self.response()

    def response(self, to="GET", interim=None):
        """The next final response; interim ones go to the list `interim`."""
        message = self.head()
        while 100 <= message.status < 200 and message.status != 101:
            if interim is not None:
                interim.append(message)
            message = self.head()
        if to == "HEAD" or message.status in WITHOUT_BODY:
            return message
        try:
            if not self.framed_body(message):
                message.body = self.to_end()
        except Incomplete:
            message.complete = False
            message.body, self.buffer = self.buffer, b""
        return message

    def closed(self):
        """The proxy closes: nothing more comes, within the socket's timeout."""
        return self.to_end() == b""


def request(method="GET", path="/", body=None, version="1.1", host="shop.test", **fields):
    """A request's bytes; `X_Name` as a keyword stands for X-Name."""
    lines = [f"{method} {path} HTTP/{version}", f"Host: {host}"]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + (body or b"")


def response(status=200, body=b"ok", *lines):
    head = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", *lines]
    return ("\r\n".join(head) + "\r\n\r\n").encode("latin-1") + body
