"""clang-tidy over proxy/*.cc, in parallel, remembering what was clean. A file is looked
at again only when it, a project header it reaches, its compile command, the rules or the
tool changed.

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
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
NOT_OURS = {"boost_impl.cc"}  # bodies of Boost
# The path analyzer of clang 14 takes the machinery of coroutines for null dereferences.
COROUTINES = re.compile(r"\bco_(?:await|return|yield)\b")
NO_ANALYZER = "-clang-analyzer-*"


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

    def run(self):
        files = commands(self.build)
        newest_first = sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda path: self.look_at(path, files[path]), newest_first))

    def look_at(self, path, command):
        clean = self.cache / key_of(path, command, self.tool)
        if clean.exists():
            self.remembered += 1
        elif time.monotonic() > self.deadline:
            self.left.append(path)
        elif self.is_clean(path):
            clean.touch()

    def is_clean(self, path):
        self.checked += 1
        call = ["clang-tidy", "--quiet", "-p", str(self.build)]
        if extra_checks(path):
            call.append(f"--checks={extra_checks(path)}")
        done = subprocess.run(
            [*call, str(path)], capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            said = done.stdout + re.sub(r"^\d+ warnings.*\n", "", done.stderr, flags=re.MULTILINE)
            self.findings.append(said)
        return done.returncode == 0


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
        f"clang-tidy: {tidy.checked} looked at, {tidy.remembered} known to be clean, "
        f"{len(tidy.findings)} with findings, {len(tidy.left)} left for the next run"
    )
    return 1 if tidy.findings or tidy.left else 0


if __name__ == "__main__":
    sys.exit(main())
