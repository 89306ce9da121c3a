"""The PROXY protocol: whom it is taken from, and what it changes."""

import struct

import pytest

from configuration import proxy, service
from wire import RawClient, request

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
V1 = b"PROXY TCP4 203.0.113.9 127.0.0.1 4711 80\r\n"


def v2(command, family, addresses):
    return SIGNATURE + struct.pack("!BBH", 0x20 | command, family, len(addresses)) + addresses


V2 = v2(1, 0x11, bytes([203, 0, 113, 9, 127, 0, 0, 1]) + struct.pack("!HH", 4711, 80))


@pytest.fixture
def behind(weir, origin):
    """Makes a proxy behind a balancer at the given blocks."""

    def make(*blocks):
        served = origin()
        listener = {"address": "127.0.0.1:0", "proxy_protocol": {"from": list(blocks)}}
        proxied = weir(proxy(service(served, served), listen=[listener]))
        proxied.served = served
        return proxied

    return make


def refused(proxied, reason):
    return proxied.metric("weir_rejected_requests_total")[f'reason="{reason}"']


@pytest.mark.parametrize("header", [V1, V2], ids=["v1", "v2"])
def test_the_client_is_who_the_header_names(behind, header):
    proxied = behind("127.0.0.0/8")
    with RawClient(proxied.port) as client:
        client.send(header + request())
        assert client.response().status == 200
        assert client.get().status == 200, "once for the connection"
    assert proxied.served.last.value("X-Forwarded-For") == "203.0.113.9"


@pytest.mark.parametrize("header", [b"PROXY UNKNOWN\r\n", v2(0, 0, b"")], ids=["v1", "v2"])
def test_a_header_may_leave_the_peer_as_it_is(behind, header):
    proxied = behind("127.0.0.0/8")
    with RawClient(proxied.port) as client:
        client.send(header + request())
        assert client.response().status == 200
    assert proxied.served.last.value("X-Forwarded-For") == "127.0.0.1"


def test_a_byte_at_a_time_is_as_good(behind):
    proxied = behind("127.0.0.0/8")
    for header in (V1, V2):
        with RawClient(proxied.port) as client:
            for byte in header + request():
                client.send(bytes([byte]))
            assert client.response().status == 200


@pytest.mark.parametrize(
    "sent", [request(), b"PROXY TCP4 1.2.3 4 5 6\r\n" + request(), SIGNATURE + b"\x31\x11\0\0"]
)
def test_what_is_no_header_is_refused(behind, sent):
    proxied = behind("127.0.0.0/8")
    with RawClient(proxied.port) as client:
        client.send(sent)
        assert client.closed()
    assert refused(proxied, "bad_proxy_header") == 1
    assert not proxied.served.requests


def test_others_than_the_balancer_are_refused(behind):
    proxied = behind("10.0.0.0/8")
    with RawClient(proxied.port) as client:
        client.send(V1 + request())
        assert client.closed()
    assert refused(proxied, "untrusted_balancer") == 1
    assert not proxied.served.requests
