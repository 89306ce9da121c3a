"""A connection ends as its client asked for it, and takes no answer with it."""

import socket

import pytest

from configuration import proxy, secured, service
from origins import answering
from tls_clients import TlsClient
from waiting import eventually
from wire import RawClient, request, response

LARGE = b"x" * 3_000_000


@pytest.fixture(params=["in the clear", "under TLS"])
def client(request, weir, origin, shop_certificate):
    """Before an origin whose answers do not fit into a socket's buffers."""
    served = origin(answering(lambda _: response(200, LARGE)))
    listen = ["127.0.0.1:0", secured(shop_certificate)]
    made = weir(proxy(service(served, served), listen=listen))
    tls = request.param == "under TLS"
    with (TlsClient if tls else RawClient)(made.ports[tls]) as connected:
        yield connected


def is_reset_by_a_byte(client):
    """Nobody is there any more who would read it. The kernels settle it within the call."""
    plain = socket.socket(fileno=client.socket.fileno())
    try:
        plain.send(b"\n")
        return plain.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0
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
    [request("POST", body=b"form", Connection="close"), request(Connection="close") + b"\r\n"],
    ids=["an upload", "more than a request"],
)
def test_who_may_have_more_on_its_way_is_not_reset_over_it(client, asked):
    """Old browsers send an empty line behind what they upload."""
    client.send(asked)
    assert client.response().body == LARGE
    assert client.closed()
    assert not is_reset_by_a_byte(client)
