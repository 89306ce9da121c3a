"""The table of proxy/forwarding/retry_rules.h, seen from outside: how often each request is
delivered after each kind of failure, and never twice where that could do harm."""

import random
import threading

import pytest

from configuration import PLENTY, milliseconds, pool, proxy, service
from origins import ID, Hangup, Origin, echo_id
from waiting import eventually
from wire import Incomplete, RawClient, request, response

OK = b"HTTP/1.1 200 OK\r\n"
IDEMPOTENT = ("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE")
OTHERS = ("POST", "PATCH", "PURGE")
SAFE = IDEMPOTENT[:4]


def reset_behind_the_head(peer):
    peer.read_head()
    peer.reset()


def cut_in_the_answers_head(peer):
    peer.read_request()
    peer.send(OK + b"Content-Le")


def doubtful_answer(peer):
    peer.read_request()
    peer.send(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab")
    peer.to_end()


def answer_503(peer):
    while peer.read_request():
        peer.send(response(503, b"busy"))


def no_answer(peer):
    peer.read_request()
    peer.to_end()


# Deliveries of one request to a pool whose every server fails like that, budget aplenty.
FAILURES = {
    reset_behind_the_head: (2, 2, 1),
    cut_in_the_answers_head: (2, 2, 1),
    doubtful_answer: (1, 1, 1),
    answer_503: (1, 1, 1),
    no_answer: (1, 1, 1),
}
# … and by stable besides, where it is the canary that fails.
SHIELDED = {
    reset_behind_the_head: (1, 0, 0),
    cut_in_the_answers_head: (1, 0, 0),
    doubtful_answer: (1, 0, 0),
    answer_503: (1, 0, 0),
    no_answer: (0, 0, 0),
}
BLUE = 'service="shop",version="blue"'
METHODS = ("GET", "OPTIONS", "PUT", "DELETE", "POST", "PATCH", "PURGE")


def column(method):
    return 0 if method in SAFE else 1 if method in IDEMPOTENT else 2


def ask(client, method, id="only"):
    body = b"body" if method in ("PUT", "POST", "PATCH") else None
    client.send(request(method, body=body, X_Test_Id=id, X_Key="a"))
    return client.response(to=method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fails", FAILURES)
def test_a_failing_stable_is_asked_as_often_as_the_table_says(weir, origin, fails, method):
    servers = [origin(fails), origin(fails)]
    settings = service(pool(*servers), origin(), retry_budget=PLENTY)
    proxied = weir(proxy(settings, workers=1, timeouts={"response": milliseconds(0.5)}))
    with RawClient(proxied.port) as client:
        assert ask(client, method).status in (502, 503, 504)
    assert sum(each.counts["only"] for each in servers) == FAILURES[fails][column(method)]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fails", FAILURES)
def test_a_failing_canary_is_shielded_as_the_table_says(weir, origin, fails, method):
    stable, canary = origin(), origin(fails)
    settings = service(stable, canary, retry_budget=PLENTY, key={"header": "X-Key"})
    proxied = weir(proxy(settings, workers=1, timeouts={"response": milliseconds(0.5)}))
    proxied.set_weight(100)
    shielded = SHIELDED[fails][column(method)]
    with RawClient(proxied.port) as client:
        assert ask(client, method).status == (200 if shielded else canary_status(fails))
    assert stable.counts["only"] == shielded
    tries = 1 if shielded else FAILURES[fails][column(method)]
    assert canary.counts["only"] == tries
    counted = proxied.metric("weir_shielded_total")
    assert counted['service="shop",version="green"'] == shielded


def canary_status(fails):
    return {answer_503: 503, no_answer: 504}.get(fails, 502)


IMPATIENT = {"response": milliseconds(2), "per_try": milliseconds(0.3)}


@pytest.mark.parametrize("method", METHODS)
def test_a_try_that_takes_too_long_is_followed_by_one_elsewhere(weir, origin, method):
    hangs, well = origin(no_answer), origin()
    settings = service(pool(hangs, well), origin(), retry_budget=PLENTY)
    proxied = weir(proxy(settings, workers=1, timeouts=IMPATIENT))
    with RawClient(proxied.port) as client:
        for number in range(50):
            answer = ask(client, method, id=str(number))
            if hangs.requests:
                break
    assert answer.status == (504 if method in OTHERS else 200)
    assert hangs.counts == {str(number): 1}
    assert well.counts[str(number)] == (method not in OTHERS)


@pytest.mark.parametrize("method", METHODS)
def test_a_canary_that_takes_too_long_is_shielded(weir, origin, method):
    stable, hangs = origin(), origin(no_answer)
    settings = service(stable, hangs, key={"header": "X-Key"}, timeouts=IMPATIENT)
    proxied = weir(proxy(settings, workers=1))
    proxied.set_weight(100)
    shielded = method in SAFE
    with RawClient(proxied.port) as client:
        assert ask(client, method).status == (200 if shielded else 504)
    assert stable.counts["only"] == shielded
    endings = proxied.metric("weir_requests_total")
    assert endings['service="shop",version="green",code_class="5xx"'] == 1


@pytest.mark.parametrize("method", METHODS)
def test_where_nothing_left_every_method_is_sent_again(weir, origin, method):
    """One server refuses connections."""
    dead, alive = origin(), origin()
    dead.close()
    settings = service(pool(dead, alive), alive, retry_budget=PLENTY)
    proxied = weir(proxy(settings, workers=1))
    with RawClient(proxied.port) as client:
        for number in range(8):
            assert ask(client, method, str(number)).status == 200
    assert set(alive.counts.values()) == {1}
    assert proxied.metric("weir_retries_total")['service="shop",version="blue"'] > 0


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_reached_no_endpoint_costs_no_budget(weir, origin, method):
    """Two of three servers refuse connections, as in a restart of one while another is out."""
    servers, nothing = [origin() for _ in range(3)], {"share": "0%", "per_second": 0}
    for server in servers[:2]:
        server.close()
    stable = pool(*servers, ejection={"consecutive_failures": 0})
    proxied = weir(proxy(service(stable, stable, retry_budget=nothing), workers=1))
    with RawClient(proxied.port) as client:
        for number in range(100):
            assert ask(client, method, str(number)).status == 200
    assert set(servers[2].counts.values()) == {1}
    assert proxied.metric("weir_retry_budget_exhausted_total")[BLUE] == 0


@pytest.mark.parametrize("method", METHODS)
def test_a_canary_that_cannot_be_reached_is_shielded_for_every_method(weir, origin, method):
    stable, canary = origin(), origin()
    canary.close()
    settings = service(stable, canary, retry_budget=PLENTY, key={"header": "X-Key"})
    proxied = weir(proxy(settings, workers=1))
    proxied.set_weight(100)
    with RawClient(proxied.port) as client:
        assert ask(client, method).status == 200
    assert stable.counts["only"] == 1


MOMENTS = (
    "unread", "in the head", "behind the head", "in the body", "behind the body",
    "in the answer's head", "in the answer's body", "when idle", "never",
)


def torn(chance):
    """A script whose connections end at random moments, by a close or a reset. Until then
    it answers; a request counts as delivered once its head was read, for it may be acted on."""

    def end(peer):
        if chance.random() < 0.5:
            peer.reset()
        raise Hangup

    def converse(peer):
        while True:
            moment = chance.choice(MOMENTS)
            if moment == "unread":
                end(peer)
            if moment == "in the head":
                peer.until(b"HTTP/1.1")
                end(peer)
            head = peer.read_head()
            if moment == "behind the head":
                end(peer)
            if moment == "in the body":
                peer.exactly(min(50, int(head.value("Content-Length") or 0)))
                end(peer)
            peer.framed_body(head)
            if moment == "behind the body":
                end(peer)
            answer = echo_id(head)
            if moment.startswith("in the answer"):
                peer.send(answer[: 12 if moment.endswith("head") else len(answer) - 1])
                end(peer)
            peer.send(answer)
            if moment == "when idle":
                end(peer)

    return converse


class Poster(threading.Thread):
    """One client that posts and posts, each with an id of its own."""

    def __init__(self, port, name, count, chance):
        super().__init__()
        self.port, self.posts, self.chance = port, count, chance
        self.name, self.answered, self.ids, self.problems = name, [], [], []

    def run(self):
        client = RawClient(self.port)
        for number in range(self.posts):
            id = f"{self.name}-{number}"
            self.ids.append(id)
            method = self.chance.choice(("POST", "PATCH"))
            body = b"x" * self.chance.choice((0, 100, 5_000, 200_000))
            try:
                client.send(request(method, body=body, X_Test_Id=id))
                answer = client.response()
            except (Incomplete, OSError):
                answer = None
            if answer is not None and answer.status == 200 and answer.complete:
                self.answered.append(id)
                if answer.body != id.encode():
                    self.problems.append((id, answer.body))
            if answer is None or not answer.complete or answer.value("Connection") == "close":
                client.close()
                client = RawClient(self.port)
        client.close()


def test_of_hundreds_of_posts_none_is_delivered_twice(weir):
    """Origins that end their connections at every moment there is, kept ones as well."""
    seed = random.randrange(10**6)
    print("seed", seed)
    servers = [Origin(torn(random.Random(seed + number))) for number in range(3)]
    lenient = {"ejection": {"consecutive_failures": 0}, "idle": "10s"}
    settings = service(pool(*servers, **lenient), pool(*servers, **lenient), retry_budget=PLENTY)
    try:
        proxied = weir(proxy(settings, workers=2))
        posters = [
            Poster(proxied.port, f"p{number}", 100, random.Random(seed + 10 + number))
            for number in range(6)
        ]
        for poster in posters:
            poster.start()
        for poster in posters:
            poster.join()
    finally:
        for server in servers:
            server.close()
    delivered = {}
    for server in servers:
        for id, count in server.counts.items():
            delivered[id] = delivered.get(id, 0) + count
    answered = [id for poster in posters for id in poster.answered]
    assert [each for poster in posters for each in poster.problems] == []
    assert {id: count for id, count in delivered.items() if count > 1} == {}
    assert len(answered) > 100 and len(answered) == len(set(answered))
    assert set(answered) <= set(delivered)
    heads = sum(server.received.count(ID.encode()) for server in servers)
    assert heads <= sum(len(poster.ids) for poster in posters), "nor in part"


def test_an_exhausted_budget_is_counted(weir, origin):
    served = origin(reset_behind_the_head)
    budget = {"share": "0%", "per_second": 1}
    proxied = weir(proxy(service(served, served, retry_budget=budget), workers=1))
    blue = 'service="shop",version="blue"'
    with RawClient(proxied.port) as client:
        assert [client.get().status for _ in range(30)] == [502] * 30
    retries = proxied.metric("weir_retries_total")[blue]
    refused = proxied.metric("weir_retry_budget_exhausted_total")[blue]
    assert retries + refused == 30 and refused > 0
    eventually(lambda: len(served.requests) == 30 + retries)


def test_an_exhausted_budget_shields_nobody(weir, origin):
    stable, canary = origin(), origin(answer_503)
    budget = {"share": "0%", "per_second": 0}
    settings = service(stable, canary, retry_budget=budget, key={"header": "X-Key"})
    proxied = weir(proxy(settings, workers=1))
    proxied.set_weight(100)
    with RawClient(proxied.port) as client:
        assert [ask(client, "GET", str(number)).status for number in range(5)] == [503] * 5
    green = 'service="shop",version="green"'
    assert proxied.metric("weir_retry_budget_exhausted_total")[green] == 5
    assert stable.requests == []
