"""What passes through a tunnel, and what bounds it. It hides nothing: half-closes, resets."""

import hashlib
import os
import socket
import threading

import pytest

from configuration import milliseconds, proxy, service
from origins import Hangup
from upgrades import SWITCH, WISH, tunnelling, tunnels, upgraded
from waiting import always, eventually, scaled
from websocket_servers import EchoServer, websocket
from wire import RawClient, request, response

MEBIBYTE = 1024 * 1024


@pytest.fixture
def echo():
    server = EchoServer(max_size=None)
    yield server
    server.close()


def echoing(peer):
    while peer.fill():
        taken, peer.buffer = peer.buffer, b""
        peer.send(taken)


def test_real_websockets_talk_through_the_proxy(weir, echo):
    proxied = weir(proxy(service(echo, echo)))
    with websocket(proxied, compression="deflate", max_size=None) as client:
        assert tunnels(proxied) == 1
        for message in ("one", b"two" * 100, "three" * 100_000, os.urandom(3 * MEBIBYTE)):
            client.send(message)
            assert client.recv(timeout=scaled(20)) == message
        pong = client.ping()
        assert pong.wait(scaled(5)), "control frames pass"
    assert client.close_code == 1000
    eventually(lambda: echo.codes == [1000] and tunnels(proxied) == 0)
    head = echo.requests[0].headers
    assert (head["Upgrade"], head["Connection"]) == ("websocket", "upgrade")
    assert head["Via"] and head["X-Forwarded-For"] == "127.0.0.1"


def test_a_tunnel_is_one_exchange_of_its_version_and_no_error(weir, echo):
    proxied = weir(proxy(service(echo, echo)))
    client = websocket(proxied)
    client.socket.shutdown(socket.SHUT_RDWR)
    eventually(lambda: tunnels(proxied) == 0)
    counted = proxied.metric("weir_requests_total")
    assert counted['service="shop",version="blue",code_class="1xx"'] == 1
    assert sum(counted.values()) == 1
    assert proxied.metric("weir_client_aborts_total")['service="shop",version="blue"'] == 0


def test_websockets_stick_to_the_canary_like_requests(weir):
    blue, green = EchoServer("blue"), EchoServer("green")
    try:
        proxied = weir(proxy(service(blue, green, key={"header": "X-Key"})))
        proxied.set_weight(50)
        for number in range(20):
            key = {"X-Key": f"client-{number}"}
            with RawClient(proxied.port) as asked:
                asked.send(request(X_Key=key["X-Key"]))
                chosen = asked.response().value("X-Weir-Version")
            with websocket(proxied, additional_headers=key) as client:
                assert client.recv(timeout=scaled(5)) == chosen
    finally:
        blue.close()
        green.close()


@pytest.mark.parametrize("first", ["client", "pool"])
def test_a_half_close_is_passed_on(front, first):
    def talk(peer):
        if first == "pool":
            peer.send(b"last of the pool")
            peer.socket.shutdown(socket.SHUT_WR)
            assert peer.to_end() == b"last of the client"
        else:
            assert peer.to_end() == b"last of the client"
            peer.send(b"last of the pool")
        done.set()

    done = threading.Event()
    proxied, served = front(tunnelling(talk))
    with RawClient(proxied.port) as client:
        upgraded(client)
        if first == "pool":
            assert client.to_end() == b"last of the pool"
        client.send(b"last of the client")
        client.socket.shutdown(socket.SHUT_WR)
        if first == "client":
            assert client.to_end() == b"last of the pool"
        assert done.wait(scaled(5))
    served.await_idle()
    eventually(lambda: tunnels(proxied) == 0)


@pytest.mark.parametrize("leaver", ["client", "pool"])
def test_a_reset_ends_both_sides(front, leaver):
    proxied, served = front(tunnelling(lambda peer: peer.fill() and peer.reset()))
    client = RawClient(proxied.port)
    upgraded(client)
    if leaver == "client":
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes([1, 0, 0, 0] + [0] * 4))
        client.close()
    else:
        client.send(b"go")
        client.to_end()
        client.close()
    served.await_idle()
    eventually(lambda: tunnels(proxied) == 0)


def test_64_mebibytes_pass_both_ways_at_once(front):
    size = 32 * MEBIBYTE
    proxied, _ = front(tunnelling(echoing))
    piece = os.urandom(MEBIBYTE)
    with RawClient(proxied.port, 60) as client:
        upgraded(client)
        sender = threading.Thread(target=lambda: [client.send(piece) for _ in range(32)])
        sender.start()
        received = client.exactly(size)
        sender.join()
    assert hashlib.sha256(received).digest() == hashlib.sha256(piece * 32).digest()


@pytest.mark.parametrize("reader", ["client", "pool"])
def test_who_does_not_read_holds_the_other_side_back(front, reader):
    stop = threading.Event()

    def pour(stream):
        sent = 0
        stream.socket.settimeout(1)
        try:
            while sent < 64 * MEBIBYTE:
                stream.send(b"x" * 65536)
                sent += 65536
        except TimeoutError:
            poured.append(sent)

    poured = []
    talk = pour if reader == "client" else lambda peer: stop.wait(scaled(20))
    proxied, _ = front(tunnelling(talk))
    with RawClient(proxied.port) as client:
        upgraded(client)
        if reader == "pool":
            pour(client)
        eventually(lambda: poured, 20)
        stop.set()
    assert poured[0] < 32 * MEBIBYTE


def test_a_silent_tunnel_ends_and_one_with_bytes_either_way_does_not(front):
    """Neither `timeouts.response` nor `body_stall` counts any more."""

    def talk(peer):
        while peer.fill():
            pass

    timeouts = {"tunnel_idle": milliseconds(1), "response": "200ms", "body_stall": "200ms"}
    proxied, served = front(tunnelling(talk), timeouts=timeouts)
    with RawClient(proxied.port) as silent, RawClient(proxied.port) as talking:
        upgraded(silent)
        upgraded(talking)
        assert always(lambda: talking.send(b"x") is None and len(served.peers) == 2, scaled(0.6))
        eventually(lambda: talking.send(b"x") is None and len(served.peers) == 1, 3)
        assert silent.closed()
        assert always(lambda: talking.send(b"x") is None and len(served.peers) == 1, scaled(1.5))


def test_tunnels_are_bounded(front):
    def converse(peer):
        while head := peer.read_request():
            if not head.value("Upgrade"):
                peer.send(response())
                continue
            peer.send(SWITCH)
            peer.to_end()
            raise Hangup

    proxied, served = front(converse, limits={"tunnels": 2})
    with RawClient(proxied.port) as one, RawClient(proxied.port) as three:
        two = RawClient(proxied.port)
        upgraded(one)
        upgraded(two)
        three.send(request(**WISH))
        assert three.response().status == 503
        assert three.get().status == 200, "plain requests go on"
        refused = proxied.metric("weir_rejected_requests_total")
        assert refused['reason="too_many_tunnels"'] == 1
        two.close()
        eventually(lambda: tunnels(proxied) == 1)
        upgraded(three)
    assert sum(1 for each in served.requests if each.value("Upgrade")) == 3


def test_tunnels_do_not_take_the_room_of_requests(front):
    def converse(peer):
        head = peer.read_request()
        peer.send(SWITCH if head.value("Upgrade") else response())
        peer.to_end()

    proxied, _ = front(converse, limits={"requests_per_pool": 1})
    with RawClient(proxied.port) as tunnel, RawClient(proxied.port) as client:
        upgraded(tunnel)
        assert client.get().status == 200
