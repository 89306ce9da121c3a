"""PROXY headers of versions 1 and 2, from whom they are taken and from whom not."""

import contextlib
import socket
import struct

import pytest

from configuration import milliseconds, proxy, secured, service
from tls_clients import TlsClient, context
from wire import RawClient, request

FROM_HERE = {"proxy_protocol": {"from": ["127.0.0.0/8"]}}
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def v1(source="203.0.113.9", family="TCP4", target="10.0.0.1"):
    return f"PROXY {family} {source} {target} 4711 443\r\n".encode()


def v2(source="203.0.113.9", command=1, family=0x11, tlvs=b""):
    kind = socket.AF_INET if family == 0x11 else socket.AF_INET6
    address = socket.inet_pton(kind, source)
    body = address + address + struct.pack("!HH", 4711, 443) + tlvs
    return SIGNATURE + bytes([0x20 | command, family]) + struct.pack("!H", len(body)) + body


LOCAL = SIGNATURE + b"\x20\x00\x00\x00"


@pytest.fixture
def server(origin):
    return origin()


@pytest.fixture
def shop(weir, server):
    def make(listener=None, **more):
        listener = {"address": "127.0.0.1:0", **(listener or FROM_HERE)}
        return weir(proxy(service(server, server), listen=[listener], **more))

    return make


def refused(weir, reason):
    return weir.metric("weir_rejected_requests_total")[f'reason="{reason}"']


@pytest.mark.parametrize(
    ("header", "client"),
    [
        (v1(), "203.0.113.9"),
        (v1("2001:db8::9", "TCP6", "::1"), "2001:db8::9"),
        (b"PROXY UNKNOWN\r\n", "127.0.0.1"),
        (v2(), "203.0.113.9"),
        (v2("2001:db8::9", family=0x21), "2001:db8::9"),
        (v2(tlvs=b"\x20\x00\x03abc"), "203.0.113.9"),
        (LOCAL, "127.0.0.1"),
    ],
)
def test_the_header_says_who_the_peer_is(shop, server, header, client):
    made = shop()
    with RawClient(made.port) as raw:
        raw.send(header + request())
        assert raw.response().status == 200
        assert raw.get().status == 200, "and of the requests that follow"
    assert [each.value("X-Forwarded-For") for each in server.requests] == [client] * 2


@pytest.mark.parametrize("header", [v1(), v2(tlvs=b"\x20\x02\x00" + b"x" * 512)])
def test_it_may_come_in_pieces(shop, server, header):
    with RawClient(shop().port) as raw:
        for byte in header:
            raw.send(bytes([byte]))
        assert raw.get().status == 200
    assert server.last.value("X-Forwarded-For") == "203.0.113.9"


def test_it_goes_along_with_a_client_that_another_worker_serves(shop, server):
    made = shop(workers=4)
    with contextlib.ExitStack() as open_ones:
        clients = [open_ones.enter_context(RawClient(made.port)) for _ in range(16)]
        for number, client in enumerate(clients):
            client.send(v1(f"203.0.113.{number}") + request(X_Test_Id=str(number)))
            assert client.response().body == b"%d" % number
        assert max(made.metric("weir_worker_clients").values()) < 8, "some moved"
        assert [client.get().status for client in clients] == [200] * 16
    seen = [each.value("X-Forwarded-For") for each in server.requests]
    assert seen == [f"203.0.113.{number}" for number in range(16)] * 2


def test_tls_begins_right_after_it(shop, server, authority, shop_certificate):
    made = shop(secured(shop_certificate, beside=FROM_HERE))
    for header in (v1(), v2()):
        with TlsClient(made.port, context(authority), first=header) as client:
            assert client.get().status == 200
        assert server.last.value("X-Forwarded-For") == "203.0.113.9"
        assert server.last.value("X-Forwarded-Proto") == "https"


def test_it_decides_whether_the_peer_is_trusted(shop, server):
    trusting = {"trusted": ["203.0.113.9"], "client_from_right": 1}
    with RawClient(shop(forwarded=trusting).port) as raw:
        raw.send(v1())
        raw.get(X_Forwarded_For="198.51.100.1")
    assert server.last.value("X-Forwarded-For") == "198.51.100.1, 203.0.113.9"


@pytest.mark.parametrize(
    "sent",
    [
        request(),
        b"PROXY TCP4 203.0.113.9 10.0.0.1 4711\r\n" + request(),
        b"PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\n" + request(),
        b"PROXY " + b"x" * 200,
        v2()[:12] + b"\x31" + v2()[13:] + request(),
        v2(tlvs=b"\x03\x00\x04\0\0\0\0") + request(),
        v2(tlvs=b"\x20\xff\xff") + request(),
        SIGNATURE + b"\x21\x11\xff\xff",
        b"\x16\x03\x01\x02\x00",
    ],
)
def test_anything_else_is_refused(shop, server, sent):
    made = shop()
    with RawClient(made.port) as raw:
        raw.send(sent)
        assert raw.closed()
    assert refused(made, "bad_proxy_header") == 1
    assert server.connections == 0


def test_it_is_taken_only_from_balancers(shop, server):
    made = shop({"proxy_protocol": {"from": ["10.0.0.0/8", "127.0.0.2"]}})
    with RawClient(made.port) as raw:
        raw.send(v1() + request())
        assert raw.closed()
    assert refused(made, "untrusted_balancer") == 1
    assert server.connections == 0
    raw = socket.create_connection(("127.0.0.1", made.port), 10, ("127.0.0.2", 0))
    raw.sendall(v1() + request())
    assert raw.recv(100).startswith(b"HTTP/1.1 200")
    raw.close()


def test_elsewhere_it_is_a_bad_request(weir, server):
    made = weir(proxy(service(server, server)))
    with RawClient(made.port) as raw:
        raw.send(v1() + request())
        assert raw.response().status == 400
    assert not server.requests


def test_it_must_come_in_time(shop):
    made = shop(timeouts={"head": milliseconds(0.3)})
    with RawClient(made.port) as raw:
        raw.send(b"PROXY TCP4 ")
        assert raw.closed()
    assert refused(made, "proxy_header_timeout") == 1


def test_its_length_is_bounded(shop, server):
    made = shop(limits={"proxy_header_bytes": 256})
    with RawClient(made.port) as raw:
        raw.send(v2(tlvs=b"\x20\x01\x00" + b"x" * 256))
        assert raw.closed()
    assert refused(made, "bad_proxy_header") == 1


def test_a_balancer_that_only_knocks_is_no_refusal(shop):
    made = shop()
    RawClient(made.port).close()
    with RawClient(made.port) as raw:
        raw.send(LOCAL)
        assert raw.get().status == 200
    assert refused(made, "bad_proxy_header") == 0
