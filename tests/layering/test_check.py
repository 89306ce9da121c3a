"""The layering check itself: every kind of forbidden arrow, planted and seen."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from check import Check  # noqa: E402
from functions import long_functions  # noqa: E402

PROXY = Path(__file__).parents[2] / "proxy"
TABLE = """
| `proxy/…` | | purpose | may use |
| --- | --- | --- | --- |
| `model/` | pure | plain types | std |
| `settings/` | pure | text to plan | model, yaml-cpp |
| `http/` | pure | bytes | model, Beast |
| `routing/` | pure | split | model |
| `net/` | I/O | workers | model, Asio, OpenSSL |
| `upstream/` | I/O | connections | net, http |
| `admin/` | I/O | API | upstream, prometheus-cpp |
| `cli/`, `main.cc` | I/O | wiring | all |
"""
CMAKE = """
weir_layer(model)
weir_layer(settings USES model LINKS yaml-cpp)
weir_layer(http USES model)  # not USES net
weir_layer(routing USES model)
weir_layer(net USES model LINKS OpenSSL::SSL)
weir_layer(upstream USES net http)
weir_layer(admin USES upstream)
weir_layer(cli USES admin settings)
"""
FOLDERS = ["model", "settings", "http", "routing", "net", "upstream", "admin", "cli"]


@pytest.fixture
def tree(tmp_path):
    """A small proxy/ without a problem: each folder has one header."""
    (tmp_path / "README.md").write_text(TABLE)
    (tmp_path / "CMakeLists.txt").write_text(CMAKE)
    for folder in FOLDERS:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{folder}.h").write_text("#pragma once\n#include <string>\n")
    return tmp_path


def problems(tree):
    return Check(tree).run()


def planted(tree, place, text):
    with open(tree / place, "a") as file:
        file.write(text + "\n")
    return problems(tree)


def test_a_clean_tree_has_no_problem(tree):
    assert problems(tree) == []


@pytest.mark.parametrize(
    ("folder", "header"),
    [
        ("routing", '"model/model.h"'),
        ("upstream", '"model/model.h"'),  # through net
        ("admin", '"http/http.h"'),
        ("cli", '"settings/settings.h"'),
        ("settings", "<yaml-cpp/parser.h>"),
        ("http", "<boost/beast/http/parser.hpp>"),
        ("http", "<boost/asio/buffer.hpp>"),
        ("upstream", "<boost/asio/ip/tcp.hpp>"),
        ("upstream", "<boost/intrusive/list.hpp>"),
        ("admin", "<boost/json.hpp>"),
        ("admin", "<prometheus/registry.h>"),
        ("admin", "<openssl/sha.h>"),
        ("net", "<boost/beast/src.hpp>"),
        ("net", "<spdlog/logger.h>"),
        ("net", "<sys/socket.h>"),
        ("model", "<arpa/inet.h>"),
        ("model", "<atomic>"),
        ("model", "<absl/time/time.h>"),
        ("cli", "<CLI/CLI.hpp>"),
    ],
)
def test_allowed_arrows(tree, folder, header):
    assert planted(tree, f"{folder}/{folder}.h", f"#include {header}") == []


@pytest.mark.parametrize(
    ("folder", "header", "says"),
    [
        ("routing", '"net/net.h"', "routing must not use net"),
        ("model", '"routing/routing.h"', "model must not use routing"),
        ("net", '"http/http.h"', "net must not use http"),
        ("net", '"upstream/upstream.h"', "net must not use upstream"),
        ("routing", '"split.h"', "not a file below proxy/"),
        ("routing", "<boost/asio/buffer.hpp>", "routing must not use Asio"),
        ("http", "<boost/asio/ip/tcp.hpp>", "http must not use Asio"),
        ("net", "<boost/beast/http.hpp>", "net must not use Beast"),
        ("upstream", "<boost/asio/impl/src.hpp>", "only net may compile Boost"),
        ("routing", "<boost/intrusive/list.hpp>", "routing must not use Boost"),
        ("net", "<boost/json.hpp>", "net must not use Boost.JSON"),
        ("upstream", "<yaml-cpp/yaml.h>", "upstream must not use yaml-cpp"),
        ("upstream", "<prometheus/registry.h>", "upstream must not use prometheus-cpp"),
        ("http", "<openssl/sha.h>", "http must not use OpenSSL"),
        ("settings", "<absl/time/time.h>", "only model may use Abseil"),
        ("admin", "<CLI/CLI.hpp>", "only cli may use CLI11"),
        ("http", "<spdlog/spdlog.h>", "http is pure"),
        ("settings", "<thread>", "settings is pure"),
        ("settings", "<mutex>", "settings is pure"),
        ("model", "<iostream>", "model is pure"),
        ("model", "<sys/socket.h>", "model is pure"),
        ("model", "<unistd.h>", "model is pure"),
        ("net", "<left/pad.hpp>", "unknown"),
    ],
)
def test_forbidden_arrows(tree, folder, header, says):
    found = planted(tree, f"{folder}/{folder}.h", f"#include {header}")
    assert len(found) == 1 and says in found[0] and found[0].startswith(f"{folder}/{folder}.h:3:")


def test_a_comment_is_not_an_include(tree):
    text = '// #include "net/net.h"\n/*\n#include <thread>\nsteady_clock::now()\n*/'
    assert planted(tree, "routing/routing.h", text) == []


@pytest.mark.parametrize(
    ("folder", "clean"), [("net", True), ("routing", False), ("upstream", False), ("cli", False)]
)
@pytest.mark.parametrize("clock", ["std::chrono::steady_clock::now()", "system_clock::now()"])
def test_only_net_reads_a_clock(tree, folder, clean, clock):
    found = planted(tree, f"{folder}/{folder}.cc", f"auto now = {clock};")
    assert (found == []) is clean


def test_folder_that_is_not_in_the_table(tree):
    (tree / "extra").mkdir()
    assert "extra is not in the table" in planted(tree, "extra/extra.h", "")[0]


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("net USES model", "net USES model http", "net USES http, model, the table says model"),
        ("upstream USES net http", "upstream USES net", "the table says http, net"),
        ("weir_layer(model)", "weir_layer(model USES net)", "in a circle"),
        ("weir_layer(routing USES model)", "", "routing has no weir_layer"),
    ],
)
def test_cmake_and_table_must_agree(tree, was, becomes, says):
    (tree / "CMakeLists.txt").write_text(CMAKE.replace(was, becomes))
    assert any(says in problem for problem in problems(tree))


def test_an_include_that_cmake_does_not_link(tree):
    (tree / "CMakeLists.txt").write_text(CMAKE.replace("cli USES admin settings", "cli USES admin"))
    found = planted(tree, "cli/cli.h", '#include "settings/settings.h"')
    assert len(found) == 1 and "CMakeLists.txt does not say so" in found[0]


@pytest.mark.parametrize(("lines", "count"), [(400, 0), (401, 1)])
def test_long_files(tree, lines, count):
    (tree / "net" / "net.cc").write_text("//\n" * lines)
    assert len(problems(tree)) == count


@pytest.mark.parametrize(("statements", "count"), [(77, 0), (90, 1)])
def test_long_functions(tree, statements, count):
    body = "  work();\n" * statements
    (tree / "net" / "net.cc").write_text(f"void serve() {{\n{body}}}\n")
    assert len(list(long_functions(tree))) == count


def test_a_forbidden_arrow_in_the_real_tree_is_seen(tmp_path):
    copy = shutil.copytree(PROXY, tmp_path / "proxy")
    before = problems(copy)
    after = planted(copy, "routing/split.h", '#include "rollout/decide.h"\n#include <thread>')
    assert len(after) == len(before) + 2
    assert any("routing must not use rollout" in problem for problem in after)
