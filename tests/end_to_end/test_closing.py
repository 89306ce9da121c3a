"""A connection ends as its client asked for it, and takes no answer with it."""

import socket
import ssl
import threading
from types import SimpleNamespace

import pytest

from configuration import proxy, secured, service
from origins import answering
from tls_clients import TlsClient
from waiting import eventually
from wire import RawClient, request, response

LARGE = b"x" * 3_000_000
TAKEN_BY_THE_KERNEL = b"x" * 150_000  # before the client reads any of it


@pytest.fixture
def made(weir, origin, shop_certificate):
    """Before an origin whose answers do not fit into a socket's buffers, once they may come."""
    may_come = threading.Event()
    may_come.set()
    bodies = {"/": LARGE, "/less": TAKEN_BY_THE_KERNEL}

    def answer(asked):
        may_come.wait()
        return response(200, bodies[asked.target])

    served = origin(answering(answer))
    listen = ["127.0.0.1:0", secured(shop_certificate)]
    proxied = weir(proxy(service(served, served), listen=listen))
    yield SimpleNamespace(proxied=proxied, served=served, may_come=may_come)
    may_come.set()


@pytest.fixture(params=["in the clear", "under TLS"])
def client(request, made):
    tls = request.param == "under TLS"
    with (TlsClient if tls else RawClient)(made.proxied.ports[tls]) as connected:
        yield connected


def is_reset_by_a_byte(client):
    """Nobody is there any more who would read it. The kernels settle it within the call."""
    plain = socket.socket(fileno=client.socket.fileno())
    try:
        plain.send(b"\n")
        return plain.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0
    except ConnectionError:  # over one that came between the goodbye of TLS and the end
        return True
    finally:
        plain.detach()


@pytest.mark.parametrize("asked", [request(Connection="close"), request(version="1.0")])
def test_who_asks_for_the_end_gets_the_whole_answer_and_holds_nothing(client, asked):
    client.send(asked)
    assert client.response().body == LARGE
    assert client.closed()
    eventually(lambda: is_reset_by_a_byte(client), 0.5)


@pytest.mark.parametrize(
    "asked",
    [
        request("POST", body=b"form", Connection="close"),
        request(Connection="close") + b"\r\n",
        request(Connection="close, Upgrade", Upgrade="test/1"),
    ],
    ids=["an upload", "more than a request", "another protocol"],
)
def test_who_may_have_more_on_its_way_is_not_reset_over_it(client, asked):
    """Old browsers send an empty line behind what they upload."""
    client.send(asked)
    assert client.response().body == LARGE
    assert client.closed()
    assert not is_reset_by_a_byte(client)


def test_nor_is_who_has_said_goodbye_under_tls(made):
    """TLS 1.3 allows it while the answer is on its way."""
    made.may_come.clear()
    with TlsClient(made.proxied.ports[1]) as client:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.send(request(path="/less", Connection="close"))
        eventually(lambda: made.served.requests)
        client.socket.setblocking(False)
        with pytest.raises(ssl.SSLWantReadError):
            client.socket.unwrap()
        client.socket.setblocking(True)
        made.may_come.set()
        eventually(lambda: sum(made.proxied.metric("weir_requests_total").values()))
        assert client.response().body == TAKEN_BY_THE_KERNEL
