"""HTTP/1.1 taken apart without any leniency (RFC 9112): what is not grammatical, or could
be framed in two ways, is Malformed. One reader for one direction of one connection."""

import re
from dataclasses import dataclass, field

TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
TEXT = rb"[\t\x20-\x7e\x80-\xff]"
ABSOLUTE = rb"[A-Za-z][A-Za-z0-9+.-]*:[!\"$-~]+"
REQUEST_LINE = re.compile(rb"(%b) (\*|/[!\"$-~]*|%b) HTTP/1\.([01])" % (TOKEN, ABSOLUTE))
STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9][0-9]) (%b*)" % TEXT)
FIELD = re.compile(rb"(%b):[ \t]*(%b*?)[ \t]*" % (TOKEN, TEXT))
# Without CR, LF and NUL a control does no harm where it is (RFC 9110 §5.5), but is noted.
ODD_FIELD = re.compile(rb"(%b):([^\0\r\n]*)" % TOKEN)
HOST = re.compile(rb"([A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+(?:%25[\w.]+)?\])(:[0-9]*)?")
QUOTED = rb'"(?:[\t\x20\x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*"'
EXTENSION = rb"[ \t]*;[ \t]*%b(?:[ \t]*=[ \t]*(?:%b|%b))?" % (TOKEN, TOKEN, QUOTED)
CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]+)((?:%b)*)" % EXTENSION)
UNTIL_CLOSE = -1


class Malformed(Exception):
    """The bytes are no message, or not one message only."""


@dataclass
class Message:
    """`framing`: bytes of the body, "chunked", or UNTIL_CLOSE."""

    line: bytes
    fields: list
    minor: int
    method: bytes = b""
    target: bytes = b""
    status: int = 0
    framing: object = 0
    body: bytes = b""
    trailers: list = field(default_factory=list)
    complete: bool = False

    def values(self, name):
        return [value for each, value in self.fields if each.lower() == name.lower()]

    def value(self, name):
        values = self.values(name)
        return values[0] if values else None

    @property
    def closes(self):
        options = b",".join(self.values(b"Connection")).lower()
        return b"close" in options or (self.minor == 0 and b"keep-alive" not in options)


def framing_of(message):
    """Bytes, "chunked", or none where the message does not say."""
    codings, lengths = message.values(b"Transfer-Encoding"), message.values(b"Content-Length")
    if codings and lengths:
        raise Malformed("Transfer-Encoding and Content-Length")
    if codings:
        if [each.lower() for each in codings] != [b"chunked"] or message.minor == 0:
            raise Malformed(f"Transfer-Encoding {codings} on HTTP/1.{message.minor}")
        return "chunked"
    if lengths and (len(lengths) > 1 or not re.fullmatch(rb"[0-9]{1,19}", lengths[0])):
        raise Malformed(f"Content-Length {lengths}")
    return int(lengths[0]) if lengths else None


def request_of(line, fields):
    match = REQUEST_LINE.fullmatch(line)
    if not match:
        raise Malformed(f"request line {line[:80]!r}")
    method, target, minor = match.groups()
    message = Message(line, fields, int(minor), method=method, target=target)
    hosts = message.values(b"Host")
    if len(hosts) > 1 or (not hosts and message.minor == 1):
        raise Malformed(f"Host {hosts}")
    if hosts and not HOST.fullmatch(hosts[0]):
        raise Malformed(f"Host {hosts}")
    message.framing = framing_of(message) or 0
    return message


def response_of(line, fields, method):
    match = STATUS_LINE.fullmatch(line)
    if not match:
        raise Malformed(f"status line {line[:80]!r}")
    message = Message(line, fields, int(match[1]), status=int(match[2]))
    framing = framing_of(message)
    bodyless = message.status < 200 or message.status == 204
    if bodyless and framing is not None:
        raise Malformed(f"{message.status} with framing")
    if bodyless or message.status == 304 or method == b"HEAD":
        message.framing = 0
    else:
        message.framing = UNTIL_CLOSE if framing is None else framing
    return message


class StrictReader:
    """Feed it what arrives; `messages` grows as heads are complete. `interpret(line,
    fields)` makes the message of a head. Stops for good when `opaque` is set."""

    def __init__(self, interpret):
        self.interpret, self.buffer, self.raw = interpret, b"", b""
        self.messages, self.opaque, self.ended = [], False, False
        self.begun = False
        self.odd = []  # lines with controls
        self.steps = self._run()
        next(self.steps)

    @property
    def unfinished(self):
        """In the middle of a message."""
        return not self.opaque and (self.begun or bool(self.buffer))

    def feed(self, data):
        self.raw += data
        self.buffer += data
        if not self.opaque:
            next(self.steps)

    def feed_end(self):
        self.ended = True
        if not self.opaque:
            next(self.steps)

    def _run(self):
        while True:
            while not self.buffer or self.opaque:
                yield
            self.begun = True
            message = self.interpret(*(yield from self._head()))
            self.messages.append(message)
            yield from self._body(message)
            message.complete, self.begun = True, False
            self.opaque = self.opaque or message.status == 101

    def _line(self):
        while b"\r\n" not in self.buffer:
            self._refuse_controls(self.buffer[:-1] if self.buffer[-1:] == b"\r" else self.buffer)
            yield
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        self._refuse_controls(line)
        return line

    @staticmethod
    def _refuse_controls(line):
        if re.search(rb"[\r\n\0]", line):
            raise Malformed(f"CR, LF or NUL in {line[:80]!r}")

    def _field(self, line):
        if match := FIELD.fullmatch(line):
            return match.groups()
        match = ODD_FIELD.fullmatch(line)
        if not match:
            raise Malformed(f"field line {line[:80]!r}")
        self.odd.append(line)
        return match[1], match[2].strip(b" \t")

    def _fields(self):
        fields = []
        while line := (yield from self._line()):
            fields.append(self._field(line))
        return fields

    def _head(self):
        line = yield from self._line()
        return line, (yield from self._fields())

    def _exactly(self, count):
        while len(self.buffer) < count:
            yield
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def _body(self, message):
        if message.framing == "chunked":
            yield from self._chunks(message)
        elif message.framing == UNTIL_CLOSE:
            while not self.ended:
                yield
            message.body, self.buffer = self.buffer, b""
        else:
            message.body = yield from self._exactly(message.framing)

    def _chunks(self, message):
        while True:
            line = yield from self._line()
            match = CHUNK_LINE.fullmatch(line)
            if not match:
                raise Malformed(f"chunk line {line[:80]!r}")
            size = int(match[1], 16)
            if size == 0:
                break
            message.body += yield from self._exactly(size)
            if (yield from self._exactly(2)) != b"\r\n":
                raise Malformed("no CRLF after a chunk")
        message.trailers = yield from self._fields()
