"""Which server of a pool gets a request, and which gets none."""

import threading
import time

import pytest

from configuration import CHECKED, PLENTY, pool, proxy, service
from load import Load
from origins import answering, echo_id
from waiting import eventually, scaled
from wire import RawClient, request, response


def health_of(weir, server, colour="blue"):
    endpoints = weir.status()["versions"][colour]["endpoints"]
    return next(each["health"] for each in endpoints if each["address"] == server.address)


class Clinic:
    """A script whose health can be switched; what is asked under / is answered anyway."""

    def __init__(self):
        self.well = True

    def __call__(self, peer):
        while message := peer.read_request():
            if message.target == "/healthz":
                peer.send(response(200 if self.well else 503, b""))
            else:
                peer.send(echo_id(message))


def served_by(server):
    return sum(each.target != "/healthz" for each in server.requests)


def test_requests_spread_over_the_pool(weir, origin):
    def slowly(message):
        time.sleep(0.005)
        return echo_id(message)

    servers = [origin(answering(slowly)) for _ in range(3)]
    proxied = weir(proxy(service(pool(*servers), servers[0])))
    with Load(proxied, threads=8, pause=0) as load:
        load.await_more(400)
    assert not load.failures
    shares = [len(server.requests) / len(load.samples) for server in servers]
    assert all(0.2 < share < 0.5 for share in shares), shares


def test_a_busy_server_gets_less_than_a_free_one(weir, origin):
    release = threading.Event()

    def held(message):
        release.wait(scaled(20))
        return echo_id(message)

    busy, free = origin(answering(held)), origin()
    proxied = weir(proxy(service(pool(busy, free), free), workers=1))
    waiting = []
    while not busy.requests:  # either may be the first
        waiting.append(RawClient(proxied.port))
        waiting[-1].send(request())
        eventually(lambda: len(busy.requests) + len(free.requests) == len(waiting))
    with RawClient(proxied.port) as client:
        assert all(client.get().status == 200 for _ in range(50))
    release.set()
    for client in waiting:
        assert client.response().status == 200
        client.close()
    assert len(busy.requests) == 1


def test_a_server_that_fails_its_checks_gets_nothing_until_it_passes_them(weir, origin):
    ill, well = Clinic(), Clinic()
    servers = [origin(ill), origin(well)]
    proxied = weir(proxy(service(pool(*servers, check=CHECKED), servers[1])))
    ill.well = False
    eventually(lambda: health_of(proxied, servers[0]) == "unhealthy")
    servers[0].forget()
    with Load(proxied) as load:
        load.await_more(100)
        assert served_by(servers[0]) == 0
        ill.well = True
        eventually(lambda: health_of(proxied, servers[0]) == "healthy")
        eventually(lambda: served_by(servers[0]) > 0)
    assert not load.failures


def test_a_server_that_dies_and_returns_costs_no_safe_request(weir, origin):
    servers = [origin(), origin()]
    check = {**CHECKED, "kind": "tcp"}
    watched = pool(*servers, check=check, ejection={"consecutive_failures": 0})
    settings = service(watched, servers[1], retry_budget=PLENTY)
    proxied = weir(proxy(settings))
    with Load(proxied) as load:
        servers[0].close()
        eventually(lambda: health_of(proxied, servers[0]) == "unhealthy")
        load.await_more(50)
        servers[0].open()
        eventually(lambda: health_of(proxied, servers[0]) == "healthy")
        servers[0].forget()
        eventually(lambda: servers[0].requests)
    assert not load.failures


EJECTION = {"consecutive_failures": 5, "base": "1500ms", "max_share": "50%"}


def test_five_failures_in_a_row_eject_a_server_for_a_while(weir, origin):
    broken, well = origin(lambda peer: peer.read_request()), origin()
    settings = service(pool(broken, well, ejection=EJECTION), well, retry_budget=PLENTY)
    proxied = weir(proxy(settings, workers=1))
    with RawClient(proxied.port) as client:
        while health_of(proxied, broken) != "ejected":
            assert client.get().status == 200, "each failure is retried at the other server"
            assert len(broken.requests) <= 6
        assert len(broken.requests) >= 5
        assert proxied.metric("weir_ejections_total")['service="shop",version="blue"'] == 1
        broken.forget()
        assert all(client.get().status == 200 for _ in range(50))
        assert not broken.requests, "ejected: not asked"
        broken.converse = answering()
        eventually(lambda: health_of(proxied, broken) != "ejected")
        eventually(lambda: client.get().status == 200 and broken.requests)


def test_the_last_server_is_never_ejected(weir, origin):
    broken = origin(answering(lambda _: response(503, b"busy")))
    settings = service(pool(broken, ejection=EJECTION), broken)
    proxied = weir(proxy(settings, workers=1))
    with RawClient(proxied.port) as client:
        assert all(client.get().status == 503 for _ in range(20))
    assert health_of(proxied, broken) != "ejected"
    assert len(broken.requests) == 20


def test_with_too_few_healthy_servers_all_are_tried_but_never_the_other_colour(weir, origin):
    ill, green = Clinic(), origin()
    servers = [origin(ill), origin(ill)]
    proxied = weir(proxy(service(pool(*servers, check=CHECKED), green)))
    ill.well = False
    eventually(lambda: proxied.status()["versions"]["blue"]["panic"])
    with RawClient(proxied.port) as client:
        assert all(client.get().status == 200 for _ in range(30))
    assert all(served_by(server) > 0 for server in servers)
    assert not green.requests


def test_a_name_stands_for_its_addresses(weir, origin):
    served = origin()
    named = {"endpoints": [f"localhost:{served.port}"], "check": {"kind": "none"}}
    proxied = weir(proxy(service(named, served)))
    with RawClient(proxied.port) as client:
        eventually(lambda: client.get().status == 200)
    assert health_of(proxied, served) == "unknown"


def test_a_full_pool_refuses_instead_of_queueing(weir, origin):
    release = threading.Event()
    served = origin(answering(lambda message: release.wait(scaled(20)) and echo_id(message)))
    settings = proxy(service(served, served), workers=1, limits={"requests_per_pool": 2})
    proxied = weir(settings)
    clients = [RawClient(proxied.port) for _ in range(2)]
    for client in clients:
        client.send(request())
    eventually(lambda: len(served.requests) == 2)
    with RawClient(proxied.port) as third:
        assert third.get().status == 503
    release.set()
    for client in clients:
        assert client.response().status == 200
        client.close()


@pytest.mark.parametrize("limit", [3])
def test_connections_beyond_the_limit_are_refused_and_the_rest_served(weir, origin, limit):
    served = origin()
    proxied = weir(proxy(service(served, served), workers=1, limits={"connections": limit}))
    held = [RawClient(proxied.port) for _ in range(limit)]
    assert all(client.get().status == 200 for client in held)
    with RawClient(proxied.port) as beyond:
        refused = beyond.response()
        assert (refused.status, refused.value("Retry-After")) == (503, "1")
        assert beyond.closed()
    held.pop().close()

    def served_again():
        with RawClient(proxied.port) as client:
            return client.get().status == 200

    eventually(served_again)
    for client in held:
        assert client.get().status == 200
        client.close()
