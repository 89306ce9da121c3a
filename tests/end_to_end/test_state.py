"""Where a rollout stands survives everything, and a state that cannot be trusted is never
guessed at nor written over."""

import random
import subprocess
import time

import pytest

from configuration import milliseconds, proxy, service
from waiting import always, eventually, scaled

STEPS = [{"weight": w, "hold": "1h"} for w in ("10%", "20%", "50%")]
KEPT = ("epoch", "phase", "pause_reason", "stable", "weight_percent", "step", "can_undo",
        "revision", "reason")
SITUATIONS = {
    "in the first step": ["start"],
    "in the second step": ["start", "promote"],
    "paused": ["start", "promote", "pause"],
    "at a chosen weight": ["start", "set-weight"],
    "rolled back": ["start", "abort"],
    "finished": ["start", "promote", "promote", "promote"],
    "undone": ["start", "promote", "promote", "promote", "undo"],
    "in its second rollout": ["start", "abort", "retry", "promote"],
}


@pytest.fixture
def settings(origin, tmp_path):
    def make(steps=STEPS, **more):
        shop = service(origin(), origin(), steps=steps, **more)
        return proxy(shop, state={"file": str(tmp_path / "state")})

    return make


def kept(weir):
    status = weir.status()
    return {name: status[name] for name in KEPT}


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("end", ["kill", "stop"])
def test_a_restart_finds_the_rollout_where_it_was(weir, settings, situation, end):
    proxied = weir(settings())
    for action in SITUATIONS[situation]:
        proxied.done(action, **({"weight": 12.34} if action == "set-weight" else {}))
    before = kept(proxied)
    getattr(proxied, end)()
    proxied.start()
    assert kept(proxied) == before


def test_the_time_a_step_has_held_is_kept(weir, settings):
    proxied = weir(settings())
    proxied.done("start")
    before = eventually(lambda: (held := proxied.status()["held_seconds"]) > 1.5 and held)
    proxied.kill()
    proxied.start()
    assert before - 1.5 < proxied.status()["held_seconds"] <= before + 5


def test_a_kill_at_any_moment_of_a_ramp_loses_nothing(weir, settings):
    """What an answer or an event has said is on the disk: it is never taken back."""
    steps = [{"weight": f"{w}%", "hold": "30ms"} for w in range(5, 101, 5)]
    proxied = weir(settings(steps))
    moment = random.Random(7)
    reached = (0, 0)
    for _ in range(8):
        if proxied.status()["phase"] != "Progressing":
            proxied.done("start")
        time.sleep(moment.uniform(0, 0.15))
        seen = proxied.status()
        proxied.kill()
        proxied.start()
        after = proxied.status()
        place = (after["epoch"], after["step"])
        assert place >= (seen["epoch"], seen["step"]) and place >= reached
        assert after["phase"] in ("Progressing", "Healthy")
        reached = place
    eventually(lambda: proxied.status()["phase"] == "Healthy", 20)


def untouched(path):
    return (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)


DAMAGES = {
    "foreign": lambda whole: b"{\"phase\": \"Healthy\"}\n",
    "empty": lambda whole: b"",
    "cut short": lambda whole: whole[: len(whole) // 2],
    "one bit": lambda whole: whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:],
    "of a newer version": lambda whole: whole.replace(b"weir-state 1", b"weir-state 2"),
    "padded": lambda whole: whole + b"x",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_state_stops_the_start_and_stays_as_it_is(weir, settings, tmp_path, damage):
    proxied = weir(settings())
    proxied.done("start")
    assert proxied.stop() == 0
    path = tmp_path / "state"
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    before = untouched(path)
    assert proxied.launch().wait() == 1
    assert str(path) in proxied.log, "the error names the file"
    assert untouched(path) == before


def test_a_state_file_has_one_process(weir, settings):
    configured = settings()
    first = weir(configured)
    first.done("start")
    second = weir(configured, start=False).launch()
    assert second.wait() == 1
    assert "in use" in second.log
    first.done("promote")
    first.kill()
    assert second.start().status()["step"] == 1


def test_without_a_state_file_the_log_says_so(weir, origin):
    proxied = weir(proxy(service(origin(), origin())))
    assert "state.file" in proxied.log


def test_a_rise_the_disk_refuses_does_not_happen_and_an_abort_does(weir, origin, tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    settings = proxy(service(origin(), origin(), steps=STEPS), state={"file": f"{folder}/state"})
    proxied = weir(settings)
    proxied.done("start")
    folder.rename(tmp_path / "gone")
    refused = proxied.act("promote")
    assert (refused.status_code, refused.json()["phase"]) == (503, "Progressing")
    assert proxied.status()["weight_percent"] == 10
    aborted = proxied.done("abort")
    assert (aborted["phase"], aborted["weight_percent"]) == ("Degraded", 0)
    assert aborted["state_persisted"] is False
    (tmp_path / "gone").rename(folder)
    eventually(lambda: proxied.status()["state_persisted"], what="saved once the disk is back")
    proxied.kill()
    assert proxied.start().status()["phase"] == "Degraded"


def test_a_rollout_whose_driver_was_killed_rolls_back(weir, settings):
    proxied = weir(settings(driver_timeout=milliseconds(1.5)))
    driver = proxied.cli_open("start", "--wait")
    try:
        proxied.await_phase("Progressing")
        still = always(lambda: proxied.status()["phase"] == "Progressing", scaled(2.5))
        assert still, "for as long as somebody waits"
    finally:
        driver.kill()
        driver.wait()
    status = proxied.await_phase("Degraded")
    assert "driver" in status["reason"]


def test_a_restart_gives_the_driver_its_time_again(weir, settings):
    proxied = weir(settings(driver_timeout=milliseconds(2)))
    proxied.done("start")
    proxied.kill()
    proxied.start()
    assert proxied.status()["phase"] == "Progressing"
    assert "driver" in proxied.await_phase("Degraded")["reason"]


def test_a_driver_sees_that_its_rollout_was_aborted(weir, settings):
    proxied = weir(settings())
    driver = proxied.cli_open("start", "--wait")
    try:
        proxied.await_phase("Progressing")
        proxied.done("abort", reason="called off")
        output, _ = driver.communicate(timeout=scaled(20))
    except subprocess.TimeoutExpired:
        driver.kill()
        raise
    assert driver.returncode == 3
    assert "called off" in output
