"""Fails on functions of proxy/ with more than 80 lines. Exit codes: 0 none, 1 some."""

import sys
from pathlib import Path

import lizard

MOST_LINES = 80


def long_functions(root):
    files = [str(path) for path in sorted(root.rglob("*")) if path.suffix in (".cc", ".h")]
    for found in lizard.analyze_files(files, threads=1):
        for function in found.function_list:
            if function.length > MOST_LINES:
                yield f"{found.filename}:{function.start_line}: {function.name}, {function.length}"


def main():
    default = Path(__file__).resolve().parents[2] / "proxy"
    too_long = list(long_functions(Path(sys.argv[1]) if len(sys.argv) > 1 else default))
    for line in too_long:
        print(f"{line} lines, at most {MOST_LINES}")
    print(f"functions: {len(too_long)} too long")
    return 1 if too_long else 0


if __name__ == "__main__":
    sys.exit(main())
