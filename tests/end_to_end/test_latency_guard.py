"""What is slow, where that is stable's own 95th percentile."""

import time

import pytest

from configuration import proxy, service
from keys import versions_of
from load import Load
from origins import answering, echo_id
from waiting import SLOWDOWN, eventually

# Of good releases one in ten thousand is convicted, at the most.
BY_P95 = {"action": "rollback", "slower_than": "auto", "alpha": "0.01%", "window": "100ms"}
GUARDS = {"errors": "off", "health": "off", "outage": "off", "latency": BY_P95}


def taking(milliseconds):
    """Answers after so long, and longer where the proxy itself is slow."""

    def answer(message):
        time.sleep(milliseconds / 1000 * SLOWDOWN)
        return echo_id(message)

    return answering(answer)


@pytest.fixture
def shop(weir, origin):
    """Stable takes 5 ms for an answer, canary as long as it is told."""

    def make(canary_ms, steps, **top):
        settings = service(
            origin(taking(5)),
            origin(taking(canary_ms)),
            key={"header": "X-Key"},
            steps=steps,
            guards=GUARDS,
        )
        return weir(proxy(settings, **top))

    return make


def bound(proxied):
    return proxied.status()["slower_than_seconds"]


def with_history(proxied, count=400):
    """So many requests of stable before any rollout."""
    versions = versions_of(proxied, [{"X_Key": f"before-{n}"} for n in range(count)])
    assert set(versions) == {"blue"}
    return proxied


LONG = [{"weight": "50%", "hold": "1h"}]
SHORT = [{"weight": weight, "hold": "100ms", "min_requests": 50} for weight in ("20%", "50%")]


def test_a_canary_three_times_as_slow_is_rolled_back(shop):
    proxied = with_history(shop(15, LONG))
    assert bound(proxied) == 1, "nothing is frozen before a rollout"
    with Load(proxied, threads=3, keys=100_000):
        frozen = proxied.done("start")["slower_than_seconds"]
        assert 0.005 < frozen < 1
        status = proxied.await_phase("Degraded", seconds=60)
    assert status["slower_than_seconds"] == frozen
    assert status["reason"].startswith("latency: canary") and "stable's p95" in status["reason"]
    assert proxied.metric("weir_rollout_slow_seconds")['service="shop"'] == frozen


def test_a_canary_as_slow_as_stable_takes_over(shop):
    proxied = with_history(shop(5, SHORT))
    with Load(proxied, threads=3, keys=100_000):
        proxied.done("start")
        status = proxied.await_phase("Healthy", seconds=60)
    assert status["stable"] == "green", status["reason"]


def test_what_is_slow_survives_a_restart(shop, tmp_path):
    proxied = with_history(shop(5, LONG, state={"file": str(tmp_path / "state")}))
    frozen = proxied.done("start")["slower_than_seconds"]
    assert 0.005 < frozen < 1
    proxied.kill()
    proxied.start()
    assert bound(proxied) == frozen
    proxied.done("abort")
    assert proxied.done("start")["slower_than_seconds"] == 1, "a new rollout, and no history"


def test_with_too_little_history_it_is_frozen_when_there_is_enough(shop):
    proxied = with_history(shop(5, LONG), count=50)
    assert proxied.done("start")["slower_than_seconds"] == 1
    with Load(proxied, threads=3, keys=100_000):
        frozen = eventually(lambda: bound(proxied) if bound(proxied) != 1 else None, 30)
    assert 0.005 < frozen < 1
    assert proxied.status()["phase"] == "Progressing"
