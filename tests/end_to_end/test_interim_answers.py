"""1xx: relayed to those who know them, in bounds, and 100-continue from end to end."""

import subprocess
import threading

import pytest

from configuration import milliseconds, proxy, service
from origins import Hangup, answering
from waiting import always, eventually, scaled
from wire import RawClient, request, response

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
PROCESSING = b"HTTP/1.1 102 Processing\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nConnection: X\r\nX: 1\r\n\r\n"
EXPECTING = {"Expect": "100-continue"}


@pytest.fixture
def front(weir, origin):
    def make(converse, **more):
        served = origin(converse)
        return weir(proxy(service(served, served), workers=1, **more)), served

    return make


def test_each_kind_is_relayed_without_what_ends_here(front):
    said = CONTINUE + PROCESSING + HINTS + b"HTTP/1.1 199 Odd\r\n\r\n" + response()
    proxied, _ = front(answering(lambda _: said))
    with RawClient(proxied.port) as client:
        for _ in range(2):
            interim = []
            client.send(request())
            assert client.response(interim=interim).status == 200
            assert [each.status for each in interim] == [100, 102, 103, 199]
            assert interim[2].value("Link") == "</a.css>; rel=preload"
            assert interim[2].values("X") == interim[2].values("Connection") == []
            assert all(each.values("X-Weir-Version") == [] for each in interim)


def test_http_1_0_gets_none(front):
    proxied, _ = front(answering(lambda _: CONTINUE + PROCESSING + HINTS + response()))
    with RawClient(proxied.port) as client:
        client.send(request(version="1.0"))
        assert client.head().status == 200


def test_each_is_relayed_at_once(front):
    going_on = threading.Event()

    def converse(peer):
        peer.read_request()
        peer.send(HINTS)
        going_on.wait(scaled(10))
        peer.send(response())

    proxied, _ = front(converse)
    with RawClient(proxied.port) as client:
        client.send(request())
        assert client.head().status == 103
        going_on.set()
        assert client.head().status == 200


@pytest.mark.parametrize("most", [16, 3, 0])
def test_their_number_is_bounded(front, most):
    limits = {} if most == 16 else {"limits": {"interim_responses": most}}
    counts = iter((most, most + 1))
    proxied, served = front(answering(lambda _: HINTS * next(counts) + response()), **limits)
    with RawClient(proxied.port) as client:
        assert client.get().status == 200
        assert client.get().status == 502
    refused = proxied.metric("weir_rejected_requests_total")
    assert refused['reason="upstream_invalid"'] == 1
    served.await_idle()


def test_a_body_is_awaited_only_when_the_pool_asks_for_it(front):
    asking = threading.Event()

    def converse(peer):
        head = peer.read_head()
        asking.wait(scaled(10))
        peer.send(CONTINUE)
        peer.framed_body(head)
        peer.send(response(200, head.body))

    proxied, served = front(converse)
    with RawClient(proxied.port) as client:
        client.send(request("POST", Content_Length=4, **EXPECTING))
        eventually(lambda: served.requests)
        client.socket.settimeout(scaled(0.3))
        with pytest.raises(TimeoutError):
            client.head()
        client.socket.settimeout(scaled(10))
        asking.set()
        assert client.head().status == 100
        client.send(b"body")
        assert client.response().body == b"body"


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_a_pool_that_never_asks_gets_the_body_all_the_same(front, framing):
    """The client sends it after a time of its own (RFC 9110 §10.1.1)."""

    def converse(peer):
        while True:
            head = peer.read_head()
            peer.framed_body(head)
            peer.send(response(200, head.body))

    proxied, served = front(converse)
    fields = {"Content_Length": 4} if framing == "length" else {"Transfer_Encoding": "chunked"}
    with RawClient(proxied.port) as client:
        for _ in range(2):
            client.send(request("POST", **fields, **EXPECTING))
            assert always(lambda: not client.buffer, scaled(0.2))
            client.send(b"body" if framing == "length" else b"4\r\nbody\r\n0\r\n\r\n")
            assert client.response().body == b"body"
    assert served.connections == 1, "read to its end: the connection is kept"


def test_curl_waits_a_second_and_sends(front):
    def converse(peer):
        head = peer.read_head()
        peer.framed_body(head)
        peer.send(response(200, b"%d" % len(head.body)))
        raise Hangup

    proxied, _ = front(converse)
    command = ["curl", "-sS", "-H", "Expect: 100-continue", "--data-binary", "@-", proxied.url]
    told = subprocess.run(command, input=bytes(200_000), capture_output=True, check=True)
    assert told.stdout == b"200000"


def test_an_answer_before_the_body_is_final(front):
    def converse(peer):
        peer.read_head()
        peer.send(response(413, b"no"))
        assert peer.to_end() == b"", "nothing of the body was sent on"
        ended.set()

    ended = threading.Event()
    proxied, _ = front(converse)
    with RawClient(proxied.port) as client:
        client.send(request("POST", Content_Length=4, **EXPECTING))
        answer = client.response()
        assert (answer.status, answer.value("Connection")) == (413, "close")
        assert client.closed()
    assert ended.wait(scaled(5))


def test_a_body_that_never_comes_is_not_awaited_for_ever(front):
    proxied, served = front(lambda peer: (peer.read_head(), peer.to_end()),
                            timeouts={"body_stall": milliseconds(0.5)})
    with RawClient(proxied.port) as client:
        client.send(request("POST", Content_Length=4, **EXPECTING))
        client.to_end()
    served.await_idle()


def test_an_expectation_means_nothing_on_http_1_0(front):
    proxied, served = front(answering())
    with RawClient(proxied.port) as client:
        client.send(request("POST", body=b"body", version="1.0", **EXPECTING))
        assert client.head().status == 200
    assert served.last.values("Expect") == []


@pytest.mark.parametrize("value", ["200-ok", "100-continue, x", ""])
def test_any_other_expectation_is_refused(front, value):
    proxied, served = front(answering())
    with RawClient(proxied.port) as client:
        client.send(request("POST", body=b"body", Expect=value))
        assert client.response().status == 417
        assert client.closed()
    assert served.requests == []
