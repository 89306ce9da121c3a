"""The site every client visits: a scripted origin, whose answers this page also foretells."""

import gzip
import hashlib
import random

from origins import Origin
from wire import Incomplete, response

SMALL = b"hello from behind the weir\n"
BIG = random.Random(4).randbytes(64 * 1024)
TEXT = b"the same line again and again\n" * 2000
ZIPPED = gzip.compress(TEXT, mtime=0)
PIECES = [BIG[:1], BIG[1:5000], BIG[5000:40_000], BIG[40_000:]]
UPLOAD = random.Random(5).randbytes(100_000)
ETAG = '"v1"'
TRAILER = ("X-Sum", "4711")
EARLY_SECONDS = 0.03


def told_of(method, body):
    """What /echo answers: every byte of the body counts."""
    return f"{method} {len(body)} {hashlib.sha256(body).hexdigest()}\n".encode()


def in_chunks(pieces, *lines, trailers=()):
    head = ["HTTP/1.1 200 Said", "Transfer-Encoding: chunked", *lines]
    body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    end = "".join(f"{name}: {value}\r\n" for name, value in trailers)
    return "\r\n".join([*head, "", ""]).encode() + body + f"0\r\n{end}\r\n".encode()


def moved(status, target):
    return response(status, b"moved", f"Location: {target}")


def empty(status):
    return f"HTTP/1.1 {status} Said\r\nETag: {ETAG}\r\n\r\n".encode()


def answer(asked):
    path, colour = asked.target.split("?")[0], asked.colour
    page = {
        "/small": lambda: response(200, SMALL, "Content-Type: text/plain"),
        "/big": lambda: response(200, BIG, "Content-Type: application/octet-stream"),
        "/pieces": lambda: in_chunks(PIECES),
        "/trailers": lambda: in_chunks(PIECES, trailers=[TRAILER]),
        "/echo": lambda: response(200, told_of(asked.method, asked.body)),
        "/nothing": lambda: empty(204),
        "/cached": lambda: empty(304) if asked.value("If-None-Match") == ETAG else response(),
        "/redirect": lambda: moved(302, "/small"),
        "/moved": lambda: moved(307, "/echo"),
        "/zipped": lambda: response(200, ZIPPED, "Content-Encoding: gzip"),
        "/missing": lambda: response(404, b"no such page\n"),
        "/broken": lambda: response(500, b"it broke\n"),
        "/colour": lambda: response(200, colour.encode()),
        "/page": lambda: response(200, b"<title>shop</title>", "Content-Type: text/html"),
    }.get(path)
    said = page() if page else response(404, b"not a page of this site\n")
    return said.split(b"\r\n\r\n")[0] + b"\r\n\r\n" if asked.method == "HEAD" else said


def is_silent(peer):
    """The client keeps its body until it is asked for it."""
    peer.socket.settimeout(EARLY_SECONDS)
    try:
        return not peer.buffer and not peer.fill()
    except TimeoutError:
        return True
    finally:
        peer.socket.settimeout(None)


def site(colour):
    """`expected`: of each request with Expect, whether its client waited."""

    def converse(peer):
        while True:
            try:
                asked = peer.read_head()
                if asked.value("Expect"):
                    peer.origin.expected.append(is_silent(peer))
                    peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")
                peer.framed_body(asked)
            except Incomplete:
                return
            asked.colour = colour
            peer.send(answer(asked))

    made = Origin(converse)
    made.expected = []
    return made
