"""Content-Length: one plain number."""

from case import HIDDEN, case, get, post

TITLE = "Content-Length"
HELLO = b"hello"


def length(*values, body=HELLO):
    return post(*[b"Content-Length:" + each for each in values], body=body)


CASES = [
    case("exact", "9112 §6.2", length(b" 5"), "ok", has=b"\r\n\r\nhello", split=True),
    case("zero", "9110 §8.6", length(b" 0", body=b""), "ok", has=b"content-length: 0"),
    case("zero and more", "9112 §6.3", length(b" 0", body=HIDDEN), "ok ok", has=b"get /hidden"),
    case("a request in the body", "9112 §6.3", length(b" %d" % len(HIDDEN), body=HIDDEN), "ok"),
    case("no blank", "9112 §5.1", length(b"5"), "ok"),
    case("blanks around", "9112 §5.1", length(b" \t5\t "), "ok"),
    case("body short", "9112 §6.3", length(b" 50"), "wait", streams=True),
    case("head in one piece, body in the next", "9112 §6.2",
         [length(b" 5", body=b""), b"he", b"llo"], "ok", has=b"hello"),
    case("empty", "9112 §6.3", length(b""), "400", split=True),
    case("blank", "9112 §6.3", length(b"  "), "400"),
    case("padded", "9110 §8.6", length(b" 005"), "ok | 400", "400"),
    case("double zero", "9110 §8.6", length(b" 00", body=b""), "ok | 400", "400"),
    case("a plus", "9112 §6.3", length(b" +5"), "400"),
    case("a minus", "9112 §6.3", length(b" -5"), "400"),
    case("minus zero", "9112 §6.3", length(b" -0", body=b""), "400"),
    case("hexadecimal", "9112 §6.3", length(b" 0x5"), "400"),
    case("letters", "9112 §6.3", length(b" five"), "400"),
    case("a fraction", "9112 §6.3", length(b" 5.0"), "400"),
    case("an exponent", "9112 §6.3", length(b" 5e0"), "400"),
    case("quoted", "9112 §6.3", length(b' "5"'), "400"),
    case("a space inside", "9112 §6.3", length(b" 5 5"), "400"),
    case("an underscore", "9112 §6.3", length(b" 5_0"), "400"),
    case("a semicolon", "9112 §6.3", length(b" 5;a=b"), "400"),
    case("Arabic digits", "9112 §6.3", length(b" \xd9\xa5"), "400"),
    case("a vertical tab", "9112 §6.3", length(b" \x0b5"), "400"),
    case("NUL behind", "9112 §6.3", length(b" 5\0"), "400"),
    case("a CR behind", "9112 §2.2", length(b" 5\r"), "ok | 400", "400"),
    case("2^63", "9112 §6.3", length(b" 9223372036854775808"), "4xx | wait | close", "wait",
         streams=True),
    case("2^64", "9112 §6.3", length(b" 18446744073709551616"), "4xx | close", "400"),
    case("2^64 and five", "9112 §6.3", length(b" 18446744073709551621"), "4xx | close", "400"),
    case("thirty digits", "9112 §6.3", length(b" " + b"9" * 30), "4xx | close", "400"),
    case("a thousand zeros", "9112 §6.3", length(b" " + b"0" * 1000 + b"5"), "ok | 400", "400"),
    case("a list, the same", "9112 §6.3", length(b" 5, 5"), "ok | 400", "400", lacks=b"5, 5"),
    case("a list, different", "9112 §6.3", length(b" 5, 6"), "400"),
    case("a list with a hole", "9112 §6.3", length(b" 5,"), "ok | 400", "400"),
    case("a hole and a number", "9112 §6.3", length(b" ,5"), "ok | 400", "400"),
    case("twice, the same", "9112 §6.3", length(b" 5", b" 5"), "ok | 400", "400"),
    case("twice, different", "9112 §6.3", length(b" 5", b" 6"), "400", split=True),
    case("twice, one invalid", "9112 §6.3", length(b" 5", b" x"), "400"),
    case("twice, one empty", "9112 §6.3", length(b" 5", b""), "400"),
    case("twice, zero and more", "9112 §6.3", length(b" 0", b" 5"), "400"),
    case("twice in other letters", "9112 §6.3",
         post(b"Content-Length: 5", b"CONTENT-LENGTH: 6", body=HELLO), "400"),
    case("folded", "9112 §5.2", length(b"\r\n 5"), "ok | 400", "400"),
    case("bytes with a GET", "9110 §9.3.1", get(b"Content-Length: 5") + HELLO, "ok | 4xx", "ok",
         has=b"hello"),
    case("a smuggled request behind a doubtful one", "9112 §6.3",
         length(b" 5", b" 6", body=HELLO + HIDDEN), "400", lacks=b"/hidden"),
]
