"""Trailer fields of a request. Weir may drop them or pass them on; framing, routing and what
the proxy sets itself never travel so."""

from case import HIDDEN, case, chunked

TITLE = "trailers"
BODY = b"5\r\nhello\r\n0\r\n"
BROKEN = "400 | 413 | 431 | close"


def good(name, *lines, rfc="9110 §6.5", **more):
    body = BODY + b"".join(each + b"\r\n" for each in lines) + b"\r\n"
    return case(name, rfc, chunked(body), "ok | 400", "ok", **more)


def bad(name, *lines, rfc="9112 §7.1.2", must=BROKEN, policy="400", **more):
    body = BODY + b"".join(each + b"\r\n" for each in lines) + b"\r\n" + HIDDEN
    return case(name, rfc, chunked(body), must, policy, streams=True,
                lacks=() if "ok ok" in must else b"get /hidden", **more)


CASES = [
    good("one", b"X-Sum: 1", split=True),
    good("two", b"X-Sum: 1", b"X-Other: 2"),
    good("an empty one", b"X-Sum:"),
    good("announced", b"X-Sum: 1"),
    good("Content-Length", b"Content-Length: 99", rfc="9110 §6.5.1", strips=b"content-length: 99"),
    good("Transfer-Encoding", b"Transfer-Encoding: gzip", rfc="9110 §6.5.1", strips=b"gzip"),
    good("Host", b"Host: evil.test", rfc="9110 §6.5.1", strips=b"evil.test"),
    good("Authorization", b"Authorization: Basic evil", rfc="9110 §6.5.1", strips=b"basic evil"),
    good("Cookie", b"Cookie: evil=1", rfc="9110 §6.5.1", strips=b"evil=1"),
    good("X-Forwarded-For", b"X-Forwarded-For: 6.6.6.6", rfc="9110 §6.5.1", strips=b"6.6.6.6"),
    good("an alias of X-Forwarded-For", b"X_Forwarded_For: 6.6.6.6", rfc="9110 §6.5.1",
         lacks=b"6.6.6.6"),
    good("Connection", b"Connection: close", rfc="9110 §6.5.1"),
    good("Expect", b"Expect: 100-continue", rfc="9110 §6.5.1", strips=b"100-continue"),
    good("Max-Forwards", b"Max-Forwards: 5", rfc="9110 §6.5.1", strips=b"max-forwards"),
    good("Content-Type", b"Content-Type: evil/type", rfc="9110 §6.5.1", strips=b"evil/type"),
    case("announced in Trailer", "9110 §6.6.2",
         chunked(BODY + b"X-Sum: 1\r\n\r\n", b"Trailer: X-Sum"), "ok"),
    case("a request behind", "9112 §9.3.2", chunked(BODY + b"X-Sum: 1\r\n\r\n" + HIDDEN), "ok ok"),
    case("not yet ended", "9112 §7.1.2", chunked(BODY + b"X-Sum: 1\r\n"), "wait", streams=True),
    bad("folded", b"X-Sum: 1", b" 2", rfc="9112 §5.2", must=f"ok ok | {BROKEN}"),
    bad("begins with a blank", b" X-Sum: 1", must=f"ok ok | {BROKEN}"),
    bad("no colon", b"X-Sum", must=f"ok ok | {BROKEN}", split=True),
    bad("no name", b": 1", must=f"ok ok | {BROKEN}"),
    bad("a blank before the colon", b"X-Sum : 1", must=f"ok ok | {BROKEN}"),
    bad("a blank in the name", b"X Sum: 1", must=f"ok ok | {BROKEN}"),
    bad("a request for a trailer", b"GET /evil HTTP/1.1", must=f"ok ok | {BROKEN}"),
    bad("bare CR", b"X-Sum: 1\r2", rfc="9112 §2.2", must=f"ok ok | {BROKEN}"),
    bad("bare LF", b"X-Sum: 1\nX: 2", rfc="9112 §2.2", must=f"ok ok | {BROKEN}"),
    bad("NUL", b"X-Sum: 1\0", rfc="9110 §5.5", must=f"ok ok | {BROKEN}"),
    bad("a control", b"X-Sum: \x01", rfc="9110 §5.5", must=f"ok ok | {BROKEN}"),
    bad("9000 bytes", b"X-Sum: " + b"1" * 9000, rfc="9110 §6.5", must=f"ok ok | {BROKEN}"),
    bad("200 of them", *[b"X-%d: 1" % n for n in range(200)], rfc="9110 §6.5",
        must=f"ok ok | {BROKEN}"),
]
