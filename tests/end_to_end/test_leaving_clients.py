"""A client that leaves is noticed while its answer is awaited: nobody works for it any more,
and nobody is blamed."""

import socket
import threading

import pytest

from configuration import PLENTY, proxy, service
from origins import answering, echo_id
from waiting import always, eventually, scaled
from wire import RawClient, request

BLUE = 'service="shop",version="blue"'
NOTICED_SECONDS = 1


@pytest.fixture
def silent(weir, origin):
    """A proxy in front of an origin that reads requests and never answers."""
    served = origin(lambda peer: (peer.read_request(), peer.to_end()))
    proxied = weir(proxy(service(served, served, retry_budget=PLENTY), workers=1))
    return proxied, served


def shut(client):
    client.close()


def reset(client):
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes([1, 0, 0, 0] + [0] * 4))
    client.close()


def half_close(client):
    """As nginx and Envoy have it, who stops sending is gone."""
    client.socket.shutdown(socket.SHUT_WR)


SENT = {
    "a GET": request(),
    "a GET and more behind it": request() + request(path="/next"),
    "a POST": request("POST", body=b"body"),
    "a streamed POST": request("POST", body=b"x" * 1_000_000),
    "a chunked POST": request("POST", Transfer_Encoding="chunked") + b"1\r\nx\r\n0\r\n\r\n",
    "an upgrade": request(Connection="Upgrade", Upgrade="test/1"),
}


@pytest.mark.parametrize("leave", [shut, reset, half_close])
@pytest.mark.parametrize("what", SENT)
def test_the_pool_is_let_go_at_once(silent, what, leave):
    proxied, served = silent
    with RawClient(proxied.port) as client:
        client.send(SENT[what])
        eventually(lambda: served.requests)
        assert always(lambda: served.peers, 0.3)
        leave(client)
        eventually(lambda: not served.peers, NOTICED_SECONDS, "the pool's connection closed")
        eventually(lambda: proxied.metric("weir_client_aborts_total")[BLUE] == 1)
        assert len(served.requests) == 1, "and nobody else was asked"
    classes = proxied.metric("weir_requests_total")
    assert sum(classes.values()) == classes[f'{BLUE},code_class="none"'] == 1
    eventually(lambda: proxied.metric("weir_active_requests")[BLUE] == 0)


def test_a_download_that_pauses_is_let_go(weir, origin):
    def converse(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        peer.to_end()

    served = origin(converse)
    proxied = weir(proxy(service(served, served), workers=1))
    with RawClient(proxied.port) as client:
        client.send(request())
        client.until(b"half")
    eventually(lambda: not served.peers, NOTICED_SECONDS)
    eventually(lambda: proxied.metric("weir_client_aborts_total")[BLUE] == 1)


def test_leaving_is_no_evidence(weir, origin):
    threshold = {"min_requests": 1, "floor": "0%", "window": "10s"}
    guards = {"errors": "off", "error_threshold": threshold}
    silent = origin(lambda peer: (peer.read_request(), peer.to_end()))
    settings = service(origin(), silent, guards=guards, key={"header": "X-Key"})
    proxied = weir(proxy(settings, workers=1))
    proxied.set_weight(100)
    for _ in range(10):
        with RawClient(proxied.port) as client:
            client.send(request())
            eventually(lambda: silent.peers)
        eventually(lambda: not silent.peers, NOTICED_SECONDS)
    assert always(lambda: proxied.status()["phase"] == "Paused", 0.3)
    assert len(silent.requests) == 10, "nor shielded or tried again"


def test_one_leaves_and_the_others_stay(weir, origin):
    release = threading.Event()
    served = origin(answering(lambda head: release.wait(scaled(10)) and echo_id(head)))
    proxied = weir(proxy(service(served, served), workers=1))
    clients = [RawClient(proxied.port) for _ in range(20)]
    for number, client in enumerate(clients):
        client.send(request(X_Test_Id=str(number)))
    eventually(lambda: len(served.requests) == 20)
    for client in clients[::2]:
        client.close()
    eventually(lambda: proxied.metric("weir_client_aborts_total")[BLUE] == 10, NOTICED_SECONDS)
    release.set()
    answers = [client.response().body.decode() for client in clients[1::2]]
    assert answers == [str(number) for number in range(1, 20, 2)]
    for client in clients[1::2]:
        assert client.get(X_Test_Id="again").body == b"again"
        client.close()
