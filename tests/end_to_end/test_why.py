"""Why a rollout went the way it did: the same account in the status, the events, the audit log,
the command's last lines and the history, down to requests the pools can find in their logs."""

import itertools
import json
import re
import time

import pytest

from configuration import PLENTY, proxy, service
from event_stream import EventStream
from load import Load
from origins import answering, echo_id
from take_over import replaceable, successor_of
from waiting import eventually
from wire import RawClient, response

HALF = [{"weight": "50%", "hold": "1h"}]
WATCHED = {"errors": {"failures_in_a_row": 0}, "health": "off", "outage": "off"}
MINE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def shop(weir, tmp_path):
    """Its state, its history and its audit log survive it."""

    def make(blue, green, guards=None, steps=HALF, state=None, bake="0s", **more):
        watched = service(blue, green, key={"header": "X-Key"}, shield={"enabled": False},
                          steps=steps, guards=guards or WATCHED, retry_budget=PLENTY,
                          preview={"header": "X-Preview"})
        watched["rollout"]["bake"] = bake
        kept = {"file": str(tmp_path / "state"), **(state or {})}
        admin = {"listen": "127.0.0.1:0", "audit_file": str(tmp_path / "audit")}
        return weir(proxy(watched, state=kept, admin=admin, **more))

    return make


def failing(_):
    return response(500)


def sometimes_failing(message):
    return response(500) if message.value("X-Test-Id")[-1] in "789" else echo_id(message)


def failing_after(count):
    """By then stable has failed now and then: there is something to compare with."""
    numbers = itertools.count()
    return lambda message: echo_id(message) if next(numbers) < count else failing(message)


def seen_by(origin):
    """Request id -> trace id of what reached it."""
    return {each.value("X-Request-Id"): each.value("traceparent").split("-")[1]
            for each in origin.requests}


def rolled_back(proxied, path="/"):
    """A rollout with its command, its event and its line of the audit log."""
    with EventStream(proxied) as stream, Load(proxied, path=path) as load:
        load.await_more(100)
        ended = proxied.cli("start", "--wait", "--revision", "v2", "--timeout", "60s")
        load.await_more(1)
        events = stream.take(2)
    assert ended.returncode == 3, ended.stdout + ended.stderr
    assert [each["data"]["kind"] for each in events] == ["start", "rollback"]
    return ended, events[1]["data"]


def history(proxied):
    answer = proxied.api("GET", "/v1/services/shop/rollout/history")
    assert answer.status_code == 200, answer.text
    return answer.json()


def await_written(proxied):
    return eventually(lambda: (kept := history(proxied))["persisted"] and kept)["rollouts"]


def assert_samples(samples, origin, path):
    """They are requests that this origin, and it alone, can find."""
    known = seen_by(origin)
    assert 0 < len(samples) <= 10
    for sample in samples:
        assert known[sample["request_id"]] == sample["trace_id"]
        assert (sample["method"], sample["path"]) == ("GET", path)
        assert (sample["status"], sample["ending"], sample["error"]) == (500, "answered", True)
        assert 0 < sample["latency_seconds"] < 60
        assert abs(sample["unix_ms"] / 1000 - time.time()) < 600
    assert len({sample["request_id"] for sample in samples}) == len(samples)


def assert_account(account, blue, green, path="/cart"):
    """Guard, counts of both, ratio, evidence, threshold and samples of both."""
    guard = next(each for each in account["guards"] if each["guard"] == "errors")
    assert (guard["verdict"], guard["measure"]) == ("worse", "evidence")
    assert guard["value"] >= guard["threshold"] == 100
    assert guard["canary"]["requests"] >= guard["canary"]["errors"] > 0
    assert guard["stable"]["requests"] > guard["stable"]["errors"] > 0
    assert guard["ratio"] > 1
    seen = account["seen"]
    for role in ("stable", "canary"):
        assert seen[role]["errors"] >= guard[role]["errors"]
    assert_samples(seen["canary"]["samples"], green, path)
    assert_samples(seen["stable"]["samples"], blue, path)


@pytest.fixture
def failed(shop, origin):
    """A rollout that a guard rolled back, and everything that was told of it."""
    blue, green = origin(answering(sometimes_failing)), origin(answering(failing_after(100)))
    proxied = shop(blue, green)
    for action in ("start", "abort"):
        proxied.done(action)
    ended, event = rolled_back(proxied, "/cart?token=secret")
    return proxied, blue, green, ended, event


def test_a_rollback_says_why_everywhere(failed, tmp_path):
    proxied, blue, green, ended, event = failed
    status = proxied.status()
    lines = [json.loads(line) for line in (tmp_path / "audit").read_text().splitlines()]
    audited = next(each for each in lines if each["what"] == "rollback")
    past = await_written(proxied)[0]
    assert event["guard"] == audited["guard"] == status["last_transition"]["guard"] == "errors"
    assert past["last_transition"] == status["last_transition"]
    assert audited["event"] == event["id"]
    for account in (event, audited, status, past):
        assert_account(account, blue, green)
        assert account["seen"] == event["seen"]
        assert account["guards"] == event["guards"]
    for told in (event, audited, status, past):
        assert "secret" not in json.dumps(told), "the query is left out"


def test_the_last_lines_of_the_command_say_why(failed):
    proxied, _, green, ended, event = failed
    last = ended.stdout[ended.stdout.index("shop: Degraded"):]
    guard = next(each for each in event["guards"] if each["guard"] == "errors")
    canary, stable = (guard[role]["requests"] for role in ("canary", "stable"))
    assert re.search(rf"guard errors: evidence \S+ of 100, ratio \S+; "
                     rf"requests {canary} canary, {stable} stable", last)
    seen = event["seen"]
    for role in ("canary", "stable"):
        counts = "{requests} requests, {errors} errors, {slow} slow".format(**seen[role])
        assert f"{role}: {counts}\n" in last
    shown = re.findall(r"GET /cart 500, \d+ ms, request (\S+), trace (\S+)", last)
    told = [(each["request_id"], each["trace_id"])
            for role in ("canary", "stable") for each in seen[role]["samples"]]
    assert shown == told
    assert set(shown) & set(seen_by(green).items())
    assert all(request_id in proxied.cli("status").stdout for request_id, _ in shown)


@pytest.mark.parametrize("end", ["kill", "stop"])
def test_the_history_and_the_status_outlive_the_process(failed, end):
    proxied, blue, green, _, _ = failed
    before, shown = await_written(proxied), proxied.cli("history").stdout
    status = proxied.status()
    getattr(proxied, end)()
    proxied.start()
    assert history(proxied)["rollouts"] == before
    assert proxied.cli("history").stdout == shown
    told = json.loads(proxied.cli("history", "--output", "json").stdout)
    assert [each["ended"] for each in told["rollouts"]] == ["rolled_back", "aborted"]
    assert_account(told["rollouts"][0], blue, green)
    assert (told["rollouts"][0]["revision"], told["rollouts"][0]["epoch"]) == ("v2", 2)
    assert told["rollouts"][0]["greatest_weight_percent"] == 50
    assert 0 < told["rollouts"][0]["started_unix_ms"] <= status["last_transition"]["unix_ms"]
    for member in ("guards", "seen", "last_transition"):
        assert proxied.status()[member] == status[member]
    assert re.search(r"epoch 2  rolled_back by errors  green at most 50%  .* revision v2\n"
                     r"  errors: canary .*\n  guard errors: ", shown)


def test_a_process_that_takes_over_has_the_history(weir, shop, origin, tmp_path):
    old = shop(origin(), origin(), **replaceable(tmp_path))
    for action in ("start", "abort", "start"):
        old.done(action)
    new = successor_of(old, weir)
    assert old.wait() == 0
    new.done("abort", reason="seen enough")
    assert [(each["epoch"], each["last_transition"]["reason"]) for each in await_written(new)] == [
        (2, "seen enough"), (1, "aborted by an operator")]


WAYS = {  # what the canary does, the guards, and how a sample of it looks
    "an error": (answering(failing), WATCHED, (500, "answered", True, False)),
    "a reset": (lambda peer: (peer.read_request(), peer.reset()), WATCHED,
                (502, "reset", True, False)),
    "no connection": (None, WATCHED, (502, "connect_failed", True, False)),
    "slowness": (answering(lambda message: time.sleep(0.1) or echo_id(message)),
                 {"health": "off", "errors": "off", "latency": {"slower_than": "50ms"}},
                 (200, "answered", False, True)),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_sample_tells_in_what_way_it_was_bad(shop, origin, way):
    converse, guards, looks = WAYS[way]
    blue, green = origin(), origin(converse)
    proxied = shop(blue, green, guards=guards)
    if not converse:
        green.close()
    with Load(proxied):
        proxied.done("start")
        status = proxied.await_phase("Degraded", seconds=30)
    samples = status["seen"]["canary"]["samples"]
    found = [tuple(each[name] for name in ("status", "ending", "error", "slow"))
             for each in samples]
    assert found and set(found) == {looks}
    if converse:
        assert {each["request_id"] for each in samples} <= set(seen_by(green))
    stable = status["seen"]["stable"]
    assert stable["requests"] > 0
    assert way == "slowness" or stable["samples"] == [], "nothing of what was good"


def test_a_client_is_known_by_the_ids_it_sent(shop, origin):
    green = origin(answering(failing))
    guards = {"errors": {"action": "warn"}, "health": "off", "outage": "off"}
    proxied = shop(origin(), green, guards=guards, steps=[{"weight": "100%", "hold": "1h"}])
    proxied.done("start")
    with RawClient(proxied.port) as client:
        client.get("/" + 300 * "x" + "?secret", X_Request_Id="mine-1", traceparent=MINE)
        client.get("/shown-to-nobody", X_Request_Id="mine-2", X_Preview="1")
        client.get("/after", X_Request_Id="mine-3")
    samples = eventually(lambda: len(found := proxied.status()["seen"]["canary"]["samples"]) == 2
                         and found)
    assert [each["request_id"] for each in samples] == ["mine-1", "mine-3"]
    assert samples[0]["trace_id"] == MINE.split("-")[1]
    assert samples[0]["path"] == "/" + 127 * "x"


def test_a_storm_leaves_ten_samples_and_every_count(shop, origin):
    green = origin(answering(failing))
    guards = {"errors": {"action": "warn"}, "health": "off", "outage": "off"}
    proxied = shop(origin(), green, guards=guards, steps=[{"weight": "100%", "hold": "1h"}])
    proxied.done("start")
    with Load(proxied, threads=8, pause=0) as load:
        load.await_more(1000)
    sent = len(load.samples)
    seen = eventually(lambda: (now := proxied.status()["seen"]["canary"])["errors"] == sent and now)
    assert len(seen["samples"]) == 10
    assert proxied.metric("weir_samples_lost_total")[""] == 0


def test_past_rollouts_are_bounded_and_the_bound_is_a_limit(shop, origin):
    proxied = shop(origin(), origin(), state={"history": 2})
    for _ in range(4):
        proxied.done("start")
        proxied.done("abort")
    assert [each["epoch"] for each in history(proxied)["rollouts"]] == [4, 3]
    assert proxied.metric("weir_history_dropped_total")[""] == 2
    assert proxied.metric("weir_limit")['limit="state.history"'] == 2
    settings = proxied.settings
    settings["state"]["history"] = 1
    proxied.reload(settings)
    assert [each["epoch"] for each in await_written(proxied)] == [4]


def test_how_a_rollout_ended_is_told_of_each_kind(shop, origin):
    proxied = shop(origin(), origin(), guards={"errors": "off", "health": "off", "outage": "off"})
    for action in ("start", "promote", "undo", "start", "abort"):
        proxied.done(action)
    ends = [(each["epoch"], each["ended"], each["canary"]) for each in history(proxied)["rollouts"]]
    assert ends == [(3, "aborted", "green"), (2, "undone", "green"), (1, "finished", "green")]


def test_what_is_told_of_a_rollout_that_is_over_changes_nothing_of_its_end(shop, origin):
    proxied = shop(origin(), origin(answering(failing)), bake="1s")
    with EventStream(proxied) as stream, Load(proxied):
        proxied.done("start")
        ended = proxied.await_phase("Degraded")
        events = stream.take(3)
    assert [each["data"]["kind"] for each in events] == ["start", "rollback", "scale-down"]
    status, past = proxied.status(), history(proxied)["rollouts"]
    for member in ("last_transition", "guards", "seen"):
        assert status[member] == ended[member]
    assert [each["ended"] for each in past] == ["rolled_back"]
    assert past[0]["seen"] == ended["seen"]


DAMAGES = {
    "empty": lambda whole: b"",
    "cut short": lambda whole: whole[:-9],
    "of a newer version": lambda whole: whole.replace(b"weir-history 1", b"weir-history 2"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_history_is_set_aside_and_stops_nothing(shop, origin, tmp_path, damage):
    proxied = shop(origin(), origin())
    for action in ("start", "abort", "start"):
        proxied.done(action)
    assert proxied.stop() == 0
    file = tmp_path / "state.history" / "shop"
    damaged = DAMAGES[damage](file.read_bytes())
    file.write_bytes(damaged)
    proxied.start()
    assert (proxied.status()["phase"], proxied.status()["epoch"]) == ("Progressing", 2)
    assert str(file) in proxied.log and file.with_name("shop.damaged").read_bytes() == damaged
    assert proxied.metric("weir_history_set_aside_total")[""] == 1
    proxied.done("abort")
    assert [each["epoch"] for each in await_written(proxied)] == [2], "kept again"


def test_a_history_that_is_behind_its_state_is_brought_up_to_it(shop, origin, tmp_path):
    """A crash between the two writes."""
    proxied = shop(origin(), origin())
    proxied.done("start")
    file = tmp_path / "state.history" / "shop"
    await_written(proxied)
    behind = file.read_bytes()
    proxied.done("abort", reason="just before the crash")
    proxied.kill()
    file.write_bytes(behind)
    proxied.start()
    past = history(proxied)["rollouts"]
    assert [(each["epoch"], each["ended"]) for each in past] == [(1, "rolled_back")]
    assert past[0]["last_transition"]["reason"] == "just before the crash"


def test_a_disk_that_fails_costs_only_the_history(shop, origin, tmp_path):
    proxied = shop(origin(), origin())
    folder = tmp_path / "state.history"
    folder.write_text("in the way")
    for action in ("start", "abort"):
        assert proxied.done(action)["state_persisted"]
    kept = history(proxied)
    assert (len(kept["rollouts"]), kept["persisted"]) == (1, False)
    assert kept["persist_error"]
    assert proxied.metric("weir_history_write_failures_total")[""] > 0
    folder.unlink()
    await_written(proxied)


def test_the_history_of_an_unknown_service_is_not_found(shop, origin):
    proxied = shop(origin(), origin())
    assert proxied.api("GET", "/v1/services/nobody/rollout/history").status_code == 404
    assert proxied.cli("history").stdout == "no rollout has ended yet\n"
