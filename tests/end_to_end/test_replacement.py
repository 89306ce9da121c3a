"""A new process takes the place of the running one: nobody who comes is lost, what is under
way is finished, the rollout goes on, and where the new one fails nothing has happened."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time

import pytest

from configuration import milliseconds, pool, proxy, secured, service
from origins import answering, echo_id
from take_over import Arrivals, Successor, replaceable, successor_of
from test_state import KEPT, SITUATIONS, STEPS
from tls_clients import TlsClient
from upgrades import tunnelling, tunnels, upgraded
from waiting import eventually, scaled
from weir_process import run
from wire import RawClient, request

LOST = ("refused", "reset", "unanswered", "wrong", "local")
DRAIN = {"accept": "0s", "idle": milliseconds(0.2), "deadline": milliseconds(5)}


@pytest.fixture
def settings(origin, tmp_path):
    def make(*pools, timeout=10, **more):
        blue, green = pools or (origin(), origin())
        shop = service(blue, green, steps=STEPS)
        return proxy(shop, **{"drain": DRAIN, **replaceable(tmp_path, timeout), **more})

    return make


def lost(outcome):
    return {name: outcome[name] for name in LOST if outcome[name]}


def refused(port):
    try:
        RawClient(port, 1).close()
    except ConnectionRefusedError:
        return True
    except OSError:  # while it closes: see the drain
        return False
    return False


def test_the_new_process_has_the_addresses_and_the_old_one_ends(weir, settings):
    old = weir(settings(health={"listen": "127.0.0.1:0"}))
    new = successor_of(old, weir)
    assert old.wait() == 0
    assert (new.ports, new.admin_port, new.health_port) == (
        old.ports, old.admin_port, old.health_port,
    )
    with RawClient(new.port) as client:
        assert client.get().status == 200
    with RawClient(new.health_port) as probe:
        assert probe.get("/readyz").status == 200
    assert new.status()["phase"] == "Healthy"
    assert "replaced" in old.log


@pytest.mark.slow
def test_no_client_that_comes_meanwhile_is_lost(weir, settings):
    with Arrivals() as arrivals:
        serving = weir(settings(arrivals, arrivals, limits={"requests_per_pool": 100_000}))
        arrivals.begin(serving.port, 2000, 5)
        for _ in range(3):
            before, serving = serving, successor_of(serving, weir)
            assert before.wait() == 0
        outcome = arrivals.end()
    assert (lost(outcome), outcome["answered"]) == ({}, 10_000)


@pytest.mark.parametrize("workers", [(1, 4), (4, 1), (3, 2)])
def test_the_number_of_workers_may_change(weir, settings, workers):
    """Every socket of the address has somebody who accepts from it."""
    before, after = workers
    with Arrivals() as arrivals:
        old = weir(settings(arrivals, arrivals, workers=before))
        arrivals.begin(old.port, 500, 1.5)
        new = successor_of(old, weir, settings(arrivals, arrivals, workers=after))
        assert lost(arrivals.end()) == {}
        assert old.wait() == 0
        arrivals.begin(new.port, 500, 0.5)
        assert lost(arrivals.end()) == {}


def test_a_request_under_way_is_finished_by_the_old_process(weir, settings, origin):
    going_on = threading.Event()
    slow = origin(answering(lambda message: going_on.wait(scaled(20)) and echo_id(message)))
    old = weir(settings(slow, slow))
    with RawClient(old.port) as client:
        client.send(request(X_Test_Id="held"))
        eventually(lambda: slow.requests)
        successor_of(old, weir)
        assert old.process.poll() is None
        going_on.set()
        answer = client.response()
        assert (answer.body, answer.value("Connection")) == (b"held", "close")
    assert old.wait() == 0


def test_clients_of_the_old_process_are_told_to_come_again(weir, settings):
    drain = {**DRAIN, "idle": milliseconds(3)}
    old = weir(settings(drain=drain))
    with RawClient(old.port) as kept, RawClient(old.port) as fresh:
        assert kept.get().value("Connection") is None
        successor_of(old, weir)
        for client in (kept, fresh):
            answer = client.get()
            assert (answer.status, answer.value("Connection")) == (200, "close")
    assert old.wait() == 0


def test_a_listener_under_tls_is_handed_over(weir, settings, shop_certificate):
    """Its sockets, not its files: the new process reads its own."""
    old = weir(settings(listen=[secured(shop_certificate)]))
    with TlsClient(old.port) as client:
        assert client.get().status == 200
        new = successor_of(old, weir)
        assert client.get().value("Connection") == "close"
    assert new.ports == old.ports
    with TlsClient(new.port) as client:
        assert client.get().status == 200
    assert old.wait() == 0


def test_a_tunnel_goes_on_in_the_old_process_until_its_deadline(weir, settings, origin):
    talkers = origin(tunnelling(lambda peer: peer.send(peer.exactly(2) * 2) or peer.to_end()))
    old = weir(settings(talkers, talkers, drain={**DRAIN, "deadline": milliseconds(3)}))
    with RawClient(old.port) as client:
        upgraded(client)
        new = successor_of(old, weir)
        client.send(b"hi")
        assert client.exactly(4) == b"hihi"
        assert old.process.poll() is None and tunnels(new) == 0
        assert client.closed()
    assert old.wait() == 0


def test_an_address_the_new_process_does_not_want_is_closed(weir, settings):
    old = weir(settings(listen=["127.0.0.1:0", "127.0.0.2:0"]))
    new = successor_of(old, weir, {**old.settings, "listen": ["127.0.0.1:0"]})
    assert old.wait() == 0
    assert new.ports == old.ports[:1]
    with pytest.raises(ConnectionRefusedError):
        RawClient(old.ports[1])


@pytest.mark.parametrize("kept_in", ["file", "memory"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_rollout_goes_on_where_it_was(weir, settings, tmp_path, situation, kept_in):
    state = {"state": {"file": str(tmp_path / "state")}} if kept_in == "file" else {}
    old = weir(settings(**state))
    for action in SITUATIONS[situation]:
        old.done(action, **({"weight": 12.34} if action == "set-weight" else {}))
    before = {name: old.status()[name] for name in KEPT}
    new = successor_of(old, weir)
    assert {name: new.status()[name] for name in KEPT} == before
    assert old.wait() == 0
    if kept_in == "file":
        if before["phase"] in ("Progressing", "Paused"):
            new.done("abort")
        after = {name: new.status()[name] for name in KEPT}
        new.kill()
        new.start()
        assert {name: new.status()[name] for name in KEPT} == after


def test_no_action_is_lost_on_the_way(weir, settings, tmp_path):
    old = weir(settings(state={"file": str(tmp_path / "state")}))
    old.set_weight(1)
    done = []

    def act_until_replaced():
        while old.process.poll() is None:
            weight = len(done) % 90 + 2
            answer = old.cli("set-weight", str(weight) + "%")
            done.append((weight, answer.returncode, answer.stderr))

    actor = threading.Thread(target=act_until_replaced)
    actor.start()
    eventually(lambda: len(done) > 1)
    new = successor_of(old, weir)
    actor.join()
    assert [each for each in done if each[1] != 0] == []
    assert new.status()["weight_percent"] == done[-1][0]


FAILURES = {
    "leaves at once": lambda new: None,
    "talks nonsense": lambda new: new.socket.send(b"{]"),
    "leaves with the sockets": lambda new: new.fetch(),
    "leaves with the state": lambda new: (new.fetch(), new.take()),
    "takes without looking": lambda new: new.say("take"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_where_the_new_process_fails_the_old_one_goes_on(weir, settings, failure):
    old = weir(settings())
    old.done("start")
    with Successor(old.settings["take_over"]["socket"]) as new:
        FAILURES[failure](new)
    eventually(lambda: old.metric("weir_take_overs_failed_total")[""] == 1)
    assert old.done("promote")["step"] == 1
    with RawClient(old.port) as client:
        assert client.get().value("Connection") is None
    successor_of(old, weir)
    assert old.wait() == 0


def test_a_new_process_that_hangs_is_not_waited_for(weir, settings):
    old = weir(settings(timeout=0.5))
    with Successor(old.settings["take_over"]["socket"]) as new:
        new.fetch()
        assert new.take()["word"] == "yours"
        assert new.hear() is None
        assert old.done("start")["phase"] == "Progressing"


def test_a_reload_that_changed_the_addresses_meanwhile_comes_first(weir, settings):
    old = weir(settings())
    with Successor(old.settings["take_over"]["socket"]) as new:
        new.fetch()
        old.reload({**old.settings, "listen": ["127.0.0.1:0", "127.0.0.1:0"]})
        assert new.take()["word"] == "refused"
    assert old.done("start")["phase"] == "Progressing"


def test_while_the_state_is_elsewhere_nothing_is_reloaded(weir, settings):
    old = weir(settings())
    with RawClient(old.admin_port) as kept, Successor(old.settings["take_over"]["socket"]) as new:
        assert kept.get("/healthz", host="localhost").status == 200  # before nobody is let in
        new.fetch()
        new.take()
        old.process.send_signal(signal.SIGHUP)
        eventually(lambda: old.logged("reload: another process is taking over"))
        answer = kept.get("/metrics", host="localhost")
        assert b'weir_config_reloads_total{result="failed"} 1' in answer.body


def test_a_process_that_is_told_to_end_is_not_replaced(weir, settings):
    """It drains as ever, and decides for itself until the end."""
    old = weir(settings(drain={**DRAIN, "accept": milliseconds(2)}))
    old.done("start")
    with Successor(old.settings["take_over"]["socket"]) as new:
        new.fetch()
        new.take()
        old.terminate()
        assert new.hear() is None
    assert old.process.poll() is None
    assert old.done("abort")["phase"] == "Degraded"
    assert old.wait() == 0


def test_ramps_stand_still_while_the_state_is_elsewhere_and_go_on_after(weir, settings):
    quick = [{"weight": f"{w}%", "hold": "50ms"} for w in range(1, 100)]
    configured = settings()
    configured["services"][0]["rollout"]["steps"] = quick
    old = weir(configured)
    old.done("start")
    with Successor(old.settings["take_over"]["socket"]) as new:
        new.fetch()
        connected = old.status()
        new.take()
        stood = old.status()["step"]
        assert stood >= connected["step"]
        refused_action = old.act("abort")
        assert (refused_action.status_code, old.status()["step"]) == (503, stood)
        time.sleep(0.2)  # nothing happens: there is no event to wait for
        assert old.status()["step"] == stood
    eventually(lambda: old.status()["step"] > stood)
    assert old.done("abort")["phase"] == "Degraded"


def test_an_abort_that_comes_meanwhile_waits_for_who_can_obey(weir, settings):
    old = weir(settings())
    old.done("start")
    with Successor(old.settings["take_over"]["socket"]) as new:
        new.fetch()
        new.take()
        abort = old.cli_open("abort")
        with pytest.raises(subprocess.TimeoutExpired):
            abort.wait(0.3)
    assert abort.wait(scaled(10)) == 0
    abort.stdout.close()
    assert old.status()["phase"] == "Degraded"


def test_a_bad_configuration_replaces_nobody(weir, settings):
    old = weir(settings())
    new = weir({**old.settings, "listen": ["nowhere"]}, start=False)
    new.launch("--take-over", old.settings["take_over"]["socket"])
    assert new.wait() == 1
    assert old.done("start")["phase"] == "Progressing"


def test_an_address_that_cannot_be_had_replaces_nobody(weir, settings, origin):
    old = weir(settings())
    new = weir({**old.settings, "listen": ["127.0.0.1:0", origin().address]}, start=False)
    new.launch("--take-over", old.settings["take_over"]["socket"])
    assert new.wait() == 1
    assert "cannot listen" in new.log
    assert old.done("start")["phase"] == "Progressing"


def test_there_must_be_somebody_to_replace(weir, settings, tmp_path):
    new = weir(settings(), start=False).launch("--take-over", tmp_path / "nobody")
    assert new.wait() == 2
    assert str(tmp_path / "nobody") in new.log


def test_a_second_start_by_mistake_does_no_harm(weir, settings):
    old = weir(settings())
    mistake = weir(old.settings, start=False).launch()
    assert mistake.wait() == 1
    assert "--take-over" in mistake.log
    successor_of(old, weir)
    assert old.wait() == 0


def test_only_the_user_of_the_process_may_replace_it(weir, settings):
    old = weir(settings())
    path = old.settings["take_over"]["socket"]
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    if os.geteuid() != 0:
        return
    folder = os.path.dirname(path)
    while folder != "/":
        os.chmod(folder, os.stat(folder).st_mode | 0o011)
        folder = os.path.dirname(folder)
    os.chmod(path, 0o666)
    stranger = (
        "import os, socket, sys; os.setgid(65534); os.setuid(65534)\n"
        "s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); s.connect(sys.argv[1])\n"
        "s.send(b'{\"weir_take_over\": 1, \"word\": \"listeners\"}')\n"
        "sys.exit(len(s.recv(4096)))"
    )
    answer = subprocess.run([sys.executable, "-c", stranger, path], capture_output=True, text=True)
    assert answer.returncode in (0, 1) and "listener" not in answer.stdout, answer.stderr
    eventually(lambda: old.logged("another user"))


def test_the_path_is_gone_with_the_process(weir, settings):
    old = weir(settings())
    path = old.settings["take_over"]["socket"]
    assert old.stop() == 0
    assert not os.path.exists(path)


def test_a_check_of_the_configuration_knows_the_keys(tmp_path):
    config = tmp_path / "weir.yaml"
    config.write_text(
        "take_over: {socket: /run/weir/next, timeout: 5s}\nhealth: {listen: '0.0.0.0:8081'}\n"
        "services:\n  - name: shop\n    pools:\n"
        "      blue: {endpoints: ['127.0.0.1:1']}\n      green: {endpoints: ['127.0.0.1:2']}\n"
    )
    assert run("check", "--config", config).returncode == 0


def test_names_are_looked_up_before_anybody_is_let_in(weir, settings, origin):
    """The first client of the new process finds its pools."""
    served = origin()
    named = pool(check={"path": "/", "interval": "200ms", "timeout": "200ms"})
    named["endpoints"] = [f"localhost:{served.port}"]
    old = weir(settings(named, named))
    new = successor_of(old, weir)
    with RawClient(new.port) as client:
        assert client.get().status == 200
    assert old.wait() == 0
