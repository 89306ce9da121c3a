"""Names that a pool which builds CGI variables reads as fields of the proxy: `_` or `.` for
a hyphen (RFC 3875 §4.1.18), and the fields themselves, claimed by a client nobody trusts."""

from case import case, get, post

TITLE = "claims and aliases of the proxy's fields"
CLAIM = b"6.6.6.6"
NAMES = (b"X-Forwarded-For", b"X-Forwarded-Proto", b"X-Forwarded-Host", b"X-Forwarded-Port",
         b"X-Forwarded-Prefix", b"X-Real-IP")
FRAMING = ((b"Content-Length", b"66"), (b"Transfer-Encoding", b"chunked, evil"),
           (b"Keep-Alive", b"timeout=66"), (b"Proxy-Connection", b"evil"))


def claims():
    """The names themselves: a standard has no word on them."""
    for name in NAMES:
        yield case(f"{name.decode()} claimed", "7239 §8.1", get(name + b": " + CLAIM), "ok",
                   strips=CLAIM, split=name == NAMES[0])
        for mark in (b"_", b"."):
            alias = name.replace(b"-", mark)
            yield case(f"{alias.decode()}", "3875 §4.1.18", get(alias + b": " + CLAIM),
                       "ok | 400", "ok", strips=CLAIM)


def framing():
    for name, value in FRAMING:
        for mark in (b"_", b"."):
            alias = name.replace(b"-", mark)
            yield case(f"{alias.decode()}", "3875 §4.1.18", get(alias + b": " + value),
                       "ok | 400", "ok", strips=alias)


CASES = [
    *claims(),
    *framing(),
    case("X_Request_Id", "3875 §4.1.18", get(b"X_Request_Id: evil"), "ok | 400", "ok",
         strips=b"evil"),
    case("X.Request.Id", "3875 §4.1.18", get(b"X.Request.Id: evil"), "ok | 400", "ok",
         strips=b"evil"),
    case("X_Weir_Version", "3875 §4.1.18", get(b"X_Weir_Version: green"), "ok | 400", "ok",
         strips=b"green"),
    case("mixed marks", "3875 §4.1.18", get(b"x-Forwarded_for: " + CLAIM), "ok | 400", "ok",
         strips=CLAIM),
    case("Forwarded", "7239 §8.1", get(b"Forwarded: for=" + CLAIM), "ok", strips=CLAIM),
    case("a request id in doubt", "9110 §5.5", get(b"X-Request-Id: a b<c>"), "ok",
         strips=b"a b<c>"),
    case("two request ids", "9110 §5.3", get(b"X-Request-Id: one", b"X-Request-Id: two"), "ok",
         strips=b"x-request-id: one"),
    case("an alias that frames nothing here", "3875 §4.1.18",
         post(b"Content_Length: 66", b"Content-Length: 5", body=b"hello"), "ok | 400", "ok",
         has=b"hello", strips=b"content_length"),
]
