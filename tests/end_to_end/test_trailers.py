"""Trailers pass where both ends take them, without those that would change a message."""

import pytest

from configuration import proxy, service
from wire import Incomplete, RawClient, request, response

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
SENT = b"X-Sum: 4\r\nGrpc-Status: 0\r\n"
PASSING = [("X-Sum", "4"), ("Grpc-Status", "0")]
FORBIDDEN = [
    b"Content-Length: 9", b"Transfer-Encoding: chunked", b"Host: evil.test", b"Trailer: X",
    b"Authorization: Basic eA==", b"Proxy_Authorization: x", b"Cookie: a=1", b"Set-Cookie: a=1",
    b"X-Forwarded-For: 192.0.2.1", b"X_Forwarded_For: 192.0.2.1", b"Forwarded: for=192.0.2.1",
    b"X-Request-Id: x", b"traceparent: x", b"X-Weir-Version: green", b"Via: 1.1 x", b"TE: x",
    b"Content-Type: x", b"Connection: X-Sum", b"Cache-Control: x", b"Location: /", b"Upgrade: x",
    b"X-HTTP-Method-Override: DELETE",
]
MIXED = b"".join(line + b"\r\n" + SENT * (at == 3) for at, line in enumerate(FORBIDDEN))


def chunks(trailers, data=b"abc"):
    last = b"%x\r\n%s\r\n" % (len(data), data) if data else b""
    return last + b"0\r\n" + trailers + b"\r\n"


@pytest.fixture
def front(weir, origin):
    """A proxy in front of an origin whose answers end in those bytes."""

    def make(answer=None, **more):
        def converse(peer):
            while message := peer.read_request():
                heard.append((message.body, message.trailers))
                peer.send(HEAD + answer if answer else response())

        heard = []
        served = origin(converse)
        return weir(proxy(service(served, served), workers=1, **more)), heard

    return make


@pytest.mark.parametrize("data", [b"abc", b""])
@pytest.mark.parametrize("cut", [0, 1, 4, 7, 12, 20])
def test_trailers_of_a_request_reach_the_pool(front, data, cut):
    proxied, heard = front()
    sent = chunks(SENT, data)
    with RawClient(proxied.port) as client:
        client.send(request("POST", Transfer_Encoding="chunked") + sent[:cut])
        client.send(sent[cut:] + request(path="/next"))
        assert [client.response().status for _ in range(2)] == [200, 200]
    assert heard == [(data, PASSING), (b"", [])]


def test_forbidden_trailers_of_a_request_end_here(front):
    proxied, heard = front()
    with RawClient(proxied.port) as client:
        client.send(request("POST", Transfer_Encoding="chunked") + chunks(MIXED))
        assert client.response().status == 200
    assert heard == [(b"abc", PASSING)]


@pytest.mark.parametrize("data", [b"abc", b""])
def test_trailers_of_an_answer_reach_those_who_take_them(front, data):
    proxied, _ = front(chunks(MIXED, data))
    with RawClient(proxied.port) as client:
        for _ in range(2):
            client.send(request(TE="trailers", Connection="TE"))
            answer = client.response()
            assert (answer.body, answer.trailers) == (data, PASSING)
            client.send(request(TE="deflate"))
            answer = client.response()
            assert (answer.body, answer.trailers) == (data, [])


def test_http_1_0_has_no_trailers(front):
    proxied, _ = front(chunks(SENT))
    with RawClient(proxied.port) as client:
        client.send(request(version="1.0", TE="trailers"))
        assert client.response().body == b"abc"


def test_trailers_are_bounded(front):
    proxied, heard = front(chunks(b"X-Long: " + b"a" * 200 + b"\r\n"),
                           limits={"trailer_bytes": 100})
    with RawClient(proxied.port) as client:
        client.send(request("POST", Transfer_Encoding="chunked") + b"3\r\nabc\r\n0\r\nX-Long: ")
        client.send(b"a" * 200)
        assert client.response().status == 400
    with RawClient(proxied.port) as client:
        client.send(request(TE="trailers"))
        try:
            answer = client.response()
            assert answer.status == 502 or not answer.complete
        except Incomplete:
            pass
    assert heard in ([], [(b"", [])])
