"""Who waits for its next request holds no memory for it, and notices nothing."""

import contextlib
import os
import socket
import time

import pytest

from configuration import milliseconds, proxy, secured, service
from tls_clients import TlsClient
from waiting import SLOWDOWN, scaled
from wire import RawClient, request

PAUSE_SECONDS = 1.2
IDLE = 400


@pytest.fixture
def proxied(weir, origin, shop_certificate):
    def make(**more):
        served = origin()
        listen = ["127.0.0.1:0", secured(shop_certificate)]
        return weir(proxy(service(served, served), listen=listen, **more))

    return make


@pytest.fixture(params=["in the clear", "under TLS"])
def connect(request):
    """To one of the two ports."""
    tls = request.param == "under TLS"
    return lambda made: (TlsClient if tls else RawClient)(made.ports[tls])


def test_it_is_served_when_it_asks_again(proxied, connect):
    with connect(proxied()) as client:
        for _ in range(2):
            assert client.get().status == 200
            time.sleep(PAUSE_SECONDS)
        whole = request(X_Test_Id="again")
        client.send(whole[:9])
        time.sleep(PAUSE_SECONDS)  # in the middle of a head
        client.send(whole[9:])
        assert client.response().body == b"again"


def test_its_deadline_closes_it_all_the_same(proxied, connect):
    made = proxied(timeouts={"keep_alive": milliseconds(2)})
    with connect(made) as client:
        assert client.get().status == 200
        began = time.monotonic()
        assert client.closed()
        assert time.monotonic() - began >= scaled(2) - 0.2


@pytest.mark.parametrize("idle", [0, PAUSE_SECONDS], ids=["at once", "later"])
def test_part_of_a_record_buys_no_more_than_the_time_of_a_head(proxied, idle):
    """It is no byte of a request, and memory all the same."""
    made = proxied(timeouts={"head": milliseconds(1), "keep_alive": "60s"})
    with TlsClient(made.ports[1]) as client:
        assert client.get().status == 200
        time.sleep(idle)
        os.write(client.socket.fileno(), b"\x17\x03\x03\x01\x00part of a record")
        began = time.monotonic()
        assert client.closed()
        assert scaled(1) - 0.2 <= time.monotonic() - began < scaled(1) * 2 + 3


def test_an_end_that_came_along_with_a_request_closes_it(proxied):
    """They are one event: no other tells of the end."""
    with RawClient(proxied().port) as client:
        assert client.get().status == 200
        client.socket.send(request(), socket.MSG_MORE)
        client.socket.shutdown(socket.SHUT_WR)
        assert client.response().status == 200
        began = time.monotonic()
        assert client.closed()
        assert time.monotonic() - began < scaled(2)


def test_a_request_behind_an_upload_is_seen_at_once(proxied):
    """What moves an upload from socket to socket leaves what is behind it."""
    with RawClient(proxied().port) as client:
        for number in range(20):
            began = time.monotonic()
            client.send(request("POST", body=b"x" * 100_000) + request(X_Test_Id=str(number)))
            assert client.response().status == 200
            assert client.response().body == str(number).encode()
            assert time.monotonic() - began < scaled(0.08)


def test_a_drain_lets_it_go(proxied, connect):
    made = proxied(drain={"accept": "0s", "idle": milliseconds(0.2), "deadline": "10s"})
    with connect(made) as client:
        assert client.get().status == 200
        time.sleep(PAUSE_SECONDS)
        began = time.monotonic()
        made.terminate()
        assert client.closed()
        assert made.wait() == 0
        assert time.monotonic() - began < scaled(5)


@pytest.mark.skipif(SLOWDOWN > 1, reason="a sanitizer keeps what was freed")
def test_it_holds_what_its_connection_takes_and_no_more(proxied):
    """Neither buffers nor what its last request was read into."""
    made = proxied(workers=1)

    def in_use_kib():
        with open(f"/proc/{made.process.pid}/smaps_rollup") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))

    with contextlib.ExitStack() as open_ones:

        def serve(number):
            clients = [open_ones.enter_context(RawClient(made.port)) for _ in range(number)]
            for client in clients:
                client.send(request())
            assert [client.response().status for client in clients] == [200] * number

        serve(100)  # what is lent to busy ones is there from now on
        before = in_use_kib()
        for _ in range(IDLE // 50):
            serve(50)
        assert (in_use_kib() - before) / IDLE < 2.5
