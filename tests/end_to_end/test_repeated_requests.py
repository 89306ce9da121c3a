"""When a request may be sent again: a GET so that nobody notices, a POST never twice."""

import threading
import time

import pytest

from configuration import PLENTY, pool, proxy, service
from origins import ID, Hangup, echo_id
from wire import Incomplete, RawClient, request, response

GAPS_SECONDS = (1.5, 1.8, 1.9, 1.95, 1.99, 2.0, 2.01, 2.05, 2.1, 2.2)


def ask_with_gaps(port, host, gap, rounds, failed):
    """Requests of one client, `gap` seconds apart; `failed`: what went wrong."""
    with RawClient(port) as client:
        for _ in range(rounds):
            client.send(request(path="/version", host=host))
            answer = client.response()
            if answer.status != 200:
                failed.append((host, gap, answer.status))
            time.sleep(gap)


@pytest.mark.slow
def test_keep_alive_races_with_gunicorn_cost_no_get(weir, app_pool):
    """gunicorn closes a connection after 2 s. The pool's default stays below; a pool that
    keeps connections for longer meets closed ones all the time."""
    careful = service(app_pool.blue, app_pool.blue, "careful", hosts=["careful.test"])
    late = pool(app_pool.blue, idle="10s")
    careless = service(late, late, "careless", hosts=["careless.test"], retry_budget=PLENTY)
    proxied = weir(proxy(careful, careless))
    failed = []
    clients = [
        threading.Thread(target=ask_with_gaps, args=(proxied.port, host, gap, 4, failed))
        for host in ("careful.test", "careless.test")
        for gap in GAPS_SECONDS
        for _ in range(2)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert failed == []


def after_accepting(peer):
    raise Hangup


def by_a_reset(peer):
    peer.read_head()
    peer.reset()


def in_the_head(peer):
    peer.until(b"POST")


def after_the_head(peer):
    peer.read_head()


def in_the_body(peer):
    peer.exactly(len(peer.read_head().line) + 1)


def after_the_request(peer):
    peer.read_request()


def in_its_status_line(peer):
    peer.read_request()
    peer.send(b"HTTP/1.1 20")


def in_its_head(peer):
    peer.read_request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n")


def in_its_body(peer):
    peer.read_request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal")


MOMENTS = [
    after_accepting, by_a_reset, in_the_head, after_the_head, in_the_body, after_the_request,
    in_its_status_line, in_its_head, in_its_body,
]
BODIES = {"small": b"x" * 100, "streamed": b"x" * 1_000_000, "none": b""}


def deliveries(served, id):
    """In how many connections that request's id arrived, at least in part."""
    return served.received.count(b"X-Test-Id: " + id.encode())


POSTS = [
    pytest.param(closes, body, id=f"{closes.__name__}-{name}")
    for closes in MOMENTS
    for name, body in BODIES.items()
    if body or closes is not in_the_body
]
# Without those of a POST alone, and the one too late to take anything back.
OF_A_GET = [each for each in MOMENTS if each not in (in_the_head, in_the_body, in_its_body)]


@pytest.mark.parametrize("closes, body", POSTS)
def test_a_post_is_never_delivered_twice(weir, origin, closes, body):
    servers = [origin(closes), origin(closes)]
    settings = service(pool(*servers), servers[0], retry_budget=PLENTY)
    proxied = weir(proxy(settings, workers=1))
    for number in range(3):
        with RawClient(proxied.port) as client:
            client.send(request("POST", body=body, X_Test_Id=f"post-{number}"))
            answer = client.response()
            assert answer.status == 502 or not answer.complete
        assert sum(deliveries(server, f"post-{number}") for server in servers) <= 1


@pytest.mark.parametrize("closes", OF_A_GET)
def test_a_get_that_one_server_drops_is_answered_by_another(weir, origin, closes):
    dropping, answering = origin(closes), origin()
    settings = service(pool(dropping, answering), answering, retry_budget=PLENTY)
    proxied = weir(proxy(settings, workers=1))
    with RawClient(proxied.port) as client:
        for number in range(12):
            assert client.get(X_Test_Id=f"get-{number}").body == f"get-{number}".encode()
    assert dropping.connections > 0


@pytest.mark.parametrize("how", ["closes", "resets"])
@pytest.mark.parametrize("method, body", [("POST", b"once"), ("POST", b""), ("PATCH", b"once")])
def test_a_connection_closed_while_idle_takes_no_post_with_it(weir, origin, method, body, how):
    """The usual end of a kept connection. The proxy sees it before it sends."""
    closing, closed = threading.Event(), threading.Event()

    def converse(peer):
        while message := peer.read_request():
            peer.send(echo_id(message))
            if message.value(ID) == "first":
                closing.wait()
                peer.socket.close() if how == "closes" else None
                closed.set()
                peer.reset() if how == "resets" else None
                raise Hangup

    served = origin(converse)
    proxied = weir(proxy(service(served, served), workers=1))
    with RawClient(proxied.port) as client:
        assert client.get(X_Test_Id="first").status == 200
        closing.set()
        closed.wait()
        served.await_idle()
        client.send(request(method, body=body, X_Test_Id="second"))
        assert client.response().body == b"second"
    assert served.counts["second"] == 1


def test_a_post_lost_in_the_race_is_not_sent_again(weir, origin):
    """The origin reads the request and closes without a word: it may have acted on it."""

    def converse(peer):
        while message := peer.read_request():
            if message.value(ID) == "second":
                return
            peer.send(echo_id(message))

    served = origin(converse)
    proxied = weir(proxy(service(served, served, retry_budget=PLENTY), workers=1))
    with RawClient(proxied.port) as client:
        assert client.get(X_Test_Id="first").status == 200
        client.send(request("POST", body=b"once", X_Test_Id="second"))
        assert client.response().status == 502
    assert served.counts["second"] == 1


def test_a_get_lost_in_the_race_is_sent_once_more(weir, origin):
    def converse(peer):
        message = peer.read_request()
        peer.send(echo_id(message))
        peer.read_request()

    served = origin(converse)
    proxied = weir(proxy(service(served, served), workers=1))
    with RawClient(proxied.port) as client:
        for number in range(6):
            assert client.get(X_Test_Id=f"{number}").body == f"{number}".encode()


@pytest.mark.parametrize("budget, most", [({"share": "0%", "per_second": 0}, 40), (PLENTY, 80)])
def test_repeats_stop_where_the_budget_does(weir, origin, budget, most):
    served = origin(lambda peer: peer.read_request())
    proxied = weir(proxy(service(served, served, retry_budget=budget), workers=1))
    with RawClient(proxied.port) as client:
        assert [client.get().status for _ in range(40)] == [502] * 40
    assert len(served.requests) == most


def test_an_error_of_the_application_is_not_repeated(weir, origin):
    def converse(peer):
        while peer.read_request():
            peer.send(response(500, b"broken"))

    servers = [origin(converse), origin(converse)]
    proxied = weir(proxy(service(pool(*servers), servers[0], retry_budget=PLENTY)))
    with RawClient(proxied.port) as client:
        assert [client.get().status for _ in range(10)] == [500] * 10
    assert sum(len(server.requests) for server in servers) == 10


def test_an_answer_may_end_with_its_connection(weir, origin):
    def converse(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")

    served = origin(converse)
    proxied = weir(proxy(service(served, served)))
    with RawClient(proxied.port) as client:
        for _ in range(5):
            try:
                assert client.get().body == b"ok"
            except Incomplete as problem:
                raise AssertionError("the pool's close is not the client's") from problem
