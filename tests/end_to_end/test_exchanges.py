"""What every client may expect of every exchange, whatever serves it."""

import hashlib
import json

import pytest

from configuration import proxy, service
from exchange_clients import EVERY_CLIENT
from origins import answering
from wire import RawClient, request, response

BODY = b"what was sent" * 1000


@pytest.fixture
def shop(weir, app_pool):
    return weir(proxy(service(app_pool.blue, app_pool.green)))


@pytest.fixture
def scripted(weir, origin):
    """A proxy in front of one origin."""

    def make(converse=None, **more):
        served = origin(converse)
        return weir(proxy(service(served, served, **more))), served

    return make


@pytest.mark.parametrize("ask", EVERY_CLIENT)
def test_clients_exchange_all_common_methods_with_gunicorn(shop, ask):
    page = ask("GET", shop, "/version")
    assert (page.status, json.loads(page.body)["colour"]) == (200, "blue")
    for method in ("POST", "PUT", "PATCH"):
        echo = json.loads(ask(method, shop, "/echo?a=b&c", BODY).body)
        assert (echo["method"], echo["target"]) == (method, "/echo?a=b&c")
        assert echo["body"] == {"length": len(BODY), "sha256": hashlib.sha256(BODY).hexdigest()}
    head = ask("HEAD", shop, "/bytes/1234")
    assert (head.status, head.fields["content-length"], head.body) == (200, "1234", b"")
    assert ask("DELETE", shop, "/echo").status == 200
    assert ask("GET", shop, "/nowhere").status == 404


@pytest.mark.parametrize("ask", EVERY_CLIENT)
@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body_leave_the_connection_usable(scripted, ask, status):
    fields = b"ETag: \"1\"\r\nContent-Length: 77\r\n" if status == 304 else b""
    bare = b"HTTP/1.1 %d Said\r\n%s\r\n" % (status, fields)
    proxied, _ = scripted(answering(lambda _: bare))
    answer = ask("GET", proxied, "/")
    assert (answer.status, answer.body) == (status, b"")
    with RawClient(proxied.port) as client:
        assert [client.get().status for _ in range(3)] == [status] * 3


def test_status_reason_and_repeated_fields_pass_as_they_are(scripted):
    said = response(418, b"short", "Set-Cookie: a=1", "Set-Cookie: b=2", "X-Odd:  two  words ")
    proxied, _ = scripted(answering(lambda _: said), key={"none": True})
    with RawClient(proxied.port) as client:
        answer = client.get()
    assert answer.line == "HTTP/1.1 418 Said"
    assert answer.values("Set-Cookie") == ["a=1", "b=2"]
    assert answer.value("X-Odd") == "two  words"


def test_http_1_1_connections_are_kept(scripted):
    proxied, served = scripted()
    with RawClient(proxied.port) as client:
        assert all(client.get().status == 200 for _ in range(20))
        client.send(request(Connection="close"))
        assert client.response().value("Connection") == "close"
        assert client.closed()
    assert served.connections == 1, "one kept connection to the pool serves one client"


def test_http_1_0_connections_are_kept_only_when_asked(scripted):
    proxied, _ = scripted()
    with RawClient(proxied.port) as client:
        for _ in range(3):
            client.send(request(version="1.0", Connection="keep-alive"))
            assert client.response().value("Connection").lower() == "keep-alive"
        client.send(request(version="1.0"))
        assert client.response().status == 200
        assert client.closed()


def test_an_http_1_0_request_needs_no_host(scripted):
    proxied, served = scripted()
    with RawClient(proxied.port) as client:
        client.send(b"GET / HTTP/1.0\r\n\r\n")
        assert client.response().status == 200
    assert served.last.value("Host") is not None, "what goes on is HTTP/1.1"


def test_pipelined_requests_are_answered_in_order(scripted):
    proxied, served = scripted()
    ids = [f"{number}" for number in range(50)]
    train = b"".join(
        request("POST" if number % 3 else "GET", body=b"x" * number if number % 3 else None,
                X_Test_Id=id)
        for number, id in enumerate(ids)
    )
    with RawClient(proxied.port) as client:
        client.send(train)
        assert [client.response().body.decode() for _ in ids] == ids
    assert set(served.counts.values()) == {1}


def test_a_pipeline_survives_being_cut_anywhere(scripted):
    proxied, _ = scripted()
    train = request(X_Test_Id="a") + request("POST", body=b"body", X_Test_Id="b")
    train += request(X_Test_Id="c", Connection="close")
    for cut in range(1, len(train), 7):
        with RawClient(proxied.port) as client:
            client.send(train[:cut])
            client.send(train[cut:])
            assert [client.response().body for _ in range(3)] == [b"a", b"b", b"c"]


def test_nothing_but_a_configured_service_is_served(scripted):
    proxied, served = scripted(hosts=["shop.test"], path_prefix="/shop")
    with RawClient(proxied.port) as client:
        assert client.get("/shop/x").status == 200
        assert client.get("/shopping").status == 404
        client.send(request(path="/shop", host="other.test"))
        assert client.response().status == 404
    assert len(served.requests) == 1


def test_errors_of_the_proxy_come_as_json_to_those_who_ask(scripted):
    proxied, _ = scripted(hosts=["shop.test"])
    with RawClient(proxied.port) as client:
        client.send(request(host="other.test", Accept="application/json"))
        answer = client.response()
    assert answer.value("Content-Type") == "application/json"
    assert json.loads(answer.body)["status"] == 404
