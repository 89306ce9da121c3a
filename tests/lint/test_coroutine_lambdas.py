"""The check for capturing coroutine lambdas: what it must see and what it must not."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from coroutine_lambdas import capturing_coroutines  # noqa: E402


def lines(code):
    return list(capturing_coroutines(code))


@pytest.mark.parametrize(
    "code",
    [
        "spawn(ex, [this]() -> Task<> { co_await run(); });",
        "spawn(ex, [&]() -> boost::asio::awaitable<void> { return run(); });",
        "auto f = [x = 1] { co_return; };",
        "auto f = [=, &y](int n) mutable noexcept { while (n--) { co_await y; } };",
        "return [self]() { co_await self->run(); };",
        "f(a[1], [p]() { if (ok) { g(); } co_return; });",
        "run([a] { return h([b] { co_return; }); });",
    ],
)
def test_capturing_coroutines_are_seen(code):
    assert lines(code) == [1]


@pytest.mark.parametrize(
    "code",
    [
        "spawn(ex, []() -> Task<> { co_return; });",
        "std::sort(a, b, [&](int x, int y) { return x < y; });",
        "Task<> run() { auto f = [this] { return 1; }; co_await wait(f()); }",
        "int a[3]; a[i] = {co_await b};",
        "[[nodiscard]] Task<> f() { co_return; }",
        "// [this] { co_return; }\n",
        'auto text = "[this] { co_return; }";',
        "char c = '{'; auto f = [this] { return 1; };",
        "run([a] { return h([] { co_return; }); });",
        "void g(int (&a)[4]);\nTask<> f() { co_return; }",
    ],
)
def test_what_is_no_capturing_coroutine_is_left_alone(code):
    assert lines(code) == []


def test_the_line_is_named():
    assert lines("int a;\n\nauto f = [this] {\n  co_return;\n};\n") == [3]
