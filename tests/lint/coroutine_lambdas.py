"""Finds lambdas that capture and are coroutines: the frame outlives the lambda object, so
every capture is a use-after-free waiting for the first suspension.

    coroutine_lambdas.py FILE...       exit codes: 0 none found, 1 some
"""

import re
import sys
from pathlib import Path

COROUTINE = re.compile(r"\bco_(?:await|return|yield)\b|->\s*[\w:]*(?:awaitable|Task)\b")
LAMBDA = re.compile(r"\[(?!\[)(?P<captures>[^\[\]]*)\](?=\s*[({<m-])")
AFTER_KEYWORD = re.compile(r"(?:\breturn|\bco_return|\bco_await)\s*$")


def blanked(text):
    """Comments, strings and characters become blanks; every offset stays."""
    pattern = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|//[^\n]*|/\*.*?\*/'
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.DOTALL)


def end_of_block(text, opening):
    depth = 0
    for position in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position
    return len(text)


def starts_lambda(code, match):
    """A capture list follows an operator or a separator; an index follows a name."""
    before = code[: match.start("captures") - 1].rstrip()
    return not before or before[-1] in "=(,{};:?<>&|!+-*/" or AFTER_KEYWORD.search(before)


def without_inner_lambdas(body):
    """A lambda inside may be a coroutine although the one around it is not."""
    for match in list(LAMBDA.finditer(body))[::-1]:
        opening = body.find("{", match.end())
        if starts_lambda(body, match) and opening >= 0:
            body = body[: match.start()] + body[end_of_block(body, opening) + 1 :]
    return body


def capturing_coroutines(text):
    """Line numbers."""
    code = blanked(text)
    for match in LAMBDA.finditer(code):
        if not match["captures"].strip() or not starts_lambda(code, match):
            continue
        opening = code.find("{", match.end())
        if opening < 0 or ";" in code[match.end() : opening]:
            continue
        body = code[opening + 1 : end_of_block(code, opening)]
        if COROUTINE.search(code[match.end() : opening] + without_inner_lambdas(body)):
            yield 1 + code[: match.start()].count("\n")


def main():
    found = [
        f"{path}:{line}: a lambda with captures must not be a coroutine"
        for path in sys.argv[1:]
        for line in capturing_coroutines(Path(path).read_text())
    ]
    print("\n".join(found) if found else "no capturing coroutine lambda")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
