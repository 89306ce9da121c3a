"""What goes through TLS: bodies, ends and failures, and what a connection costs."""

import contextlib
import hashlib
import os
import socket
import ssl
import threading

import pytest

from origins import answering
from tls_clients import TlsClient, context
from waiting import SLOWDOWN, eventually, scaled
from wire import Stream, request, response

BIG = 64 * 1024 * 1024


def test_a_handshake_in_single_bytes_goes_well(shop):
    """Every place at which it may have to wait."""
    made = shop()
    ours, theirs = socket.socketpair()
    plain = socket.create_connection(("127.0.0.1", made.tls_port), scaled(10))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with contextlib.closing(plain):
        threads = [
            threading.Thread(target=drip, args=pair, daemon=True)
            for pair in ((theirs, plain), (plain, theirs))
        ]
        for thread in threads:
            thread.start()
        wrapped = context().wrap_socket(ours, server_hostname="shop.test")
        wrapped.settimeout(scaled(10))
        wrapped.sendall(request())
        assert wrapped.recv(100).startswith(b"HTTP/1.1 200")
        wrapped.close()


def drip(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(4096):
            for byte in data:
                sink.sendall(bytes([byte]))


def test_large_bodies_go_both_ways_unharmed(shop, server):
    body = os.urandom(1 << 20) * (BIG >> 20)
    server.converse = answering(lambda message: response(200, message.body))
    with TlsClient(shop().tls_port, seconds=60) as client:
        client.send(request("POST", "/", body))
        answer = client.response()
        assert hashlib.sha256(answer.body).digest() == hashlib.sha256(body).digest()
        assert client.get().status == 200


def test_bodies_of_every_size_around_a_record(shop, server):
    server.converse = answering(lambda message: response(200, message.body))
    with TlsClient(shop().tls_port) as client:
        for size in (0, 1, 16_000, 16_383, 16_384, 16_385, 32_768, 33_000, 65_536, 100_001):
            body = os.urandom(size)
            client.send(request("POST", "/", body))
            assert client.response().body == body, size


def test_head_and_body_of_a_small_answer_share_a_record(shop):
    with TlsClient(shop().tls_port) as client:
        client.send(request())
        assert client.socket.recv(16384).endswith(b"none")  # one SSL_read is one record


def test_pipelined_requests_are_answered_in_order(shop):
    with TlsClient(shop().tls_port) as client:
        client.send(b"".join(request(X_Test_Id=str(number)) for number in range(50)))
        assert [client.response().body for _ in range(50)] == [b"%d" % n for n in range(50)]


def test_a_client_that_does_not_read_is_waited_for(shop, server):
    server.converse = answering(lambda _: response(200, b"x" * (8 << 20)))
    with TlsClient(shop().tls_port, seconds=30) as client:
        client.send(request())
        eventually(lambda: server.requests)
        assert len(client.response().body) == 8 << 20


def test_the_end_of_a_connection_is_said(shop):
    with TlsClient(shop().tls_port) as client:
        client.send(request(Connection="close"))
        client.response()
        assert client.to_end() == b""  # a missing close_notify would raise


def test_an_answer_that_breaks_off_is_not_taken_for_whole(shop, server):
    """To HTTP/1.0 the close is the only end of this body there is."""

    def break_off(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")

    server.converse = break_off
    with TlsClient(shop().tls_port) as client:
        client.send(request(version="1.0"))
        with pytest.raises(ssl.SSLError, match="UNEXPECTED_EOF"):
            client.to_end()


def test_a_body_that_ends_with_the_connection_is_whole(shop, server):
    def until_close(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\n\r\nhello")

    server.converse = until_close
    with TlsClient(shop().tls_port) as client:
        client.send(request(version="1.0"))
        assert client.to_end().endswith(b"hello")


def test_a_client_that_vanishes_harms_nobody(shop, server):
    """OpenSSL writes to its socket: without care that is SIGPIPE."""
    server.converse = answering(lambda _: response(200, b"x" * (4 << 20)))
    made = shop()
    for _ in range(5):
        with TlsClient(made.tls_port) as client:
            client.send(request())
            client.socket.recv(1)
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    server.converse = answering()
    with TlsClient(made.tls_port) as client:
        assert client.get().status == 200


def test_idle_connections_are_small(shop):
    """Of which OpenSSL 3.0's own objects are 13.5 KiB, and no buffers."""
    made = shop(workers=1)
    size = 600

    def resident():
        return int(open(f"/proc/{made.process.pid}/statm").read().split()[1]) * 4096

    with contextlib.ExitStack() as held:

        def connect(count):
            for _ in range(count):
                held.enter_context(TlsClient(made.tls_port)).get()

        connect(size // 2)  # warms allocators
        before = resident()
        connect(size)
        per_connection = (resident() - before) / size
    assert per_connection < 20 * 1024 or SLOWDOWN > 1


def test_raw_bytes_after_the_handshake_break_only_that_connection(shop):
    made = shop()
    client = TlsClient(made.tls_port)
    plain = socket.socket(fileno=os.dup(client.socket.fileno()))
    plain.sendall(b"\x17\x03\x03\x00\x20" + b"x" * 32)
    with contextlib.suppress(ssl.SSLError, ConnectionError):
        assert Stream.to_end(client) == b""
    client.close()
    plain.close()
    with TlsClient(made.tls_port) as other:
        assert other.get().status == 200
