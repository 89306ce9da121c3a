"""What is not HTTP/1 at all."""

from case import HIDDEN, case

TITLE = "HTTP/0.9, HTTP/2 and others"
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
ANY = "4xx | 501 | 505 | close"

CASES = [
    case("HTTP/0.9", "9112 §3", b"GET /\r\n\r\n", ANY, "400", split=True),
    case("HTTP/0.9 and a Host", "9112 §3", b"GET /\r\nHost: shop.test\r\n\r\n", ANY, "400"),
    case("HTTP/0.9 and a request behind", "9112 §3", b"GET /\r\n\r\n" + HIDDEN, ANY, "400",
         lacks=b"/hidden"),
    case("the HTTP/2 preface", "9113 §3.4", PREFACE, ANY, "505", split=True),
    case("the HTTP/2 preface and settings", "9113 §3.4", PREFACE + SETTINGS, ANY, "505"),
    case("the HTTP/2 preface and a request", "9113 §3.4", PREFACE + HIDDEN, ANY, "505",
         lacks=b"/hidden"),
    case("the preface's first line, with a Host", "9113 §3.4",
         b"PRI * HTTP/2.0\r\nHost: shop.test\r\n\r\n", ANY, "505"),
    case("PRI on HTTP/1.1", "9113 §11.6", b"PRI * HTTP/1.1\r\nHost: shop.test\r\n\r\n", ANY,
         "400"),
    case("TLS", "8446 §4.1.2",
         b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(32)) + b"\r\n\r\n", ANY,
         "400"),
    case("SSH", "4253 §4.2", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", ANY, "400"),
    case("an SMTP client", "5321 §4.1", b"EHLO shop.test\r\nMAIL FROM:<a@b>\r\n\r\n", ANY, "400"),
    case("redis", "9112 §3", b"*1\r\n$4\r\nPING\r\n\r\n", ANY, "400"),
    case("PROXY protocol", "9112 §3", b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n" + HIDDEN, ANY, "400",
         lacks=b"/hidden"),
    case("an answer for a request", "9112 §2.1", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
         ANY, "400"),
    case("zeros", "9112 §3", bytes(64) + b"\r\n\r\n", ANY, "400"),
    case("64 KiB of noise", "9112 §3", bytes((n * 7919) % 251 + 1 for n in range(65_536)), ANY,
         "4xx"),
    case("RTSP", "9112 §2.3", b"OPTIONS * RTSP/1.0\r\nHost: shop.test\r\n\r\n", ANY, "400"),
    case("ICY", "9112 §2.3", b"GET / ICY/1.0\r\nHost: shop.test\r\n\r\n", ANY, "400"),
]
