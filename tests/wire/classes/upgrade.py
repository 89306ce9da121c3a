"""Upgrade. A proxy may drop the wish and answer as usual, or carry a tunnel once the pool
said 101; bytes a client sends before that are never let through as if agreed."""

from case import HIDDEN, Pool, case, get, head, ok, post

TITLE = "Upgrade"
WISH = [b"Connection: Upgrade", b"Upgrade: websocket"]
KEY = [b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", b"Sec-WebSocket-Version: 13"]
SWITCH = head(b"HTTP/1.1 101 On", b"Connection: upgrade", b"Upgrade: websocket",
              b"X-Origin: @")
AGREES = Pool(SWITCH, upgrade_only=True)
REFUSES = Pool(ok(b"Content-Length: 2", body=b"no"), clean=True)
FORBIDS = Pool(ok(b"Content-Length: 2", line=b"HTTP/1.1 403 No", body=b"no"), clean=True)
H2C = [b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABk"]

CASES = [
    case("the pool agrees", "9110 §7.8", get(*WISH, *KEY), "ok | 101", pool=AGREES, split=False),
    case("at any position", "9110 §7.8", get(*WISH), "ok | 101", split=True),
    case("the pool refuses by 200", "9110 §7.8", get(*WISH, *KEY), "ok", pool=REFUSES),
    case("the pool refuses by 403", "9110 §7.8", get(*WISH, *KEY), "ok", pool=FORBIDS),
    case("refused, a request behind", "9110 §7.8", get(*WISH) + HIDDEN, "ok ok | ok", "ok ok | ok",
         pool=REFUSES),
    case("bytes before 101", "9110 §7.8", get(*WISH) + HIDDEN, "ok ok | 101 | 400",
         pool=AGREES),
    case("frames before 101", "9110 §7.8", get(*WISH) + b"\x81\x05hello\r\n\r\n",
         "ok 400 | 101 | 400", pool=AGREES),
    case("Upgrade without Connection", "9110 §7.8", get(b"Upgrade: websocket"), "ok",
         lacks=b"\r\nupgrade:"),
    case("Connection without Upgrade", "9110 §7.8", get(b"Connection: upgrade"), "ok",
         lacks=b"connection: upgrade"),
    case("on HTTP/1.0", "9110 §7.8", get(*WISH, line=b"GET / HTTP/1.0"), "ok",
         lacks=b"upgrade: websocket"),
    case("with a body", "9110 §7.8", post(*WISH, b"Content-Length: 5", body=b"hello"),
         "ok | 101 | 400", pool=AGREES, has=b"hello"),
    case("with chunks", "9110 §7.8",
         post(*WISH, b"Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n"),
         "ok | 101 | 400", pool=AGREES, has=b"hello"),
    case("with a body that is a request", "9110 §7.8",
         post(*WISH, b"Content-Length: %d" % len(HIDDEN), body=HIDDEN), "ok | 101 | 400",
         pool=AGREES),
    case("two protocols", "9110 §7.8", get(b"Connection: Upgrade", b"Upgrade: websocket, x/1"),
         "ok | 400"),
    case("two lines", "9110 §7.8", get(*WISH, b"Upgrade: x/1"), "ok | 400"),
    case("an empty one", "9110 §7.8", get(b"Connection: Upgrade", b"Upgrade:"), "ok | 400", "ok"),
    case("no protocol", "9110 §7.8", get(b"Connection: Upgrade", b"Upgrade: a b"), "ok | 400",
         "ok"),
    case("h2c", "9113 §3.1", get(*H2C), "ok | 400", "ok", strips=(b"h2c", b"http2-settings")),
    case("h2c and a request behind", "9113 §3.1", get(*H2C) + HIDDEN, "ok ok | 400", "ok ok",
         strips=b"h2c"),
    case("h2c and a preface behind", "9113 §3.1",
         get(*H2C) + b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "ok 505 | ok 4xx | ok | 400", "ok 505",
         lacks=b"pri *"),
    case("h2c in capitals", "9113 §3.1", get(b"Connection: Upgrade", b"Upgrade: H2C"), "ok | 400",
         "ok", strips=b"h2c"),
    case("h2c behind another", "9113 §3.1",
         get(b"Connection: Upgrade", b"Upgrade: websocket, h2c"), "ok | 400", strips=b"h2c"),
    case("TLS", "2817 §3", get(b"Connection: Upgrade", b"Upgrade: TLS/1.2"), "ok | 400 | 426"),
    case("a POST", "9110 §7.8", post(*WISH, b"Content-Length: 0"), "ok | 101 | 400", pool=AGREES),
]
