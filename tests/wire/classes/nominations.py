"""Fields that a client's Connection field names: gone where they are the client's, never
those that the proxy adds or that guard something."""

from case import case, get, post

TITLE = "fields nominated by Connection"


def nominate(*names):
    return b"Connection: " + b", ".join(names)


CASES = [
    case("one of its own", "9110 §7.6.1", get(nominate(b"X-Own"), b"X-Own: mine"), "ok",
         lacks=b"x-own", split=True),
    case("in capitals", "9110 §7.6.1", get(nominate(b"X-OWN"), b"x-own: mine"), "ok",
         lacks=b"x-own"),
    case("two of its own", "9110 §7.6.1",
         get(nominate(b"X-A", b"X-B"), b"X-A: mine", b"X-B: mine"), "ok", lacks=(b"x-a:", b"x-b:")),
    case("in two lines", "9110 §7.6.1",
         get(nominate(b"X-A"), nominate(b"X-B"), b"X-A: mine", b"X-B: mine"), "ok",
         lacks=(b"x-a:", b"x-b:")),
    case("before its field comes", "9110 §7.6.1", get(b"X-Own: mine", nominate(b"X-Own")), "ok",
         lacks=b"x-own"),
    case("one that is not there", "9110 §7.6.1", get(nominate(b"X-Own")), "ok"),
    case("X-Forwarded-For", "9110 §7.6.1", get(nominate(b"X-Forwarded-For")), "ok",
         shows=b"x-forwarded-for: 127.0.0.1"),
    case("X-Forwarded-Proto", "9110 §7.6.1", get(nominate(b"X-Forwarded-Proto")), "ok",
         shows=b"x-forwarded-proto: http"),
    case("X-Forwarded-Host", "9110 §7.6.1", get(nominate(b"X-Forwarded-Host")), "ok",
         shows=b"x-forwarded-host: shop.test"),
    case("X-Request-Id", "9110 §7.6.1", get(nominate(b"X-Request-Id")), "ok",
         shows=b"x-request-id: "),
    case("Via", "9110 §7.6.1", get(nominate(b"Via")), "ok", has=b"via: 1.1 "),
    case("Host", "9110 §7.6.1", get(nominate(b"Host")), "ok", has=b"host: shop.test"),
    case("Authorization", "9110 §7.6.1",
         get(nominate(b"Authorization"), b"Authorization: Basic abc"), "ok | 400", "ok"),
    case("Cookie", "9110 §7.6.1", get(nominate(b"Cookie"), b"Cookie: a=b"), "ok | 400", "ok"),
    case("Content-Length", "9110 §7.6.1",
         post(nominate(b"Content-Length"), b"Content-Length: 5", body=b"hello"), "ok | 400", "ok",
         has=b"hello"),
    case("Transfer-Encoding", "9110 §7.6.1",
         post(nominate(b"Transfer-Encoding"), b"Transfer-Encoding: chunked",
              body=b"5\r\nhello\r\n0\r\n\r\n"), "ok | 400", "ok", has=b"hello"),
    case("Expect", "9110 §7.6.1",
         post(nominate(b"Expect"), b"Expect: 100-continue", b"Content-Length: 5", body=b"hello"),
         "ok | 400", "ok"),
    case("Content-Type", "9110 §7.6.1",
         post(nominate(b"Content-Type"), b"Content-Type: a/b", b"Content-Length: 0"), "ok",
         lacks=b"content-type"),
    case("Keep-Alive", "9110 §7.6.1", get(nominate(b"Keep-Alive"), b"Keep-Alive: timeout=5"), "ok",
         lacks=b"keep-alive: timeout=5"),
    case("Keep-Alive without being named", "9110 §7.6.1", get(b"Keep-Alive: timeout=5"), "ok",
         lacks=b"keep-alive: timeout=5"),
    case("Proxy-Connection", "9110 §7.6.1", get(b"Proxy-Connection: keep-alive"), "ok",
         strips=b"proxy-connection"),
    case("TE", "9110 §10.1.4", get(nominate(b"TE"), b"TE: trailers, gzip"), "ok", lacks=b"gzip"),
    case("TE without being named", "9110 §10.1.4", get(b"TE: gzip"), "ok", lacks=b"te: gzip"),
    case("Connection itself", "9110 §7.6.1", get(nominate(b"Connection", b"X-Own"), b"X-Own: y"),
         "ok", lacks=b"x-own"),
    case("a name that is no token", "9110 §7.6.1", get(b"Connection: a b, @, X-Own", b"X-Own: y"),
         "ok | 400", "ok", lacks=b"x-own"),
    case("empty elements", "9110 §5.6.1", get(b"Connection: , ,X-Own,,", b"X-Own: y"), "ok",
         lacks=b"x-own"),
    case("200 names", "9110 §7.6.1", get(nominate(*[b"X-%d" % n for n in range(200)])),
         "ok | 400", "400"),
]
