"""A last step that leaves a few on stable, so that there is something to compare with."""

import pytest

from configuration import milliseconds, proxy, service
from keys import binomial_bounds, canary_keys
from load import Load
from origins import answering, echo_id
from waiting import always, eventually
from wire import response

HELD_BACK = 10
WATCHED = {"errors": {"window": milliseconds(1)}, "health": "off", "outage": "off"}


class Pools:
    """Two origins that can be told to fail."""

    def __init__(self, origin):
        self.failing = set()
        self.blue, self.green = (origin(answering(self.answer(name))) for name in ("blue", "green"))

    def answer(self, name):
        return lambda message: response(500) if name in self.failing else echo_id(message)


@pytest.fixture
def pools(origin):
    return Pools(origin)


@pytest.fixture
def shop(weir, pools):
    def make(hold="1h", guards=None):
        settings = service(
            pools.blue,
            pools.green,
            key={"header": "X-Key"},
            shield={"enabled": False},
            steps=[{"weight": "50%", "hold": "1h"}, {"weight": "100%", "hold": hold}],
            guards=guards,
        )
        settings["rollout"]["hold_back"] = f"{HELD_BACK}%"
        return weir(proxy(settings))

    return make


def test_the_last_step_leaves_its_control_on_stable_and_the_end_takes_it_along(shop):
    proxied = shop()
    proxied.done("start")
    at_half = canary_keys(proxied, 2000)
    status = proxied.done("promote", full=True)
    assert (status["weight_percent"], status["hold_back_percent"]) == (90, HELD_BACK)
    assert status["phase"] == "Progressing", "the step holds as configured"
    assert status["reason"] == "step 2 of 2, 90%, 10% held back"
    assert [step["weight_percent"] for step in status["steps"]] == [50, 90]
    on_canary = canary_keys(proxied, 2000)
    assert at_half <= on_canary, "nobody moved back"
    least, most = binomial_bounds(2000, 1 - HELD_BACK / 100)
    assert least <= len(on_canary) <= most
    assert canary_keys(proxied, 2000) == on_canary, "always the same"
    proxied.done("promote")
    assert proxied.status()["stable"] == "green"
    assert len(canary_keys(proxied, 2000)) == 2000


def test_the_ramp_ends_by_itself_after_its_control(shop):
    proxied = shop(hold="100ms")
    proxied.done("start")
    proxied.done("promote")
    proxied.await_phase("Healthy")
    assert proxied.status()["stable"] == "green"


def evidence(proxied):
    (guard,) = proxied.status()["guards"]
    return guard["value"], guard["threshold"], guard["stable"]["requests"]


def test_in_the_last_step_an_outage_of_both_is_not_the_canarys(shop, pools):
    proxied = shop(guards=WATCHED)
    proxied.done("start")
    proxied.done("promote")
    with Load(proxied, keys=100_000) as load:
        load.await_more(200)
        pools.failing |= {"blue", "green"}
        eventually(lambda: evidence(proxied)[2] > 0)
        load.await_more(500)
        assert always(lambda: proxied.status()["phase"] == "Progressing", 1)
        value, threshold, _ = evidence(proxied)
        assert value < threshold
        pools.failing.clear()


def test_in_the_last_step_a_canary_that_fails_is_rolled_back_on_its_control(shop, pools):
    proxied = shop(guards=WATCHED)
    proxied.done("start")
    proxied.done("promote")
    with Load(proxied, keys=100_000) as load:
        load.await_more(200)
        pools.failing.add("green")
        status = proxied.await_phase("Degraded", seconds=30)
    assert "against stable 0%" in status["reason"] and "before" not in status["reason"]
