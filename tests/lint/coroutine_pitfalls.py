"""Finds what must not be written in a coroutine:

- a lambda that captures and is one: the frame outlives the lambda object, so every capture is
  a use-after-free waiting for the first suspension;
- a loop with an empty body around a co_await, for which g++ 12 emits a trap;
- a conditional inside what is awaited: g++ 12 destroys its temporaries twice.

    coroutine_pitfalls.py FILE...       exit codes: 0 none found, 1 some
"""

import re
import sys
from pathlib import Path

COROUTINE = re.compile(r"\bco_(?:await|return|yield)\b|->\s*[\w:]*(?:awaitable|Task)\b")
LAMBDA = re.compile(r"\[(?!\[)(?P<captures>[^\[\]]*)\](?=\s*[({<m-])")
LOOP = re.compile(r"\b(?:while|for)\s*\(")
AWAIT = re.compile(r"\bco_await\b")
EMPTY = re.compile(r"\s*(?:\{\s*\}|;)")
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


def end_of_parentheses(text, opening):
    depth = 0
    for position in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            return position
    return len(text)


def empty_loops(text):
    """Line numbers."""
    code = blanked(text)
    for match in LOOP.finditer(code):
        end = end_of_parentheses(code, match.end() - 1)
        if AWAIT.search(code[match.end() : end]) and EMPTY.match(code[end + 1 :]):
            yield 1 + code[: match.start()].count("\n")


def awaited_conditionals(text):
    """Line numbers. Looks at the arguments of the call that is awaited."""
    code = blanked(text)
    for match in AWAIT.finditer(code):
        opening = code.find("(", match.end())
        if opening < 0 or re.search(r"[;{}?,)]", code[match.end() : opening]):
            continue
        if "?" in code[opening : end_of_parentheses(code, opening)]:
            yield 1 + code[: match.start()].count("\n")


RULES = {
    "a lambda with captures must not be a coroutine": capturing_coroutines,
    "a loop around co_await needs a body": empty_loops,
    "name the conditional before it is awaited": awaited_conditionals,
}


def report(rules, paths):
    """Prints the lines that break a rule. The exit code."""
    found = [
        f"{path}:{line}: {rule}"
        for path in paths
        for rule, look in rules.items()
        for line in look(Path(path).read_text())
    ]
    print("\n".join(found) if found else "nothing found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(report(RULES, sys.argv[1:]))
