"""Names of other namespaces that a source takes up and does not use. clang-tidy looks at several
sources in one go, where the use of one is the use of all.

    unused_names.py FILE...       exit codes: 0 none found, 1 some
"""

import re
import sys
from pathlib import Path

from coroutine_pitfalls import blanked

TAKEN_UP = re.compile(r"^(?:using (?:\w+::)+(\w+);|namespace (\w+) = [\w:]+;)", re.MULTILINE)


def unused(text):
    """(line, name) of each."""
    code = blanked(text)
    for found in TAKEN_UP.finditer(code):
        name = found[1] or found[2]
        rest = code[: found.start()] + code[found.end() :]
        if not re.search(rf"(?<![\w:.>]){name}\b", rest):
            yield code.count("\n", 0, found.start()) + 1, name


def main(files):
    lines = [
        f"{file}:{line}: {name} is taken up and not used"
        for file in files
        if file.endswith(".cc")
        for line, name in unused(Path(file).read_text())
    ]
    print("\n".join(lines), end="\n" if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
