import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "end_to_end")]

from binary_suite import pytest_collection_modifyitems, pytest_configure  # noqa: E402, F401
from front import Front  # noqa: E402
from proxies import WeirUnderTest  # noqa: E402
from recording_origin import RecordingOrigin  # noqa: E402
from waiting import scaled  # noqa: E402

PATIENCE_SECONDS = 5

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
