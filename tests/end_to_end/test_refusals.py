"""Who is refused is told so in one small piece, with a number to ask about and nothing about
the inside; the log tells it once in an interval."""

import json
import re
import socket
import ssl
import time

import pytest

from configuration import milliseconds, proxy, secured, service
from test_deadlines import drip
from tls_clients import TlsClient
from tls_clients import context as trusting
from waiting import eventually, scaled
from wire import RawClient, request

ID = re.compile(r"[0-9a-f]{32}")
SMALL_BYTES = 700


@pytest.fixture
def shop(weir, origin):
    served = origin()
    shop = service(served, served, hosts=["shop.test"], limits={"body_bytes": 5})
    return weir(proxy(shop, log={"refusal_interval": "1h"}))


def in_one_piece(port, data):
    """The answer to a refused request, which must come with the first segment."""
    with socket.create_connection(("127.0.0.1", port), scaled(10)) as client:
        client.sendall(data)
        piece = client.recv(65536)
        assert client.recv(65536) == b"", "more came after the first piece"
    head, _, body = piece.decode().partition("\r\n\r\n")
    lines = head.split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines[1:])
    assert len(body) == int(fields["content-length"]) and len(piece) <= SMALL_BYTES
    return int(lines[0].split()[1]), fields, body


CLOSE = {"Connection": "close"}
REFUSED = {
    "a head that is none": (b"GET / HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n", 400),
    "a head too large": (request(X_Long="x" * 70000), 431),
    "a framing in doubt": (request("POST", body=b"x", Transfer_Encoding="chunked"), 400),
    "a host nobody serves": (request(host="other.test", **CLOSE), 404),
    "a body too large": (request("POST", body=b"123456"), 413),
}


@pytest.mark.parametrize("data, status", REFUSED.values(), ids=REFUSED.keys())
def test_an_answer_is_one_small_piece_with_a_number_of_its_own(shop, data, status):
    seen, fields, body = in_one_piece(shop.port, data)
    assert (seen, fields["connection"]) == (status, "close")
    assert ID.fullmatch(fields["x-request-id"])
    assert f"Request: {fields['x-request-id']}\n" in body
    line = json.loads(eventually(lambda: shop.logged(r'\{"log":"access".*\}'))[0])
    assert (line["status"], line["request_id"]) == (status, fields["x-request-id"])
    assert line["client"] == "127.0.0.1" and line["refused"]


@pytest.mark.parametrize("body, status", [(None, 404), (b"123456", 413)])
def test_it_is_json_for_those_who_ask_and_has_their_own_number(shop, body, status):
    host = "other.test" if status == 404 else "shop.test"
    method = "GET" if body is None else "POST"
    data = request(method, "/", body, host=host, Accept="application/json", X_Request_Id="n7",
                   **CLOSE)
    seen, fields, text = in_one_piece(shop.port, data)
    assert (seen, fields["content-type"]) == (status, "application/json")
    told = json.loads(text)
    assert (told["status"], told["request_id"], fields["x-request-id"]) == (status, "n7", "n7")


def test_no_answer_tells_of_the_inside(shop):
    for data, _ in REFUSED.values():
        _, fields, body = in_one_piece(shop.port, data)
        assert "server" not in fields
        assert not re.search(r"weir|127\.|blue|green|shop|exception|\.cc", body, re.I), body


def test_the_log_tells_each_reason_once_in_an_interval(weir, origin):
    served = origin()
    settings = proxy(service(served, served, hosts=["shop.test"]))
    proxied = weir({**settings, "log": {"refusal_interval": milliseconds(1.5)}})
    strange = request(host="other.test", Authorization="secret-1", Cookie="secret-2")

    def lines():
        return [json.loads(line) for line in proxied.logged(r'\{"log":"access".*\}')]

    began = time.monotonic()
    with RawClient(proxied.port) as client:
        for _ in range(20):
            client.send(strange)
            assert client.response().status == 404
        if time.monotonic() - began < scaled(1.5):
            first = eventually(lines)
            assert [line["refused"] for line in first] == ["no_service"]
        eventually(lambda: time.monotonic() > began + scaled(1.6))
        client.send(strange)
        assert client.response().status == 404
    told = eventually(lambda: len(lines()) > 1 and lines())
    assert len(told) + sum(line.get("untold", 0) for line in told) == 21
    assert proxied.metric("weir_rejected_requests_total")['reason="no_service"'] == 21
    assert "secret" not in proxied.log


def test_beyond_the_bound_nobody_gets_a_handshake(weir, origin, authority, shop_certificate):
    served = origin()
    proxied = weir(
        proxy(service(served, served), listen=[secured(shop_certificate)],
              limits={"connections": 1})
    )
    trust = trusting(authority)
    with TlsClient(proxied.port, trust) as client:
        assert client.get().status == 200
        with pytest.raises((ssl.SSLError, ConnectionError)):
            TlsClient(proxied.port, trust)
        assert client.get().status == 200
    assert proxied.metric("weir_rejected_requests_total")['reason="too_many_clients"'] == 1
    failed = proxied.metric("weir_tls_handshake_failures_total")
    assert sum(count for labels, count in failed.items() if 'side="client"' in labels) == 0

    def let_in():
        try:
            with TlsClient(proxied.port, trust) as again:
                return again.get().status == 200
        except (ssl.SSLError, ConnectionError):
            return False

    eventually(let_in)


def rejected(proxied, reason):
    return proxied.metric("weir_rejected_requests_total")[f'reason="{reason}"']


def test_a_body_that_trickles_is_cut_and_a_slow_one_is_not(weir, origin):
    served = origin()
    proxied = weir(
        proxy(service(served, served), limits={"upload_rate": 100},
              timeouts={"rate_window": milliseconds(1)})
    )
    head = request("POST", Content_Length=100_000)
    with RawClient(proxied.port) as client:
        client.send(head)
        began = time.monotonic()
        drip(client.send, b"x" * 1000, scaled(10))  # 50 bytes a second
        took = time.monotonic() - began
        assert client.response().status == 408
    assert scaled(1) <= took < scaled(6)
    assert rejected(proxied, "body_too_slow") == 1
    with RawClient(proxied.port) as client:
        client.send(request("POST", Content_Length=2500))
        until = time.monotonic() + scaled(2.5)
        sent = 0
        while time.monotonic() < until and sent < 2400:  # about 1,000 bytes a second
            client.send(b"x" * 20)
            sent += 20
            time.sleep(0.02)
        client.send(b"x" * (2500 - sent))
        assert client.response().status == 200
    assert rejected(proxied, "body_too_slow") == 1


def test_a_body_that_stops_is_answered_408(weir, origin):
    served = origin()
    proxied = weir(proxy(service(served, served), timeouts={"body_stall": milliseconds(0.5)}))
    with RawClient(proxied.port) as client:
        client.send(request("POST", Content_Length=100) + b"x" * 10)
        assert client.response().status == 408
    assert rejected(proxied, "body_too_slow") == 1


def test_a_reader_that_stops_is_cut_and_counted(weir, origin):
    served = origin(endless)
    proxied = weir(proxy(service(served, served), timeouts={"send_stall": milliseconds(0.5)}))
    with RawClient(proxied.port) as client:
        client.send(request())
        eventually(lambda: rejected(proxied, "slow_reader") == 1)


def endless(peer):
    peer.read_request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    while True:
        peer.send(b"x" * 65536)
