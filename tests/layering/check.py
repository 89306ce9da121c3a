"""Fails on any include in proxy/ that the table in proxy/README.md does not allow, on a
clock read outside net/, and on files too long to read.

    tests/layering/check.py [proxy folder]      exit codes: 0 clean, 1 not
"""

import re
import sys
from pathlib import Path

import externals
from table import closure, read_cmake, read_table

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
AMBIENT_CLOCK = re.compile(
    r"\b(?:steady|system|high_resolution|utc|file)_clock::now\b"
    r"|\b(?:clock_gettime|gettimeofday|timespec_get|std::time)\s*\("
)
CLOCK_FOLDER = "net"
LONG_FILE_LINES, TOO_LONG_FILE_LINES = 300, 400


def without_comments(text):
    """Lines stay where they are."""

    def blank(match):
        return match[0] if match[0][0] in "\"'" else "\n" * match[0].count("\n")

    literal_or_comment = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|//[^\n]*|/\*.*?\*/'
    return re.sub(literal_or_comment, blank, text, flags=re.DOTALL)


def sources(root):
    return sorted(path for path in root.rglob("*") if path.suffix in (".cc", ".h"))


def folder_of(path, root):
    parts = path.relative_to(root).parts
    return parts[0] if len(parts) > 1 else path.name


class Check:
    def __init__(self, root):
        self.root = root
        self.layers = read_table((root / "README.md").read_text())
        self.targets = read_cmake((root / "CMakeLists.txt").read_text())
        self.uses_of = {name: layer.uses for name, layer in self.layers.items()}
        self.problems, self.remarks = [], []

    def run(self):
        if not self.layers:
            self.problems.append("README.md: no table of layers found")
        self.compare_cmake()
        for path in sources(self.root):
            self.check_file(path)
        return self.problems

    def compare_cmake(self):
        for name, uses in self.targets.items():
            layer = self.layers.get(name)
            if not layer:
                self.problems.append(f"CMakeLists.txt: {name} is not in the table")
            elif not layer.everything and uses != layer.uses:
                says = f"USES {listed(uses)}, the table says {listed(layer.uses)}"
                self.problems.append(f"CMakeLists.txt: {name} {says}")
            if name in closure(name, self.targets):
                self.problems.append(f"CMakeLists.txt: {name} uses itself in a circle")

    def check_file(self, path):
        name = folder_of(path, self.root)
        where = path.relative_to(self.root)
        text = path.read_text()
        code = without_comments(text)
        if name not in self.layers:
            self.problems.append(f"{where}: {name} is not in the table")
            return
        if name != "main.cc" and name not in self.targets:
            self.problems.append(f"{where}: {name} has no weir_layer in CMakeLists.txt")
        for inner, outer in INCLUDE.findall(code):
            problem = self.inner_problem(name, inner) if inner else self.outer_problem(name, outer)
            if problem:
                line = 1 + code[: code.index(inner or outer)].count("\n")
                self.problems.append(f"{where}:{line}: {problem}")
        self.check_clock(name, where, code)
        self.check_length(where, len(text.splitlines()))

    def inner_problem(self, name, header):
        target = header.split("/")[0]
        if not (self.root / header).is_file():
            return f'"{header}" is not a file below proxy/'
        if target == name:
            return None
        if target not in closure(name, self.uses_of):
            return f'{name} must not use {target} ("{header}")'
        if name in self.targets and target not in closure(name, self.targets):
            return f'{name} uses {target} ("{header}") but CMakeLists.txt does not say so'
        return None

    def outer_problem(self, name, header):
        reached = closure(name, self.uses_of) | {name}
        libraries = {library for used in reached for library in self.layers[used].libraries}
        return externals.problem(header, self.layers[name], reached, libraries)

    def check_clock(self, name, where, code):
        if name == CLOCK_FOLDER:
            return
        for match in AMBIENT_CLOCK.finditer(code):
            line = 1 + code[: match.start()].count("\n")
            self.problems.append(f"{where}:{line}: {match[0]} belongs to {CLOCK_FOLDER}/ alone")

    def check_length(self, where, lines):
        if lines > TOO_LONG_FILE_LINES:
            self.problems.append(f"{where}: {lines} lines, at most {TOO_LONG_FILE_LINES}")
        elif lines > LONG_FILE_LINES:
            self.remarks.append(f"{where}: {lines} lines, aim at {LONG_FILE_LINES}")


def listed(names):
    return ", ".join(sorted(names)) or "nothing"


def main():
    default = Path(__file__).resolve().parents[2] / "proxy"
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    if not (root / "README.md").is_file():
        print(f"layering: {root / 'README.md'} with the table of layers is missing")
        return 1
    check = Check(root)
    problems = check.run()
    for line in check.remarks:
        print(f"remark: {line}")
    for line in problems:
        print(line)
    print(f"layering: {len(sources(root))} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
