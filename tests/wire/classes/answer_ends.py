"""Answers that end early, or never: closes and resets in every state."""

from case import CLOSE, RESET, Pool, case, get, ok, post

TITLE = "answers that break off"
POST = post(b"Content-Length: 5", body=b"hello")
LENGTH = ok(b"Content-Length: 100", body=b"only this")
CHUNKS = ok(b"Transfer-Encoding: chunked", body=b"9\r\nonly this\r\n")
HALF_CHUNK = ok(b"Transfer-Encoding: chunked", body=b"99\r\nonly this")
ENDS = (("close", CLOSE), ("reset", RESET))
NONE = "5xx | close"


def both_ends():
    for word, then in ENDS:
        for name, send in (("GET", get()), ("POST", POST)):
            yield case(f"{word} without a word to {name}", "9112 §9.3.1", send, NONE, "502",
                       pool=Pool(b"", then))
            yield case(f"{word} at the head of {name}", "9112 §9.3.1", send, NONE, "502",
                       pool=Pool(b"", then, at="head"))
            yield case(f"{word} in the status line to {name}", "9112 §8", send, NONE, "502",
                       pool=Pool(b"HTTP/1.1 20", then))
            yield case(f"{word} in the head to {name}", "9112 §8", send, NONE, "502",
                       pool=Pool(LENGTH[:40], then))
        # A reset may overtake what was said before it.
        told = f"cut | {NONE}" if then == RESET else "cut | 5xx"
        shows = "cut | 502" if then == RESET else "cut"
        yield case(f"{word} in a body with a length", "9112 §8", get(), told, shows,
                   pool=Pool(LENGTH, then), split=then == CLOSE)
        yield case(f"{word} before the last chunk", "9112 §8", get(), told, shows,
                   pool=Pool(CHUNKS, then))
        yield case(f"{word} in a chunk", "9112 §8", get(), told, shows,
                   pool=Pool(HALF_CHUNK, then))
        yield case(f"{word} in the last line", "9112 §8", get(), told, shows,
                   pool=Pool(CHUNKS + b"0\r\n", then))
        yield case(f"{word} right behind the head", "9112 §8", get(), told, shows,
                   pool=Pool(ok(b"Content-Length: 5"), then))
        yield case(f"{word} in a body to HTTP/1.0", "9112 §8", get(line=b"GET / HTTP/1.0"), told,
                   shows, pool=Pool(LENGTH, then))
        yield case(f"{word} in the body to a POST", "9112 §8", POST, told, shows,
                   pool=Pool(LENGTH, then))
        yield case(f"{word} behind a 100", "9110 §15.2", POST, NONE, "502",
                   pool=Pool(b"HTTP/1.1 100 Continue\r\n\r\n", then))


CASES = [
    *both_ends(),
    case("a whole answer, then close", "9112 §9.6", get(), "ok",
         pool=Pool(ok(b"Content-Length: 2", body=b"ok"), CLOSE)),
    case("a whole answer until a reset", "9112 §8", get(), f"ok | cut | {NONE}", "cut | 5xx",
         pool=Pool(ok(body=b"not known to be whole"), RESET)),
    case("no answer to GET", "9110 §15.6.5", get(), "5xx | close", "504", pool=Pool(b"")),
    case("no answer to POST", "9110 §15.6.5", POST, "5xx | close", "504", pool=Pool(b"")),
]
