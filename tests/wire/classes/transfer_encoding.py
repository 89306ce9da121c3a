"""Transfer-Encoding: chunked, alone, once."""

from case import HIDDEN, HOST, case, get, head, post

TITLE = "Transfer-Encoding"
CHUNKS = b"5\r\nhello\r\n0\r\n\r\n"


def coded(*fields, body=CHUNKS):
    return post(*fields, body=body)


def coding(value):
    return coded(b"Transfer-Encoding:" + value)


def old(*fields, body=CHUNKS):
    return head(b"POST / HTTP/1.0", HOST, *fields) + body


CASES = [
    case("chunked", "9112 §7.1", coding(b" chunked"), "ok", has=b"hello", split=True),
    case("in capitals", "9112 §7", coding(b" CHUNKED"), "ok"),
    case("blanks around", "9112 §5.1", coding(b"\t chunked \t"), "ok"),
    case("with Content-Length behind", "9112 §6.3",
         coded(b"Transfer-Encoding: chunked", b"Content-Length: 15"), "ok | 400", "400",
         lacks=b"content-length: 15", split=True),
    case("with Content-Length before", "9112 §6.3",
         coded(b"Content-Length: 15", b"Transfer-Encoding: chunked"), "ok | 400", "400",
         lacks=b"content-length: 15"),
    case("with a short Content-Length", "9112 §6.3",
         coded(b"Content-Length: 4", b"Transfer-Encoding: chunked", body=CHUNKS + HIDDEN),
         "ok | ok ok | 400", "400", lacks=b"content-length: 4"),
    case("with a Content-Length of zero", "9112 §6.3",
         coded(b"Content-Length: 0", b"Transfer-Encoding: chunked"), "ok | 400", "400"),
    case("with an invalid Content-Length", "9112 §6.3",
         coded(b"Content-Length: x", b"Transfer-Encoding: chunked"), "ok | 400", "400"),
    case("gzip with Content-Length", "9112 §6.3",
         coded(b"Content-Length: 15", b"Transfer-Encoding: gzip"), "4xx | 501", "400"),
    case("empty", "9112 §6.1", coding(b""), "4xx | 501", "400"),
    case("blank", "9112 §6.1", coding(b" "), "4xx | 501", "400"),
    case("gzip", "9112 §6.3", coding(b" gzip"), "4xx | 501", "501"),
    case("identity", "9112 §6.3", coding(b" identity"), "4xx | 501", "501"),
    case("compress", "9112 §6.3", coding(b" compress"), "4xx | 501", "501"),
    case("xchunked", "9112 §6.3", coding(b" xchunked"), "4xx | 501", "501"),
    case("chunkedx", "9112 §6.3", coding(b" chunkedx"), "4xx | 501", "501"),
    case("chunk", "9112 §6.3", coding(b" chunk"), "4xx | 501", "501"),
    case("x-chunked", "9112 §6.3", coding(b" x-chunked"), "4xx | 501", "501"),
    case("gzip, chunked", "9112 §6.1", coding(b" gzip, chunked"), "ok | 4xx | 501", "501"),
    case("identity, chunked", "9112 §7", coding(b" identity, chunked"), "ok | 4xx | 501", "501"),
    case("chunked, gzip", "9112 §6.3", coding(b" chunked, gzip"), "4xx | 501", "400"),
    case("chunked, identity", "9112 §6.3", coding(b" chunked, identity"), "4xx | 501", "400"),
    case("chunked, chunked", "9112 §6.1", coding(b" chunked, chunked"), "4xx | 501", "400"),
    case("a hole and chunked", "9110 §5.6.1", coding(b" , chunked"), "ok | 4xx | 501", "400"),
    case("chunked and a hole", "9110 §5.6.1", coding(b" chunked,"), "ok | 4xx | 501", "400"),
    case("with a parameter", "9112 §7", coding(b" chunked;q=1"), "4xx | 501", "400"),
    case("with an empty parameter", "9112 §7", coding(b" chunked;"), "4xx | 501", "400"),
    case("quoted", "9112 §7", coding(b' "chunked"'), "4xx | 501", "400"),
    case("two words", "9112 §7", coding(b" chunked chunked"), "4xx | 501", "400"),
    case("behind a vertical tab", "9110 §5.5", coding(b" \x0bchunked"), "4xx | 501", "400"),
    case("behind a form feed", "9110 §5.5", coding(b" \x0cchunked"), "4xx | 501", "400"),
    case("before a byte beyond ASCII", "9112 §7", coding(b" chunked\xff"), "4xx | 501", "400"),
    case("before a no-break space", "9112 §7", coding(b" chunked\xa0"), "4xx | 501", "400"),
    case("before NUL", "9110 §5.5", coding(b" chunked\0"), "4xx | 501", "400"),
    case("before CR", "9112 §2.2", coding(b" chunked\r"), "ok | 4xx | 501", "400"),
    case("a long s for the last letter but one", "9112 §7", coding(b" chun\xc5\xbfed"),
         "4xx | 501", "400"),
    case("folded", "9112 §5.2", coding(b"\r\n chunked"), "ok | 4xx | 501", "400"),
    case("twice", "9112 §6.1", coded(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"),
         "4xx | 501", "400"),
    case("gzip, then chunked in a line of its own", "9112 §6.1",
         coded(b"Transfer-Encoding: gzip", b"Transfer-Encoding: chunked"), "ok | 4xx | 501",
         "400"),
    case("chunked, then identity in a line of its own", "9112 §6.3",
         coded(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"), "4xx | 501",
         "400"),
    case("twice, one empty", "9112 §6.1",
         coded(b"Transfer-Encoding:", b"Transfer-Encoding: chunked"), "ok | 4xx | 501", "400"),
    case("on HTTP/1.0", "9112 §6.1", old(b"Transfer-Encoding: chunked"), "ok | 4xx | 501", "400",
         split=True),
    case("on HTTP/1.0 with Content-Length", "9112 §6.1",
         old(b"Transfer-Encoding: chunked", b"Content-Length: 15"), "ok | 4xx", "400",
         lacks=b"content-length: 15"),
    case("on HTTP/1.0, kept alive, more behind", "9112 §6.1",
         old(b"Transfer-Encoding: chunked", b"Connection: keep-alive", body=CHUNKS + HIDDEN),
         "ok | 4xx", "400", lacks=b"/hidden"),
    case("of a GET", "9110 §9.3.1", get(b"Transfer-Encoding: chunked") + CHUNKS, "ok | 4xx", "ok",
         has=b"hello"),
    case("a smuggled request behind a doubtful one", "9112 §6.3",
         coded(b"Transfer-Encoding: xchunked", body=CHUNKS + HIDDEN), "4xx | 501", "501",
         lacks=b"/hidden"),
]
