"""Which headers from outside the project a folder may include."""

import re

# Standard headers that bring threads, clocks of the system, files or streams.
IMPURE_STANDARD = set(
    "thread mutex shared_mutex condition_variable future semaphore latch barrier stop_token "
    "iostream fstream filesystem syncstream csignal ctime".split()
)
# Of the operating system or the compiler, but only types, conversions of text, instructions.
PURE_SYSTEM = {"arpa/inet.h", "netinet/in.h", "emmintrin.h"}
STANDARD = re.compile(r"[a-z_]+")
SYSTEM = re.compile(r"(?:sys|linux|netinet|arpa|net)/[a-z0-9_]+\.h|[a-z0-9_]+\.h")
JSON_FOLDERS = {"rollout_loop", "admin", "kubernetes", "cli", "server"}
# (prefix of the header, library as the table spells it)
BY_LIBRARY = [
    ("yaml-cpp/", "yaml-cpp"),
    ("prometheus/", "prometheus-cpp"),
    ("openssl/", "OpenSSL"),
    ("boost/beast", "Beast"),
    ("boost/asio/ssl", "OpenSSL"),
    ("boost/asio", "Asio"),
    ("boost/math", "Boost.Math"),
]
# Parts of Asio that Beast's own interface is made of: views of bytes, no sockets.
ASIO_BYTES = {"boost/asio/buffer.hpp", "boost/asio/buffers_iterator.hpp"}
# Boost's own bodies, compiled once: in net/.
BODIES = {"boost/asio/impl/src.hpp", "boost/asio/ssl/impl/src.hpp", "boost/beast/src.hpp"}


def problem(header, layer, reached, libraries):
    """What is wrong with `layer` including `header`, or None. `reached`: the folders it
    may use and itself; `libraries`: what the table grants all of these."""
    if STANDARD.fullmatch(header):
        return impure(layer, header) if header in IMPURE_STANDARD else None
    if header in ASIO_BYTES and "Beast" in libraries:
        return None
    if header in BODIES:
        return None if layer.name == "net" else f"only net may compile Boost (<{header}>)"
    for prefix, library in BY_LIBRARY:
        if header.startswith(prefix):
            allowed = library in libraries
            return None if allowed else f"{layer.name} must not use {library} (<{header}>)"
    if header.startswith("boost/"):
        return boost_problem(header, layer, libraries)
    if header.startswith("absl/"):
        return None if layer.name == "model" else f"only model may use Abseil (<{header}>)"
    if header.startswith("CLI/"):
        return None if layer.name == "cli" else f"only cli may use CLI11 (<{header}>)"
    if header.startswith("spdlog/"):
        return impure(layer, header)
    if SYSTEM.fullmatch(header):
        return None if header in PURE_SYSTEM else impure(layer, header)
    return f"<{header}> is unknown to tests/layering/externals.py"


def boost_problem(header, layer, libraries):
    if re.match(r"boost/json(/|\.hpp)", header):
        allowed = layer.name in JSON_FOLDERS
        return None if allowed else f"{layer.name} must not use Boost.JSON (<{header}>)"
    if header.startswith("boost/lockfree/") and "Boost.Lockfree" in libraries:
        return None
    allowed = not layer.pure or "Beast" in libraries
    return None if allowed else f"{layer.name} must not use Boost (<{header}>)"


def impure(layer, header):
    return f"{layer.name} is pure: <{header}> is not for it" if layer.pure else None
