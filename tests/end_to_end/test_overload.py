"""Too much is answered 503 at once, and costs nobody who is within the bounds."""

import threading

import pytest

from configuration import milliseconds, proxy, service
from origins import answering
from waiting import eventually, scaled
from wire import RawClient, request, response


@pytest.fixture
def held_origin(origin):
    """Answers nobody until `release` is set."""
    release = threading.Event()

    def converse(peer):
        while peer.read_request():
            release.wait(scaled(20))
            peer.send(response())

    made = origin(converse)
    made.release = release
    yield made
    release.set()


def refusal(client):
    """A 503 that says when to come back, in one piece, before the close."""
    answer = client.response()
    assert answer.status == 503
    assert answer.value("Retry-After") == "1"
    assert answer.value("Connection") == "close"
    assert client.closed()
    return answer


def test_connections_of_one_address_are_bounded(weir, origin):
    served = origin()
    limits = {"connections_per_address": 3}
    proxied = weir(proxy(service(served, served), limits=limits, forwarded={"trusted": []}))
    held = [RawClient(proxied.port) for _ in range(3)]
    assert all(client.get().status == 200 for client in held)
    with RawClient(proxied.port) as beyond:
        refusal(beyond)
    held.pop().close()

    def let_in():
        with RawClient(proxied.port) as client:
            return client.get().status == 200

    eventually(let_in)
    assert proxied.metric("weir_rejected_requests_total")['reason="too_many_of_client"'] >= 1
    for client in held:
        assert client.get().status == 200
        client.close()


def test_trusted_peers_are_not_counted_by_address(weir, origin):
    served = origin()
    limits = {"connections_per_address": 1}
    trusted = {"trusted": ["127.0.0.0/8"], "client_from_right": 1}
    proxied = weir(proxy(service(served, served), limits=limits, forwarded=trusted))
    clients = [RawClient(proxied.port) for _ in range(5)]
    assert all(client.get().status == 200 for client in clients)
    for client in clients:
        client.close()


def queue_of(weir, origin, length, patience):
    limits = {"requests_per_pool": 1, "queue_per_pool": length}
    return weir(
        proxy(service(origin, origin), workers=1, limits=limits, timeouts={"queue": patience})
    )


def test_requests_beyond_a_pools_bound_wait_their_turn(weir, held_origin):
    proxied = queue_of(weir, held_origin, 2, milliseconds(5))
    clients = [RawClient(proxied.port) for _ in range(3)]
    for client in clients:
        client.send(request())
    with RawClient(proxied.port) as beyond:
        eventually(lambda: len(held_origin.requests) == 1)

        def refused_at_once():
            return beyond.get().status == 503

        eventually(refused_at_once, what="the queue is full")
    held_origin.release.set()
    for client in clients:
        assert client.response().status == 200
        client.close()


def test_who_waits_too_long_for_a_pool_gets_503(weir, held_origin):
    proxied = queue_of(weir, held_origin, 8, milliseconds(0.2))
    with RawClient(proxied.port) as first, RawClient(proxied.port) as second:
        first.send(request())
        eventually(lambda: len(held_origin.requests) == 1)
        assert second.get().status == 503
        held_origin.release.set()
        assert first.response().status == 200
        assert second.get().status == 200


@pytest.mark.parametrize("own, size, status", [(10, 10, 200), (10, 11, 413), (0, 5000, 200)])
def test_a_service_has_its_own_bound_on_bodies(weir, origin, own, size, status):
    served = origin()
    shop = service(served, served, limits={"body_bytes": own})
    proxied = weir(proxy(shop, limits={"body_bytes": 100}))
    with RawClient(proxied.port) as client:
        client.send(request("POST", body=b"x" * size))
        assert client.response().status == status
    assert len(served.requests) == (status == 200)


def test_a_chunked_body_beyond_the_services_bound_is_cut(weir, origin):
    served = origin()
    proxied = weir(proxy(service(served, served, limits={"body_bytes": 10})))
    with RawClient(proxied.port) as client:
        client.send(request("POST", Transfer_Encoding="chunked") + b"b\r\n" + b"x" * 11 + b"\r\n")
        assert client.response().status == 413


def test_a_service_has_its_own_time_to_answer(weir, held_origin, origin):
    slow = service(held_origin, held_origin, timeouts={"response": milliseconds(0.3)})
    with RawClient(weir(proxy(slow)).port) as client:
        assert client.get().status == 504


@pytest.fixture
def squeezed(weir, origin):
    """A proxy, and a way to give it less memory than it needs."""
    served = origin(answering())
    proxied = weir(proxy(service(served, served)))

    def squeeze(pressure, **limits):
        proxied.reload({**proxied.settings, "limits": limits})
        eventually(lambda: proxied.metric("weir_memory_pressure")[""] == pressure)

    return proxied, squeeze


def test_short_of_memory_connections_close_after_their_answer(squeezed):
    proxied, squeeze = squeezed
    with RawClient(proxied.port) as client:
        assert client.get().value("Connection") is None
        squeeze(1, memory="512MiB", memory_high="1%", memory_critical="100%")
        answer = client.get()
        assert (answer.status, answer.value("Connection")) == (200, "close")
        assert client.closed()


def test_out_of_memory_nothing_new_is_taken(squeezed):
    proxied, squeeze = squeezed
    with RawClient(proxied.port) as client:
        assert client.get().status == 200
        squeeze(2, memory="16MiB", memory_high="1%", memory_critical="1%")
        client.send(request())
        refusal(client)
    with RawClient(proxied.port) as late:
        refusal(late)
    squeeze(0)
    with RawClient(proxied.port) as client:
        assert client.get().status == 200
