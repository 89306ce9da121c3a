"""What clang-tidy sees in files that are put together."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from tidy import EVERY_FUNCTION, Tidy  # noqa: E402

# The path that dereferences null is none that the only caller takes.
CALLED = """
int first(const int* values) {
  if (values == nullptr) return *values;
  return values[0];
}
"""
CALLER = """
int caller() {
  const int values[] = {1, 2};
  return first(values);
}
"""


@pytest.mark.parametrize(("flags", "found"), [(EVERY_FUNCTION, True), ([], False)])
def test_a_function_is_followed_from_its_own_begin_too(tmp_path, flags, found):
    company = tmp_path / "company.cc"
    company.write_text(CALLED + CALLER)
    done = Tidy.run_tool("", str(company), "--", "-std=c++20", *flags)
    assert ("Dereference of null pointer" in done.stdout) == found
    assert bool(done.returncode) == found
