"""What is said about a request on its way, and what is not passed on."""

import json
import re

import pytest

from configuration import proxy, service
from origins import answering
from waiting import eventually
from wire import RawClient, request, response

TRUSTING = {"trusted": ["127.0.0.1"], "client_from_right": 2}
CLAIMS = {
    "X_Forwarded_For": "203.0.113.9, 198.51.100.7, 192.0.2.1",
    "X_Forwarded_Proto": "https",
    "X_Forwarded_Host": "public.test",
    "X_Real_IP": "203.0.113.9",
}
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def seen(weir, origin):
    """What the origin saw of a request with those fields."""

    def ask(path="/", version="1.1", host="shop.test", configured=None, **fields):
        served = origin()
        proxied = weir(proxy(service(served, served), **(configured or {})))
        with RawClient(proxied.port) as client:
            client.send(request(path=path, version=version, host=host, **fields))
            assert client.response().status == 200
        return served.last

    return ask


def test_the_host_is_passed_on_as_it_came(seen):
    assert seen(host="Shop.Test:8080").value("Host") == "Shop.Test:8080"


def test_the_target_is_passed_on_as_it_came(seen):
    path = "//a/../b/%2e%2e/c%00?q=/../&r=%20"
    assert seen(path).target == path


def test_via_names_the_protocol_received_and_keeps_what_was_there(seen):
    assert seen().values("Via") == ["1.1 weir"]
    assert seen(version="1.0", Via="1.1 edge").values("Via") == ["1.1 edge", "1.0 weir"]


def test_claims_of_an_untrusted_peer_are_replaced(seen):
    head = seen(**CLAIMS, Forwarded="for=203.0.113.9")
    assert head.values("X-Forwarded-For") == ["127.0.0.1"]
    assert head.values("X-Forwarded-Proto") == ["http"]
    assert head.values("X-Forwarded-Host") == ["shop.test"]
    assert head.values("X-Real-IP") == []
    assert head.values("Forwarded") == []


def test_claims_of_a_trusted_peer_are_kept_and_the_peer_is_added(seen):
    head = seen(configured={"forwarded": TRUSTING}, **CLAIMS)
    assert head.values("X-Forwarded-For") == [CLAIMS["X_Forwarded_For"] + ", 127.0.0.1"]
    assert head.values("X-Forwarded-Proto") == ["https"]
    assert head.values("X-Forwarded-Host") == ["public.test"]


@pytest.mark.parametrize(
    "trusted, client", [(["127.0.0.1"], "198.51.100.7"), (["10.0.0.0/8"], "127.0.0.1")]
)
def test_the_client_is_the_second_from_right_behind_a_trusted_peer(weir, origin, trusted, client):
    served = origin()
    settings = proxy(
        service(served, served),
        forwarded={"trusted": trusted, "client_from_right": 2},
        log={"access_sample": "100%"},
    )
    proxied = weir(settings)
    with RawClient(proxied.port) as raw:
        raw.get("/found", X_Forwarded_For="203.0.113.9, 198.51.100.7, 192.0.2.1")
    line = eventually(lambda: proxied.logged(r'\{"log":"access".*"/found".*\}'))[0]
    assert json.loads(line)["client"] == client


def test_request_id_and_trace_are_passed_on(seen):
    head = seen(X_Request_Id="abc-123", traceparent=TRACE, tracestate="a=b")
    assert head.values("X-Request-Id") == ["abc-123"]
    assert head.values("traceparent") == [TRACE]
    assert head.values("tracestate") == ["a=b"]


@pytest.mark.parametrize("claimed", [{}, {"X_Request_Id": "a b", "traceparent": "00-zz"}])
def test_request_id_and_trace_are_made_where_there_are_none(seen, claimed):
    head = seen(**claimed)
    assert re.fullmatch(r"[0-9a-f]{32}", head.value("X-Request-Id"))
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]", head.value("traceparent"))


def test_hop_by_hop_fields_of_a_request_end_here(seen):
    head = seen(
        Connection="keep-alive, X-Secret",
        X_Secret="1",
        Keep_Alive="timeout=5",
        Proxy_Connection="keep-alive",
        TE="trailers",
        Upgrade="h2c",
        X_Kept="1",
    )
    for name in ("X-Secret", "Keep-Alive", "Proxy-Connection", "TE", "Upgrade"):
        assert head.values(name) == [], name
    assert head.values("X-Kept") == ["1"]


def test_nobody_talks_our_own_fields_away(seen):
    nominated = "close, Host, X-Forwarded-For, Cookie, Authorization, X-Request-Id, Via"
    head = seen(Connection=nominated, Cookie="a=1", Authorization="Basic eA==")
    assert head.value("Host") == "shop.test"
    assert head.value("X-Forwarded-For") == "127.0.0.1"
    assert head.value("Cookie") == "a=1" and head.value("Authorization") == "Basic eA=="
    assert head.value("X-Request-Id") and head.value("Via")


def test_hop_by_hop_fields_of_an_answer_end_here(weir, origin):
    said = response(200, b"ok", "Connection: X-Secret", "X-Secret: 1", "Keep-Alive: timeout=5",
                    "Proxy-Connection: x", "Upgrade: h2c", "X-Kept: 1")
    served = origin(answering(lambda _: said))
    proxied = weir(proxy(service(served, served)))
    with RawClient(proxied.port) as client:
        answer = client.get()
    for name in ("X-Secret", "Keep-Alive", "Proxy-Connection", "Upgrade", "Connection"):
        assert answer.values(name) == [], name
    assert answer.value("X-Kept") == "1" and answer.value("Via") == "1.1 weir"
