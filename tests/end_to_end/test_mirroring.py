"""Mirroring: a share of stable's safe requests is sent to an idle canary as well, its answers
are compared and dropped, and neither clients nor the rollout notice."""

import contextlib
import threading
import time

import pytest

from configuration import CHECKED, milliseconds, pool, proxy, service
from keys import binomial_bounds, canary_keys, versions_of
from origins import answering, echo_id
from take_over import replaceable, successor_of
from test_tls_pools import TlsScript
from upgrades import WISH
from waiting import always, eventually, scaled
from wire import RawClient, request, response

COPY = "X-Weir-Mirrored"
RESULTS = ("same_status", "other_status", "failed", "dropped")
ALL = {"share": "100%", "max_in_flight": 1000}
PATIENT = {**ALL, "timeout": "60s"}
HASTY = {**ALL, "timeout": milliseconds(0.3)}
WATCHED = {
    "errors": {"failures_in_a_row": 2},
    "latency": {"slower_than": "100ms"},
    "health": {"min_healthy": "100%"},
}


def results(proxied):
    mirror = proxied.status()["mirror"]
    return {name: mirror[name] for name in RESULTS if mirror[name]}


def await_results(proxied, **expected):
    eventually(lambda: results(proxied) == expected, what=f"copies: {expected}")


def ask(proxied, count=1, **fields):
    with RawClient(proxied.port) as client:
        for _ in range(count):
            assert client.get(**fields).status == 200


@pytest.fixture
def shop(weir, origin):
    """A proxy whose blue answers everything, and copies what it is asked to green."""

    def make(green=None, mirror=ALL, top=None, blue=None, **more):
        stable, canary = origin(blue), origin(green)
        top = {"workers": 1, **(top or {})}
        made = weir(proxy(service(stable, canary, mirror=mirror, **more), **top))
        made.stable, made.canary = stable, canary
        return made

    return make


@pytest.fixture
def release():
    """Set at the end of the test, for origins that hang."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def hanging(release):
    """A script that never answers."""
    return answering(lambda _: release.wait(scaled(60)) and b"")


def test_the_share_of_requests_is_copied(shop):
    proxied = shop(mirror={**ALL, "share": "20%"}, top={"workers": 2})
    assert set(versions_of(proxied, [{}] * 3000)) == {"blue"}
    least, most = binomial_bounds(3000, 0.2)
    copies = proxied.canary.requests
    eventually(lambda: results(proxied) == {"same_status": len(copies)} and len(copies) >= least)
    assert len(copies) <= most
    assert len(proxied.stable.requests) == 3000


def test_nothing_is_copied_where_nothing_says_so(shop):
    proxied = shop(mirror={})
    ask(proxied, 20)
    assert proxied.status()["mirror"] is None
    assert "mirror" not in proxied.api("GET", "/metrics").text
    assert proxied.canary.connections == 0


def test_a_copy_is_the_same_request_and_says_what_it_is(shop):
    proxied = shop()
    fields = {"Cookie": "a=b; weir_key=c", "Accept": "text/html", "X_Request_Id": "one"}
    with RawClient(proxied.port) as client:
        client.send(request("GET", "/cart?item=1", host="shop.test:80", **fields))
        assert client.response().status == 200
    await_results(proxied, same_status=1)
    original, copy = proxied.stable.last, proxied.canary.last
    assert copy.line == original.line == "GET /cart?item=1 HTTP/1.1"
    assert copy.value(COPY) == "1" and original.value(COPY) is None
    assert [field for field in copy.fields if field[0] != COPY] == original.fields


def test_no_client_can_call_its_request_a_copy(shop):
    proxied = shop(top={"forwarded": {"trusted": ["127.0.0.1"]}})
    ask(proxied, X_Weir_Mirrored="0")
    await_results(proxied, same_status=1)
    assert proxied.stable.last.value(COPY) is None
    assert proxied.canary.last.values(COPY) == ["1"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_safe_methods_are_copied(shop, method):
    bodiless = answering(lambda _: response(200, b""))
    proxied = shop(bodiless, blue=bodiless)
    with RawClient(proxied.port) as client:
        for _ in range(3):
            client.send(request(method))
            assert client.response(method).status == 200
    await_results(proxied, same_status=3)
    assert {each.method for each in proxied.canary.requests} == {method}


UPGRADE = request(**WISH)
CHUNKED = request("GET", Transfer_Encoding="chunked") + b"0\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [request(method, body=b"x") for method in ("POST", "PUT", "DELETE", "PATCH", "GET")]
    + [request("POST", body=b""), request("TRACE"), CHUNKED, UPGRADE],
    ids=["POST", "PUT", "DELETE", "PATCH", "GET-body", "POST-empty", "TRACE", "chunked", "upgrade"],
)
def test_what_may_change_something_is_never_copied(shop, sent):
    proxied = shop()
    with RawClient(proxied.port) as client:
        client.send(sent)
        assert client.response().status == 200
    ask(proxied, X_Test_Id="after")
    await_results(proxied, same_status=1)
    assert [each.value("X-Test-Id") for each in proxied.canary.requests] == ["after"]


def test_preview_is_never_copied(shop):
    proxied = shop(preview={"header": "X-Preview"})
    ask(proxied, X_Preview="1")
    ask(proxied, X_Test_Id="after")
    await_results(proxied, same_status=1)
    assert [each.value(COPY) for each in proxied.canary.requests] == [None, "1"]


def test_what_stable_did_not_answer_is_never_copied(shop):
    proxied = shop(blue=lambda peer: peer.read_request() and peer.reset())
    with RawClient(proxied.port) as client:
        assert client.get().status == 502
    proxied.stable.converse = answering()
    ask(proxied)
    await_results(proxied, same_status=1)
    assert len(proxied.canary.requests) == 1


def test_copies_end_where_a_weight_begins_and_come_back_with_a_rollback(shop):
    proxied = shop(key={"header": "X-Key"})
    proxied.set_weight(1)
    stable = next(n for n in range(400) if n not in canary_keys(proxied, 400))
    proxied.canary.forget()
    ask(proxied, 50, X_Key=f"client-{stable}")
    proxied.done("set-weight", weight=0)
    ask(proxied, X_Key=f"client-{stable}", X_Test_Id="at 0")
    await_results(proxied, same_status=1)
    proxied.done("set-weight", weight=100)
    ask(proxied, 5, X_Test_Id="at 100")
    proxied.done("abort")
    ask(proxied, X_Test_Id="rolled back")
    await_results(proxied, same_status=2)
    copies = [each.value("X-Test-Id") for each in proxied.canary.requests if each.value(COPY)]
    assert copies == ["at 0", "rolled back"]


def test_a_canary_that_is_down_is_not_asked(shop):
    down = answering(lambda message: response(503 if message.target == "/healthz" else 200))
    proxied = shop(down)
    green = pool(proxied.canary, check=CHECKED)
    proxied.reload(proxy(service(proxied.stable, green, mirror=ALL), workers=1))
    eventually(lambda: proxied.status()["versions"]["green"]["healthy"] == 0)
    ask(proxied, 20)
    assert always(lambda: results(proxied) == {}, 0.3)
    assert {each.target for each in proxied.canary.requests} == {"/healthz"}


# What the canary does with a copy, and what becomes of the copy.
BAD = {
    "answers 500": (answering(lambda _: response(500)), "other_status"),
    "answers 404": (answering(lambda _: response(404)), "other_status"),
    "garbage": (answering(lambda _: b"\x16\x03\x01 no HTTP\r\n\r\n"), "failed"),
    "two lengths": (answering(lambda _: response(200, b"ok", "Content-Length: 3")), "failed"),
    "switches": (
        answering(lambda _: b"HTTP/1.1 101 Sure\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"),
        "failed",
    ),
    "interim for ever": (answering(lambda _: b"HTTP/1.1 102 Wait\r\n\r\n" * 100), "failed"),
    "half a head": (lambda peer: peer.read_request() and peer.send(b"HTTP/1.1 200 O"), "failed"),
    "half a body": (
        lambda peer: peer.read_request() and peer.send(response(200, b"0123456789")[:-5]),
        "failed",
    ),
    "closes": (lambda peer: peer.read_request(), "failed"),
    "resets": (lambda peer: peer.read_request() and peer.reset(), "failed"),
    "never reads": (lambda peer: time.sleep(scaled(1)), "failed"),
}


@pytest.mark.parametrize("bad", [*BAD, "hangs"])
def test_a_bad_canary_changes_no_answer_and_is_no_evidence(shop, hanging, bad):
    converse, result = {**BAD, "hangs": (hanging, "failed")}[bad]
    proxied = shop(converse, HASTY, guards=WATCHED)
    proxied.set_weight(0)
    before = proxied.status()
    with RawClient(proxied.port) as client:
        for number in range(30):
            asked = time.monotonic()
            answer = client.get(X_Test_Id=str(number))
            assert (answer.status, answer.body) == (200, str(number).encode())
            assert time.monotonic() - asked < scaled(0.25)
    await_results(proxied, **{result: 30})
    after = proxied.status()
    assert len(proxied.stable.requests) == 30
    green = after["versions"]["green"]
    for count in ("requests", "errors", "active", "retries", "connects", "connect_failures"):
        assert green[count] == 0
    assert green["healthy"] == 1, "nor ejected"
    for unmoved in ("phase", "epoch", "weight_percent", "reason", "last_transition"):
        assert after[unmoved] == before[unmoved]
    assert after["seen"]["canary"] == before["seen"]["canary"]
    assert all(guard["canary"]["requests"] == 0 for guard in after["guards"])
    assert set(proxied.metric("weir_requests_total").values()) == {0, 30}
    assert sum(proxied.metric("weir_retries_total").values()) == 0


def test_a_canary_that_nobody_runs_is_a_failed_copy(shop):
    proxied = shop()
    proxied.canary.close()
    ask(proxied, 5)
    await_results(proxied, failed=5)
    assert proxied.status()["versions"]["green"]["connect_failures"] == 0


def test_a_connection_that_closes_under_a_copy_is_no_failed_copy(shop):
    def one_each(peer):
        peer.send(echo_id(peer.read_request()))
        peer.read_request()
        peer.reset()

    proxied = shop(one_each)
    with RawClient(proxied.port) as client:
        for number in range(5):
            assert client.get(X_Test_Id=str(number)).status == 200
            await_results(proxied, same_status=number + 1)
    assert proxied.canary.connections == 5
    assert len(proxied.canary.requests) == 9, "all but the first were sent twice"


def test_connections_are_used_again(shop):
    proxied = shop()
    with RawClient(proxied.port) as client:
        for number in range(20):
            assert client.get().status == 200
            await_results(proxied, same_status=number + 1)
    assert proxied.canary.connections == 1


def test_an_answer_of_chunks_or_without_an_end_is_read(shop):
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nT: 1\r\n\r\n"
    proxied = shop(answering(lambda _: chunks))
    ask(proxied, 3)
    await_results(proxied, same_status=3)
    proxied.canary.converse = lambda peer: (
        peer.read_request() and peer.send(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000)
    )
    proxied.canary.drop_connections()
    proxied.canary.await_idle()
    ask(proxied, 3)
    await_results(proxied, same_status=6)


def test_an_endless_answer_is_read_to_the_bound(shop):
    ended = threading.Event()

    def endless(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        with contextlib.suppress(OSError):
            while True:
                peer.send(b"x" * 65536)
        ended.set()

    proxied = shop(endless, {**PATIENT, "max_answer": "256KiB"})
    ask(proxied)
    await_results(proxied, same_status=1)
    assert ended.wait(scaled(5)), "its connection was closed"


def test_no_more_are_under_way_than_may_be(shop, hanging):
    proxied = shop(hanging, {**PATIENT, "max_in_flight": 3})
    ask(proxied, 20)
    await_results(proxied, dropped=17)
    eventually(lambda: proxied.canary.connections == 3)
    proxied.canary.drop_connections()
    await_results(proxied, dropped=17, failed=3)
    proxied.canary.converse = answering()
    ask(proxied)
    await_results(proxied, dropped=17, failed=3, same_status=1)


def test_a_full_pool_takes_no_copy(shop, hanging):
    proxied = shop(hanging, PATIENT, top={"limits": {"requests_per_pool": 2, "queue_per_pool": 5}})
    ask(proxied, 10)
    await_results(proxied, dropped=8)
    eventually(lambda: proxied.canary.connections == 2)


@pytest.mark.parametrize("hurried", [False, True], ids=["one signal", "two"])
def test_a_copy_under_way_keeps_no_process(shop, hanging, hurried):
    proxied = shop(hanging, PATIENT)
    ask(proxied, 5)
    eventually(lambda: len(proxied.canary.requests) == 5)
    told = time.monotonic()
    proxied.terminate()
    if hurried:
        proxied.terminate()
    assert proxied.wait() == 0
    assert time.monotonic() - told < scaled(2), "the copies had a minute"


def test_nothing_is_copied_while_clients_are_let_go(shop, release, hanging):
    slow = answering(lambda message: release.wait(scaled(20)) and echo_id(message))
    proxied = shop(hanging, PATIENT, blue=slow)
    with RawClient(proxied.port) as client:
        client.send(request())
        eventually(lambda: proxied.stable.requests)
        proxied.terminate()
        eventually(lambda: "draining: 1 clients" in proxied.log)
        release.set()
        assert client.response().status == 200
    assert proxied.wait() == 0
    assert proxied.canary.connections == 0


def test_copies_under_way_hold_up_no_take_over(weir, shop, hanging, tmp_path):
    old = shop(hanging, PATIENT, top=replaceable(tmp_path))
    ask(old, 5)
    eventually(lambda: len(old.canary.requests) == 5)
    new = successor_of(old, weir)
    assert old.wait(3) == 0
    ask(new)
    eventually(lambda: len(old.canary.requests) == 6)


def test_a_reload_turns_it_off_and_on(shop):
    proxied = shop()
    ask(proxied)
    await_results(proxied, same_status=1)
    on = proxied.settings
    off = {**on, "services": [{**on["services"][0], "mirror": {}}]}
    proxied.reload(off)
    ask(proxied, 10)
    assert proxied.status()["mirror"] is None
    proxied.reload(on)
    ask(proxied)
    await_results(proxied, same_status=2)
    assert len(proxied.canary.requests) == 2


def test_after_the_roles_swap_the_other_pool_is_asked(shop):
    proxied = shop(steps=[{"weight": "100%"}])
    ask(proxied)
    await_results(proxied, same_status=1)
    proxied.done("start")
    proxied.await_phase("Healthy")
    asked = len(proxied.stable.requests)
    ask(proxied, 3)
    await_results(proxied, same_status=3)
    assert proxied.status()["mirror"]["to"] == "blue"
    assert [each.value(COPY) for each in proxied.stable.requests[asked:]] == ["1"] * 3
    by_version = proxied.metric("weir_mirror_requests_total")
    assert by_version['service="shop",version="green",result="same_status"'] == 1
    assert by_version['service="shop",version="blue",result="same_status"'] == 3


def test_a_pool_under_tls_is_sent_copies_too(shop, weir, origin, authority, shop_certificate):
    script = TlsScript(shop_certificate)
    green = origin(script)
    tls = {"ca_file": str(authority.certificate), "server_name": "shop.test"}
    proxied = weir(
        proxy(service(origin(), pool(green, tls=tls, idle="5s"), mirror=ALL), workers=1)
    )
    with RawClient(proxied.port) as client:
        for number in range(5):
            assert client.get().status == 200
            await_results(proxied, same_status=number + 1)
    assert green.connections == 1, "kept"
    assert script.names == ["shop.test"]
    assert green.last.value(COPY) == "1"


def test_what_was_compared_is_shown(shop):
    pause = 0.03

    def slow(message):
        time.sleep(pause)
        return response(503 if message.target == "/bad" else 200)

    proxied = shop(answering(slow))
    with RawClient(proxied.port) as client:
        for path in ("/", "/", "/bad"):
            assert client.get(path).status == 200
    await_results(proxied, same_status=2, other_status=1)
    mirror = proxied.status()["mirror"]
    assert (mirror["to"], mirror["share_percent"]) == ("green", 100)
    assert mirror["by_class"] == {"2xx": {"2xx": 2, "5xx": 1}}
    assert mirror["mean_copy_seconds"] >= pause > mirror["mean_original_seconds"] > 0
    labels = 'service="shop",version="green"'
    assert proxied.metric("weir_mirror_copy_seconds_count")[labels] == 3
    assert proxied.metric("weir_mirror_copy_seconds_sum")[labels] >= 3 * pause
    assert proxied.metric("weir_mirror_original_seconds_count")[labels] == 3
    pair = f'{labels},code_class="5xx",original_class="2xx"'
    assert proxied.metric("weir_mirror_answers_total")[pair] == 1
    text = proxied.cli("status").stdout
    assert "mirror 100% to green: 2 same status, 1 other, 0 failed, 0 dropped" in text
