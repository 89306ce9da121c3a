"""What every suite against the real binary asks of pytest; its conftest imports both."""

import pytest

from waiting import scaled
from weir_process import BINARY

LONGEST_TEST_SECONDS = 120


def pytest_configure():
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is missing: build it, or name another in WEIR_BINARY", 1)


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.timeout(scaled(LONGEST_TEST_SECONDS)))
