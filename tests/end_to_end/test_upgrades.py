"""Which upgrades pass: a tunnel begins with the pool's 101 and not before."""

import threading

import pytest
from websockets.exceptions import InvalidStatus

from configuration import proxy, service
from origins import answering, echo_id
from upgrades import SWITCH, WISH, tunnelling, tunnels, upgraded
from waiting import always, eventually, scaled
from websocket_servers import websocket
from wire import RawClient, request, response


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
