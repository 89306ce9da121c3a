"""A crowd of clients: `crowd_clients.py JSON` with port, idle, readers, writers and authority
(TLS for all, where it is named). Prints `ready` once all are connected; from then on each
reader takes, and each writer sends, one byte a second, until standard input ends.
"""

import itertools
import json
import select
import socket
import ssl
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "drills"))

import bodies  # noqa: E402

GET = b"GET /%s?1 HTTP/1.1\r\nHost: shop.test\r\n\r\n"
SLOW_POST = b"POST /upload?2 HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 1000000\r\n\r\n"
SMALL_BUFFER_BYTES = 4096


def connected(port, tls, receive_bytes=None):
    plain = socket.socket()
    if receive_bytes:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    plain.connect(("127.0.0.1", port))
    return tls.wrap_socket(plain, server_hostname="localhost") if tls else plain


def idle(port, tls):
    """Served once, then silent."""
    client = connected(port, tls)
    client.sendall(GET % b"small")
    got = client.recv(4096)
    while not got.endswith(bodies.small(1)):
        got += client.recv(4096)
    return client


def reader(port, tls):
    client = connected(port, tls, SMALL_BUFFER_BYTES)
    client.sendall(GET % b"flood")
    return client, lambda: client.recv(1)


def writer(port, tls):
    client = connected(port, tls)
    client.sendall(SLOW_POST)
    return client, lambda: client.sendall(b"x")


def trickle(slow):
    """One byte a second of each, spread over the second."""
    began = time.monotonic()
    for number in itertools.count(1):
        wait = began + number / max(1, len(slow)) - time.monotonic()
        if select.select([sys.stdin], [], [], max(0, wait))[0]:
            return
        if slow:
            slow[number % len(slow)][1]()


def main():
    told = json.loads(sys.argv[1])
    authority, port = told.get("authority"), told["port"]
    tls = ssl.create_default_context(cafile=authority) if authority else None
    silent = [idle(port, tls) for _ in range(told["idle"])]
    slow = [reader(port, tls) for _ in range(told["readers"])]
    slow += [writer(port, tls) for _ in range(told["writers"])]
    print("ready", flush=True)
    trickle(slow)
    for client in silent:  # still there: none was cut
        client.setblocking(False)
        try:
            assert client.recv(1) is None, "an idle connection was closed"
        except (BlockingIOError, ssl.SSLWantReadError):
            pass


if __name__ == "__main__":
    main()
