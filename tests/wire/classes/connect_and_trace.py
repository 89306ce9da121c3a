"""CONNECT, TRACE, OPTIONS and Max-Forwards."""

from case import HIDDEN, case, get, head, post

TITLE = "CONNECT, TRACE and Max-Forwards"


def connect(target, host=b"shop.test:443", more=b""):
    return head(b"CONNECT " + target + b" HTTP/1.1", b"Host: " + host) + more


def hops(method, value):
    return get(b"Max-Forwards:" + value, line=method + b" / HTTP/1.1")


CASES = [
    case("CONNECT", "9110 §9.3.6", connect(b"shop.test:443"), "4xx | 501", "501", split=True),
    case("CONNECT to an address", "9110 §9.3.6", connect(b"169.254.169.254:80"), "4xx | 501",
         "501"),
    case("CONNECT without a port", "9112 §3.2.3", connect(b"shop.test"), "4xx | 501", "501"),
    case("CONNECT to a path", "9112 §3.2.3", connect(b"/"), "4xx | 501", "501"),
    case("CONNECT to a URI", "9112 §3.2.3", connect(b"http://shop.test/"), "4xx | 501", "501"),
    case("CONNECT and a request behind", "9110 §9.3.6", connect(b"shop.test:443", more=HIDDEN),
         "4xx | 501", "501", lacks=b"/hidden"),
    case("CONNECT with a body", "9110 §9.3.6",
         post(b"Content-Length: 5", line=b"CONNECT shop.test:443 HTTP/1.1", body=b"hello"),
         "4xx | 501", "501"),
    case("CONNECT on HTTP/1.0", "9110 §9.3.6",
         head(b"CONNECT shop.test:443 HTTP/1.0", b"Host: shop.test:443"), "4xx | 501", "501"),
    case("connect in lower case", "9110 §9.1", get(line=b"connect / HTTP/1.1"), "ok | 4xx | 501",
         "ok"),
    case("TRACE", "9110 §9.3.8", get(line=b"TRACE / HTTP/1.1"), "ok | 4xx | 501 | 200", "ok"),
    case("TRACE with a body", "9110 §9.3.8",
         post(b"Content-Length: 5", line=b"TRACE / HTTP/1.1", body=b"hello"), "ok | 4xx | 501",
         "ok | 400"),
    case("TRACE, no hop left", "9110 §7.6.2", hops(b"TRACE", b" 0"), "4xx | 501 | 200", "501"),
    case("OPTIONS, no hop left", "9110 §7.6.2", hops(b"OPTIONS", b" 0"), "4xx | 501 | 200", "501"),
    case("OPTIONS of all, no hop left", "9110 §7.6.2",
         get(b"Max-Forwards: 0", line=b"OPTIONS * HTTP/1.1"), "4xx | 501 | 200", "501"),
    case("TRACE, one hop left", "9110 §7.6.2", hops(b"TRACE", b" 1"), "ok | 4xx | 501", "ok",
         has=b"max-forwards: 0"),
    case("OPTIONS, ten hops left", "9110 §7.6.2", hops(b"OPTIONS", b" 10"), "ok | 4xx | 501", "ok",
         has=b"max-forwards: 9"),
    case("GET, no hop left", "9110 §7.6.2", hops(b"GET", b" 0"), "ok"),
    case("hops of letters", "9110 §7.6.2", hops(b"OPTIONS", b" x"), "ok | 4xx", "400"),
    case("hops below zero", "9110 §7.6.2", hops(b"OPTIONS", b" -1"), "ok | 4xx", "400"),
    case("hops beyond 64 bits", "9110 §7.6.2", hops(b"OPTIONS", b" " + b"9" * 30),
         "ok | 4xx", "ok", lacks=b"9" * 30),
    case("hops given twice", "9110 §7.6.2",
         get(b"Max-Forwards: 5", b"Max-Forwards: 9", line=b"OPTIONS / HTTP/1.1"), "ok | 4xx",
         "400"),
    case("hops padded", "9110 §7.6.2", hops(b"OPTIONS", b" 0010"), "ok | 4xx", "ok",
         has=b"max-forwards: 9"),
    case("hops nominated by Connection", "9110 §7.6.2",
         get(b"Connection: Max-Forwards", b"Max-Forwards: 3", line=b"OPTIONS / HTTP/1.1"),
         "ok | 4xx", "ok"),
]
