"""A message whose framing is in doubt is refused, and not one byte of it reaches a pool."""

import contextlib

import pytest

from configuration import proxy, service
from origins import Origin
from smuggling_payloads import BAD_CHUNKS, CHUNKS, GET, HIDDEN, PAYLOADS, head, post
from weir_process import Weir
from wire import Incomplete, RawClient


def make_front(tmp_path_factory):
    origin = Origin()
    weir = Weir(tmp_path_factory.mktemp("weir"), proxy(service(origin, origin))).start()
    yield weir, origin
    try:
        weir.finish()
    finally:
        origin.close()


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    """One proxy before one origin; each test leaves both as it found them."""
    yield from make_front(tmp_path_factory)


@pytest.fixture(scope="module")
def upload_front(tmp_path_factory):
    """For requests that reach the origin in part, and perhaps a little after their test."""
    yield from make_front(tmp_path_factory)


@pytest.fixture
def weir(front):
    return front[0]


@pytest.fixture
def served(front):
    front[1].forget()
    return front[1]


def whole(client, data):
    client.send(data)


def dripping(client, data):
    """Every byte on its own, the worst a network may do."""
    for position in range(len(data)):
        client.send(data[position : position + 1])


def in_two(client, data):
    client.send(data[: len(data) // 2])
    client.send(data[len(data) // 2 :])


def tell(client, data, manner):
    """The proxy may refuse and close before it has heard all."""
    with contextlib.suppress(ConnectionError):
        manner(client, data)


def assert_next_client_is_served(weir):
    with RawClient(weir.port) as client:
        assert client.get(X_Test_Id="next").body == b"next"


TOLD = [
    pytest.param(data, status, manner, id=f"{name}-{manner.__name__}")
    for name, data, status in PAYLOADS
    for manner in (whole, in_two, dripping)
    if manner is not dripping or len(data) < 1000
]


@pytest.mark.parametrize("data, status, manner", TOLD)
def test_doubtful_requests_are_refused(weir, served, data, status, manner):
    with RawClient(weir.port) as client:
        tell(client, data, manner)
        answer = client.response()
        assert (answer.status, answer.value("Connection")) == (status, "close")
        assert client.closed()
    assert served.received == b""
    assert_next_client_is_served(weir)
    assert served.counts == {"next": 1}


@pytest.mark.parametrize("data, status", [pytest.param(*row[1:], id=row[0]) for row in PAYLOADS])
def test_a_doubtful_request_behind_a_good_one_stops_there(weir, served, data, status):
    with RawClient(weir.port) as client:
        tell(client, head(GET, b"X-Test-Id: good") + data, whole)
        assert client.response().body == b"good"
        assert client.response().status == status
        assert client.closed()
    assert served.counts == {"good": 1}


@pytest.mark.parametrize("chunks", [pytest.param(row[1], id=row[0]) for row in BAD_CHUNKS])
def test_a_malformed_chunk_ends_the_request_without_an_end(upload_front, chunks):
    weir, served = upload_front
    with RawClient(weir.port) as client:
        tell(client, post(b"Transfer-Encoding: chunked", body=chunks + HIDDEN), whole)
        with contextlib.suppress(Incomplete):
            assert client.response().status == 400
        assert client.closed()
    assert b"/hidden" not in served.received
    assert b"\r\n0\r\n\r\n" not in served.received, "the pool must not take it for complete"
    assert_next_client_is_served(weir)


def test_what_a_body_contains_is_never_a_request(weir, served):
    with RawClient(weir.port) as client:
        client.send(post(b"Content-Length: %d" % len(HIDDEN), body=HIDDEN))
        assert client.response().status == 200
        client.send(post(b"Transfer-Encoding: chunked", body=b"%x\r\n%b\r\n0\r\n\r\n"
                         % (len(HIDDEN), HIDDEN)))
        assert client.response().status == 200
    assert [each.target for each in served.requests] == ["/", "/"]


def test_aliases_of_framing_fields_do_not_pass(weir, served):
    fields = [b"Content_Length: 99", b"Transfer_Encoding: chunked", b"Content-Length: 0"]
    with RawClient(weir.port) as client:
        client.send(post(*fields, body=b""))
        assert client.response().status == 200
    assert served.last.values("Content_Length") == served.last.values("Transfer_Encoding") == []


def test_an_upgrade_nobody_agreed_to_is_not_a_tunnel(weir, served):
    wish = [b"Connection: Upgrade", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABk"]
    with RawClient(weir.port) as client:
        client.send(head(GET, *wish) + HIDDEN)
        assert [client.response().status for _ in range(2)] == [200, 200]
    assert served.last.target == "/hidden", "read as a request of its own, not passed through"
    assert served.requests[0].values("Upgrade") == []


def test_the_same_payload_is_fine_without_its_twist(weir, served):
    """The tables above refuse the twist and not what surrounds it."""
    with RawClient(weir.port) as client:
        client.send(post(b"Transfer-Encoding: chunked", body=CHUNKS))
        client.send(post(b"Content-Length: 5", body=b"hello"))
        client.send(head(GET))
        assert [client.response().status for _ in range(3)] == [200] * 3
