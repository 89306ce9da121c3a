"""Expect: 100-continue, in every form."""

from case import HIDDEN, UNTIL_100, UNTIL_ASKED, Pool, case, get, ok, post

TITLE = "Expect"
WAITS = [b"Expect: 100-continue", b"Content-Length: 5"]
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
FINAL = ok(b"Content-Length: 2", body=b"ok")
REFUSED = ok(b"Content-Length: 2", line=b"HTTP/1.1 417 No", body=b"no")

CASES = [
    case("the body at once", "9110 §10.1.1", post(*WAITS, body=b"hello"), "ok", has=b"hello",
         split=True),
    case("the pool says continue", "9110 §10.1.1", [post(*WAITS), UNTIL_100, b"hello"], "ok",
         pool=Pool(FINAL, interim=CONTINUE, clean=True), has=b"hello", gets=b"100 continue"),
    case("the pool refuses instead", "9110 §10.1.1", post(*WAITS), "ok | wait", "ok", streams=True,
         cut_off=True, pool=Pool(REFUSED, at="head", clean=True), gets=b"417"),
    case("the pool answers 200 instead", "9110 §10.1.1", [post(*WAITS), UNTIL_ASKED], "ok | wait",
         "ok", streams=True, cut_off=True, pool=Pool(FINAL, at="head", clean=True)),
    case("the body comes unasked", "9110 §10.1.1", [post(*WAITS), UNTIL_ASKED, b"hello"], "ok",
         has=b"hello"),
    case("chunked", "9110 §10.1.1",
         post(b"Expect: 100-continue", b"Transfer-Encoding: chunked",
              body=b"5\r\nhello\r\n0\r\n\r\n"), "ok", has=b"hello"),
    case("in capitals", "9110 §10.1.1",
         post(b"Expect: 100-CONTINUE", b"Content-Length: 5", body=b"hello"), "ok"),
    case("no body announced", "9110 §10.1.1", get(b"Expect: 100-continue"), "ok"),
    case("a body of zero", "9110 §10.1.1", post(b"Expect: 100-continue", b"Content-Length: 0"),
         "ok"),
    case("on HTTP/1.0", "9110 §10.1.1", post(*WAITS, line=b"POST / HTTP/1.0", body=b"hello"), "ok",
         never_gets=b"100 continue"),
    case("twice", "9110 §10.1.1", post(b"Expect: 100-continue", *WAITS, body=b"hello"),
         "ok | 417 | 400", "ok"),
    case("another", "9110 §10.1.1", post(b"Expect: 200-ok", b"Content-Length: 5", body=b"hello"),
         "ok | 417", "417"),
    case("empty", "9110 §10.1.1", post(b"Expect:", b"Content-Length: 5", body=b"hello"),
         "ok | 417 | 400", "417"),
    case("a list", "9110 §10.1.1",
         post(b"Expect: 100-continue, 100-continue", b"Content-Length: 5", body=b"hello"),
         "ok | 417 | 400", "417"),
    case("and another", "9110 §10.1.1",
         post(b"Expect: 100-continue, x=y", b"Content-Length: 5", body=b"hello"), "ok | 417",
         "417"),
    case("with a parameter", "9110 §10.1.1",
         post(b"Expect: 100-continue;a=b", b"Content-Length: 5", body=b"hello"), "ok | 417 | 400",
         "417"),
    case("quoted", "9110 §10.1.1",
         post(b'Expect: "100-continue"', b"Content-Length: 5", body=b"hello"), "ok | 417 | 400",
         "417"),
    case("a blank for the hyphen", "9110 §10.1.1",
         post(b"Expect: 100 continue", b"Content-Length: 5", body=b"hello"), "ok | 417 | 400",
         "417"),
    case("refused, the body is no request", "9110 §10.1.1",
         post(b"Expect: x", b"Content-Length: %d" % len(HIDDEN), body=HIDDEN), "ok | 417", "417",
         lacks=b"\r\n\r\nget /hidden"),
    case("a request behind a refused expectation", "9110 §10.1.1",
         post(*WAITS, body=b"hello" + HIDDEN), "ok ok"),
    case("an alias", "9110 §10.1.1",
         post(b"X-Expect: 100-continue", b"Content-Length: 5", body=b"hello"), "ok"),
]
