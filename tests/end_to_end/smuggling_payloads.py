"""Requests whose end, or whose meaning, two servers could see differently. Each line of
PAYLOADS: what it is, the bytes, the status it must be answered with."""

GET = b"GET / HTTP/1.1\r\nHost: shop.test\r\n"
POST = b"POST / HTTP/1.1\r\nHost: shop.test\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: shop.test\r\n\r\n"
CHUNKS = b"5\r\nhello\r\n0\r\n\r\n"


def head(start, *lines):
    return start + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


def post(*lines, body=CHUNKS + HIDDEN):
    return head(POST, *lines) + body


PAYLOADS = [
    ("CL.TE", post(b"Content-Length: 5", b"Transfer-Encoding: chunked"), 400),
    ("TE.CL", post(b"Transfer-Encoding: chunked", b"Content-Length: 5"), 400),
    ("CL.0 with TE", post(b"Content-Length: 0", b"Transfer-Encoding: chunked"), 400),
    ("TE gzip", post(b"Transfer-Encoding: gzip"), 501),
    ("TE xchunked", post(b"Transfer-Encoding: xchunked"), 501),
    ("TE identity", post(b"Transfer-Encoding: identity"), 501),
    ("TE gzip, chunked", post(b"Transfer-Encoding: gzip, chunked"), 501),
    ("TE empty", post(b"Transfer-Encoding:"), 400),
    ("TE chunked, gzip", post(b"Transfer-Encoding: chunked, gzip"), 400),
    ("TE chunked, chunked", post(b"Transfer-Encoding: chunked, chunked"), 400),
    ("TE ,chunked", post(b"Transfer-Encoding: ,chunked"), 400),
    ("TE chunked;q=1", post(b"Transfer-Encoding: chunked;q=1"), 400),
    ("TE twice", post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"), 400),
    ("TE before a space", post(b"Transfer-Encoding : chunked"), 400),
    ("TE after a vertical tab", post(b"Transfer-Encoding: \x0bchunked"), 400),
    ("TE on a folded line", post(b"Transfer-Encoding:", b" chunked"), 400),
    ("TE in another field's fold", post(b"X: y", b" Transfer-Encoding: chunked"), 400),
    ("TE behind a NUL", post(b"X: y\x00", b"Transfer-Encoding: chunked"), 400),
    ("TE behind a bare LF", post(b"X: y\nTransfer-Encoding: chunked"), 400),
    ("TE behind a bare CR", post(b"X: y\rTransfer-Encoding: chunked"), 400),
    (
        "HTTP/1.0 chunked",
        head(b"POST / HTTP/1.0\r\nHost: shop.test\r\n", b"Transfer-Encoding: chunked") + CHUNKS,
        400,
    ),
    ("CL twice, different", post(b"Content-Length: 5", b"Content-Length: 40"), 400),
    ("CL twice, the same", post(b"Content-Length: 5", b"Content-Length: 5"), 400),
    ("CL as a list", post(b"Content-Length: 5, 5"), 400),
    ("CL empty", post(b"Content-Length:"), 400),
    ("CL padded", post(b"Content-Length: 005"), 400),
    ("CL with a sign", post(b"Content-Length: +5"), 400),
    ("CL negative", post(b"Content-Length: -1"), 400),
    ("CL hexadecimal", post(b"Content-Length: 0x5"), 400),
    ("CL beyond 64 bits", post(b"Content-Length: 18446744073709551621"), 400),
    ("CL on a folded line", post(b"Content-Length:", b" 5"), 400),
    ("empty field name", post(b": 5", b"Content-Length: 5"), 400),
    ("no Host", b"GET / HTTP/1.1\r\n\r\n", 400),
    ("Host twice", head(GET, b"Host: other.test"), 400),
    ("Host empty in a list", head(b"GET / HTTP/1.1\r\n", b"Host: shop.test,other.test"), 400),
    ("Host with a path", head(b"GET / HTTP/1.1\r\n", b"Host: shop.test/x"), 400),
    ("Host against the target", head(b"GET http://a.test/ HTTP/1.1\r\n", b"Host: b.test"), 400),
    ("target with a fragment", head(b"GET /#/../x HTTP/1.1\r\n", b"Host: shop.test"), 400),
    ("target without a slash", head(b"GET x HTTP/1.1\r\n", b"Host: shop.test"), 400),
    ("target beyond ASCII", head(b"GET /\xc3\xa9 HTTP/1.1\r\n", b"Host: shop.test"), 400),
    ("two spaces", head(b"GET  / HTTP/1.1\r\n", b"Host: shop.test"), 400),
    ("a space in the target", head(b"GET / HTTP/1.1 HTTP/1.1\r\n", b"Host: shop.test"), 400),
    ("a space before the first field", head(GET[:16], b" Host: shop.test"), 400),
    ("method of two lines", head(b"GET\n/ HTTP/1.1\r\n", b"Host: shop.test"), 400),
    ("HTTP/0.9", b"GET /\r\n\r\n", 400),
    ("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    ("lower-case version", head(b"GET / http/1.1\r\n", b"Host: shop.test"), 400),
    ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    ("CONNECT", head(b"CONNECT shop.test:443 HTTP/1.1\r\n", b"Host: shop.test:443"), 501),
    ("unknown expectation", head(POST, b"Content-Length: 0", b"Expect: 200-ok"), 417),
    ("long target", head(b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n", b"Host: shop.test"), 414),
    ("large head", head(GET, b"X: " + b"a" * 70_000), 431),
    ("many fields", head(GET, *[b"X: y"] * 101), 431),
]

# Found only after the head was sent on: the pool sees a request without an end.
BAD_CHUNKS = [
    ("size is no number", b"g\r\nhello\r\n0\r\n\r\n"),
    ("size with a prefix", b"0x5\r\nhello\r\n0\r\n\r\n"),
    ("size with a sign", b"+5\r\nhello\r\n0\r\n\r\n"),
    ("size negative", b"-1\r\nhello\r\n0\r\n\r\n"),
    ("size beyond 64 bits", b"fffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
    ("size empty", b"\r\nhello\r\n0\r\n\r\n"),
    ("less than said", b"5\r\nhell\r\n0\r\n\r\n"),
    ("more than said", b"5\r\nhello!\r\n0\r\n\r\n"),
    ("size ended by LF", b"5\nhello\r\n0\r\n\r\n"),
    ("data ended by LF", b"5\r\nhello\n0\r\n\r\n"),
    ("bare CR in an extension", b"5;a=\rb\r\nhello\r\n0\r\n\r\n"),
    ("bare LF in an extension", b"5;a=\nb\r\nhello\r\n0\r\n\r\n"),
    ("endless size line", b"5;" + b"a" * 9000 + b"\r\nhello\r\n0\r\n\r\n"),
    ("folded trailer", b"5\r\nhello\r\n0\r\nA: b\r\n c\r\n\r\n"),
    ("framing as a trailer", b"5\r\nhello\r\n0\r\nContent-Length : 5\r\n\r\n"),
    ("endless trailers", b"5\r\nhello\r\n0\r\n" + b"A: " + b"b" * 9000 + b"\r\n\r\n"),
]
