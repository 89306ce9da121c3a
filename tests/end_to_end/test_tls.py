"""TLS with clients: what is spoken, and which certificate is shown."""

import ssl
import subprocess

import httpx
import pytest
import requests

from configuration import milliseconds, proxy, secured, service
from tls_clients import TlsClient, context, failure_of, s_client, subject_of
from waiting import eventually, scaled
from weir_process import run
from wire import RawClient, request


def failures(weir, reason, side="client"):
    metric = weir.metric("weir_tls_handshake_failures_total")
    return metric[f'side="{side}",reason="{reason}"']


def handshakes(weir, kind, side="client"):
    return weir.metric("weir_tls_handshakes_total")[f'side="{side}",kind="{kind}"']


def test_clients_of_every_kind_are_served(shop, authority):
    made = shop()
    url, ca = f"https://localhost:{made.tls_port}/", str(authority.certificate)
    with requests.Session() as session:
        for _ in range(3):
            assert session.get(url, verify=ca).status_code == 200
        assert session.post(url, data=b"x" * 100_000, verify=ca).status_code == 200
    with httpx.Client(verify=context(authority)) as client:
        assert [client.get(url).status_code for _ in range(3)] == [200] * 3
    curl = subprocess.run(["curl", "-sS", "--cacert", ca, url], capture_output=True, timeout=30)
    assert curl.returncode == 0, curl.stderr
    assert handshakes(made, "full") == 3
    with RawClient(made.port) as plain:
        assert plain.get().status == 200


def test_the_pool_is_told_that_it_was_https(shop, server):
    with TlsClient(shop().tls_port) as client:
        client.get(X_Forwarded_Proto="http")
    assert server.last.value("X-Forwarded-Proto") == "https"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_versions_are_spoken(shop, authority, version):
    with TlsClient(shop().tls_port, context(authority, versions=version)) as client:
        assert client.get().status == 200
        assert client.socket.version() == version.name.replace("_", ".")
        assert client.socket.cipher()[0].startswith(("TLS_", "ECDHE-"))


def test_old_versions_are_refused(shop):
    made = shop()
    for version in ("-tls1", "-tls1_1"):
        said = s_client(made.tls_port, version, "-cipher", "DEFAULT@SECLEVEL=0")
        assert "alert protocol version" in said
    assert failures(made, "version") == 2


def test_the_minimum_can_be_raised(shop, authority):
    made = shop(listener={"minimum": "1.3"})
    assert "protocol version" in failure_of(
        made.tls_port, context(authority, versions=ssl.TLSVersion.TLSv1_2)
    )
    with TlsClient(made.tls_port, context(authority)) as client:
        assert client.get().status == 200


@pytest.mark.parametrize("cipher", ["AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "AES128-GCM-SHA256"])
def test_weak_ciphers_are_refused(shop, cipher):
    made = shop()
    said = s_client(made.tls_port, "-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0")
    assert "handshake failure" in said
    assert failures(made, "cipher") == 1


def test_the_ciphers_can_be_chosen(shop):
    only = "ECDHE-ECDSA-CHACHA20-POLY1305"
    made = shop(listener={"ciphers": only})
    assert f"Cipher is {only}" in s_client(made.tls_port, "-tls1_2")
    assert "handshake failure" in s_client(
        made.tls_port, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"
    )


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("shop.test", "shop"),
        ("SHOP.test", "shop"),
        ("api.test", "api"),
        ("x.api.test", "api"),
        ("exact.api.test", "exact"),
        ("a.b.api.test", "shop"),
        ("other.test", "shop"),
        (None, "shop"),
    ],
)
def test_the_certificate_is_chosen_by_name(shop, authority, shop_certificate, asked, shown):
    api = authority.issue("api", "DNS:api.test,DNS:*.api.test")
    exact = authority.issue("exact", "DNS:exact.api.test")
    made = shop(shop_certificate, api, exact)
    name = ["-servername", asked] if asked else ["-noservername"]
    assert subject_of(s_client(made.tls_port, *name)) == f"CN = {shown}"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_sessions_go_on_with_any_worker(shop, authority, version):
    made = shop(workers=2)
    tls = context(authority, versions=version)
    with TlsClient(made.tls_port, tls) as client:
        client.get()
        session = client.socket.session
    for _ in range(20):  # the kernel spreads them over both workers
        with TlsClient(made.tls_port, tls, session=session) as client:
            assert client.socket.session_reused
            assert client.get().status == 200
    assert (handshakes(made, "full"), handshakes(made, "resumed")) == (1, 20)


def test_a_ticket_under_other_keys_only_costs_a_full_handshake(shop, tmp_path):
    made, saved = shop(), tmp_path / "session"
    s_client(made.tls_port, "-tls1_2", "-sess_out", saved)
    other = shop()  # with keys of its own
    assert "Reused" not in s_client(other.tls_port, "-tls1_2", "-sess_in", saved)
    assert "Reused" in s_client(made.tls_port, "-tls1_2", "-sess_in", saved)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [(["http/1.1"], "http/1.1"), (["h2", "http/1.1"], "http/1.1"), ([], None)],
)
def test_the_protocol_is_agreed(shop, offered, chosen):
    with TlsClient(shop().tls_port, context(protocols=offered)) as client:
        assert client.socket.selected_alpn_protocol() == chosen
        assert client.get().status == 200


def test_a_client_that_speaks_none_of_ours_is_told(shop):
    made = shop()
    assert "no application protocol" in failure_of(made.tls_port, context(protocols=["h2"])).lower()
    assert failures(made, "protocol") == 1


def test_plain_http_on_the_tls_port_is_no_request(shop, server):
    made = shop()
    with RawClient(made.tls_port) as client:
        client.send(request())
        assert b"HTTP/1.1" not in client.to_end()
    assert failures(made, "not_tls") == 1
    assert not server.requests
    eventually(lambda: made.logged(r"127.0.0.1 failed: not_tls, http request"))


def test_a_slow_handshake_is_cut(shop):
    made = shop(timeouts={"handshake": milliseconds(0.3)})
    with RawClient(made.tls_port) as client:
        client.send(b"\x16\x03\x01\x02\x00")
        assert client.closed()
    assert failures(made, "timeout") == 1
    with TlsClient(made.tls_port) as client:
        assert client.get().status == 200


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda tls: tls["certificates"][0].update(key="/nonexistent"), "certificates[0].key"),
        (lambda tls: tls["certificates"][0].update(certificate="/"), "certificates[0].certificate"),
        (lambda tls: tls.update(ciphers="NO-SUCH"), "ciphers"),
        (
            lambda tls: tls.update(client_certificates="required", client_ca="/nonexistent"),
            "client_ca",
        ),
    ],
)
def test_bad_files_are_mistakes_with_their_path(weir, server, shop_certificate, change, path):
    listener = secured(shop_certificate)
    change(listener["tls"])
    made = weir(proxy(service(server, server), listen=[listener]), start=False)
    made.launch()
    assert made.process.wait(scaled(10)) == 1
    made.ended = True
    assert f"listen[0].tls.{path}: " in made.log
    checked = run("check", "--config", made.config_file)
    assert checked.returncode == 1
    assert f"listen[0].tls.{path}: " in checked.stderr


def test_a_key_of_another_certificate_is_a_mistake(weir, server, authority, shop_certificate):
    other = authority.issue("other", "DNS:other.test")
    listener = secured(shop_certificate)
    listener["tls"]["certificates"][0]["key"] = str(other.key)
    made = weir(proxy(service(server, server), listen=[listener]), start=False)
    made.launch()
    assert made.process.wait(scaled(10)) == 1
    made.ended = True
    assert "listen[0].tls.certificates[0].key: " in made.log and "mismatch" in made.log


def test_clients_are_sent_to_https(weir, server):
    listen = [
        {"address": "127.0.0.1:0", "redirect_to_https": {}},
        {"address": "127.0.0.1:0", "redirect_to_https": {"port": 8443}},
    ]
    made = weir(proxy(service(server, server), listen=listen))
    with RawClient(made.ports[0]) as client:
        for method in ("GET", "POST", "DELETE"):
            client.send(request(method, "/a?b=c", host="shop.test:80"))
            answer = client.response()
            assert (answer.status, answer.value("Location")) == (308, "https://shop.test/a?b=c")
        client.send(request("POST", "/", b"body"))
        assert client.response().status == 308
        client.send(request("HEAD", "/"))
        assert client.response(to="HEAD").status == 308
        client.send(b"GET / HTTP/1.0\r\n\r\n")
        assert client.response().status == 400
    with RawClient(made.ports[1]) as client:
        assert client.get("/x").value("Location") == "https://shop.test:8443/x"
    with RawClient(made.ports[1]) as client:
        client.send(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        assert client.response().status == 400
    assert not server.requests
    assert made.metric("weir_https_redirects_total")[""] == 6


def test_the_expiry_of_certificates_is_a_metric(shop):
    metric = shop().metric("weir_tls_certificate_expiry_seconds")
    assert metric['listener="1",name="shop.test"'] > 1.7e9
