"""Which sources are put together for clang-tidy."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from together import MOST, flags_of, groups, hidden_names  # noqa: E402

COMMAND = "ccache /usr/bin/c++ -DA='\"x y\"' -I/p -O1 -o a.cc.o -c /p/a.cc"


def test_flags_are_all_but_compiler_source_and_object():
    assert flags_of(COMMAND) == ['-DA="x y"', "-I/p", "-O1"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("bool known(int a) {\n  return other(a);\n}", {"known"}),
        ("net::Task<std::size_t> turn_away(Worker& worker,\n         int b) {\n}", {"turn_away"}),
        ("struct Named {\n  int member;\n};", {"Named"}),
        ("class Reader : Base {\n};", {"Reader"}),
        ("enum class Side { left, right };", {"Side"}),
        ("constexpr std::array<int, 3> table{1, 2, 3};", {"table"}),
        ("constexpr std::size_t most = 3;", {"most"}),
        ("template <typename T>\nT twice(T t) {\n}", {"twice"}),
        ("// most of it (all)\nusing std::string;", set()),
    ],
)
def test_names_of_unnamed_namespaces(line, names):
    text = f"namespace weir {{\nnamespace {{\n\n{line}\n\n}}  // namespace\n\nint out() {{}}\n}}"
    assert hidden_names(text) == names


@pytest.fixture
def sources(tmp_path):
    def written(names):
        paths = {}
        for number, name in enumerate(names):
            path = tmp_path / f"{number}.cc"
            path.write_text(f"namespace {{\nint {name}() {{ return 0; }}\n}}  // namespace\n")
            paths[path] = COMMAND
        return paths

    return written


@pytest.mark.parametrize(
    ("names", "sizes"),
    [
        (["a", "b", "c"], [3]),
        (["a", "b", "a", "c", "a"], [3, 1, 1]),
        ([f"f{i}" for i in range(MOST + 1)], [MOST, 1]),
        ([], []),
    ],
)
def test_sources_that_share_a_hidden_name_are_apart(sources, names, sizes):
    assert [len(group) for group in groups(sources(names))] == sizes


def test_other_kinds_are_apart(sources):
    files = sources(["a", "b", "c"])
    assert [len(group) for group in groups(files, lambda path: path.stem == "1")] == [2, 1]


def test_other_flags_or_another_folder_are_apart(sources, tmp_path):
    files = sources(["a", "b", "c"])
    files[tmp_path / "1.cc"] = COMMAND.replace("-O1", "-O2")
    (tmp_path / "deeper").mkdir()
    deeper = (tmp_path / "2.cc").rename(tmp_path / "deeper" / "2.cc")
    files = {path: command for path, command in files.items() if path.exists()} | {deeper: COMMAND}
    assert [len(group) for group in groups(files)] == [1, 1, 1]
