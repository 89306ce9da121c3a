import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "end_to_end")]

from waiting import scaled  # noqa: E402
from weir_process import BINARY  # noqa: E402

LONGEST_TEST_SECONDS = 100


def pytest_configure():
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is missing: build it, or name another in WEIR_BINARY", 1)


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.timeout(scaled(LONGEST_TEST_SECONDS)))
