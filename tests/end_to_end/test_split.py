"""Which clients the canary serves: the share that was asked for, always the same clients,
and never fewer of them while the weight rises."""

import re

import pytest

from configuration import proxy, service
from keys import binomial_bounds, canary_keys, versions_of
from waiting import eventually
from wire import RawClient, request

BY_HEADER = {"header": "X-Key"}
TRUSTED = {"trusted": ["127.0.0.1"], "client_from_right": 2}


@pytest.fixture
def shop(weir, origin):
    """A proxy whose service has these settings; its pools answer everything."""
    blue, green = origin(), origin()

    def make(key=BY_HEADER, top=None, **more):
        return weir(proxy(service(blue, green, key=key, **more), **(top or {})))

    return make


def assert_share(count, of, weight):
    least, most = binomial_bounds(of, weight / 100)
    assert least <= count <= most, f"{count} of {of} at {weight} %: not in {least}..{most}"


@pytest.mark.parametrize("weight", [1, 25, 50, 99])
def test_the_share_of_keys_is_the_weight(shop, weight):
    proxied = shop()
    proxied.set_weight(weight)
    assert_share(len(canary_keys(proxied, 4000)), 4000, weight)


def test_a_basis_point_counts(shop):
    proxied = shop()
    proxied.set_weight(0.25)
    assert proxied.status()["weight_percent"] == 0.25
    assert_share(len(canary_keys(proxied, 4000)), 4000, 0.25)


def test_nobody_reaches_the_canary_at_0_and_everybody_at_100(shop):
    proxied = shop()
    assert canary_keys(proxied, 500) == set()
    proxied.set_weight(0)
    assert canary_keys(proxied, 500) == set()
    proxied.set_weight(100)
    assert len(canary_keys(proxied, 500)) == 500


def test_nobody_moves_back_while_the_weight_rises(shop):
    proxied = shop()
    before = set()
    for weight in (1, 5, 5.01, 25, 50, 75, 99, 100):
        proxied.set_weight(weight)
        now = canary_keys(proxied, 1000)
        assert before <= now, f"{len(before - now)} moved back at {weight} %"
        before = now


def test_a_restart_moves_nobody(shop, tmp_path):
    proxied = shop(top={"state": {"file": str(tmp_path / "state")}})
    proxied.set_weight(30)
    before = canary_keys(proxied, 1000)
    assert proxied.stop() == 0
    proxied.start()
    assert canary_keys(proxied, 1000) == before


def test_two_proxies_agree_and_two_salts_do_not(shop):
    one, other, salted = shop(), shop(), shop(salt="pepper")
    chosen = []
    for proxied in (one, other, salted):
        proxied.set_weight(50)
        chosen.append(canary_keys(proxied, 500))
    assert chosen[0] == chosen[1]
    assert 150 < len(chosen[0] & chosen[2]) + len(set(range(500)) - chosen[0] - chosen[2]) < 350


def header_keys(count):
    return [{"X_Key": f"client-{number}"} for number in range(count)]


def cookies(count):
    return [{"Cookie": f"a=b; weir_key=client-{number}"} for number in range(count)]


def signed_cookies(proxied, count):
    """Of as many clients that came without one."""
    with RawClient(proxied.port, 30) as client:
        client.send(request() * count)
        given = [client.response().value("Set-Cookie") for _ in range(count)]
    return [{"Cookie": cookie.split(";")[0]} for cookie in given]


@pytest.mark.parametrize("source", ["header", "cookie", "signed cookie", "client address"])
def test_two_proxies_agree_on_every_key(shop, tmp_path, source):
    """With the same configuration, whatever the key is taken from, at every weight."""
    (tmp_path / "secret").write_text("the same for both")
    key, fields_of = {
        "header": (BY_HEADER, header_keys),
        "cookie": ({"cookie": "weir_key"}, cookies),
        "signed cookie": ({"cookie": "weir_key", "secret_file": str(tmp_path / "secret")}, None),
        "client address": ({"client_address": True}, addresses),
    }[source]
    one, other = (shop(key=key, top={"forwarded": TRUSTED}) for _ in range(2))
    count = 4000
    fields = fields_of(count) if fields_of else signed_cookies(one, count)
    on_canary = set()
    for weight in (1, 10, 50, 99):
        for proxied in (one, other):
            proxied.set_weight(weight)
        versions = versions_of(one, fields)
        assert versions == versions_of(other, fields), f"at {weight} %"
        assert_share(versions.count("green"), count, weight)
        before = on_canary
        on_canary = {number for number, version in enumerate(versions) if version == "green"}
        assert before <= on_canary, f"{len(before - on_canary)} moved back at {weight} %"


def test_after_the_roles_swap_nobody_is_moved(shop):
    proxied = shop(steps=[{"weight": "100%"}])
    assert canary_keys(proxied, 1000) == set()
    proxied.done("start")
    proxied.await_phase("Healthy")
    assert proxied.status()["stable"] == "green"
    assert len(canary_keys(proxied, 1000)) == 1000


def test_rollback_overrides_stickiness(shop):
    proxied = shop()
    proxied.set_weight(100)
    assert len(canary_keys(proxied, 200)) == 200
    proxied.done("abort")
    assert canary_keys(proxied, 200) == set()


def test_a_client_without_the_cookie_is_given_one_and_stays_where_it_is(shop):
    proxied = shop(key={"cookie": "weir_key", "lifetime": "1h"})
    proxied.set_weight(50)
    served = set()
    for _ in range(40):
        with RawClient(proxied.port) as client:
            first = client.get()
            cookie = re.fullmatch(
                r"weir_key=([0-9a-f]{32}); Path=/; Max-Age=3600; HttpOnly; SameSite=Lax",
                first.value("Set-Cookie"),
            )
            jar = f"theme=dark; weir_key={cookie.group(1)}"
            again = [client.get(Cookie=jar) for _ in range(3)]
        version = first.value("X-Weir-Version")
        assert {each.value("X-Weir-Version") for each in again} == {version}
        assert all(each.values("Set-Cookie") == [] for each in again), "issued once"
        served.add(version)
    assert served == {"blue", "green"}


def test_without_issue_clients_get_no_cookie_and_their_address_counts(shop):
    proxied = shop(key={"cookie": "weir_key", "issue": False})
    proxied.set_weight(50)
    with RawClient(proxied.port) as client:
        answers = [client.get() for _ in range(20)]
    assert all(each.values("Set-Cookie") == [] for each in answers)
    assert len({each.value("X-Weir-Version") for each in answers}) == 1


def addresses(count):
    return [
        {"X_Forwarded_For": f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}, 192.0.2.1"}
        for n in range(count)
    ]


def test_clients_are_split_by_the_address_a_trusted_peer_names(shop):
    proxied = shop(key={"client_address": True}, top={"forwarded": TRUSTED})
    proxied.set_weight(25)
    versions = versions_of(proxied, addresses(1000))
    assert_share(versions.count("green"), 1000, 25)
    assert versions_of(proxied, addresses(1000)) == versions


def test_an_untrusted_peer_does_not_choose_its_address(shop):
    proxied = shop(key={"client_address": True})
    proxied.set_weight(50)
    assert len(set(versions_of(proxied, addresses(100)))) == 1


def test_without_a_key_each_request_is_split_for_itself(shop):
    proxied = shop(key={"none": True})
    proxied.set_weight(25)
    versions = versions_of(proxied, [{}] * 2000)
    assert_share(versions.count("green"), 2000, 25)


@pytest.mark.parametrize(
    "fields, version",
    [
        ({"X_Preview": "1"}, "green"),
        ({"X_Preview": "yes"}, "green"),
        ({"X_Preview": "0"}, "blue"),
        ({"X_Preview": ""}, "blue"),
        ({"Cookie": "a=b; preview=1"}, "green"),
        ({"Cookie": "preview=0"}, "blue"),
        ({"Cookie": "xpreview=1"}, "blue"),
        ({}, "blue"),
    ],
)
def test_a_preview_reaches_the_canary_at_0(shop, fields, version):
    proxied = shop(preview={"header": "X-Preview", "cookie": "preview"})
    assert versions_of(proxied, [fields]) == [version]
    proxied.set_weight(100)
    assert versions_of(proxied, [fields]) == ["green"]


@pytest.mark.parametrize("trusted, version", [(["127.0.0.1"], "green"), (["10.0.0.1"], "blue")])
def test_a_preview_can_be_kept_to_trusted_peers(shop, trusted, version):
    proxied = shop(
        preview={"header": "X-Preview", "trusted_only": True},
        top={"forwarded": {"trusted": trusted}},
    )
    assert versions_of(proxied, [{"X_Preview": "1"}]) == [version]


def test_previews_are_no_evidence(shop):
    proxied = shop(preview={"header": "X-Preview"})
    proxied.set_weight(0)
    versions_of(proxied, [{"X_Preview": "1"}] * 30)
    eventually(lambda: proxied.status()["versions"]["green"]["requests"] == 30)
    status = proxied.status()
    assert status["versions"]["green"]["errors"] == 0 and status["step_requests"] == 0


def test_the_version_is_named_only_where_configured(shop):
    with RawClient(shop(version_header=False).port) as client:
        assert client.get().values("X-Weir-Version") == []
