"""Upgrades: a tunnel begins with the pool's 101 and not before, and then hides nothing."""

import hashlib
import os
import socket
import threading

import pytest
from websockets.exceptions import InvalidStatus

from configuration import milliseconds, proxy, service
from origins import Hangup, answering, echo_id
from waiting import always, eventually, scaled
from websocket_servers import EchoServer, websocket
from wire import RawClient, request, response

MEBIBYTE = 1024 * 1024
WISH = {"Connection": "Upgrade", "Upgrade": "test/1"}
SWITCH = b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: test/1\r\n\r\n"


@pytest.fixture
def echo():
    server = EchoServer(max_size=None)
    yield server
    server.close()


@pytest.fixture
def front(weir, origin):
    """A proxy in front of one scripted origin."""

    def make(converse, **more):
        served = origin(converse)
        return weir(proxy(service(served, served), workers=1, **more)), served

    return make


def tunnelling(talk):
    """A script that grants the upgrade and talks on."""

    def converse(peer):
        peer.read_head()
        peer.send(SWITCH)
        talk(peer)

    return converse


def echoing(peer):
    while peer.fill():
        taken, peer.buffer = peer.buffer, b""
        peer.send(taken)


def upgraded(client):
    client.send(request(**WISH))
    answer = client.head()
    assert answer.status == 101
    return answer


def tunnels(weir, version="blue"):
    return weir.metric("weir_tunnels")[f'service="shop",version="{version}"']


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


def test_the_refusal_of_a_handshake_is_relayed_and_the_connection_kept(front):
    proxied, served = front(answering(lambda _: response(403, b"no")))
    with pytest.raises(InvalidStatus) as refused:
        websocket(proxied)
    assert refused.value.response.status_code == 403
    with RawClient(proxied.port) as client:
        for _ in range(2):
            client.send(request(**WISH))
            assert client.response().status == 403
        assert served.last.value("Upgrade") == "test/1"


HIDDEN = request(path="/hidden")


def test_bytes_behind_a_refused_upgrade_are_no_request(front):
    proxied, served = front(answering())
    with RawClient(proxied.port) as client:
        client.send(request(**WISH) + HIDDEN)
        answer = client.response()
        assert (answer.status, answer.value("Connection")) == (200, "close")
        assert client.closed()
    assert [each.target for each in served.requests] == ["/"]


def test_bytes_that_come_while_the_pool_thinks_are_no_request_either(weir, origin):
    thinking = threading.Event()

    def converse(peer):
        peer.read_request()
        thinking.wait(scaled(10))
        peer.send(response(400, b"no"))

    served = origin(converse)
    proxied = weir(proxy(service(served, served), workers=1))
    with RawClient(proxied.port) as client:
        client.send(request(**WISH))
        eventually(lambda: served.requests)
        client.send(HIDDEN)
        assert always(lambda: len(served.requests) == 1, 0.3)
        thinking.set()
        assert client.response().value("Connection") == "close"
        assert client.closed()
    assert len(served.requests) == 1


def test_bytes_behind_an_upgrade_nobody_could_grant_are_no_request(front):
    proxied, served = front(lambda peer: (peer.read_head(), peer.reset()))
    with RawClient(proxied.port) as client:
        client.send(request(**WISH) + HIDDEN)
        answer = client.response()
        assert (answer.status, answer.value("Connection")) == (502, "close")
        assert client.closed()
    assert {each.target for each in served.requests} == {"/"}


def test_early_bytes_are_held_until_the_switch(weir, origin):
    """They reach the pool behind its 101, whole and in order, and never before."""
    granting, received = threading.Event(), []

    def converse(peer):
        peer.read_head()
        peer.socket.settimeout(scaled(0.3))
        with pytest.raises(TimeoutError):
            peer.socket.recv(1)
        peer.socket.settimeout(scaled(10))
        granting.wait(scaled(10))
        peer.send(SWITCH)
        received.append(peer.exactly(len(HIDDEN) + 100_000))

    served = origin(converse)
    proxied = weir(proxy(service(served, served), workers=1))
    with RawClient(proxied.port) as client:
        client.send(request(**WISH) + HIDDEN)
        client.send(b"x" * 100_000)
        granting.set()
        assert client.head().status == 101
        eventually(lambda: received)
    assert received == [HIDDEN + b"x" * 100_000]


PLAIN = {
    "with a body": request("GET", body=b"body", **WISH),
    "with an empty body": request("GET", body=b"", **WISH),
    "of a POST": request("POST", **WISH),
    "on HTTP/1.0": request(version="1.0", **WISH),
    "h2c": request(Connection="Upgrade, HTTP2-Settings", Upgrade="h2c", HTTP2_Settings="AAM"),
    "h2c among others": request(Connection="Upgrade", Upgrade="test/1, h2c"),
    "not nominated": request(Upgrade="test/1"),
    "no token": request(Connection="Upgrade", Upgrade="test/1;q"),
    "twice": request(Connection="Upgrade", Upgrade="test/1")[:-2] + b"Upgrade: test/2\r\n\r\n",
}


@pytest.mark.parametrize("how", PLAIN)
def test_an_upgrade_that_may_not_pass_leaves_a_plain_request(front, how):
    proxied, served = front(answering())
    with RawClient(proxied.port) as client:
        client.send(PLAIN[how])
        assert client.response().status == 200
    for name in ("Upgrade", "Connection", "HTTP2-Settings"):
        assert served.last.values(name) == [], name


@pytest.mark.parametrize("how", PLAIN)
def test_a_switch_nobody_asked_for_becomes_502(front, how):
    proxied, served = front(tunnelling(lambda peer: peer.fill()))
    with RawClient(proxied.port) as client:
        client.send(PLAIN[how])
        assert client.response().status == 502
    served.await_idle()
    assert tunnels(proxied) == 0


WRONG = {
    "another protocol": b"Connection: Upgrade\r\nUpgrade: test/2\r\n",
    "no protocol": b"Connection: Upgrade\r\n",
    "not nominated": b"Upgrade: test/1\r\n",
    "two protocols": b"Connection: Upgrade\r\nUpgrade: test/1\r\nUpgrade: test/1\r\n",
    "a list": b"Connection: Upgrade\r\nUpgrade: test/1, test/2\r\n",
    "a length": b"Connection: Upgrade\r\nUpgrade: test/1\r\nContent-Length: 4\r\n",
}


@pytest.mark.parametrize("how", WRONG)
def test_a_switch_that_was_not_offered_becomes_502(front, how):
    def converse(peer):
        peer.read_head()
        peer.send(b"HTTP/1.1 101 Switching\r\n" + WRONG[how] + b"\r\n")
        peer.fill()

    proxied, served = front(converse)
    with RawClient(proxied.port) as client:
        client.send(request(**WISH))
        assert client.response().status == 502
        served.await_idle()
        client.send(request(**WISH))
        assert client.response().status == 502, "the client's connection is still HTTP"
    assert served.connections >= 2, "that connection was not used again"


def test_interim_answers_may_come_before_the_switch(front):
    def converse(peer):
        peer.read_head()
        peer.send(b"HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n" + SWITCH + b"at once")
        peer.fill()

    proxied, _ = front(converse)
    with RawClient(proxied.port) as client:
        client.send(request(**WISH))
        assert [client.head().status for _ in range(2)] == [103, 101]
        assert client.exactly(7) == b"at once"


def test_after_a_tunnel_no_connection_is_used_again(front):
    def converse(peer):
        head = peer.read_head()
        if head.value("Upgrade"):
            peer.send(SWITCH)
            peer.until(b"bye")
        else:
            peer.send(echo_id(head))

    proxied, served = front(converse)
    with RawClient(proxied.port) as client:
        upgraded(client)
        client.send(b"bye")
        assert client.closed()
    with RawClient(proxied.port) as client:
        assert client.get(X_Test_Id="next").body == b"next"
    assert served.connections == 2


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
