import sys
from pathlib import Path


HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "end_to_end")]

from binary_suite import pytest_collection_modifyitems, pytest_configure  # noqa: E402, F401
