"""Every action in every phase: what it is answered with, and where the rollout is then."""

import pytest

from configuration import proxy, service
from origins import Origin
from weir_process import Weir

STEPS = [{"weight": weight, "hold": "1h"} for weight in ("10%", "20%", "50%")]

# How a fresh service comes into each situation.
WAYS = {
    "Healthy": [],
    "Finished": ["start", "promote", "promote", "promote"],
    "Progressing": ["start"],
    "Paused": ["start", "pause"],
    "Degraded": ["start", "abort"],
}
ACTIONS = [
    "start", "pause", "resume", "promote", "abort", "retry", "undo", "set-weight", "heartbeat",
]

# Situation × action -> the phase it leads to; without an entry: 409, nothing changes.
LEADS_TO = {
    ("Healthy", "start"): "Progressing",
    ("Healthy", "abort"): "Healthy",
    ("Finished", "start"): "Progressing",
    ("Finished", "abort"): "Healthy",
    ("Finished", "undo"): "Healthy",
    ("Progressing", "pause"): "Paused",
    ("Progressing", "resume"): "Progressing",
    ("Progressing", "promote"): "Progressing",
    ("Progressing", "abort"): "Degraded",
    ("Progressing", "set-weight"): "Paused",
    ("Progressing", "heartbeat"): "Progressing",
    ("Paused", "pause"): "Paused",
    ("Paused", "resume"): "Progressing",
    ("Paused", "promote"): "Progressing",
    ("Paused", "abort"): "Degraded",
    ("Paused", "set-weight"): "Paused",
    ("Paused", "heartbeat"): "Paused",
    ("Degraded", "start"): "Progressing",
    ("Degraded", "abort"): "Degraded",
    ("Degraded", "retry"): "Progressing",
}
UNCHANGED = {
    ("Healthy", "abort"), ("Finished", "abort"), ("Degraded", "abort"),
    ("Progressing", "resume"), ("Progressing", "heartbeat"),
    ("Paused", "pause"), ("Paused", "heartbeat"),
}
CASES = [(situation, action) for situation in WAYS for action in ACTIONS]


def name_of(situation, action):
    return f"{situation}-{action}".lower()


@pytest.fixture(scope="module")
def many_services(tmp_path_factory):
    """One proxy with a service for each case, so that no case sees another."""
    blue, green = Origin(), Origin()
    services = [
        service(blue, green, name_of(*case), hosts=[f"{name_of(*case)}.test"], steps=STEPS)
        for case in CASES
    ]
    weir = Weir(tmp_path_factory.mktemp("weir"), proxy(*services)).start()
    yield weir
    try:
        weir.finish()
    finally:
        blue.close()
        green.close()


def body_of(action):
    return {"weight": 33} if action == "set-weight" else {}


@pytest.mark.parametrize("situation, action", CASES, ids=[name_of(*case) for case in CASES])
def test_action_in_phase(many_services, situation, action):
    weir, name = many_services, name_of(situation, action)
    for step in WAYS[situation]:
        weir.done(step, name)
    before = weir.status(name)
    answer = weir.act(action, name, **body_of(action))
    after = weir.status(name)
    expected = LEADS_TO.get((situation, action))
    if expected is None:
        told = answer.json()
        assert answer.status_code == 409, answer.text
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert (told["phase"], told["epoch"]) == (before["phase"], before["epoch"])
        assert told["detail"]
        expected = before["phase"]
    else:
        assert answer.status_code == 200, answer.text
        assert answer.json()["changed"] == ((situation, action) not in UNCHANGED)
        assert answer.headers["ETag"] == f'"{after["epoch"]}"'
    assert after["phase"] == expected


@pytest.fixture
def shop(weir, origin):
    blue, green = origin(), origin()
    return weir(proxy(service(blue, green, steps=STEPS)))


def place(status):
    return status["phase"], status["step"], status["weight_percent"]


def test_promote_goes_through_the_steps_and_then_swaps_the_roles(shop):
    assert place(shop.done("start")) == ("Progressing", 0, 10)
    assert place(shop.done("promote")) == ("Progressing", 1, 20)
    assert place(shop.done("promote")) == ("Progressing", 2, 50)
    done = shop.done("promote")
    assert (done["phase"], done["stable"], done["canary"]) == ("Healthy", "green", "blue")
    assert (done["weight_percent"], done["can_undo"], done["epoch"]) == (0, True, 1)


def test_full_promotion_finishes_where_no_step_is_whole(shop):
    shop.done("start")
    assert shop.done("promote", full=True)["stable"] == "green"


def test_undo_swaps_back_once(shop):
    shop.done("start")
    shop.done("promote", full=True)
    undone = shop.done("undo")
    assert (undone["phase"], undone["stable"], undone["epoch"]) == ("Healthy", "blue", 2)
    assert shop.act("undo").status_code == 409


def test_a_paused_step_goes_on_where_it_was(shop):
    shop.done("start")
    shop.done("promote")
    assert shop.done("pause")["pause_reason"] == "operator"
    assert place(shop.done("resume")) == ("Progressing", 1, 20)


def test_a_chosen_weight_is_left_for_the_first_step_above_it(shop):
    shop.done("start")
    chosen = shop.done("set-weight", weight="15%")
    assert (place(chosen)[::2], chosen["pause_reason"]) == (("Paused", 15), "weight")
    assert place(shop.done("resume")) == ("Progressing", 1, 20)


def test_each_rollout_has_the_next_epoch_and_its_own_revision(shop):
    for epoch, action in enumerate(("start", "retry", "start"), 1):
        body = {"revision": f"r{epoch}"} if action == "start" else {}
        assert shop.done(action, **body)["epoch"] == epoch
        aborted = shop.done("abort", reason="enough")
        assert (aborted["phase"], aborted["reason"]) == ("Degraded", "enough")
    assert aborted["revision"] == "r3"


def test_a_manual_gate_waits_for_promote(weir, origin):
    blue, green = origin(), origin()
    steps = [{"weight": "10%", "manual_gate": True}, {"weight": "100%", "hold": "1h"}]
    proxied = weir(proxy(service(blue, green, steps=steps)))
    proxied.done("start")
    gated = proxied.await_phase("Paused")
    assert (gated["pause_reason"], gated["weight_percent"]) == ("gate", 10)
    assert place(proxied.done("promote")) == ("Progressing", 1, 100)
