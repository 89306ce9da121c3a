"""SIGHUP: another configuration without one lost request, or a good reason why not."""

import copy
import signal

import pytest

from app_servers import free_port
from configuration import CHECKED, LONG_STEPS, PLENTY, pool, proxy, service, write
from load import Load
from test_pools import Clinic, health_of
from waiting import eventually
from wire import RawClient

OTHER_STEPS = [{"weight": "10%", "hold": "1h"}, {"weight": "90%", "hold": "1h"}]


@pytest.fixture
def servers(origin):
    return [origin() for _ in range(3)]


@pytest.fixture
def shop(weir, servers):
    return weir(proxy(service(servers[0], servers[1], steps=LONG_STEPS)))


def changed(weir, **more):
    """The configuration in force with other values for its service."""
    settings = copy.deepcopy(weir.settings)
    settings["services"][0].update(more)
    return settings


def test_steps_change_under_load(shop):
    with Load(shop) as load:
        settings = changed(shop)
        settings["services"][0]["rollout"]["steps"] = OTHER_STEPS
        shop.reload(settings)
        assert [step["weight_percent"] for step in shop.status()["steps"]] == [10, 90]
        assert shop.done("start")["weight_percent"] == 10
        load.await_more(50)
    assert load.failures == []


def test_a_rollout_under_way_stays_where_it_is(shop):
    shop.done("start")
    shop.done("promote")
    settings = changed(shop)
    settings["services"][0]["rollout"]["steps"] = OTHER_STEPS
    shop.reload(settings)
    status = shop.status()
    assert (status["phase"], status["weight_percent"], status["epoch"]) == ("Progressing", 50, 1)
    assert shop.done("promote")["weight_percent"] == 90


STEPS = [{"weight": f"{percent}%", "hold": "1h"} for percent in (5, 25, 50)]


@pytest.mark.parametrize(
    "percents, step",
    [((5, 25, 60), 1), ((1, 5, 25, 50), 2), ((20, 90), 0), ((50, 100), 0)],
    ids=["the same", "one more before", "between two", "all above"],
)
def test_a_rollout_finds_its_step_among_others(weir, servers, percents, step):
    """Clients stay where they are: the weight does, whatever the steps say now."""
    proxied = weir(proxy(service(servers[0], servers[1], steps=STEPS)))
    proxied.done("start")
    proxied.done("promote")
    other = changed(proxied)
    other["services"][0]["rollout"]["steps"] = [
        {"weight": f"{percent}%", "hold": "1h"} for percent in percents
    ]
    proxied.reload(other)
    status = proxied.status()
    assert (status["phase"], status["weight_percent"]) == ("Progressing", 25)
    assert status["step"] == step
    above = [percent for percent in percents if percent > 25][0]
    assert proxied.done("promote")["weight_percent"] == above


@pytest.mark.parametrize("action, phase", [("pause", "Paused"), ("abort", "Degraded")])
def test_a_rollout_that_stands_still_goes_on_standing(shop, action, phase):
    shop.done("start", revision="v7")
    shop.done(action)
    before = shop.status()
    shop.reload(changed(shop, salt="other"))
    after = shop.status()
    kept = ("phase", "epoch", "revision", "weight_percent", "step", "reason")
    assert [after[key] for key in kept] == [before[key] for key in kept]
    assert after["phase"] == phase


def test_idle_connections_to_a_pool_outlive_a_reload(weir, servers):
    pools = [pool(server, idle="30s") for server in servers[:2]]
    proxied = weir(proxy(service(*pools), workers=1))
    with RawClient(proxied.port) as client:
        assert client.get().status == 200
        proxied.reload(changed(proxied, salt="other"))
        assert client.get().status == 200
        more = changed(proxied)
        more["services"][0]["pools"]["green"] = pool(servers[1], servers[2], idle="30s")
        proxied.reload(more)
        assert client.get().status == 200
    assert servers[0].connections == 1


def test_what_was_found_of_endpoints_outlives_a_reload(weir, origin):
    """An ill one stays ill though its next check is an hour away, and a new one joins."""
    ill, well, new = origin(Clinic()), origin(Clinic()), origin(Clinic())
    ill.converse.well = False
    slowly = {**CHECKED, "interval": "1h", "timeout": "1s"}
    proxied = weir(proxy(service(pool(ill, well, check=slowly), well)))
    eventually(lambda: health_of(proxied, ill) == "unhealthy")
    eventually(lambda: health_of(proxied, well) == "healthy")
    checks = len(ill.requests)
    other = changed(proxied)
    other["services"][0]["pools"]["blue"] = pool(ill, well, new, check=slowly)
    proxied.reload(other)
    assert health_of(proxied, ill) == "unhealthy"
    assert health_of(proxied, well) == "healthy"
    eventually(lambda: health_of(proxied, new) == "healthy")
    assert len(ill.requests) == checks, "nor was it checked again for that"


def test_an_ejection_outlives_a_reload(weir, origin):
    broken, well, new = origin(lambda peer: peer.read_request()), origin(), origin()
    ejection = {"consecutive_failures": 2, "base": "1h", "longest": "1h", "max_share": "50%"}
    blue = pool(broken, well, ejection=ejection)
    proxied = weir(proxy(service(blue, well, retry_budget=PLENTY), workers=1))
    with RawClient(proxied.port) as client:
        while health_of(proxied, broken) != "ejected":
            assert client.get().status == 200
        other = changed(proxied)
        other["services"][0]["pools"]["blue"] = pool(broken, well, new, ejection=ejection)
        proxied.reload(other)
        assert health_of(proxied, broken) == "ejected"
        broken.forget()
        assert all(client.get().status == 200 for _ in range(20))
    assert not broken.requests and new.requests


def test_a_signal_to_end_need_not_wait_for_a_reload(shop):
    shop.process.send_signal(signal.SIGHUP)
    shop.terminate()
    assert shop.wait() == 0


def test_pools_change_under_load(shop, servers):
    new = servers[2]
    pools = {"blue": pool(new), "green": pool(servers[1])}
    with Load(shop) as load:
        for _ in range(5):
            shop.reload(changed(shop, pools=pools))
            eventually(lambda: new.requests)
            shop.reload(shop.settings)
            new.forget()
            load.await_more(20)
        shop.reload(changed(shop, pools=pools))
        servers[0].forget()
        load.await_more(50)
        assert not servers[0].requests, "no longer in any pool"
    assert load.failures == []


def test_listeners_come_and_go_under_load(shop):
    added = free_port()
    more = {**shop.settings, "listen": ["127.0.0.1:0", f"127.0.0.1:{added}"]}
    with Load(shop) as load:
        shop.reload(more)
        with RawClient(added) as client:
            assert client.get().status == 200
            shop.reload(shop.settings)
            assert client.get().status == 200, "a connection outlives its listener"
        with pytest.raises(ConnectionRefusedError):
            eventually(lambda: RawClient(added).close(), 2)
        load.await_more(50)
    assert load.failures == []


def test_services_come_and_go(shop, servers):
    second = service(servers[2], servers[2], "second", path_prefix="/second")
    settings = {**shop.settings, "services": [*shop.settings["services"], second]}
    with RawClient(shop.port) as client:
        shop.reload(settings)
        assert client.get("/second/x").status == 200 and servers[2].requests
        assert shop.status("second")["phase"] == "Healthy"
        shop.reload(shop.settings)
        assert client.get("/second/x").status == 200 and len(servers[2].requests) == 1
    assert shop.api("GET", "/v1/services/second/rollout").status_code == 404


def test_a_bad_configuration_changes_nothing_and_says_why(shop, servers):
    bad = changed(shop, stable="red")
    bad["services"][0]["pools"]["blue"] = pool(servers[2])
    with Load(shop) as load:
        shop.reload(bad, result="failed")
        load.await_more(20)
    assert load.failures == [] and not servers[2].requests
    line = next(line for line in shop.log.splitlines() if "stable" in line and "red" in line)
    assert " error " in line and "services[0].stable" in line
    assert shop.act("start").status_code == 200


@pytest.mark.parametrize("text", ["", "{", "listen: [", "services: 7", "\x00", "a: &a [*a]"])
def test_no_text_at_all_can_break_a_running_proxy(shop, text):
    shop.reload(text, result="failed")
    with RawClient(shop.port) as client:
        assert client.get().status == 200


def test_a_configuration_that_is_gone_changes_nothing(shop):
    shop.config_file.unlink()
    shop.process.send_signal(signal.SIGHUP)
    eventually(lambda: shop.metric("weir_config_reloads_total")['result="failed"'] == 1)
    with RawClient(shop.port) as client:
        assert client.get().status == 200


def test_an_address_that_is_taken_leaves_the_old_ones_open(shop, servers):
    taken = {**shop.settings, "listen": ["127.0.0.1:0", servers[2].address]}
    with Load(shop) as load:
        shop.reload(taken, result="failed")
        load.await_more(20)
    assert load.failures == []
    assert servers[2].address in shop.log


def test_many_reloads_at_once_end_with_the_last(shop):
    for round_ in range(1, 21):
        settings = changed(shop)
        settings["services"][0]["rollout"]["steps"] = [{"weight": f"{round_}%", "hold": "1h"}]
        write(shop.config_file, settings)
        shop.process.send_signal(signal.SIGHUP)
    eventually(lambda: shop.status()["steps"][0]["weight_percent"] == 20)
