"""clang-tidy over proxy/*.cc, in parallel, remembering what was clean. A file is looked
at again only when it, a project header it reaches, its compile command, the rules or the
tool changed. A folder's files are looked at in one go, since most of the time goes into the
headers: a group that is clean is done with. The files of one that is not are looked at one by
one.

    tidy.py --build build/dev [--cache build/tidy-cache] [--seconds 1500]

Files changed most recently go first. What does not fit into the time is named and fails
the run; the next one goes on there. Exit codes: 0 all are clean, 1 not.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from together import flags_of, groups

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
NOT_OURS = {"boost_impl.cc"}  # bodies of Boost
# The path analyzer of clang 14 takes the machinery of coroutines for null dereferences.
COROUTINES = re.compile(r"\bco_(?:await|return|yield)\b")
NO_ANALYZER = "-clang-analyzer-*"
# Else the analyzer follows a function from its callers only, where it sees some.
EVERY_FUNCTION = ["-Xclang", "-analyzer-inlining-mode", "-Xclang", "all"]
CLANG_TIDY = ["clang-tidy", "--quiet", f"--config-file={ROOT / '.clang-tidy'}"]


def commands(build):
    """file -> compile command, for proxy/*.cc."""
    database = json.loads((build / "compile_commands.json").read_text())
    ours = {Path(entry["file"]).resolve(): entry["command"] for entry in database}
    proxy = ROOT / "proxy"
    return {f: c for f, c in ours.items() if f.is_relative_to(proxy) and f.name not in NOT_OURS}


def reached(path, seen):
    """The file and every project header it includes, however far."""
    if path in seen or not path.is_file():
        return seen
    seen.add(path)
    for header in INCLUDE.findall(path.read_text()):
        reached(ROOT / "proxy" / header, seen)
    return seen


def extra_checks(path):
    """Beside those of the rules."""
    return NO_ANALYZER if COROUTINES.search(path.read_text()) else ""


def key_of(path, command, tool):
    digest = hashlib.sha256(tool.encode())
    digest.update(command.replace(str(ROOT), "").encode())
    digest.update(extra_checks(path).encode())
    for part in sorted(reached(path, set())):
        digest.update(str(part.relative_to(ROOT)).encode())
        digest.update(part.read_bytes())
    return digest.hexdigest()


class Tidy:
    def __init__(self, build, cache, seconds):
        self.build, self.cache = build, cache
        self.deadline = time.monotonic() + seconds
        cache.mkdir(parents=True, exist_ok=True)
        version = subprocess.run(["clang-tidy", "--version"], capture_output=True, text=True)
        self.tool = version.stdout + (ROOT / ".clang-tidy").read_text()
        self.findings, self.checked, self.remembered, self.left = [], 0, 0, []
        self.clean_in_company = set()

    def run(self):
        files = commands(self.build)
        newest_first = sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)
        keys = {path: self.cache / key_of(path, files[path], self.tool) for path in newest_first}
        waiting = {path: files[path] for path in newest_first if not keys[path].exists()}
        self.remembered = len(files) - len(waiting)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            company = {}
            for group in groups(waiting, extra_checks):
                begun = pool.submit(self.look_at_group, group, waiting)
                company.update(dict.fromkeys(group, begun))
            list(pool.map(lambda path: self.look_at(path, keys[path], company[path]), waiting))

    def look_at_group(self, group, files):
        if len(group) == 1 or time.monotonic() > self.deadline:
            return
        with tempfile.NamedTemporaryFile("w", suffix=".cc", dir=self.cache) as company:
            company.write("".join(path.read_text() for path in group))
            company.flush()
            flags = [*flags_of(files[group[0]]), *EVERY_FUNCTION]
            checks = extra_checks(group[0])
            if not self.run_tool(checks, company.name, "--", *flags).returncode:
                self.clean_in_company.update(group)

    def look_at(self, path, clean, company):
        company.result()
        if time.monotonic() > self.deadline:
            self.left.append(path)
        elif path in self.clean_in_company or self.is_clean(path):
            clean.touch()

    def is_clean(self, path):
        self.checked += 1
        done = self.run_tool(extra_checks(path), str(path), "-p", str(self.build))
        if done.returncode:
            said = done.stdout + re.sub(r"^\d+ warnings.*\n", "", done.stderr, flags=re.MULTILINE)
            self.findings.append(said)
        return done.returncode == 0

    @staticmethod
    def run_tool(checks, *arguments):
        call = [*CLANG_TIDY, *([f"--checks={checks}"] if checks else []), *arguments]
        return subprocess.run(call, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "dev")
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "tidy-cache")
    parser.add_argument("--seconds", type=float, default=1500)
    chosen = parser.parse_args()
    tidy = Tidy(chosen.build, chosen.cache, chosen.seconds)
    tidy.run()
    print("\n".join(tidy.findings), end="\n" if tidy.findings else "")
    for path in tidy.left:
        print(f"out of time, not looked at: {path.relative_to(ROOT)}")
    print(
        f"clang-tidy: {len(tidy.clean_in_company)} clean in company, {tidy.checked} looked at "
        f"alone, {tidy.remembered} known to be clean, "
        f"{len(tidy.findings)} with findings, {len(tidy.left)} left for the next run"
    )
    return 1 if tidy.findings or tidy.left else 0


if __name__ == "__main__":
    sys.exit(main())
