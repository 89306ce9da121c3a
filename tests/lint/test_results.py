"""How the last line of tests/run.sh is added up."""

import subprocess
import sys
from pathlib import Path

import pytest

RESULTS = Path(__file__).parents[1] / "results.py"
XML = """<testsuite>
<testcase name="a" classname="c" status="run"/>
<testcase name="b" classname="c" status="fail"><failure message=""/></testcase>
<testcase name="c" classname="c" status="notrun">
  <skipped message="Unable to find executable"/></testcase>
<testcase name="d" classname="c" status="notrun">
  <skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/></testcase>
<testcase name="e" classname="c"><error message="fixture"/></testcase>
<testcase name="f" classname="c"><skipped message="no TLS here"/></testcase>
<testcase name="g" classname="c"/>
</testsuite>"""


@pytest.mark.parametrize(
    ("files", "line", "code"),
    [
        ({"a.xml": XML}, "2 passed, 3 failed", 1),
        ({"steps": "build\tpass\nlint\tpass\n"}, "2 passed, 0 failed", 0),
        ({"steps": "build\tfail\n", "a.xml": XML}, "2 passed, 4 failed", 1),
        ({}, "0 passed, 1 failed", 1),
        ({"steps": "build\tpass\n", "a.xml": "<testsuite/>"}, "1 passed, 1 failed", 1),
        ({"steps": "build\tpass\n", "a.xml": "<cut off"}, "1 passed, 1 failed", 1),
    ],
)
def test_last_line_and_exit_code(tmp_path, files, line, code):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        [sys.executable, str(RESULTS), str(tmp_path)], capture_output=True, text=True
    )
    assert (done.stdout.splitlines()[-1], done.returncode) == (line, code)
