"""Memory of a process tree at rest and for each idle connection, as PSS: a page that several
processes share counts once. What the kernel holds for sockets is not in it."""

import socket
import ssl
import time
from contextlib import ExitStack
from pathlib import Path

from cpu_time import tree_of
from generators import Unclean, browser_fields

SETTLE_SECONDS = 1.5
WARM_REQUESTS = 50
OPEN_SECONDS = 60


def pss_bytes(pid):
    total = 0
    for member in tree_of(pid):
        lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
        total += next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def browser_request():
    lines = ["GET / HTTP/1.1", *(f"{name}: {value}" for name, value in browser_fields())]
    return "\r\n".join([*lines, "", ""]).encode()


def served(port, tls, request, body_bytes):
    """A connection after its first answer."""
    client = socket.create_connection(("127.0.0.1", port), 5)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # after the handshake's end
    if tls:
        client = tls.wrap_socket(client, server_hostname="shop.example.com")
    client.sendall(request)
    got = b""
    while len(got.partition(b"\r\n\r\n")[2]) < body_bytes:
        more = client.recv(65536)
        if not more:
            raise Unclean("an idle connection was not served")
        got += more
    return client


def still_there(client):
    client.setblocking(False)
    try:
        return client.recv(1) != b""
    except (BlockingIOError, ssl.SSLWantReadError):
        return True


def bytes_per_idle(pid, port, authority, connections, body_bytes):
    """With TLS where there is an authority. The process is to be a fresh one: memory that it
    freed before would hide what a connection takes."""
    tls = ssl.create_default_context(cafile=authority) if authority else None
    request = browser_request()
    for _ in range(WARM_REQUESTS):
        served(port, tls, request, body_bytes).close()
    time.sleep(SETTLE_SECONDS)
    before = pss_bytes(pid)
    deadline = time.monotonic() + OPEN_SECONDS
    with ExitStack() as held:
        clients = []
        while len(clients) < connections:
            clients.append(held.enter_context(served(port, tls, request, body_bytes)))
            if time.monotonic() > deadline:
                raise Unclean(f"{len(clients)} connections took {OPEN_SECONDS} s")
        time.sleep(SETTLE_SECONDS)
        after = pss_bytes(pid)
        if not all(map(still_there, clients)):
            raise Unclean("an idle connection was closed")
    return (after - before) / connections
