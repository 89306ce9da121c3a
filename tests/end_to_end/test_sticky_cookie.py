"""The cookie that Weir sets: where a browser sends it, and that nobody makes one up."""

import hashlib
import hmac
import re

import pytest

from configuration import proxy, secured, service
from tls_clients import TlsClient, context
from waiting import eventually
from weir_process import run
from wire import RawClient, request

COOKIE = re.compile(r"weir_key=([0-9a-f]{32})(?:\.([0-9a-f]{32}))?; Path=/; Max-Age=(\d+); (.*)")
TRUSTED = {"trusted": ["127.0.0.1"], "client_from_right": 2}


@pytest.fixture
def secret(tmp_path):
    """A file with a secret, by its name."""

    def make(name, text):
        path = tmp_path / name
        path.write_text(f"{text}\n")
        return str(path)

    return make


@pytest.fixture
def settings(origin):
    blue, green = origin(), origin()

    def make(key, **top):
        return proxy(service(blue, green, key={"cookie": "weir_key", **key}), **top)

    return make


def signature(secret, key, name="weir_key"):
    digest = hmac.new(secret.encode(), f"{name}={key}".encode(), hashlib.sha256).digest()
    return digest[:16].hex()


def issued(answer):
    """The parts of the cookie that an answer sets; none where it sets none."""
    set_cookie = answer.value("Set-Cookie")
    return COOKIE.fullmatch(set_cookie).groups() if set_cookie else None


def new_cookie(proxied):
    """Of a client without one: its key and its signature."""
    with RawClient(proxied.port) as client:
        return issued(client.get())[:2]


def answered(proxied, *values):
    """What each of these cookies is answered, on one connection."""
    with RawClient(proxied.port) as client:
        return [client.get(Cookie=f"theme=dark; weir_key={value}") for value in values]


def is_known(proxied, key, signed):
    (answer,) = answered(proxied, f"{key}.{signed}")
    return issued(answer) is None


def refused(proxied):
    return sum(proxied.metric("weir_sticky_keys_refused_total").values())


def test_a_signed_cookie_is_signed_with_the_secret_and_keeps_its_client_in_place(
    weir, settings, secret
):
    proxied = weir(settings({"secret_file": secret("secret", "not told")}))
    proxied.set_weight(50)
    served = set()
    for _ in range(40):
        with RawClient(proxied.port) as client:
            first = client.get()
            key, signed, _, _ = issued(first)
            again = [client.get(Cookie=f'weir_key="{key}.{signed}"') for _ in range(3)]
        assert signed == signature("not told", key)
        assert {each.value("X-Weir-Version") for each in again} == {first.value("X-Weir-Version")}
        assert all(issued(each) is None for each in again), "issued once"
        served.add(first.value("X-Weir-Version"))
    assert served == {"blue", "green"}
    assert refused(proxied) == 0


def test_a_forged_cookie_is_replaced_and_counted(weir, settings, secret):
    proxied = weir(settings({"secret_file": secret("secret", "not told")}))
    key, signed = new_cookie(proxied)
    forged = [
        key,
        f"{key}.",
        f"{key}.{'0' * 32}",
        f"{key[::-1]}.{signed}",
        f"{key}.{signature('guessed', key)}",
        f"{key}.{signature('not told', key, 'other_key')}",
        "x",
    ]
    answers = answered(proxied, *forged)
    given = {issued(answer)[0] for answer in answers}
    assert len(given) == len(forged) and key not in given
    for answer in answers:
        fresh, fresh_signed, _, _ = issued(answer)
        assert fresh_signed == signature("not told", fresh)
    eventually(lambda: refused(proxied) == len(forged))
    assert is_known(proxied, key, signed)


def test_a_client_does_not_choose_its_side(weir, settings, secret):
    """Keys that the split would send to one side are replaced like any others."""
    proxied = weir(settings({"secret_file": secret("secret", "not told")}))
    unsigned = weir(settings({}))
    for each in (proxied, unsigned):
        each.set_weight(50)
    keys = [f"mine-{number}" for number in range(200)]
    chosen = [
        key
        for key, answer in zip(keys, answered(unsigned, *keys), strict=True)
        if answer.value("X-Weir-Version") == "green"
    ]
    versions = [answer.value("X-Weir-Version") for answer in answered(proxied, *chosen)]
    assert 0.2 < versions.count("green") / len(chosen) < 0.8


def test_a_secret_changes_without_moving_anybody(weir, settings, secret):
    """First the new one is known besides, then it signs, then the old one is forgotten."""
    old, new = secret("old", "the old one"), secret("new", "the new one")
    proxied = weir(settings({"secret_file": old, "previous_secret_file": new}))
    by_old = new_cookie(proxied)
    assert by_old[1] == signature("the old one", by_old[0])

    proxied.reload(settings({"secret_file": new, "previous_secret_file": old}))
    by_new = new_cookie(proxied)
    assert by_new[1] == signature("the new one", by_new[0])
    assert is_known(proxied, *by_old) and is_known(proxied, *by_new)

    proxied.reload(settings({"secret_file": new}))
    assert is_known(proxied, *by_new)
    assert not is_known(proxied, *by_old)


def test_a_secret_is_read_again_when_its_file_changes(weir, settings, secret, tmp_path):
    proxied = weir(settings({"secret_file": secret("secret", "first")}))
    by_first = new_cookie(proxied)
    secret("next", "second")
    (tmp_path / "next").rename(tmp_path / "secret")
    eventually(lambda: not is_known(proxied, *by_first), what="the new secret is in force")
    key, signed = new_cookie(proxied)
    assert signed == signature("second", key)
    (tmp_path / "secret").unlink()
    eventually(lambda: proxied.metric("weir_tls_reloads_total")['result="failed"'] == 1)
    assert is_known(proxied, key, signed), "the secret in force stays"


@pytest.mark.parametrize("missing", ["secret_file", "previous_secret_file"])
def test_a_missing_secret_is_named_by_check_and_stops_a_start_and_a_reload(
    weir, settings, secret, missing
):
    sound = {"secret_file": secret("secret", "not told")}
    broken = settings({**sound, missing: "/nowhere/secret"})
    said = f"services[0].key.{missing}: /nowhere/secret cannot be read"
    proxied = weir(broken, start=False).launch()
    assert proxied.wait() == 1
    assert said in proxied.log
    checked = run("check", "--config", proxied.config_file)
    assert checked.returncode == 1 and said in checked.stderr
    running = weir(settings(sound))
    cookie = new_cookie(running)
    running.reload(broken, result="failed")
    assert is_known(running, *cookie)
    eventually(lambda: said in running.log)  # written by a thread of its own
    assert "not told" not in running.log


@pytest.mark.parametrize(
    "key, forwarded, attributes",
    [
        ({}, None, "HttpOnly; SameSite=Lax"),
        ({}, "https", "HttpOnly; SameSite=Lax; Secure"),
        ({}, "HTTPS", "HttpOnly; SameSite=Lax; Secure"),
        ({}, "http", "HttpOnly; SameSite=Lax"),
        ({}, "https, http", "HttpOnly; SameSite=Lax"),
        ({"secure": "always"}, None, "HttpOnly; SameSite=Lax; Secure"),
        ({"secure": "never"}, "https", "HttpOnly; SameSite=Lax"),
        ({"same_site": "strict"}, None, "HttpOnly; SameSite=Strict"),
        ({"same_site": "none", "secure": "always"}, None, "HttpOnly; SameSite=None; Secure"),
    ],
)
def test_a_cookie_is_for_https_where_its_client_came_by_it(
    weir, settings, key, forwarded, attributes
):
    proxied = weir(settings({"lifetime": "2h", **key}, forwarded=TRUSTED))
    fields = {"X_Forwarded_Proto": forwarded} if forwarded else {}
    with RawClient(proxied.port) as client:
        _, _, lifetime, shown = issued(client.get(**fields))
    assert (lifetime, shown) == ("7200", attributes)


def test_nobody_but_a_trusted_peer_says_that_it_came_by_https(weir, settings):
    with RawClient(weir(settings({})).port) as client:
        assert "Secure" not in client.get(X_Forwarded_Proto="https").value("Set-Cookie")


def test_a_client_under_tls_came_by_https(weir, settings, shop_certificate, authority):
    proxied = weir(settings({}, listen=[secured(shop_certificate)]))
    with TlsClient(proxied.port, context(authority)) as client:
        client.send(request())
        assert client.response().value("Set-Cookie").endswith("; Secure")
