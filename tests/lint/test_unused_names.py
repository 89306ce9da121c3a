"""Which names count as used."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from unused_names import unused_names  # noqa: E402


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("using outcomes::Ending;\nEnding last;", []),
        ("using outcomes::Ending;\nauto last = Ending::reset;", []),
        ("using outcomes::Ending;\nvector<Ending> all(Ending{});", []),
        ("using outcomes::Ending;\noutcomes::Ending last;  // Ending", [1]),
        ("using std::swap;\na.swap(b);\nc->swap(d);", [1]),
        ("using outcomes::Ending;\nEndings all;", [1]),
        ("namespace json = boost::json;\njson::value read;", []),
        ("namespace json = boost::json;\nboost::json::value read;", [1]),
        ("using Edge = std::pair<int, int>;", []),
    ],
)
def test_a_name_that_is_taken_up_is_used_without_its_namespace(text, lines):
    assert list(unused_names(text)) == lines


def test_the_line_is_told():
    assert list(unused_names("// one\n\nusing a::B;\n")) == [3]
