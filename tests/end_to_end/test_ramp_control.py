"""What keeps a ramp from rising, and what never keeps it from going back."""

import pytest

from configuration import CHECKED, milliseconds, pool, proxy, service, write
from load import Load
from waiting import always, eventually
from weir_process import run

QUICK = [{"weight": weight, "hold": "50ms"} for weight in ("10%", "50%")]
ALWAYS = {"name": "stocktaking", "zone": "Europe/Berlin"}
FROZEN = "freeze window stocktaking, for more than a year"


def shop(blue, green, steps=QUICK, more=None, **rollout):
    settings = service(blue, green, steps=steps)
    settings["rollout"].update(rollout)
    return proxy(settings, **(more or {}))


def told(proxied, kind):
    """How often, by this process."""
    return proxied.metric("weir_transitions_total")[f'service="shop",kind="{kind}"']


def test_a_freeze_refuses_what_rises_and_lets_go_back(weir, origin):
    proxied = weir(shop(origin(), origin(), freeze=[ALWAYS]))
    refused = proxied.act("start")
    assert refused.status_code == 409
    assert refused.json()["detail"] == f"cannot start: {FROZEN}; force does it all the same"
    assert proxied.status()["freeze"]["window"] == "stocktaking"
    assert proxied.metric("weir_rollout_frozen") == {'service="shop"': 1}

    started = proxied.done("start", force=True, reason="a hotfix")
    assert started["reason"] == f"a hotfix; forced, against {FROZEN}"
    status = eventually(lambda: (seen := proxied.status())["hold"] and seen)
    assert status["hold"] == {"by": "freeze", "reason": FROZEN}
    assert (status["phase"], status["weight_percent"]) == ("Progressing", 10)
    assert proxied.metric("weir_rollout_waiting")['service="shop",reason="freeze"'] == 1
    shown = proxied.cli("status")
    assert f"hold: {FROZEN}" in shown.stdout
    promoted = proxied.cli("promote")
    assert promoted.returncode == 1 and FROZEN in promoted.stderr
    assert proxied.act("set-weight", weight=11).status_code == 409
    assert proxied.status()["weight_percent"] == 10

    assert proxied.done("abort")["phase"] == "Degraded"
    assert told(proxied, "hold") == 1
    assert proxied.act("retry").status_code == 409
    forced = proxied.cli("retry", "--force")
    assert forced.returncode == 0, forced.stderr


def test_a_ramp_goes_on_by_itself_after_a_freeze(weir, origin):
    servers = origin(), origin()
    proxied = weir(shop(*servers, freeze=[ALWAYS]))
    proxied.done("start", force=True)
    eventually(lambda: proxied.status()["hold"])
    proxied.reload(shop(*servers))
    proxied.await_phase("Healthy")
    assert proxied.status()["stable"] == "green"
    assert proxied.act("undo").status_code == 200


def test_a_rollback_does_not_wait_for_a_freeze(weir, origin):
    blue, green = origin(), origin()
    settings = shop(blue, pool(green, check=CHECKED), freeze=[ALWAYS], guards={"errors": "off"})
    proxied = weir(settings)
    eventually(lambda: proxied.status()["versions"]["green"]["endpoints"][0]["health"] == "healthy")
    proxied.done("start", force=True)
    eventually(lambda: proxied.status()["hold"])
    green.close()
    assert proxied.await_phase("Degraded")["reason"].startswith("health: ")


def test_a_step_waits_until_enough_endpoints_are_healthy(weir, origin):
    """90 to 200 requests/s come. Of the four endpoints for 70 each three are down."""
    blue, greens = origin(), [origin() for _ in range(4)]
    steps = [{"weight": weight, "hold": "50ms"} for weight in ("10%", "90%")]
    for each in greens[1:]:
        each.close()
    canary = pool(*greens, check=CHECKED, capacity=70)
    proxied = weir(shop(pool(blue, capacity=1), canary, steps=steps))
    with Load(proxied, pause=0.02):
        eventually(lambda: proxied.status()["versions"]["green"]["healthy"] == 1)
        eventually(lambda: proxied.status()["load_per_second"] > 90, 20)
        proxied.done("start")
        status = eventually(lambda: (seen := proxied.status())["hold"] and seen)
        assert status["hold"]["by"] == "capacity"
        assert status["hold"]["reason"].startswith(
            "capacity: green can take 70 requests/s (1 of 4 endpoints are healthy, 70 each)"
        )
        assert status["versions"]["green"]["capacity_per_second"] == 70
        assert proxied.metric("weir_rollout_waiting")['service="shop",reason="capacity"'] == 1
        assert always(lambda: proxied.status()["weight_percent"] == 10, 0.5)
        assert told(proxied, "hold") == 1
        promoted = proxied.cli("promote")
        assert promoted.returncode == 1 and "capacity: green can take 70" in promoted.stderr

        for each in greens[1:]:
            each.open()
        eventually(lambda: proxied.status()["stable"] == "green", what="finished by itself")
        undone = proxied.act("undo")
        assert undone.status_code == 409 and "blue can take 1 requests/s" in undone.text
        assert proxied.done("undo", force=True)["stable"] == "blue"


def test_an_abort_does_not_wait_for_capacity_but_warns(weir, origin):
    steps = [{"weight": "50%", "hold": "1h"}]
    proxied = weir(shop(pool(origin(), capacity=1), origin(), steps=steps))
    with Load(proxied):
        eventually(lambda: proxied.status()["load_per_second"] > 10)
        proxied.done("start")
        gently = proxied.act("set-weight", weight=40)
        assert gently.status_code == 409 and "would arrive at 60%" in gently.text
        assert proxied.done("abort")["weight_percent"] == 0
    assert told(proxied, "warn") == 1
    assert '"why":"capacity: blue can take 1 requests/s' in proxied.log


@pytest.mark.parametrize("end", ["kill", "stop"])
def test_that_a_pool_may_be_scaled_down_is_told_once_whatever_happens(
    weir, origin, tmp_path, end
):
    kept = {"state": {"file": str(tmp_path / "state")}}
    proxied = weir(shop(origin(), origin(), more=kept, bake=milliseconds(2)))
    proxied.done("start")
    status = proxied.await_phase("Healthy")
    assert status["warm_until_unix_ms"] and told(proxied, "scale-down") == 0
    getattr(proxied, end)()
    proxied.start()
    assert proxied.status()["warm_until_unix_ms"] == status["warm_until_unix_ms"]
    eventually(lambda: told(proxied, "scale-down") == 1)
    assert proxied.status()["warm_until_unix_ms"] is None
    getattr(proxied, end)()
    proxied.start()
    assert always(lambda: told(proxied, "scale-down") == 0, 2.5), "a look comes each second"
    assert proxied.whole_log.count('"what":"scale-down"') == 1
    assert proxied.done("undo")["stable"] == "blue"


def test_what_does_not_promote_by_itself_waits_at_the_end(weir, origin):
    proxied = weir(shop(origin(), origin(), auto_promote=False))
    proxied.done("start")
    status = proxied.await_phase("Paused")
    assert (status["pause_reason"], status["weight_percent"]) == ("gate", 50)
    assert proxied.done("promote")["stable"] == "green"


def test_a_ramp_by_a_rule_is_a_list_of_steps(weir, origin):
    settings = service(origin(), origin())
    settings["rollout"].pop("steps")
    settings["rollout"]["ramp"] = {"from": "1%", "factor": 2, "hold": "1h"}
    proxied = weir(proxy(settings))
    steps = proxied.done("start")["steps"]
    assert [step["weight_percent"] for step in steps] == [1, 2, 4, 8, 16, 32, 64, 100]
    assert {step["hold_seconds"] for step in steps} == {3600}


def test_a_zone_that_is_none_is_refused(origin, tmp_path):
    unknown = {**ALWAYS, "zone": "Europe/Bielefeld"}
    write(tmp_path / "weir.yaml", shop(origin(), origin(), freeze=[ALWAYS, unknown]))
    checked = run("check", "--config", tmp_path / "weir.yaml")
    assert checked.returncode == 1
    assert "services[0].rollout.freeze[1].zone: 'Europe/Bielefeld' is not a time zone" in (
        checked.stdout + checked.stderr
    )
