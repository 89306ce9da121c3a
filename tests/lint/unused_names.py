"""Names of other namespaces that a source takes up and does not use. clang-tidy looks at several
sources in one go, where the use of one is the use of all.

    unused_names.py FILE...       exit codes: 0 none found, 1 some
"""

import re
import sys

from coroutine_pitfalls import blanked, report

TAKEN_UP = re.compile(r"^(?:using (?:\w+::)+(\w+);|namespace (\w+) = [\w:]+;)", re.MULTILINE)


def unused_names(text):
    """Line numbers."""
    code = blanked(text)
    for found in TAKEN_UP.finditer(code):
        name = found[1] or found[2]
        rest = code[: found.start()] + code[found.end() :]
        if not re.search(rf"(?<![\w:.>]){name}\b", rest):
            yield code.count("\n", 0, found.start()) + 1


if __name__ == "__main__":
    sources = [path for path in sys.argv[1:] if path.endswith(".cc")]  # others use a header's
    sys.exit(report({"a name that is taken up must be used": unused_names}, sources))
