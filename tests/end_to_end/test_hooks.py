"""Hooks are asked before a rollout goes on: only a pass lets it, and nobody waits for them."""

import json
import time
from pathlib import Path

import pytest

from certificates import Authority
from configuration import PLENTY, proxy, service
from hook_receiver import CLOSE, GARBAGE, HANG
from load import Load
from origins import answering
from waiting import always, eventually, scaled
from weir_process import run
from wire import response

STEPS = [{"weight": "10%", "hold": "1h"}, {"weight": "50%", "hold": "1h"}]
QUICK = [{"weight": "10%"}, {"weight": "50%"}]


@pytest.fixture
def settings(origin, tmp_path):
    """A configuration with one hook."""

    def make(hook, at="before_start", steps=STEPS, guards=None, **own):
        server = origin()
        shop = service(server, server, steps=steps, guards=guards)
        asked = {"name": "qa", "at": at, "url": hook.url("/ask"), "deadline": "500ms", **own}
        shop["rollout"]["hooks"] = [asked]
        return proxy(shop, state={"file": str(tmp_path / "state")})

    return make


def place(weir):
    status = weir.status()
    return status["phase"], status["weight_percent"]


def calls_by_result(weir):
    values = weir.metric("weir_hook_calls_total")
    return {
        result: values[f'service="shop",hook="qa",result="{result}"']
        for result in ("pass", "fail", "error")
    }


def test_a_start_waits_for_its_hook_without_any_traffic_on_the_canary(weir, settings, receiver):
    hook = receiver(HANG)
    proxied = weir(settings(hook, deadline="60s"))
    proxied.done("start", revision="v2")
    call = hook.await_calls(1)[0]
    assert (call.path, call.body["at"], call.body["revision"]) == ("/ask", "before_start", "v2")
    assert call.body["next_weight_percent"] == 10
    assert always(lambda: place(proxied) == ("Progressing", 0), 0.3)
    assert proxied.status()["hooks_asked"] == ["qa"]
    assert "asks hook qa" in proxied.cli("status").stdout


@pytest.mark.parametrize(
    "answer", [200, 204, (200, '{"verdict": "pass"}')], ids=["200", "204", "verdict"]
)
def test_a_pass_lets_it_begin(weir, settings, receiver, answer):
    hook = receiver(answer)
    proxied = weir(settings(hook))
    proxied.done("start")
    eventually(lambda: place(proxied) == ("Progressing", 10))
    assert len(hook.calls) == 1
    assert calls_by_result(proxied) == {"pass": 1, "fail": 0, "error": 0}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, '{"verdict": "fail", "reason": "2 of 9 are red"}'), "hook qa: 2 of 9 are red"),
        (403, "hook qa: status 403"),
    ],
    ids=["verdict", "403"],
)
@pytest.mark.parametrize("on_failure", ["hold", "rollback"])
def test_a_no_does_what_the_policy_says(weir, settings, receiver, answer, reason, on_failure):
    hook = receiver(answer)
    proxied = weir(settings(hook, on_failure=on_failure))
    proxied.done("start")
    proxied.await_phase("Paused" if on_failure == "hold" else "Degraded")
    status = proxied.status()
    assert (status["weight_percent"], status["reason"]) == (0, reason)
    assert len(hook.calls) == 1, "a no is not asked twice"
    assert calls_by_result(proxied) == {"pass": 0, "fail": 1, "error": 0}


UNUSABLE = {
    "hangs": (HANG, "timed out after 500 ms"),
    "500": (500, "status 500"),
    "garbage": (GARBAGE, "response: bad version"),
    "closes": (CLOSE, "closed before the response was complete"),
    "a login page": ((200, "<html>"), "status 200 with a body that is no verdict"),
    "a redirect": (302, "status 302"),
    "too long": ((200, "x" * 100_000), "response too large"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_no_usable_answer_is_asked_for_again_then_holds(weir, settings, receiver, case):
    answer, why = UNUSABLE[case]
    hook = receiver(answer)
    proxied = weir(settings(hook, retries=1, on_failure="rollback"))
    proxied.done("start")
    proxied.await_phase("Paused")
    status = proxied.status()
    assert status["reason"] == f"hook qa: no answer after 2 tries: {why}"
    assert (status["weight_percent"], status["pause_reason"]) == (0, "gate")
    assert len(hook.calls) == 2 and hook.calls[0].key == hook.calls[1].key
    assert calls_by_result(proxied) == {"pass": 0, "fail": 0, "error": 2}


def test_a_retry_that_passes_is_a_pass(weir, settings, receiver):
    hook = receiver(500, 200)
    proxied = weir(settings(hook))
    proxied.done("start")
    eventually(lambda: place(proxied) == ("Progressing", 10))
    assert calls_by_result(proxied) == {"pass": 1, "fail": 0, "error": 1}


@pytest.mark.parametrize("action", ["promote", "resume"])
def test_a_person_overrules_a_hook_that_holds(weir, settings, receiver, action):
    proxied = weir(settings(receiver(403)))
    proxied.done("start")
    proxied.await_phase("Paused")
    assert proxied.done(action)["weight_percent"] == 10
    assert place(proxied) == ("Progressing", 10)


def test_an_abort_waits_for_no_hook_and_a_late_answer_is_of_no_account(weir, settings, receiver):
    hook = receiver(HANG)
    proxied = weir(settings(hook, deadline="60s"))
    proxied.done("start")
    hook.await_calls(1)
    began = time.monotonic()
    proxied.done("abort")
    assert time.monotonic() - began < scaled(0.5)
    assert place(proxied) == ("Degraded", 0)
    hook.released.set()
    assert always(lambda: place(proxied) == ("Degraded", 0), 0.3)


def test_a_guard_waits_for_no_hook(weir, receiver, origin):
    hook, green = receiver(HANG), origin()
    guards = {"errors": "off", "error_threshold": {"min_requests": 5}, "health": "off"}
    shop = service(origin(), green, steps=[{"weight": "50%"}], guards=guards,
                   key={"header": "X-Key"}, retry_budget=PLENTY)
    asked = {"name": "qa", "at": "before_promotion", "url": hook.url(), "deadline": "60s"}
    shop["rollout"]["hooks"] = [asked]
    proxied = weir(proxy(shop))
    with Load(proxied):
        proxied.done("start")
        hook.await_calls(1)
        assert place(proxied) == ("Progressing", 50)
        green.converse = answering(lambda _: response(503))
        green.drop_connections()
        status = proxied.await_phase("Degraded")
    assert status["reason"].startswith("error_threshold: canary")


def test_every_step_and_the_promotion_have_their_own_hooks(weir, settings, receiver):
    step, end = receiver(), receiver()
    configured = settings(step, at="before_step", steps=QUICK)
    hooks = configured["services"][0]["rollout"]["hooks"]
    hooks.append({"name": "end", "at": "before_promotion", "url": end.url(), "deadline": "5s"})
    proxied = weir(configured)
    proxied.done("start")
    proxied.await_phase("Healthy")
    assert proxied.status()["stable"] == "green"
    told = [(call.body["position"]["weight_percent"], call.body["next_weight_percent"])
            for call in step.calls]
    assert told == [(0, 10), (10, 50)]
    assert [call.body["next_weight_percent"] for call in end.calls] == [100]
    assert len({call.key for call in step.calls + end.calls}) == 3


def test_a_hook_that_has_not_answered_is_asked_again_after_a_kill(weir, settings, receiver):
    hook = receiver(HANG, 200)
    proxied = weir(settings(hook, deadline="60s"))
    proxied.done("start")
    hook.await_calls(1)
    proxied.kill()
    proxied.start()
    eventually(lambda: place(proxied) == ("Progressing", 10))
    first, second = hook.calls
    assert (first.key, first.text) == (second.key, second.text)


def test_a_hook_that_held_holds_after_a_kill(weir, settings, receiver):
    hook = receiver(403)
    proxied = weir(settings(hook))
    proxied.done("start")
    before = proxied.await_phase("Paused")
    proxied.kill()
    proxied.start()
    assert proxied.status()["reason"] == before["reason"]
    assert always(lambda: place(proxied) == ("Paused", 0), 0.3)
    assert len(hook.calls) == 1


def test_a_rollback_is_told_once_and_stands_whatever_the_answer(weir, settings, receiver):
    hook = receiver(500)
    proxied = weir(settings(hook, at="after_rollback", retries=0))
    proxied.done("start")
    assert place(proxied) == ("Progressing", 10)
    proxied.done("abort", reason="enough")
    call = hook.await_calls(1)[0]
    assert (call.body["at"], call.body["reason"]) == ("after_rollback", "enough")
    eventually(lambda: proxied.metric("weir_transitions_total")['service="shop",kind="warn"'] == 1)
    assert (place(proxied), proxied.status()["reason"]) == (("Degraded", 0), "enough")
    state = Path(proxied.settings["state"]["file"])
    eventually(lambda: '"passed_hooks":["qa"]' in state.read_text(), what="on the disk")
    proxied.kill()
    proxied.start()
    assert always(lambda: len(hook.calls) == 1, 1.5)


def test_a_reload_without_the_hook_lets_the_rollout_begin(weir, settings, receiver):
    configured = settings(receiver(HANG), deadline="60s")
    proxied = weir(configured)
    proxied.done("start")
    without = json.loads(json.dumps(configured))
    del without["services"][0]["rollout"]["hooks"]
    proxied.reload(without)
    eventually(lambda: place(proxied) == ("Progressing", 10))


def test_tls_is_believed_by_the_authority_named(
    weir, settings, receiver, authority, shop_certificate
):
    hook = receiver(files=shop_certificate)
    proxied = weir(settings(hook, ca_file=str(authority.certificate)))
    proxied.done("start")
    eventually(lambda: place(proxied) == ("Progressing", 10))


def test_a_hook_that_tls_does_not_vouch_for_cannot_pass(
    weir, settings, receiver, shop_certificate, tmp_path
):
    hook = receiver(files=shop_certificate)
    other = Authority(tmp_path, "other")
    proxied = weir(settings(hook, ca_file=str(other.certificate), retries=0))
    proxied.done("start")
    proxied.await_phase("Paused")
    assert "no answer after 1 try: TLS: " in proxied.status()["reason"]
    assert not hook.calls


def test_a_hook_without_a_deadline_is_refused(settings, receiver, tmp_path):
    configured = settings(receiver())
    del configured["services"][0]["rollout"]["hooks"][0]["deadline"]
    (tmp_path / "weir.yaml").write_text(json.dumps(configured, indent=1))
    checked = run("check", "--config", tmp_path / "weir.yaml")
    assert checked.returncode == 1
    assert "services[0].rollout.hooks[0].deadline: is missing" in checked.stderr
