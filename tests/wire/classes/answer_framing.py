"""The length of the pool's answers."""

from case import CLOSE, CRLF, POOL_SAYS_MORE, UNTIL_ANSWERED, Pool, case, get, ok, post

TITLE = "framing of answers"
NOT_PASSED = "5xx | close"
CHUNKS = b"2\r\nok\r\n0\r\n\r\n"
HEAD = get(line=b"HEAD / HTTP/1.1")
EVIL = ok(b"Content-Length: 4", body=b"evil")


def bad(name, *fields, body=b"evil", rfc="9112 §6.3", must=NOT_PASSED, policy="502", **more):
    return case(name, rfc, get(), must, policy, pool=Pool(ok(*fields, body=body), CLOSE),
                never_gets=b"evil" if policy == "502" and must == NOT_PASSED else (), **more)


def good(name, say, rfc="9112 §6.3", send=None, then="stay", clean=True, **more):
    return case(name, rfc, send or get(), "ok", pool=Pool(say, then, clean=clean), **more)


def broken(name, body, rfc="9112 §7.1", must="5xx | cut | close", policy="502 | cut", **more):
    """A chunk that is found out once the head may be on its way."""
    return case(name, rfc, get(), must, policy,
                pool=Pool(ok(b"Transfer-Encoding: chunked", body=body)), **more)


def later():
    """Once its answer was read and passed on, the pool goes on talking."""
    for name, say, then in (
        ("a second answer", EVIL, "stay"),
        ("a second answer and a close", EVIL, CLOSE),
        ("half an answer", EVIL[:30], "stay"),
        ("one byte", b"x", "stay"),
        ("an empty line", CRLF, "stay"),
        ("a 100", b"HTTP/1.1 100 Continue\r\n\r\n", "stay"),
        ("a 408 and a close", EVIL.replace(b"200 OK", b"408 Late"), CLOSE),
    ):
        for kind, send in (("GET", get()), ("POST", post(b"Content-Length: 2", body=b"hi"))):
            yield case(f"{name} behind that of {kind}, a moment later", "9112 §9.2",
                       [send, UNTIL_ANSWERED, POOL_SAYS_MORE], "ok", never_gets=b"evil",
                       pool=Pool(ok(b"Content-Length: 2", body=b"ok"), then, later=say))


SAME = f"ok | {NOT_PASSED}"

CASES = [
    good("Content-Length", ok(b"Content-Length: 5", body=b"hello"), split=True),
    good("Content-Length of zero", ok(b"Content-Length: 0")),
    good("chunked", ok(b"Transfer-Encoding: chunked", body=CHUNKS), split=True),
    good("chunked with an extension", ok(b"Transfer-Encoding: chunked",
                                         body=b'2;a="b"\r\nok\r\n0\r\n\r\n'), never_gets=b"a=\"b"),
    good("chunked with trailers", ok(b"Transfer-Encoding: chunked",
                                     body=b"2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n"), rfc="9110 §6.5"),
    good("until the close", ok(body=b"hello"), then=CLOSE, clean=False, split=True),
    good("HTTP/1.0 until the close", ok(line=b"HTTP/1.0 200 OK", body=b"hello"), then=CLOSE,
         clean=False),
    good("HTTP/1.0 with Content-Length",
         ok(b"Content-Length: 5", line=b"HTTP/1.0 200 OK", body=b"hello"), then=CLOSE, clean=False),
    good("said close", ok(b"Connection: close", b"Content-Length: 5", body=b"hello"), then=CLOSE,
         clean=False),
    good("said close and stays", ok(b"Connection: close", b"Content-Length: 5", body=b"hello"),
         clean=False),
    good("204", ok(line=b"HTTP/1.1 204 No")),
    good("304", ok(line=b"HTTP/1.1 304 Same")),
    good("304 with a Content-Length", ok(b"Content-Length: 5", line=b"HTTP/1.1 304 Same"),
         rfc="9110 §8.6"),
    good("205 of zero", ok(b"Content-Length: 0", line=b"HTTP/1.1 205 Reset"), rfc="9110 §15.3.6"),
    good("HEAD", ok(b"Content-Length: 5"), send=HEAD, rfc="9110 §9.3.2", split=True),
    good("HEAD without a length", ok(), send=HEAD, rfc="9110 §9.3.2"),
    good("HEAD of chunks", ok(b"Transfer-Encoding: chunked"), send=HEAD, rfc="9112 §6.1"),
    bad("both", b"Content-Length: 4", b"Transfer-Encoding: chunked", body=CHUNKS, must=SAME,
        split=True),
    bad("both, the other way", b"Transfer-Encoding: chunked", b"Content-Length: 4", body=CHUNKS,
        must=SAME),
    bad("two lengths", b"Content-Length: 4", b"Content-Length: 5"),
    bad("two equal lengths", b"Content-Length: 4", b"Content-Length: 4", must=SAME),
    bad("a list of lengths", b"Content-Length: 4, 4", must=SAME),
    bad("a list of different lengths", b"Content-Length: 4, 5"),
    bad("a negative length", b"Content-Length: -4"),
    bad("a length with a plus", b"Content-Length: +4"),
    bad("an empty length", b"Content-Length:"),
    bad("a length of letters", b"Content-Length: four"),
    bad("a hexadecimal length", b"Content-Length: 0x4"),
    bad("a length beyond 64 bits", b"Content-Length: 18446744073709551620"),
    bad("a padded length", b"Content-Length: 004", must=SAME),
    bad("a folded length", b"Content-Length:\r\n 4", must=SAME),
    bad("gzip", b"Transfer-Encoding: gzip", must=SAME),
    bad("gzip, chunked", b"Transfer-Encoding: gzip, chunked", body=CHUNKS, must=SAME),
    bad("chunked, gzip", b"Transfer-Encoding: chunked, gzip", must=SAME),
    bad("chunked twice", b"Transfer-Encoding: chunked, chunked", body=CHUNKS, rfc="9112 §6.1",
        must=SAME),
    bad("chunked in two lines", b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked",
        body=CHUNKS, rfc="9112 §6.1", must=SAME),
    bad("xchunked", b"Transfer-Encoding: xchunked", must=SAME),
    bad("identity", b"Transfer-Encoding: identity", must=SAME),
    bad("an empty coding", b"Transfer-Encoding:", must=SAME),
    bad("an alias of the coding", b"Transfer-Encoding: \x0bchunked", body=CHUNKS, must=SAME),
    case("chunked on HTTP/1.0", "9112 §6.1", get(), SAME, "502",
         pool=Pool(ok(b"Transfer-Encoding: chunked", line=b"HTTP/1.0 200 OK", body=CHUNKS), CLOSE)),
    case("204 with chunks", "9112 §6.1", get(), SAME, "502",
         pool=Pool(ok(b"Transfer-Encoding: chunked", line=b"HTTP/1.1 204 No", body=CHUNKS))),
    case("204 with a Content-Length", "9110 §8.6", get(), SAME, "ok",
         never_gets=b"content-length: 4",
         pool=Pool(ok(b"Content-Length: 4", line=b"HTTP/1.1 204 No"))),
    case("204 with a body", "9110 §15.3.5", get(), SAME, "ok", never_gets=b"evil",
         pool=Pool(ok(b"Content-Length: 4", line=b"HTTP/1.1 204 No", body=b"evil"))),
    case("304 with a body", "9110 §15.4.5", get(), SAME, "ok", never_gets=b"evil",
         pool=Pool(ok(b"Content-Length: 4", line=b"HTTP/1.1 304 Same", body=b"evil"))),
    case("HEAD with a body", "9110 §9.3.2", HEAD, SAME, "ok", never_gets=b"evil",
         pool=Pool(ok(b"Content-Length: 4", body=b"evil"))),
    case("a second answer behind", "9112 §9.2", get(), "ok", never_gets=b"evil",
         pool=Pool(ok(b"Content-Length: 2", body=b"ok") + EVIL), split=True),
    case("a second answer behind chunks", "9112 §9.2", get(), "ok", never_gets=b"evil",
         pool=Pool(ok(b"Transfer-Encoding: chunked", body=CHUNKS) + EVIL)),
    case("a second answer behind HEAD", "9112 §9.2", HEAD, "ok", never_gets=b"evil",
         pool=Pool(ok(b"Content-Length: 2") + EVIL)),
    case("a second answer behind 204", "9112 §9.2", get(), "ok", never_gets=b"evil",
         pool=Pool(ok(line=b"HTTP/1.1 204 No") + EVIL)),
    case("an empty line behind", "9112 §9.2", get(), "ok",
         pool=Pool(ok(b"Content-Length: 2", body=b"ok") + CRLF)),
    case("one byte behind", "9112 §9.2", get(), "ok",
         pool=Pool(ok(b"Content-Length: 2", body=b"ok") + b"x")),
    case("half an answer behind", "9112 §9.2", get(), "ok", never_gets=b"evil",
         pool=Pool(ok(b"Content-Length: 2", body=b"ok") + EVIL[:30])),
    *later(),
    broken("a chunk size of letters", b"g\r\nhello\r\n0\r\n\r\n"),
    broken("no chunk size", b"\r\nhello\r\n0\r\n\r\n"),
    broken("a chunk size with a sign", b"-5\r\nhello\r\n0\r\n\r\n"),
    broken("a chunk size beyond 64 bits", b"10000000000000005\r\nhello\r\n0\r\n\r\n"),
    broken("a bad chunk behind a good one", b"5\r\nhello\r\nx\r\n\r\n", split=True),
    broken("a chunk one long", b"5\r\nhello!\r\n0\r\n\r\n"),
    broken("a chunk size ended by LF", b"5\nhello\r\n0\r\n\r\n", "9112 §2.2",
           "ok | 5xx | cut | close"),
    broken("a chunk ended by LF", b"5\r\nhello\n0\r\n\r\n", "9112 §2.2", "ok | 5xx | cut | close"),
    broken("a bare CR in an extension", b"5;a=\rb\r\nhello\r\n0\r\n\r\n", "9112 §2.2"),
    broken("a folded trailer", b"5\r\nhello\r\n0\r\nX: y\r\n z\r\n\r\n", "9112 §5.2",
           "ok | 5xx | cut | close"),
    broken("a trailer without a name", b"5\r\nhello\r\n0\r\n: y\r\n\r\n", "9112 §7.1.2",
           "ok | 5xx | cut | close"),
]
