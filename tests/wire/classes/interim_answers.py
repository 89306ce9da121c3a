"""1xx: passed on, or dropped, never the end of it; and 101 that nobody asked for."""

from case import CLOSE, Pool, case, get, head, ok, post

TITLE = "interim answers and unasked 101"
FINAL = ok(b"Content-Length: 2", body=b"ok")
NOT_PASSED = "5xx | close"
HINTS = head(b"HTTP/1.1 103 Early Hints", b"Link: </style.css>; rel=preload")
SWITCH = head(b"HTTP/1.1 101 On", b"Connection: upgrade", b"Upgrade: evil")


def good(name, say, rfc="9110 §15.2", send=None, **more):
    return case(name, rfc, send or get(), "ok", pool=Pool(say, clean=True), **more)


def bad(name, say, rfc="9110 §15.2", send=None, must=NOT_PASSED, then="stay", **more):
    return case(name, rfc, send or get(), must, "502", pool=Pool(say, then), **more)


CASES = [
    good("100 nobody waits for", head(b"HTTP/1.1 100 Continue") + FINAL, split=True),
    good("102", head(b"HTTP/1.1 102 Processing") + FINAL),
    good("103", HINTS + FINAL, gets=b"</style.css>"),
    good("103 twice", HINTS * 2 + FINAL),
    good("an unknown one", head(b"HTTP/1.1 199 Hm") + FINAL),
    good("103 and HEAD", HINTS + ok(b"Content-Length: 2"), send=get(line=b"HEAD / HTTP/1.1")),
    good("103 and a POST", HINTS + FINAL, send=post(b"Content-Length: 5", body=b"hello")),
    good("never to HTTP/1.0", HINTS + FINAL, send=get(line=b"GET / HTTP/1.0"),
         never_gets=b"103 early"),
    good("sixteen", HINTS * 16 + FINAL),
    bad("seventeen", HINTS * 17 + FINAL, must=f"ok | {NOT_PASSED}"),
    bad("a thousand", HINTS * 1000 + FINAL, must=f"ok | {NOT_PASSED}"),
    bad("ten thousand", head(b"HTTP/1.1 100 C") * 10_000 + FINAL, must=f"ok | {NOT_PASSED}"),
    bad("with a Content-Length", head(b"HTTP/1.1 103 H", b"Content-Length: 4") + FINAL,
        "9110 §8.6", must=f"ok | {NOT_PASSED}"),
    bad("with Transfer-Encoding", head(b"HTTP/1.1 103 H", b"Transfer-Encoding: chunked") + FINAL,
        "9112 §6.1", must=f"ok | {NOT_PASSED}"),
    bad("and nothing more", HINTS, then=CLOSE),
    bad("half a head", HINTS[:30], then=CLOSE),
    bad("a broken final answer behind", HINTS + b"HTTP/1.1 OK\r\n\r\n"),
    bad("101 nobody asked for", SWITCH, "9110 §15.2.2", split=True, never_gets=b"upgrade: evil"),
    bad("101 to a POST", SWITCH, "9110 §15.2.2",
        send=post(b"Content-Length: 5", body=b"hello"), never_gets=b"upgrade: evil"),
    bad("101 to HTTP/1.0", SWITCH, "9110 §15.2.2", send=get(line=b"GET / HTTP/1.0"),
        never_gets=b"upgrade: evil"),
    bad("101 and an answer behind", SWITCH + FINAL, "9110 §15.2.2", never_gets=b"upgrade: evil"),
    bad("101 behind 103", HINTS + SWITCH, "9110 §15.2.2", never_gets=b"upgrade: evil"),
    bad("101 without Upgrade", head(b"HTTP/1.1 101 On"), "9110 §15.2.2"),
    bad("101 to another protocol than asked for", SWITCH, "9110 §7.8",
        send=get(b"Connection: Upgrade", b"Upgrade: websocket"), must=f"4xx | {NOT_PASSED}",
        never_gets=b"upgrade: evil"),
]
