"""The checks of coroutines: what they must see and what they must not."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from coroutine_pitfalls import (  # noqa: E402
    awaited_conditionals,
    capturing_coroutines,
    empty_loops,
)


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


@pytest.mark.parametrize(
    "code",
    [
        "while (co_await more()) {}",
        "while (co_await more()) {\n  // nothing\n}",
        "while (!co_await more(a, b));",
        "for (; co_await more();) {}",
    ],
)
def test_empty_loops_are_seen(code):
    assert list(empty_loops(code)) == [1]


@pytest.mark.parametrize(
    "code",
    ["while (co_await more()) ++count;", "while (co_await more()) { f(); }", "for (;;) {}"],
)
def test_loops_with_a_body_are_left_alone(code):
    assert list(empty_loops(code)) == []


@pytest.mark.parametrize(
    "code",
    [
        "co_await send(ok ? text() : std::string());",
        "const auto sent = co_await socket.send(f(1), ok\n    ? a() : b());",
    ],
)
def test_conditionals_inside_what_is_awaited_are_seen(code):
    assert list(awaited_conditionals(code)) == [1]


@pytest.mark.parametrize(
    "code",
    [
        "const auto text = ok ? a() : b(); co_await send(text);",
        "const bool more = ok ? co_await a() : co_await b();",
        "co_return (co_await read()) ? 1 : 0;",
        "co_await f(x); switch (y) { case 1: break; }",
        "co_await f(std::move(x)); return ok ? a : b;",
    ],
)
def test_other_conditionals_are_left_alone(code):
    assert list(awaited_conditionals(code)) == []
