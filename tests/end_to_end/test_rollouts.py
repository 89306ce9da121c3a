"""Whole rollouts with the real command line, the real application and clients at work."""

import threading
import time

import pytest

from configuration import CHECKED, PLENTY, milliseconds, pool, proxy, service
from load import Load
from origins import ID, answering, echo_id
from waiting import always, eventually
from wire import RawClient, request, response

RAMP = [{"weight": w, "hold": "200ms", "min_requests": 10} for w in ("20%", "50%", "100%")]
WATCHED = {
    "errors": {"window": milliseconds(3)},
    "latency": {"window": milliseconds(3), "slower_than": milliseconds(0.2)},
    "health": {"min_healthy": "50%"},
}
SHIELD = {"enabled": True, "on_500": True}


def shop(blue, green, **more):
    plain = {"key": {"header": "X-Key"}, "retry_budget": PLENTY, "shield": SHIELD}
    pools = [pool(each, check=CHECKED) for each in (blue, green)]
    return proxy(service(*pools, **{"steps": RAMP, "guards": WATCHED, **plain, **more}))


def moved_back(samples, version):
    """Keys that were on `version` and then were not."""
    reached, back = set(), set()
    for sample in sorted(samples, key=lambda each: each.sent):
        if sample.version == version:
            reached.add(sample.key)
        elif sample.version and sample.key in reached:
            back.add(sample.key)
    return back


def test_a_healthy_release_ramps_up_and_the_next_one_goes_the_other_way(weir, app_pool):
    proxied = weir(shop(app_pool.blue, app_pool.green))
    for stable, canary in (("blue", "green"), ("green", "blue")):
        status = proxied.status()
        assert (status["stable"], status["canary"]) == (stable, canary)
        with Load(proxied, path="/version") as load:
            ended = proxied.cli("start", "--wait", "--revision", canary, "--timeout", "60s")
            assert ended.returncode == 0, ended.stderr
            over = time.monotonic()
            load.await_more(50)
        assert load.failures == []
        assert moved_back(load.samples, canary) == set()
        assert {each.version for each in load.samples if each.sent > over} == {canary}
        status = proxied.status()
        assert (status["phase"], status["stable"]) == ("Healthy", canary)
        shown = [line for line in ended.stdout.splitlines() if "%" in line]
        assert len(shown) >= 3, "a line for each change without a terminal"


FAULTS = {
    "erroring": ({"error_ratio": 0.5}, "errors"),
    "slow": ({"latency_ms": 500}, "latency"),
    "down": ({"down": True}, ""),  # whichever guard is first: errors or health
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_canary_is_rolled_back_and_its_clients_do_not_notice(weir, app_pool, fault):
    faults, guard = FAULTS[fault]
    proxied = weir(shop(app_pool.blue, app_pool.green))
    app_pool.green.fault(**{**faults, "latency_ms": round(milliseconds_of(faults))})
    with Load(proxied, path="/version") as load:
        ended = proxied.cli("start", "--wait", "--timeout", "60s")
        assert ended.returncode == 3, ended.stdout + ended.stderr
        over = time.monotonic()
        load.await_more(50)
    assert load.failures == [], "the shield answers from stable"
    status = proxied.status()
    assert (status["phase"], status["weight_percent"]) == ("Degraded", 0)
    assert status["stable"] == "blue" and guard in status["reason"]
    assert {each.version for each in load.samples if each.sent > over} == {"blue"}
    app_pool.green.fault()
    assert always(lambda: proxied.status()["phase"] == "Degraded", 0.5), "latched"
    assert proxied.act("start").status_code == 200


def milliseconds_of(faults):
    """The fault's latency stays above a bound that grew with the slowdown."""
    scale = int(milliseconds(1).removesuffix("ms")) / 1000
    return faults.get("latency_ms", 0) * scale


@pytest.mark.parametrize("fails", ["refuses connections", "resets", "says 503"])
def test_a_canary_that_dies_in_the_middle_costs_no_safe_request(weir, origin, fails):
    blue, green = origin(), origin()
    steps = [{"weight": "50%", "hold": "1h"}]
    guards = {"health": "off"}
    settings = service(blue, green, key={"header": "X-Key"}, retry_budget=PLENTY, steps=steps,
                       guards=guards)
    proxied = weir(proxy(settings))
    proxied.done("start")
    with Load(proxied) as load:
        eventually(lambda: green.requests)
        if fails == "refuses connections":
            green.close()
        elif fails == "resets":
            green.converse = lambda peer: (peer.read_request(), peer.reset())
            green.drop_connections()
        else:
            green.converse = answering(lambda _: response(503))
            green.drop_connections()
        status = proxied.await_phase("Degraded")
        load.await_more(50)
    assert load.failures == []
    assert "errors" in status["reason"]
    assert status["versions"]["green"]["shielded"] > 0
    assert status["versions"]["green"]["errors"] > 0, "still counted against the canary"


def test_without_the_shield_failures_are_seen_and_still_counted(weir, origin):
    blue, green = origin(), origin(answering(lambda _: response(503)))
    settings = service(blue, green, key={"header": "X-Key"}, shield={"enabled": False},
                       steps=[{"weight": "50%", "hold": "1h"}],
                       guards={"health": "off"})
    proxied = weir(proxy(settings))
    with Load(proxied) as load:
        proxied.done("start")
        proxied.await_phase("Degraded")
    assert 0 < len(load.failures) < 100


def test_a_post_on_a_failing_canary_is_not_shielded(weir, origin):
    blue, green = origin(), origin(answering(lambda _: response(503)))
    proxied = weir(proxy(service(blue, green, retry_budget=PLENTY)))
    proxied.set_weight(100)
    with Load(proxied, method="POST") as load:
        load.await_more(20)
    assert all(sample.status == 503 for sample in load.samples)
    assert blue.requests == [] and set(green.counts.values()) == {1}


@pytest.mark.parametrize("action, phase", [("hold", "Paused"), ("warn", "Progressing")])
def test_a_guard_may_hold_or_warn_instead(weir, origin, action, phase):
    blue, green = origin(), origin(answering(lambda _: response(500)))
    guards = {"errors": {"action": action}, "health": "off"}
    proxied = weir(proxy(service(blue, green, guards=guards, key={"header": "X-Key"})))
    with Load(proxied):
        proxied.done("start")
        transitions = 'service="shop",kind="%s"' % action
        eventually(lambda: proxied.metric("weir_transitions_total")[transitions] == 1)
        assert always(lambda: proxied.status()["phase"] == phase, 0.3)
    assert proxied.status()["weight_percent"] == 25


def test_missing_evidence_is_neither_a_pass_nor_a_failure(weir, origin):
    guards = {"health": "off"}
    steps = [{"weight": "50%", "hold": "50ms"}]
    proxied = weir(proxy(service(origin(), origin(), guards=guards, steps=steps)))
    proxied.done("start")
    assert always(lambda: proxied.status()["phase"] == "Progressing", 0.5)
    assert proxied.status()["guards"][0]["verdict"] == "insufficient"


def test_evidence_that_is_missing_for_long_pauses_the_rollout(weir, origin):
    settings = service(origin(), origin(), guards={"health": "off"},
                       steps=[{"weight": "50%", "hold": "50ms"}])
    settings["rollout"]["max_wait"] = "1s"
    proxied = weir(proxy(settings))
    proxied.done("start")
    status = proxied.await_phase("Paused")
    assert status["pause_reason"] == "evidence"
    assert status["reason"].startswith("evidence is missing after 1 s; errors: canary 0% (0/0)")


def test_one_client_that_tries_again_and_again_does_not_convict(weir, origin):
    """Its own requests fail, on whatever version it is."""

    def fails_for_one(message):
        return response(500) if message.value("X-Key") == broken else echo_id(message)

    broken = "?"
    blue, green = origin(answering(fails_for_one)), origin(answering(fails_for_one))
    proxied = weir(proxy(service(blue, green, key={"header": "X-Key"}, shield={"enabled": False},
                                 steps=[{"weight": "20%", "hold": "1h"}],
                                 guards={"health": "off"})))
    proxied.done("start")
    with RawClient(proxied.port) as client:
        for number in range(1000):
            broken = f"key-{number}"
            if client.get(X_Key=broken).value("X-Weir-Version") == "green":
                break
        with Load(proxied):
            for _ in range(100):
                assert client.get(X_Key=broken).status == 500
            eventually(lambda: proxied.status()["guards"][0]["canary"]["requests"] > 20)
    status = proxied.status()
    assert status["phase"] == "Progressing", status["reason"]
    assert status["versions"]["green"]["errors"] > 100, "counted, but no evidence"
    repeated = proxied.metric("weir_repeated_failures_total")
    assert repeated['service="shop",version="green"'] >= 90


def test_a_fixed_threshold_rolls_back_where_it_is_asked_for(weir, origin):
    blue, green = origin(), origin(answering(lambda _: response(503)))
    guards = {"errors": "off", "error_threshold": {"min_requests": 5}, "health": "off"}
    proxied = weir(proxy(service(blue, green, key={"header": "X-Key"}, guards=guards,
                                 retry_budget=PLENTY)))
    with Load(proxied):
        proxied.done("start")
        status = proxied.await_phase("Degraded")
    assert status["reason"].startswith("error_threshold: canary 100%")


@pytest.mark.parametrize("round_", range(3))
def test_after_the_answer_to_abort_no_request_reaches_the_canary(weir, origin, round_):
    def slowly(message):
        time.sleep(0.002 * round_)
        return echo_id(message)

    blue, green = origin(), origin(answering(slowly))
    proxied = weir(proxy(service(blue, green, key={"header": "X-Key"})))
    proxied.set_weight(100)
    with Load(proxied, threads=8, pause=0) as load:
        load.await_more(100)
        answer = proxied.act("abort")
        answered = time.monotonic()
        assert answer.status_code == 200 and answer.json()["phase"] == "Degraded"
        load.await_more(200)
    assert load.failures == []
    late = {each.id for each in load.samples if each.sent > answered}
    assert len(late) > 100
    assert not late & {head.value(ID) for head in green.requests}
    assert {each.version for each in load.samples if each.id in late} == {"blue"}


def test_a_request_under_way_on_the_canary_survives_the_abort(weir, origin):
    release = threading.Event()
    green = origin(answering(lambda message: release.wait(20) and echo_id(message)))
    proxied = weir(proxy(service(origin(), green, key={"header": "X-Key"})))
    proxied.set_weight(100)
    with RawClient(proxied.port) as client:
        client.send(request(X_Test_Id="held"))
        eventually(lambda: green.requests)
        proxied.done("abort")
        release.set()
        assert client.response().body == b"held"
