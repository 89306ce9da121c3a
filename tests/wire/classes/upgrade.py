"""Upgrade. A proxy may drop the wish and answer as usual, or carry a tunnel once the pool
said 101; bytes a client sends before that are never let through as if agreed."""

from case import HIDDEN, Pool, case, get, head, ok, post

TITLE = "Upgrade"
WISH = [b"Connection: Upgrade", b"Upgrade: websocket"]
KEY = [b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", b"Sec-WebSocket-Version: 13"]
SWITCH = head(b"HTTP/1.1 101 On", b"Connection: upgrade", b"Upgrade: websocket",
              b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", b"X-Origin: @")
AGREES = Pool(SWITCH, upgrade_only=True)
REFUSES = Pool(ok(b"Content-Length: 2", body=b"no"), clean=True)
FORBIDS = Pool(ok(b"Content-Length: 2", line=b"HTTP/1.1 403 No", body=b"no"), clean=True)
H2C = [b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABk"]

def wish(name, send, weir, rfc="9110 §7.8", **more):
    """A proxy may refuse any of them."""
    return case(name, rfc, send, f"{weir} | 4xx", weir, **more)


CASES = [
    wish("the pool agrees", get(*WISH, *KEY), "ok | 101", pool=AGREES),
    wish("at any position", get(*WISH), "ok", split=True),
    wish("the pool refuses by 200", get(*WISH, *KEY), "ok", pool=REFUSES),
    wish("the pool refuses by 403", get(*WISH, *KEY), "ok", pool=FORBIDS),
    wish("refused, a request behind", get(*WISH) + HIDDEN, "ok ok | ok", pool=REFUSES),
    wish("bytes before 101", get(*WISH) + HIDDEN, "ok ok | 101 wait | 400", pool=AGREES),
    wish("frames before 101", get(*WISH) + b"\x81\x05hello\r\n\r\n",
         "ok 400 | 101 wait | 400", pool=AGREES),
    wish("Upgrade without Connection", get(b"Upgrade: websocket"), "ok", lacks=b"\r\nupgrade:"),
    wish("Connection without Upgrade", get(b"Connection: upgrade"), "ok",
         lacks=b"connection: upgrade"),
    wish("on HTTP/1.0", get(*WISH, line=b"GET / HTTP/1.0"), "ok", lacks=b"upgrade: websocket"),
    wish("with a body", post(*WISH, b"Content-Length: 5", body=b"hello"), "ok | 101 | 400",
         pool=AGREES, has=b"hello"),
    wish("with chunks",
         post(*WISH, b"Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n"),
         "ok | 101 | 400", pool=AGREES, has=b"hello"),
    wish("with a body that is a request",
         post(*WISH, b"Content-Length: %d" % len(HIDDEN), body=HIDDEN), "ok | 101 | 400",
         pool=AGREES),
    wish("two protocols", get(b"Connection: Upgrade", b"Upgrade: websocket, x/1"), "ok | 400"),
    wish("two lines", get(*WISH, b"Upgrade: x/1"), "ok | 400"),
    wish("an empty one", get(b"Connection: Upgrade", b"Upgrade:"), "ok"),
    wish("no protocol", get(b"Connection: Upgrade", b"Upgrade: a b"), "ok"),
    wish("h2c", get(*H2C), "ok", "9113 §3.1", strips=(b"h2c", b"http2-settings")),
    wish("h2c and a request behind", get(*H2C) + HIDDEN, "ok ok", "9113 §3.1", strips=b"h2c"),
    case("h2c and a preface behind", "9113 §3.1",
         get(*H2C) + b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "ok 505 | ok 4xx | ok | 4xx",
         "ok 505", lacks=b"pri *"),
    wish("h2c in capitals", get(b"Connection: Upgrade", b"Upgrade: H2C"), "ok", "9113 §3.1",
         strips=b"h2c"),
    wish("h2c behind another", get(b"Connection: Upgrade", b"Upgrade: websocket, h2c"),
         "ok | 400", "9113 §3.1", strips=b"h2c"),
    wish("TLS", get(b"Connection: Upgrade", b"Upgrade: TLS/1.2"), "ok", "2817 §3"),
    wish("a POST", post(*WISH, b"Content-Length: 0"), "ok | 101", pool=AGREES),
]
