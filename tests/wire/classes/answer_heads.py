"""Heads of the pool's answers: what is in doubt becomes 502, not one byte of it is passed."""

from case import CLOSE, ID, Pool, case, get, head, ok

TITLE = "heads of answers"
EVIL = b"evil"
NOT_PASSED = "5xx | close"


def bad(name, say, rfc, must=NOT_PASSED, policy="502", then="stay", **more):
    return case(name, rfc, get(), must, policy, pool=Pool(say, then), never_gets=EVIL, **more)


def good(name, say, rfc, **more):
    return case(name, rfc, get(), "ok", pool=Pool(say, clean=True), **more)


def line(text):
    return ok(b"Content-Length: 2", line=text, body=b"ok")


def field(*texts):
    return ok(*texts, b"Content-Length: 2", body=b"ok")


LENIENT = f"ok | {NOT_PASSED}"

CASES = [
    good("plain", field(), "9112 §4", split=True),
    good("an empty reason", line(b"HTTP/1.1 200 "), "9112 §4"),
    case("no space before an empty reason", "9112 §4", get(), "ok | 5xx",
         "ok", pool=Pool(line(b"HTTP/1.1 200"), clean=True)),
    good("a reason beyond ASCII", line(b"HTTP/1.1 200 \xc3\xa9t\xc3\xa9"), "9112 §4"),
    case("an unknown status", "9110 §15", get(), "ok", gets=b"HTTP/1.1 299",
         pool=Pool(line(b"HTTP/1.1 299 X"), clean=True)),
    case("status 599", "9110 §15", get(), "ok", pool=Pool(line(b"HTTP/1.1 599 X"), clean=True)),
    bad("status 600", line(b"HTTP/1.1 600 evil"), "9110 §15", "ok | 5xx | close", "502"),
    bad("status 099", line(b"HTTP/1.1 099 evil"), "9110 §15"),
    bad("status 000", line(b"HTTP/1.1 000 evil"), "9110 §15"),
    bad("a status of two digits", line(b"HTTP/1.1 20 evil"), "9112 §4"),
    bad("a status of four digits", line(b"HTTP/1.1 2000 evil"), "9112 §4"),
    bad("a status of letters", line(b"HTTP/1.1 OK evil"), "9112 §4"),
    bad("a negative status", line(b"HTTP/1.1 -20 evil"), "9112 §4"),
    bad("two spaces before the status", line(b"HTTP/1.1  200 evil"), "9112 §4"),
    bad("a tab before the status", line(b"HTTP/1.1\t200 evil"), "9112 §4"),
    bad("a space before the version", line(b" HTTP/1.1 200 evil"), "9112 §4"),
    bad("a control in the reason", line(b"HTTP/1.1 200 evil\x01"), "9112 §4",
        f"ok | {NOT_PASSED}"),
    bad("a bare CR in the reason", line(b"HTTP/1.1 200 evil\rX: y"), "9112 §2.2", LENIENT),
    bad("a version in lower case", line(b"http/1.1 200 evil"), "9112 §2.3"),
    bad("HTTP/2.0", line(b"HTTP/2.0 200 evil"), "9110 §2.5"),
    bad("HTTP/1.2", line(b"HTTP/1.2 200 OK"), "9110 §2.5", LENIENT),
    bad("HTTP/0.9", b"evil and nothing more", "9112 §4", then=CLOSE),
    bad("no HTTP", b"SSH-2.0-evil\r\n\r\n", "9112 §4"),
    bad("ICY", b"ICY 200 evil\r\n\r\n", "9112 §4"),
    bad("an empty line before", b"\r\n" + field(b"X: evil"), "9112 §2.2", LENIENT),
    bad("bare LF throughout", field(b"X: evil").replace(b"\r", b""), "9112 §2.2",
        f"ok | {NOT_PASSED}"),
    bad("folded", field(b"X: y", b" z"), "9112 §5.2", LENIENT),
    bad("folded by a tab", field(b"X: y", b"\tz"), "9112 §5.2", LENIENT),
    bad("a space before a colon", field(b"X : y"), "9112 §5.1", LENIENT),
    bad("a space before the colon of Content-Length",
        head(b"HTTP/1.1 200 OK", ID.strip(), b"Content-Length : 2") + b"ok", "9112 §5.1",
        LENIENT, then=CLOSE),
    bad("no colon", field(b"X-No-Colon"), "9112 §5", LENIENT),
    bad("no name", field(b": y"), "9112 §5", LENIENT),
    bad("a name that is no token", field(b"X(y): z"), "9110 §5.1", LENIENT),
    bad("NUL in a value", field(b"X: y\0z"), "9110 §5.5", LENIENT),
    bad("a bare CR in a value", field(b"X: y\rz"), "9112 §2.2", LENIENT),
    bad("a bare LF in a value", field(b"X: y\nZ: z"), "9112 §2.2", LENIENT),
    bad("a control in a value", field(b"X: \x01"), "9110 §5.5", LENIENT),
    bad("70 KB of head", field(b"X: " + b"y" * 70_000), "9110 §5.4", LENIENT),
    bad("200 fields", field(*[b"X-%d: y" % n for n in range(200)]), "9110 §5.4", LENIENT),
    bad("a head without an end", field(b"X: y")[:40], "9112 §8", then=CLOSE),
    bad("a head without an end that stays", b"HTTP/1.1 200 evil\r\nX: y\r\n", "9112 §8",
        policy="504"),
    case("fields nominated by Connection", "9110 §7.6.1", get(), "ok", never_gets=b"x-own",
         pool=Pool(field(b"Connection: X-Own", b"X-Own: y"), clean=True)),
    case("hop-by-hop fields", "9110 §7.6.1", get(), "ok", never_gets=b"timeout=5",
         pool=Pool(field(b"Keep-Alive: timeout=5"), clean=True)),
    case("two cookies", "6265 §3", get(), "ok", gets=(b"set-cookie: a=b", b"set-cookie: c=d"),
         pool=Pool(field(b"Set-Cookie: a=b", b"Set-Cookie: c=d"), clean=True)),
]
