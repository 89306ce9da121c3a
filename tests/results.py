"""Adds up the test cases of all runners: JUnit XML files of ctest and pytest, and the
steps that are no test framework's (builds, lint), one `name<TAB>pass|fail` per line.

    results.py FOLDER      last line: `N passed, N failed`; exit codes: 0 none failed and
                           at least one passed, 1 otherwise
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

# How ctest says that a test asked to be skipped, rather than could not be run.
ASKED_TO_SKIP = ("SKIP_", "Disabled")


def outcome(case):
    """pass, fail or skip."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "fail"
    skipped = case.find("skipped")
    if case.get("status") in ("notrun", "disabled"):
        asked = skipped is not None and skipped.get("message", "").startswith(ASKED_TO_SKIP)
        return "skip" if asked else "fail"
    return "pass" if skipped is None else "skip"


def cases_of(path):
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except (ElementTree.ParseError, OSError) as error:
        return [(f"{path.name}: {error}", "fail")]
    named = [(f"{case.get('classname', '')}.{case.get('name')}", outcome(case)) for case in cases]
    return named or [(f"{path.name}: no test ran", "fail")]


def steps_of(path):
    lines = path.read_text().splitlines() if path.exists() else []
    return [tuple(line.split("\t")) for line in lines]


def all_cases(folder):
    cases = steps_of(folder / "steps")
    for path in sorted(folder.glob("*.xml")):
        cases += [(f"{path.stem}: {name}", result) for name, result in cases_of(path)]
    return cases


def main():
    cases = all_cases(Path(sys.argv[1]))
    count = {result: [n for n, r in cases if r == result] for result in ("pass", "fail", "skip")}
    for name in count["skip"]:
        print(f"skipped: {name}")
    for name in count["fail"]:
        print(f"failed: {name}")
    if not count["pass"] and not count["fail"]:
        count["fail"].append("nothing ran")
    print(f"{len(count['pass'])} passed, {len(count['fail'])} failed", flush=True)
    return 0 if count["pass"] and not count["fail"] else 1


if __name__ == "__main__":
    sys.exit(main())
