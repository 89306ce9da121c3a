"""Clients known by their certificates: who comes in, and what the pool is told of them."""

import time

import pytest

from certificates import Authority
from configuration import proxy, secured, service
from tls_clients import TlsClient, context, failure_of, s_client
from waiting import eventually
from wire import RawClient

SAN = "DNS:ann.test,URI:spiffe://test/ann,email:ann@test,IP:10.0.0.7"
FIELDS = [f"X-Client-Cert-{name}" for name in ("Verified", "Subject", "SAN", "Fingerprint")]


@pytest.fixture(scope="session")
def staff(tmp_path_factory):
    """Issues the certificates of clients."""
    return Authority(tmp_path_factory.mktemp("staff"), "staff")


@pytest.fixture(scope="session")
def ann(staff):
    return staff.issue("ann", SAN, subject="/O=Exam\\/ple\u00e9/CN=Ann, A", usage="clientAuth")


@pytest.fixture
def server(origin):
    return origin()


@pytest.fixture
def shop(weir, server, shop_certificate, staff):
    def make(wanted):
        ca = {} if wanted == "off" else {"client_ca": str(staff.certificate)}
        listen = [secured(shop_certificate, client_certificates=wanted, **ca)]
        return weir(proxy(service(server, server), listen=listen))

    return make


def failures(weir, reason):
    metric = weir.metric("weir_tls_handshake_failures_total")
    return metric[f'side="client",reason="{reason}"']


@pytest.mark.parametrize("wanted", ["optional", "required"])
def test_the_pool_is_told_who_it_is(shop, server, ann, wanted):
    with TlsClient(shop(wanted).port, context(client=ann)) as client:
        assert client.get().status == 200
    verified, subject, san, fingerprint = (server.last.value(name) for name in FIELDS)
    assert verified == "true"
    assert subject == r"CN=Ann\, A,O=Exam/ple\C3\A9"
    assert san == "DNS:ann.test, URI:spiffe://test/ann, email:ann@test, IP:10.0.0.7"
    assert fingerprint == ann.fingerprint


def test_it_is_told_so_of_resumed_sessions_too(shop, server, ann):
    made, tls = shop("required"), context(client=ann)
    with TlsClient(made.port, tls) as client:
        client.get()
        session = client.socket.session
    server.forget()
    with TlsClient(made.port, tls, session=session) as client:
        assert client.socket.session_reused
        client.get()
    assert server.last.value("X-Client-Cert-Fingerprint") == ann.fingerprint


def test_optional_lets_strangers_in_and_says_so(shop, server):
    with TlsClient(shop("optional").port) as client:
        assert client.get().status == 200
    assert [server.last.value(name) for name in FIELDS] == ["false", None, None, None]


def test_off_asks_nobody_and_says_nothing(shop, server, ann):
    with TlsClient(shop("off").port, context(client=ann)) as client:
        assert client.get().status == 200
    assert [server.last.value(name) for name in FIELDS] == [None] * 4


def test_required_refuses_strangers(shop, server):
    made = shop("required")
    assert "certificate required" in failure_of(made.port).lower()
    assert failures(made, "certificate_missing") == 1
    assert not server.requests


@pytest.mark.parametrize("wanted", ["optional", "required"])
def test_those_of_another_authority_are_refused(shop, server, wanted, tmp_path):
    stranger = Authority(tmp_path, "elsewhere").issue("eve", SAN, usage="clientAuth")
    made = shop(wanted)
    assert "unknown ca" in failure_of(made.port, context(client=stranger)).lower()
    assert failures(made, "certificate_untrusted") == 1
    assert not server.requests


def test_expired_ones_are_refused(shop, server, staff):
    made = shop("optional")
    old = staff.issue("old", SAN, days=-1, usage="clientAuth")
    assert "expired" in failure_of(made.port, context(client=old)).lower()
    assert failures(made, "certificate_expired") == 1
    assert not server.requests


def test_a_certificate_of_a_server_is_none_of_a_client(shop, server, staff):
    wrong = staff.issue("server", SAN, usage="serverAuth")
    failure_of(shop("required").port, context(client=wrong))
    assert not server.requests


FORGED = [
    "X-Client-Cert-Verified: true",
    "x-client-cert-subject: CN=root",
    "X_Client_Cert_Verified: true",
    "X-Client.Cert-San: DNS:root",
    "X-Client-Cert: root",
    "X-Client-Cert-Chain-Verified: true",
    "Client-Cert: :cm9vdA==:",
    "Client_Cert: :cm9vdA==:",
    "Client-Cert-Chain: :cm9vdA==:",
]


@pytest.mark.parametrize("wanted", ["off", "optional"])
def test_nobody_can_claim_an_identity(shop, server, wanted):
    lines = "".join(f"{line}\r\n" for line in FORGED)
    with TlsClient(shop(wanted).port) as client:
        client.send(f"GET / HTTP/1.1\r\nHost: shop.test\r\n{lines}\r\n".encode())
        assert client.response().status == 200
    arrived = [pair for pair in server.last.fields if "lient" in pair[0] and "ert" in pair[0]]
    assert arrived == ([] if wanted == "off" else [("X-Client-Cert-Verified", "false")])


def test_not_even_trusted_peers_can(weir, server):
    trusting = {"trusted": ["127.0.0.0/8"], "client_from_right": 1}
    made = weir(proxy(service(server, server), forwarded=trusting))
    with RawClient(made.port) as client:
        client.get(X_Client_Cert_Verified="true", X_Forwarded_Proto="https")
    assert server.last.value("X-Client-Cert-Verified") is None
    assert server.last.value("X-Forwarded-Proto") == "https"


def test_a_session_is_no_way_around_the_rules(weir, server, shop_certificate, staff, tmp_path):
    """A ticket of a listener that asks nobody is no ticket where certificates are required."""
    saved = tmp_path / "session"
    ca = {"client_ca": str(staff.certificate)}
    listen = [
        secured(shop_certificate),
        secured(shop_certificate, client_certificates="required", **ca),
    ]
    made = weir(proxy(service(server, server), listen=listen))
    s_client(made.ports[0], "-tls1_2", "-sess_out", saved)
    assert "Reused" in s_client(made.ports[0], "-tls1_2", "-sess_in", saved)
    said = s_client(made.ports[1], "-tls1_2", "-sess_in", saved)
    assert "Reused" not in said and "alert" in said
    assert failures(made, "certificate_missing") == 1


def test_a_certificate_that_ran_out_ends_its_sessions(shop, server, staff):
    """OpenSSL itself checks no dates of a session that goes on."""
    made = shop("required")
    ends = time.gmtime(time.time() + 3)
    brief = staff.issue_until("brief", SAN, time.strftime("%Y%m%d%H%M%SZ", ends))
    tls = context(client=brief)
    with TlsClient(made.port, tls) as client:
        client.get()
        session = client.socket.session
    eventually(lambda: time.gmtime() > ends, what="the certificate has run out")
    server.forget()
    failure_of(made.port, tls, session=session)
    assert failures(made, "certificate_expired") >= 1
    assert not server.requests
