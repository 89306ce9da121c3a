"""Webhooks are told of each transition, once, whatever becomes of the proxy and of them."""

import random
import time

import pytest

from certificates import Authority
from configuration import proxy, service
from hook_receiver import CLOSE, GARBAGE, HANG
from take_over import replaceable, successor_of
from waiting import always, eventually, scaled

SECRET = "whsec_0123456789"


@pytest.fixture
def settings(origin, tmp_path):
    """A configuration with these webhooks, each (name, receiver, settings of its own)."""

    def make(*webhooks, **more):
        listed = [
            {"name": name, "url": receiver.url("/weir?team=shop"), "deadline": "1s", **own}
            for name, receiver, own in webhooks
        ]
        server = origin()
        return proxy(
            service(server, server),
            state={"file": str(tmp_path / "state")},
            notifications={"webhooks": listed, **more},
        )

    return make


def metric(weir, result, webhook="ops"):
    values = weir.metric("weir_notifications_total")
    return values[f'webhook="{webhook}",result="{result}"']


def all_delivered(weir):
    return weir.status()["notifications"]["waiting"] == 0


def test_each_transition_is_told_once_and_signed(weir, settings, receiver, tmp_path):
    (tmp_path / "secret").write_text(SECRET + "\n")
    ops = receiver()
    proxied = weir(settings(("ops", ops, {"secret_file": str(tmp_path / "secret")})))
    proxied.done("start", revision="v2", reason="release 7")
    proxied.done("promote")
    proxied.done("abort", reason="too <slow>")
    calls = ops.await_calls(3)
    assert ops.kinds == ["start", "promote", "abort"]
    assert all(call.signed_with(SECRET) and not call.signed_with("another") for call in calls)
    assert len({call.key for call in calls}) == 3
    assert all(call.key == call.body["id"] for call in calls)
    assert calls[0].path == "/weir?team=shop"
    assert calls[0].headers["Content-Type"] == "application/json"
    last = calls[2].body
    assert (last["service"], last["revision"], last["reason"]) == ("shop", "v2", "too <slow>")
    assert last["from"]["weight_percent"] == 50 and last["to"]["phase"] == "Degraded"
    eventually(lambda: metric(proxied, "delivered") == 3)
    assert all_delivered(proxied)
    assert SECRET not in proxied.whole_log and "team=shop" not in proxied.whole_log


def test_a_secret_is_read_again_for_each(weir, settings, receiver, tmp_path):
    (tmp_path / "secret").write_text("first")
    ops = receiver()
    proxied = weir(settings(("ops", ops, {"secret_file": str(tmp_path / "secret")})))
    proxied.done("start")
    ops.await_calls(1)
    (tmp_path / "secret").write_text("second")
    proxied.done("abort")
    first, second = ops.await_calls(2)
    assert first.signed_with("first") and second.signed_with("second")


def test_only_some_kinds_and_in_slacks_own_words(weir, settings, receiver):
    chat, ops = receiver(), receiver()
    slack = ("chat", chat, {"format": "slack", "kinds": ["abort"]})
    proxied = weir(settings(slack, ("ops", ops, {})))
    proxied.done("start", revision="v2")
    proxied.done("abort", reason="1 < 2")
    ops.await_calls(2)
    text = chat.await_calls(1)[0].body
    assert list(text) == ["text"]
    assert text["text"].startswith("*shop* abort: 1 &lt; 2\nv2: Degraded, blue stable")
    assert always(lambda: len(chat.calls) == 1, 0.3)
    assert "X-Weir-Signature" not in chat.calls[0].headers


def test_an_outage_and_a_kill_lose_nothing_and_repeat_nothing(weir, settings, receiver):
    ops = receiver()
    proxied = weir(settings(("ops", ops, {})))
    ops.down()
    proxied.done("start")
    proxied.done("promote")
    trouble = eventually(lambda: proxied.status()["notifications"]["trouble"])
    assert trouble == "ops: connect: Connection refused"
    proxied.kill()
    proxied.start()
    proxied.done("abort")
    assert proxied.status()["notifications"]["waiting"] == 3
    ops.up()
    ops.await_calls(3)
    eventually(lambda: all_delivered(proxied))
    assert ops.kinds == ["start", "promote", "abort"]
    assert proxied.status()["notifications"]["trouble"] == ""
    proxied.kill()
    proxied.start()
    assert always(lambda: len(ops.calls) == 3, 0.5), "what was acknowledged is not sent again"


@pytest.mark.parametrize("answer", [HANG, GARBAGE, CLOSE, 500, 503, 429])
def test_without_a_success_the_same_is_sent_again(weir, settings, receiver, answer):
    ops = receiver(answer, 200)
    proxied = weir(settings(("ops", ops, {"deadline": "300ms"})))
    proxied.done("start")
    first, second = ops.await_calls(2)
    assert (first.key, first.text) == (second.key, second.text)
    eventually(lambda: all_delivered(proxied))
    assert metric(proxied, "delivered") == 1
    assert proxied.metric("weir_notification_failed_tries_total")['webhook="ops"'] == 1


def test_a_kill_before_the_acknowledgement_repeats_just_that_one(weir, settings, receiver):
    ops = receiver(HANG, 200)
    proxied = weir(settings(("ops", ops, {"deadline": "60s"})))
    proxied.done("start")
    ops.await_calls(1)
    proxied.kill()
    proxied.start()
    first, second = ops.await_calls(2)
    assert (first.key, first.text) == (second.key, second.text)
    eventually(lambda: all_delivered(proxied))
    assert len(ops.calls) == 2


def test_kills_at_any_moment_and_a_receiver_that_fails_at_random(weir, settings, receiver):
    """Every action that was answered has just one id, whatever was sent how often."""
    moment = random.Random(11)
    ops = receiver(*(moment.choice([200, 200, 503, CLOSE]) for _ in range(60)), 200)
    proxied = weir(settings(("ops", ops, {"kinds": ["set-weight"]})))
    proxied.done("start")
    done = []
    for weight in range(1, 25):
        proxied.done("set-weight", weight=weight)
        done.append(weight)
        if weight % 4 == 0:
            time.sleep(moment.uniform(0, 0.1))
            proxied.kill()
            proxied.start()
    eventually(lambda: all_delivered(proxied), 60)
    ids = {}
    for call in ops.calls:
        assert ids.setdefault(call.key, call.text) == call.text
    told = [call.body["to"]["weight_percent"] for call in ops.calls]
    assert sorted(set(told)) == done
    assert len(ids) == len(done)
    assert [w for i, w in enumerate(told) if w not in told[:i]] == done, "in order"


def test_a_receiver_that_hangs_holds_up_neither_decisions_nor_others(weir, settings, receiver):
    stuck, ops = receiver(HANG), receiver()
    proxied = weir(settings(("stuck", stuck, {"deadline": "1m"}), ("ops", ops, {})))
    proxied.done("start")
    stuck.await_calls(1)
    began = time.monotonic()
    for weight in range(1, 11):
        proxied.done("set-weight", weight=weight)
    proxied.done("abort")
    assert time.monotonic() - began < scaled(2)
    ops.await_calls(12)
    assert len(stuck.calls) == 1


def test_what_no_retry_can_change_is_given_up(weir, settings, receiver):
    ops = receiver(410, 200)
    proxied = weir(settings(("ops", ops, {})))
    proxied.done("start")
    eventually(lambda: metric(proxied, "refused") == 1)
    assert proxied.status()["notifications"] == {"waiting": 0, "trouble": "ops: status 410"}
    assert "webhook ops: start of shop given up: refused: status 410" in eventually(
        lambda: "given up" in proxied.log and proxied.log
    )
    proxied.done("abort")
    ops.await_calls(2)
    assert ops.kinds == ["start", "abort"]
    assert eventually(lambda: proxied.status()["notifications"]["trouble"] == "")


def test_beyond_its_bound_the_queue_drops_the_oldest(weir, settings, receiver):
    ops = receiver()
    proxied = weir(settings(("ops", ops, {}), queue=3))
    ops.down()
    proxied.done("start")
    for weight in (1, 2, 3, 4):
        proxied.done("set-weight", weight=weight)
    assert proxied.status()["notifications"]["waiting"] == 3
    assert metric(proxied, "dropped") == 2
    assert proxied.metric("weir_limit")['limit="notifications.queue"'] == 3
    ops.up()
    ops.await_calls(3)
    assert [call.body["to"]["weight_percent"] for call in ops.calls] == [2, 3, 4]


def test_tls_is_believed_by_the_authority_named(
    weir, settings, receiver, authority, shop_certificate
):
    ops = receiver(files=shop_certificate)
    proxied = weir(settings(("ops", ops, {"ca_file": str(authority.certificate)})))
    proxied.done("start")
    ops.await_calls(1)


@pytest.mark.parametrize("trusted", ["another authority", "the system's"])
def test_tls_is_not_believed_by_any_other(
    weir, settings, receiver, shop_certificate, trusted, tmp_path
):
    ops = receiver(files=shop_certificate)
    own = {}
    if trusted == "another authority":
        own["ca_file"] = str(Authority(tmp_path, "other").certificate)
    proxied = weir(settings(("ops", ops, own)))
    proxied.done("start")
    trouble = eventually(lambda: proxied.status()["notifications"]["trouble"])
    assert trouble.startswith("ops: TLS: ")
    assert not ops.calls


def test_tls_of_another_name_is_not_believed(weir, settings, receiver, authority):
    ops = receiver(files=authority.issue("elsewhere", "DNS:elsewhere.test"))
    proxied = weir(settings(("ops", ops, {"ca_file": str(authority.certificate)})))
    proxied.done("start")
    eventually(lambda: proxied.status()["notifications"]["trouble"].startswith("ops: TLS: "))
    assert not ops.calls


def test_a_process_that_takes_over_delivers_what_the_old_one_could_not(
    weir, settings, receiver, tmp_path
):
    ops = receiver()
    old = weir({**settings(("ops", ops, {})), **replaceable(tmp_path)})
    ops.down()
    old.done("start")
    old.done("promote")
    new = successor_of(old, weir)
    assert old.wait() == 0
    new.done("abort")
    ops.up()
    ops.await_calls(3)
    assert ops.kinds == ["start", "promote", "abort"]
    eventually(lambda: all_delivered(new))
    assert metric(new, "delivered") == 3


def test_a_missing_secret_stops_the_start_with_its_path(weir, settings, receiver):
    broken = settings(("ops", receiver(), {"secret_file": "/nowhere/secret"}))
    proxied = weir(broken, start=False).launch()
    assert proxied.wait() == 1
    assert "notifications.webhooks[0].secret_file: /nowhere/secret cannot be read" in proxied.log


def test_a_reload_changes_whom_to_tell(weir, settings, receiver):
    before, after = receiver(), receiver()
    configured = settings(("before", before, {}))
    proxied = weir(configured)
    proxied.done("start")
    before.await_calls(1)
    webhook = {"name": "after", "url": after.url()}
    proxied.reload({**configured, "notifications": {"webhooks": [webhook]}})
    proxied.done("abort")
    after.await_calls(1)
    assert after.kinds == ["abort"] and before.kinds == ["start"]
