"""What a pool must not say: doubtful answers never reach a client, cut ones are seen to be
cut, and a connection that misbehaved is not used again."""

import threading

import pytest

from configuration import proxy, service
from origins import ID, echo_id
from waiting import eventually
from wire import Incomplete, RawClient, request, response

OK = b"HTTP/1.1 200 OK\r\n"
DOUBTFUL = {
    "CL and TE": OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two CLs": OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
    "two equal CLs": OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nab",
    "CL as a list": OK + b"Content-Length: 2, 2\r\n\r\nab",
    "CL negative": OK + b"Content-Length: -2\r\n\r\nab",
    "TE gzip": OK + b"Transfer-Encoding: gzip\r\n\r\nab",
    "TE twice chunked": OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.0 chunked": b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "obs-fold": OK + b"X: a\r\n b\r\nContent-Length: 2\r\n\r\nab",
    "space before a colon": OK + b"Content-Length : 2\r\n\r\nab",
    "bare LF": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nab",
    "bare CR": OK + b"X: a\rb\r\nContent-Length: 2\r\n\r\nab",
    "NUL": OK + b"X: a\x00b\r\nContent-Length: 2\r\n\r\nab",
    "no status": b"HTTP/1.1 OK\r\nContent-Length: 2\r\n\r\nab",
    "status of four digits": b"HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nab",
    "HTTP/2": b"HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nab",
    "no HTTP": b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n\r\n",
    "large head": OK + b"X: " + b"a" * 70_000 + b"\r\n\r\n",
    "a switch nobody asked for": b"HTTP/1.1 101 On\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    "endless interim answers": b"HTTP/1.1 103 Hints\r\n\r\n" * 100 + response(),
}
CUT = {
    "short of its length": OK + b"Content-Length: 100\r\n\r\nonly this",
    "short of its last chunk": OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n",
    "in the middle of a chunk": OK + b"Transfer-Encoding: chunked\r\n\r\n99\r\nonly this",
}
BAD_CHUNK = OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\nx\r\n\r\n"


@pytest.fixture
def front(weir, origin):
    """A proxy before an origin that says `data` to the request named bad, and then closes
    or, with `stays`, goes on as if nothing had happened."""

    def make(data, stays=True):
        def converse(peer):
            while message := peer.read_request():
                bad = message.value(ID) == "bad"
                peer.send(data if bad else echo_id(message))
                if bad and not stays:
                    return

        served = origin(converse)
        return weir(proxy(service(served, served), workers=1)), served

    return make


def assert_others_are_unharmed(weir, served):
    with RawClient(weir.port) as client:
        for name in ("one", "two", "three"):
            assert client.get(X_Test_Id=name).body == name.encode()
    assert served.connections == 2, "the connection that misbehaved was not used again"


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_doubtful_answer_becomes_502(front, name):
    weir, served = front(DOUBTFUL[name])
    with RawClient(weir.port) as client:
        answer = client.get(X_Test_Id="bad")
        assert (answer.status, answer.value("X-Weir-Version")) == (502, None)
        assert client.get(X_Test_Id="same client").body == b"same client"
    assert served.counts["bad"] == 1
    assert_others_are_unharmed(weir, served)


@pytest.mark.parametrize("name", CUT)
def test_a_cut_answer_is_seen_to_be_cut(front, name):
    weir, served = front(CUT[name], stays=False)
    with RawClient(weir.port) as client:
        client.send(request(X_Test_Id="bad"))
        answer = client.response()
        assert (answer.status, answer.complete) == (200, False)
        assert client.closed()
    assert_others_are_unharmed(weir, served)


def test_a_malformed_chunk_becomes_502_or_a_cut_but_never_silence(front):
    weir, served = front(BAD_CHUNK)
    with RawClient(weir.port) as client:
        client.send(request(X_Test_Id="bad"))
        answer = client.response()
        assert answer.status == 502 or not answer.complete
    assert_others_are_unharmed(weir, served)


EVIL = response(200, b"for somebody else")


def test_bytes_after_an_answer_belong_to_nobody(front):
    weir, served = front(response() + EVIL)
    with RawClient(weir.port) as client:
        assert client.get(X_Test_Id="bad").body == b"ok"
        assert client.get(X_Test_Id="same client").body == b"same client"
    assert_others_are_unharmed(weir, served)


def test_a_body_after_an_answer_that_has_none_belongs_to_nobody(front):
    weir, served = front(b"HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\nHTTP/")
    with RawClient(weir.port) as client:
        assert client.get(X_Test_Id="bad").status == 304
        assert client.get(X_Test_Id="same client").body == b"same client"
    assert_others_are_unharmed(weir, served)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_that_comes_unasked_is_not_the_next_ones(weir, origin, method):
    """The origin speaks while its connection is idle; the next request must not get that."""
    asked, spoken = threading.Event(), threading.Event()

    def converse(peer):
        while message := peer.read_request():
            peer.send(echo_id(message))
            if message.value(ID) == "first":
                asked.wait()
                peer.send(EVIL)
                spoken.set()

    served = origin(converse)
    proxied = weir(proxy(service(served, served), workers=1))
    with RawClient(proxied.port) as client:
        assert client.get(X_Test_Id="first").body == b"first"
        asked.set()
        assert spoken.wait(5)
        client.send(request(method, body=b"" if method == "POST" else None, X_Test_Id="second"))
        assert client.response().body == b"second"


@pytest.mark.parametrize("method, asked", [("GET", 2), ("POST", 1)])
def test_no_answer_at_all_becomes_502(front, method, asked):
    weir, served = front(b"", stays=False)
    with RawClient(weir.port) as client:
        client.send(request(method, body=b"" if method == "POST" else None, X_Test_Id="bad"))
        assert client.response().status == 502
    assert served.counts["bad"] == asked, "only what is safe to repeat is sent twice"


def test_an_answer_that_does_not_come_becomes_504(weir, origin):
    served = origin(lambda peer: (peer.read_request(), peer.read_request()))
    proxied = weir(proxy(service(served, served), timeouts={"response": "300ms"}))
    with RawClient(proxied.port) as client:
        assert client.get().status == 504
        served.await_idle()
    assert len(served.requests) == 1, "a slow pool is not asked twice"


def test_a_body_that_stalls_is_cut(weir, origin):
    def converse(peer):
        peer.read_request()
        peer.send(OK + b"Content-Length: 10\r\n\r\nhalf")
        peer.read_request()

    served = origin(converse)
    proxied = weir(proxy(service(served, served), timeouts={"body_stall": "300ms"}))
    with RawClient(proxied.port) as client:
        client.send(request())
        head = client.head()
        with pytest.raises(Incomplete):
            client.exactly(int(head.value("Content-Length")))
    eventually(lambda: not served.peers, what="the pool's connection is closed, too")
