"""SIGHUP: another configuration without one lost request, or a good reason why not."""

import copy
import signal

import pytest

from app_servers import free_port
from configuration import LONG_STEPS, pool, proxy, service, write
from load import Load
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
