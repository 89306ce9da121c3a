"""Instructions per exchange of the program `exchange`, counted by callgrind, against the
figure checked in. Unlike time, they are the same on a busy machine.

    bench/micro/instructions.py [--write]     --write: the count becomes the figure

Needs build/release/exchange. Exit codes: 0 within the bound, 1 above it, 2 it cannot be counted.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build" / "release" / "exchange"
FIGURE = Path(__file__).with_suffix(".json")
MOST_RISE = 0.05
FEW, MANY = 1_000, 3_000


def counted(times):
    """Instructions of a whole run, its start included."""
    with tempfile.TemporaryDirectory(prefix="weir-callgrind-") as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        done = subprocess.run(
            [*command, PROGRAM, str(times)], capture_output=True, text=True, timeout=300
        )
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found:
        print(done.stderr[-2000:], file=sys.stderr)
        sys.exit(2)
    return int(found[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    if not PROGRAM.exists():
        print(f"{PROGRAM} is missing: cmake --build --preset release -t exchange", file=sys.stderr)
        return 2
    now = round((counted(MANY) - counted(FEW)) / (MANY - FEW))
    if chosen.write:
        FIGURE.write_text(json.dumps({"instructions_per_exchange": now}) + "\n")
    before = json.loads(FIGURE.read_text())["instructions_per_exchange"]
    rise = now / before - 1
    print(f"{now} instructions per exchange; checked in: {before} ({rise:+.1%})")
    return 1 if rise > MOST_RISE else 0


if __name__ == "__main__":
    sys.exit(main())
