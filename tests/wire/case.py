"""What a case of the wire suite is. One reads from left to right: what is sent, what the
client may get, what the pool may see.

Outcomes are words, one for each answer, in order; alternatives stand between bars:

    ok      the pool's own answer, whole
    cut     the pool's answer, ended early by a close or reset, so that it shows
    101     the pool switched protocols
    400     an answer the proxy made itself; 4xx is any of them
    close   closed without an answer
    wait    no (further) answer yet, and the connection is open

`must` is all that the RFC allows; `policy` is what Weir makes of it where the RFC leaves a
choice (the same, unless given). `has` and `lacks` are about the bytes that reached the pool,
lower-cased: `has` and `lacks` where a standard says so, `shows` and `strips` where that is
Weir's own choice."""

import fnmatch
from dataclasses import dataclass

CRLF = b"\r\n"
END = b"\r\n\r\n"
HOST = b"Host: shop.test"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: shop.test\r\n\r\n"

# Steps of a client between its bytes.
UNTIL_100 = "until 100"  # it has a 100 (Continue)
UNTIL_ASKED = "until asked"  # the head of its request is at the pool
UNTIL_ANSWERED = "until answered"  # it has a whole answer
HALF_CLOSE = "half-close"  # it will say no more
POOL_SAYS_MORE = "pool says more"  # `later`, on a connection that is idle by now

# What the pool does after its words.
STAY, CLOSE, RESET = "stay", "close", "reset"

ID = b"X-Origin: @" + CRLF  # in the pool's answers: becomes a number given once


@dataclass(frozen=True)
class Pool:
    """What the pool answers to each request of the case, once its head (`at="head"`) or
    all of it is there. `clean`: the connection may serve others afterwards."""

    say: bytes = b""
    then: str = STAY
    later: bytes = b""  # said at POOL_SAYS_MORE; what comes `then` waits for it as well
    interim: bytes = b""  # said as soon as the head is there
    at: str = "whole"
    clean: bool = False
    upgrade_only: bool = False  # only to a request that asks for it; others are answered plainly


@dataclass(frozen=True)
class Case:
    name: str
    rfc: str
    send: object  # bytes, or a list of bytes and steps: each piece is read before the next
    must: str
    policy: str = ""
    has: tuple = ()
    lacks: tuple = ()
    shows: tuple = ()
    strips: tuple = ()
    gets: tuple = ()  # what the client must get, if the pool answered it
    never_gets: tuple = ()
    pool: object = None  # Pool, or none: a plain 200 to each whole request
    streams: bool = False  # found out while the request is on its way: the pool saw its head
    split: bool = False  # also with the bytes cut in two at every position
    cut_off: bool = False  # the client has said less than a whole request: nothing can follow
    methods: tuple = ()  # of the requests, where they are not all as the first

    @property
    def pieces(self):
        return self.send if isinstance(self.send, list) else [self.send]

    @property
    def method_of_each(self):
        return self.methods or (self.pieces[0].split(b" ")[0],)

    def allowed(self, by_policy):
        return self.policy if by_policy else f"{self.must} | {self.policy}"


def case(name, rfc, send, must, policy="", **more):
    """Texts in `has` and the like may be given alone."""
    for key in ("has", "lacks", "shows", "strips", "gets", "never_gets"):
        if isinstance(more.get(key), bytes):
            more[key] = (more[key],)
    return Case(name, rfc, send, must, policy or must, **more)


def alternatives(text):
    return [each.strip() for each in text.split("|") if each.strip()]


def words_of(alternative):
    return [word for word in alternative.split() if word not in ("close", "wait")]


def most_answers(allowed):
    """How many to wait for before it is clear which outcome it is."""
    return max(1, *(len(words_of(each)) for each in alternatives(allowed)))


def fewest_answers(allowed):
    """How many come whichever outcome it is."""
    return min(sum(word != "cut" for word in words_of(each)) for each in alternatives(allowed))


def allows(allowed, outcome):
    """Whether an outcome is one of those allowed; x stands for any digit."""
    def pattern(text):
        return " ".join(w.replace("x", "?") if w[0].isdigit() else w for w in text.split())

    return any(fnmatch.fnmatchcase(outcome, pattern(each)) for each in alternatives(allowed))


def head(line, *fields):
    """A head: the request line or status line, then field lines."""
    return b"".join(each + CRLF for each in (line, *fields)) + CRLF


def get(*fields, line=b"GET / HTTP/1.1"):
    return head(line, HOST, *fields)


def post(*fields, body=b"", line=b"POST / HTTP/1.1"):
    return head(line, HOST, *fields) + body


def chunked(body, *fields):
    """A POST with a chunked body as given."""
    return post(b"Transfer-Encoding: chunked", *fields, body=body)


def ok(*fields, body=b"", line=b"HTTP/1.1 200 OK"):
    """An answer of the pool with its number; the framing is the caller's."""
    return head(line, ID.rstrip(), *fields) + body
