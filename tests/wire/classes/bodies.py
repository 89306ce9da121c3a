"""A body on every method, and none."""

from case import HIDDEN, case, get, post

TITLE = "bodies on every method"
METHODS = (b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"QUERY")
CHUNKS = b"5\r\nhello\r\n0\r\n\r\n"


def each_method():
    for method in METHODS:
        name, line = method.decode(), method + b" / HTTP/1.1"
        # A request with a body that has no meaning may be refused; what may not is to lose it.
        must = "ok" if method in (b"POST", b"PUT", b"PATCH") else "ok | 4xx"
        yield case(f"{name} with Content-Length", "9110 §9.3",
                   post(b"Content-Length: 5", line=line, body=b"hello"), must, "ok", has=b"hello",
                   split=method == b"GET")
        yield case(f"{name} chunked", "9110 §9.3",
                   post(b"Transfer-Encoding: chunked", line=line, body=CHUNKS), must, "ok",
                   has=b"hello")
        yield case(f"{name} without a body", "9112 §6.3", get(line=line), "ok | 4xx", "ok")
        yield case(f"{name}, a request in its body", "9112 §6.3",
                   post(b"Content-Length: %d" % len(HIDDEN), line=line, body=HIDDEN), must, "ok")


LARGE = b"0123456789abcdef" * 16_384

CASES = [
    *each_method(),
    case("256 KiB with Content-Length", "9112 §6.2",
         post(b"Content-Length: %d" % len(LARGE), body=LARGE), "ok", has=LARGE[-100:]),
    case("256 KiB in one chunk", "9112 §7.1",
         post(b"Transfer-Encoding: chunked", body=b"40000\r\n" + LARGE + b"\r\n0\r\n\r\n"), "ok"),
    case("5000 chunks of one byte", "9112 §7.1",
         post(b"Transfer-Encoding: chunked", body=b"1\r\na\r\n" * 5000 + b"0\r\n\r\n"), "ok"),
    case("a POST without framing has no body", "9112 §6.3", post(body=HIDDEN), "ok ok | ok 4xx",
         "ok ok"),
    case("a POST without framing, text behind", "9112 §6.3", post(body=b"hello\r\n\r\n"),
         "ok 4xx | ok | 411", "ok 400"),
    case("any bytes", "9110 §6.4",
         post(b"Content-Length: 256", body=bytes(range(256))), "ok", has=bytes(range(128, 256))),
    case("HTTP/1.0 with Content-Length", "9112 §6.3",
         post(b"Content-Length: 5", line=b"POST / HTTP/1.0", body=b"hello"), "ok", has=b"hello"),
]
