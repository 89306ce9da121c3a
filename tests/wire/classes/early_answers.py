"""The pool answers before it has read the request: what is left of the body must not become
the next request, on neither side."""

from case import CLOSE, HIDDEN, RESET, UNTIL_ANSWERED, UNTIL_ASKED, Pool, case, chunked, ok, post

TITLE = "early answers"
FINAL = ok(b"Content-Length: 4", line=b"HTTP/1.1 413 Large", body=b"much")
CLOSING = ok(b"Content-Length: 4", b"Connection: close", line=b"HTTP/1.1 413 L", body=b"much")
LENGTH = b"Content-Length: %d" % (len(HIDDEN) + 5)
PART = b"5\r\nhello\r\n"


def early(name, send, must="ok | wait", policy="ok", say=FINAL, then="stay", clean=True,
          cut_off=True, **more):
    """A proxy may as well wait for the whole of a request before it asks the pool."""
    pool = Pool(say, then, at="head", clean=clean)
    return case(name, "9112 §9.5", send, must, policy, pool=pool, cut_off=cut_off, streams=True,
                **{"lacks": b"\nget /hidden", **more})


CASES = [
    early("no body yet", [post(LENGTH), UNTIL_ANSWERED]),
    early("half of the body", [post(LENGTH, body=b"hello"), UNTIL_ANSWERED]),
    early("half of the body, the rest is a request",
          [post(LENGTH, body=b"hello"), UNTIL_ANSWERED, HIDDEN]),
    early("all of the body in the first piece", post(LENGTH, body=b"hello" + HIDDEN), split=True,
          cut_off=False),
    early("no chunk yet", [chunked(b""), UNTIL_ANSWERED]),
    early("half of a chunk", [chunked(b"5\r\nhe"), UNTIL_ANSWERED]),
    early("one chunk", [chunked(PART), UNTIL_ANSWERED]),
    early("one chunk, the rest is a request", [chunked(PART), UNTIL_ANSWERED, HIDDEN],
          "ok | ok 400 | 400 | close"),
    early("the last chunk follows the answer", [chunked(PART), UNTIL_ANSWERED, b"0\r\n\r\n"]),
    early("the last chunk and a request follow the answer",
          [chunked(PART), UNTIL_ANSWERED, b"0\r\n\r\n" + HIDDEN], "ok | ok ok", "ok",
          lacks=()),
    early("and closes", [post(LENGTH, body=b"hello"), UNTIL_ANSWERED], then=CLOSE, say=CLOSING),
    early("and closes with all of the body", post(LENGTH, body=b"hello" + HIDDEN), then=CLOSE,
          say=CLOSING, cut_off=False),
    early("and resets", [chunked(PART), UNTIL_ASKED], "ok | 5xx | cut | close | wait",
          "ok | 502 | cut | close", then=RESET, say=CLOSING),
    early("chunked and closes", [chunked(PART), UNTIL_ANSWERED], then=CLOSE, say=CLOSING),
    early("without a word", [chunked(PART), UNTIL_ASKED], "5xx | close | wait", "502", say=b"",
          then=CLOSE),
    early("a reset without a word", [chunked(PART), UNTIL_ASKED], "5xx | close | wait", "502",
          say=b"", then=RESET),
    early("half an answer", [chunked(PART), UNTIL_ASKED], "5xx | cut | wait", "502",
          say=b"HTTP/1.1 20", then=CLOSE),
    early("half a body", [chunked(PART), UNTIL_ASKED], "5xx | cut | wait", "cut",
          say=ok(b"Content-Length: 9", body=b"half"), then=CLOSE),
    early("an answer in chunks", [chunked(PART), UNTIL_ANSWERED],
          say=ok(b"Transfer-Encoding: chunked", body=b"2\r\nok\r\n0\r\n\r\n")),
    early("an answer until the close", [chunked(PART), UNTIL_ASKED], say=ok(body=b"all of it"),
          then=CLOSE),
    case("an answer in doubt behind the body, a request behind that", "9112 §9.5",
         [chunked(b""), UNTIL_ASKED, PART + b"0\r\n\r\n" + HIDDEN], "5xx ok | 5xx 5xx | 5xx | cut",
         streams=True, pool=Pool(ok(b"Transfer-Encoding: chunked", body=b"x\r\n"))),
    early("an answer in doubt", [chunked(PART), UNTIL_ASKED], "5xx | close | wait", "502",
          clean=False, say=ok(b"Content-Length: 2", b"Content-Length: 3", body=b"abc")),
]
