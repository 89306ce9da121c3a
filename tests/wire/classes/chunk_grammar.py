"""Chunk sizes, data and extensions. What is wrong shows when the head is on its way: the
pool then sees a request without an end, and its connection is closed."""

from case import HIDDEN, case, chunked

TITLE = "chunk grammar and extensions"
LAST = b"0\r\n\r\n"
BROKEN = "400 | 413 | close"


def good(name, body, rfc="9112 §7.1", **more):
    return case(name, rfc, chunked(body), "ok", **more)


def bad(name, body, rfc="9112 §7.1", must=BROKEN, policy="400", **more):
    return case(name, rfc, chunked(body + HIDDEN), must, policy, streams=True,
                lacks=() if "ok ok" in must else b"get /hidden", **more)


CASES = [
    good("one chunk", b"5\r\nhello\r\n" + LAST, has=b"hello"),
    good("three chunks", b"1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n" + LAST, split=True),
    good("no chunk", LAST),
    good("capital digits", b"A\r\n0123456789\r\n" + LAST),
    good("small digits", b"a\r\n0123456789\r\n" + LAST),
    good("zeros before", b"0005\r\nhello\r\n" + LAST),
    good("several zeros at the end", b"5\r\nhello\r\n000\r\n\r\n"),
    good("data that looks like an end", b"7\r\n0\r\n\r\n\r\n\r\n" + LAST),
    good("data that looks like a request", b"%x\r\n%b\r\n" % (len(HIDDEN), HIDDEN) + LAST),
    good("an extension", b"5;a=b\r\nhello\r\n" + LAST, "9112 §7.1.1"),
    good("an extension without a value", b"5;a\r\nhello\r\n" + LAST, "9112 §7.1.1"),
    good("a quoted extension", b'5;a="b;\\" c"\r\nhello\r\n' + LAST, "9112 §7.1.1", split=True),
    good("blanks around an extension", b"5 ; a = b\r\nhello\r\n" + LAST, "9112 §7.1.1"),
    good("two extensions", b"5;a=b;c=d\r\nhello\r\n" + LAST, "9112 §7.1.1"),
    good("an extension of the last chunk", b"5\r\nhello\r\n0;a=b\r\n\r\n", "9112 §7.1.1"),
    case("a request behind", "9112 §9.3.2", chunked(b"5\r\nhello\r\n" + LAST + HIDDEN), "ok ok"),
    case("not yet ended", "9112 §7.1", chunked(b"5\r\nhello\r\n"), "wait", streams=True),
    case("data not yet there", "9112 §7.1", chunked(b"5\r\nhel"), "wait", streams=True),
    case("last line not yet there", "9112 §7.1", chunked(b"5\r\nhello\r\n0\r\n"), "wait",
         streams=True),
    bad("no size", b"\r\nhello\r\n" + LAST),
    bad("no number", b"g\r\nhello\r\n" + LAST, split=True),
    bad("a prefix", b"0x5\r\nhello\r\n" + LAST),
    bad("a plus", b"+5\r\nhello\r\n" + LAST),
    bad("a minus", b"-5\r\nhello\r\n" + LAST),
    bad("an underscore", b"1_0\r\n0123456789abcdef\r\n" + LAST),
    bad("a fraction", b"5.0\r\nhello\r\n" + LAST),
    bad("quoted", b'"5"\r\nhello\r\n' + LAST),
    bad("a comma", b"5,5\r\nhello\r\n" + LAST),
    bad("a blank before", b" 5\r\nhello\r\n" + LAST),
    bad("a tab before", b"\t5\r\nhello\r\n" + LAST),
    bad("a blank behind", b"5 \r\nhello\r\n" + LAST, must=f"ok ok | {BROKEN}"),
    bad("a blank inside", b"5 5\r\nhello\r\n" + LAST),
    bad("a letter behind", b"5x\r\nhello\r\n" + LAST),
    bad("a digit beyond ASCII", b"\xd9\xa5\r\nhello\r\n" + LAST),
    bad("2^64", b"10000000000000000\r\nhello\r\n" + LAST),
    bad("2^64 and five", b"10000000000000005\r\nhello\r\n" + LAST),
    bad("forty digits", b"5" * 40 + b"\r\nhello\r\n" + LAST),
    bad("the sum is beyond 64 bits", b"5\r\nhello\r\nffffffffffffffff\r\nx" + LAST,
        must=f"{BROKEN} | wait"),
    bad("the size ended by LF", b"5\nhello\r\n" + LAST, "9112 §2.2", must=f"ok ok | {BROKEN}"),
    bad("the size ended by CR", b"5\rhello\r\n" + LAST, "9112 §2.2"),
    bad("CR CR LF behind the size", b"5\r\r\nhello\r\n" + LAST, "9112 §2.2"),
    bad("NUL behind the size", b"5\0\r\nhello\r\n" + LAST),
    bad("data one short", b"5\r\nhell\r\n" + LAST),
    bad("data one long", b"5\r\nhello!\r\n" + LAST),
    bad("data ended by LF", b"5\r\nhello\n" + LAST, "9112 §2.2", must=f"ok ok | {BROKEN}"),
    bad("data ended by CR", b"5\r\nhello\r" + LAST),
    bad("data ended by nothing", b"5\r\nhello" + LAST),
    bad("data ended by two bytes", b"5\r\nhelloXX" + LAST),
    bad("data ended by LF CR", b"5\r\nhello\n\r" + LAST),
    bad("no name of an extension", b"5;=b\r\nhello\r\n" + LAST, "9112 §7.1.1",
        must=f"ok ok | {BROKEN}"),
    bad("a semicolon alone", b"5;\r\nhello\r\n" + LAST, "9112 §7.1.1", must=f"ok ok | {BROKEN}"),
    bad("two semicolons", b"5;;a\r\nhello\r\n" + LAST, "9112 §7.1.1", must=f"ok ok | {BROKEN}"),
    bad("no value behind an equals sign", b"5;a=\r\nhello\r\n" + LAST, "9112 §7.1.1",
        must=f"ok ok | {BROKEN}"),
    bad("a quote left open", b'5;a="b\r\nhello\r\n' + LAST, "9112 §7.1.1",
        must=f"ok ok | {BROKEN}"),
    bad("more behind a quote", b'5;a="b"c\r\nhello\r\n' + LAST, "9112 §7.1.1",
        must=f"ok ok | {BROKEN}"),
    bad("a bare CR in an extension", b"5;a=\rb\r\nhello\r\n" + LAST, "9112 §2.2"),
    bad("a bare LF in an extension", b"5;a=\nb\r\nhello\r\n" + LAST, "9112 §2.2",
        must=f"ok ok | {BROKEN}"),
    bad("a bare CR in a quoted extension", b'5;a="\r"\r\nhello\r\n' + LAST, "9112 §2.2"),
    bad("a bare LF in a quoted extension", b'5;a="\n"\r\nhello\r\n' + LAST, "9112 §2.2"),
    bad("NUL in an extension", b"5;a=\0\r\nhello\r\n" + LAST, "9112 §7.1.1",
        must=f"ok ok | {BROKEN}"),
    bad("a control in an extension", b"5;a=\x01\r\nhello\r\n" + LAST, "9112 §7.1.1",
        must=f"ok ok | {BROKEN}"),
    bad("an extension of 9000 bytes", b"5;" + b"a" * 9000 + b"\r\nhello\r\n" + LAST,
        "9112 §7.1.1", must=f"ok ok | {BROKEN}"),
    bad("LF before a size", b"\n5\r\nhello\r\n" + LAST, "9112 §2.2"),
]
