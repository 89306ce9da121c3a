"""Requests sent before the answers to those before them."""

from case import HALF_CLOSE, HIDDEN, case, chunked, get, post

TITLE = "pipelining"
CHUNKS = b"5\r\nhello\r\n0\r\n\r\n"
HELLO = post(b"Content-Length: 5", body=b"hello")
CLOSE = get(b"Connection: close")
OLD = get(line=b"GET / HTTP/1.0")

CASES = [
    case("two", "9112 §9.3.2", get() + HIDDEN, "ok ok", split=True),
    case("ten", "9112 §9.3.2", get() * 10, " ".join(["ok"] * 10)),
    case("a hundred", "9112 §9.3.2", get() * 100, " ".join(["ok"] * 100)),
    case("behind a body", "9112 §9.3.2", HELLO + HIDDEN, "ok ok", split=True),
    case("behind chunks", "9112 §9.3.2", chunked(CHUNKS) + HIDDEN, "ok ok", split=True),
    case("bodies of all kinds", "9112 §9.3.2", HELLO + chunked(CHUNKS) + get() + HELLO,
         "ok ok ok ok"),
    case("HEAD between", "9112 §9.3.2", get() + get(line=b"HEAD / HTTP/1.1") + get(), "ok ok ok",
         methods=(b"GET", b"HEAD", b"GET")),
    case("an empty line between", "9112 §2.2", get() + b"\r\n" + get(), "ok ok"),
    case("an empty line behind a body", "9112 §2.2", HELLO + b"\r\n" + get(), "ok ok"),
    case("two empty lines between", "9112 §2.2", get() + b"\r\n\r\n" + get(), "ok ok | ok 400",
         "ok 400"),
    case("behind close", "9112 §9.6", CLOSE + HIDDEN, "ok", lacks=b"/hidden"),
    case("behind close in capitals", "9112 §9.6", get(b"Connection: CLOSE") + HIDDEN, "ok",
         lacks=b"/hidden"),
    case("behind close in a list", "9112 §9.6", get(b"Connection: x, close") + HIDDEN, "ok",
         lacks=b"/hidden"),
    case("behind close and keep-alive", "9112 §9.6",
         get(b"Connection: keep-alive, close") + HIDDEN, "ok", lacks=b"/hidden"),
    case("behind HTTP/1.0", "9112 §9.3", OLD + HIDDEN, "ok", lacks=b"/hidden"),
    case("behind HTTP/1.0 kept alive", "9112 §9.3",
         get(b"Connection: keep-alive", line=b"GET / HTTP/1.0") + HIDDEN, "ok ok | ok", "ok ok"),
    case("behind a refused one", "9112 §3.2", get(b"Bad Name: x") + HIDDEN, "400",
         lacks=b"/hidden"),
    case("a refused one behind", "9112 §3.2", get() + get(b"Bad Name: x"), "ok 400"),
    case("a refused one between", "9112 §3.2", get() + get(b"Bad Name: x") + HIDDEN, "ok 400",
         lacks=b"/hidden"),
    case("text behind", "9112 §3", get() + b"hello\r\n\r\n", "ok 400"),
    case("half a request behind", "9112 §9.3.2", get() + HIDDEN[:20], "ok wait"),
    case("the second in pieces", "9112 §9.3.2", [get() + HIDDEN[:20], HIDDEN[20:]], "ok ok"),
    case("half-closed behind", "9112 §9.6", [get() + get(), HALF_CLOSE], "ok ok | ok | close",
         "ok ok", streams=True),
    case("half-closed in a head", "9112 §8", [HIDDEN[:20], HALF_CLOSE], "close | 400 | 408",
         "close"),
    case("half-closed in a body", "9112 §8", [post(b"Content-Length: 9", body=b"half"), HALF_CLOSE],
         "close | 400 | 408", "close", streams=True),
    case("half-closed in a chunk", "9112 §8", [chunked(b"9\r\nhalf"), HALF_CLOSE],
         "close | 400 | 408", "close", streams=True),
    case("half-closed before the last chunk", "9112 §8", [chunked(b"4\r\nhalf\r\n"), HALF_CLOSE],
         "close | 400 | 408", "close", streams=True),
]
