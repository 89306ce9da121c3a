import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "end_to_end")]

from front import Front  # noqa: E402
from proxies import WeirUnderTest  # noqa: E402
from recording_origin import RecordingOrigin  # noqa: E402
from waiting import scaled  # noqa: E402
from weir_process import BINARY  # noqa: E402

LONGEST_TEST_SECONDS = 60
PATIENCE_SECONDS = 5

def pytest_configure():
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is missing: build it, or name another in WEIR_BINARY", 1)

def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.timeout(scaled(LONGEST_TEST_SECONDS)))

@pytest.fixture(scope="session")
def shared_front(tmp_path_factory):
    """One proxy before one origin for all cases."""
    origin = RecordingOrigin()
    weir = WeirUnderTest(tmp_path_factory.mktemp("weir"), origin)
    made = Front(origin, weir, scaled(PATIENCE_SECONDS))
    yield made
    made.close_barrier()
    try:
        weir.finish()
    finally:
        origin.close()

@pytest.fixture
def front(shared_front):
    """Serving, also after a case that killed the proxy."""
    if not shared_front.proxy.is_alive():
        shared_front.close_barrier()
        shared_front.proxy.restart()
    return shared_front
