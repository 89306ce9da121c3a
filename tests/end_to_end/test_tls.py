"""TLS to clients and to pools, as real clients speak it."""

import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import configuration
from certificates import Authority
from configuration import milliseconds, pool, proxy, service
from tls_clients import TlsClient, context, failure_of, s_client, subject_of
from waiting import eventually
from weir_process import run
from wire import RawClient, request, response

V1_1, V1_2, V1_3 = (getattr(ssl.TLSVersion, f"TLSv1_{minor}") for minor in (1, 2, 3))


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def shop(authority):
    return authority.issue("shop", "DNS:shop.test")


@pytest.fixture(scope="module")
def other(authority):
    return authority.issue("other", "DNS:other.test,DNS:*.wild.test")


@pytest.fixture(scope="module")
def ann(authority):
    return authority.issue("ann", "URI:spiffe://shop/ann", "/CN=ann", usage="clientAuth")


def listening(*certificates, **tls):
    return {
        "address": "127.0.0.1:0",
        "tls": {"certificates": [each.files for each in certificates], **tls},
    }


@pytest.fixture
def secure(weir, origin, shop):
    """Makes a proxy with one TLS listener; `proxied.served` is its origin."""

    def make(*certificates, more=None, **tls):
        served = origin()
        listeners = [listening(*(certificates or (shop,)), **tls)]
        proxied = weir(proxy(service(served, served), **{"listen": listeners, **(more or {})}))
        proxied.served = served
        return proxied

    return make


@pytest.mark.parametrize("version", [V1_2, V1_3])
def test_both_versions_are_spoken_and_the_pool_is_told(secure, authority, version):
    proxied = secure()
    with TlsClient(proxied.port, context(authority, versions=version)) as client:
        assert client.get().status == 200
        assert client.get().status == 200
    assert proxied.served.last.value("X-Forwarded-Proto") == "https"


def test_older_versions_and_those_below_the_minimum_are_refused(secure):
    proxied = secure(minimum="1.3")
    assert "VERSION" in failure_of(proxied.port, context(versions=V1_2)).upper()
    failures = proxied.metric("weir_tls_handshake_failures_total")
    assert sum(failures.values()) == 1


@pytest.mark.parametrize(
    "name, subject",
    [
        ("shop.test", "CN = shop"),
        ("other.test", "CN = other"),
        ("a.wild.test", "CN = other"),
        ("a.b.wild.test", "CN = shop"),
        ("unknown.test", "CN = shop"),
    ],
)
def test_the_certificate_is_chosen_by_name(secure, shop, other, name, subject):
    told = s_client(secure(shop, other).port, "-servername", name)
    assert subject_of(told) == subject


def test_sessions_are_resumed_by_any_worker(secure, authority):
    tls = context(authority, versions=V1_2)
    proxied = secure(more={"workers": 4})
    with TlsClient(proxied.port, tls) as first:
        assert first.get().status == 200
        session = first.socket.session
    resumed = []
    for _ in range(8):
        with TlsClient(proxied.port, tls, session=session) as client:
            assert client.get().status == 200
            resumed.append(client.socket.session_reused)
    assert all(resumed)


def test_alpn_chooses_http_1_1_and_refuses_what_it_cannot_speak(secure, authority):
    proxied = secure()
    with TlsClient(proxied.port, context(authority, protocols=["h2", "http/1.1"])) as client:
        assert client.socket.selected_alpn_protocol() == "http/1.1"
        assert client.get().status == 200
    assert "ALERT_NO_APPLICATION_PROTOCOL" in failure_of(
        proxied.port, context(protocols=["h2"])
    ).upper().replace(" ", "_")


def identity(message):
    names = ("Verified", "Subject", "SAN", "Fingerprint")
    return {name: message.value(f"X-Client-Cert-{name}") for name in names}


def test_a_clients_certificate_becomes_its_identity(secure, authority, ann):
    proxied = secure(client_certificates="required", client_ca=str(authority.certificate))
    with TlsClient(proxied.port, context(authority, client=ann)) as client:
        assert client.get(X_Client_Cert_Subject="CN=root").status == 200
    assert identity(proxied.served.last) == {
        "Verified": "true",
        "Subject": "CN=ann",
        "SAN": "URI:spiffe://shop/ann",
        "Fingerprint": ann.fingerprint,
    }


def test_an_optional_certificate_may_be_missing_but_not_forged(secure, authority):
    proxied = secure(client_certificates="optional", client_ca=str(authority.certificate))
    forged = b"X-Client-Cert-Verified: true\r\nX_Client_Cert_Subject: CN=ann\r\n"
    with TlsClient(proxied.port, context(authority)) as client:
        client.send(request().replace(b"\r\n\r\n", b"\r\n" + forged + b"\r\n"))
        assert client.response().status == 200
    seen = proxied.served.last
    assert identity(seen)["Verified"] == "false"
    assert not [name for name, _ in seen.fields if "subject" in name.lower()]


def test_fields_of_client_certificates_are_never_passed_on(weir, origin):
    served = origin()
    proxied = weir(proxy(service(served, served)))
    with RawClient(proxied.port) as client:
        assert client.get(X_Client_Cert_Verified="true", Client_Cert="x").status == 200
    assert not [name for name, _ in served.last.fields if "cert" in name.lower()]


@pytest.mark.parametrize("whose", ["nobody", "a stranger", "expired"])
def test_a_required_certificate_must_be_good(secure, authority, tmp_path, whose):
    proxied = secure(client_certificates="required", client_ca=str(authority.certificate))
    shown = None
    if whose == "a stranger":
        stranger = Authority(tmp_path, "stranger")
        shown = stranger.issue("eve", "DNS:eve", usage="clientAuth")
    if whose == "expired":
        shown = authority.issue("late", "DNS:late", days=-1, usage="clientAuth")
    assert failure_of(proxied.port, context(authority, client=shown))
    assert not proxied.served.requests


def test_a_changed_certificate_is_taken_up_without_a_restart(secure, authority, tmp_path):
    first = authority.issue("first", "DNS:shop.test")
    second = authority.issue("second", "DNS:shop.test")
    proxied = secure(first)
    with TlsClient(proxied.port, context(authority)) as kept:
        assert kept.get().status == 200
        first.key.write_bytes(second.key.read_bytes())
        first.certificate.write_bytes(second.certificate.read_bytes())
        eventually(lambda: subject_of(s_client(proxied.port)) == "CN = second")
        assert kept.get().status == 200


def test_a_bad_certificate_never_replaces_a_good_one(secure, authority, tmp_path):
    made = authority.issue("made", "DNS:shop.test")
    proxied = secure(made)
    made.certificate.write_text("not a certificate")
    failed = 'result="failed"'
    eventually(lambda: proxied.metric("weir_tls_reloads_total")[failed] >= 1)
    proxied.reload(proxied.settings, result="failed")
    with TlsClient(proxied.port, context(authority)) as client:
        assert client.get().status == 200


def test_a_slow_handshake_is_cut(secure):
    proxied = secure(more={"timeouts": {"handshake": milliseconds(0.3)}})
    with RawClient(proxied.port) as client:
        client.send(b"\x16\x03\x01")
        assert client.closed()
    failures = proxied.metric("weir_tls_handshake_failures_total")
    assert [name for name, count in failures.items() if count] == ['side="client",reason="timeout"']


def test_large_bodies_go_both_ways(secure, authority):
    body = bytes(range(256)) * 4096 * 16
    proxied = secure()
    proxied.served.converse = lambda peer: peer.send(response(200, peer.read_request().body))
    with TlsClient(proxied.port, context(authority), seconds=60) as client:
        client.send(request("POST", body=body))
        assert client.response().body == body


def test_a_broken_off_answer_is_no_orderly_end(secure, authority):
    proxied = secure()

    def converse(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")

    proxied.served.converse = converse
    with TlsClient(proxied.port, context(authority)) as client:
        client.send(request())
        with pytest.raises((ssl.SSLError, AssertionError, ConnectionError)):
            message = client.response()
            assert message.complete


class TlsServer:
    """A real HTTPS server; asks for certificates of `clients` where given."""

    def __init__(self, certificate, clients=None):
        class Answer(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate.certificate, certificate.key)
        if clients:
            tls.verify_mode = ssl.CERT_REQUIRED
            tls.load_verify_locations(clients.certificate)
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def tls_server():
    made = []

    def make(*arguments):
        made.append(TlsServer(*arguments))
        return made[-1]

    yield make
    for each in made:
        each.close()


def status_through(weir, server, **tls):
    served = pool(server, tls=tls)
    with RawClient(weir(proxy(service(served, served))).port) as client:
        return client.get().status


def test_a_pool_is_verified_by_authority_and_name(weir, tls_server, authority, shop, tmp_path):
    server = tls_server(shop)
    trusted = {"ca_file": str(authority.certificate), "server_name": "shop.test"}
    assert status_through(weir, server, **trusted) == 200
    assert status_through(weir, server, **{**trusted, "server_name": "other.test"}) == 502
    stranger = Authority(tmp_path, "stranger")
    assert status_through(weir, server, **{**trusted, "ca_file": str(stranger.certificate)}) == 502
    assert status_through(weir, server, verify=False) == 200


def test_a_pool_may_ask_who_we_are(weir, tls_server, authority, shop, ann):
    server = tls_server(shop, authority)
    trusted = {"ca_file": str(authority.certificate), "server_name": "shop.test"}
    assert status_through(weir, server, **trusted, **ann.files) == 200
    assert status_through(weir, server, **trusted) == 502


def test_checks_of_such_a_pool_speak_tls(weir, tls_server, authority, shop):
    checked = pool(
        tls_server(shop),
        tls={"ca_file": str(authority.certificate), "server_name": "shop.test"},
        check={"kind": "http", "path": "/", "interval": "100ms", "timeout": "100ms"},
    )
    proxied = weir(proxy(service(checked, checked)))
    labels = 'service="shop",version="blue",state="healthy"'
    eventually(lambda: proxied.metric("weir_pool_endpoints")[labels] == 1)


def test_a_plain_listener_redirects(weir, origin):
    served = origin()
    plain = {"address": "127.0.0.1:0", "redirect_to_https": {"port": 8443}}
    proxied = weir(proxy(service(served, served), listen=[plain]))
    with RawClient(proxied.port) as client:
        answer = client.get("/a?b=c")
        assert answer.status == 308
        assert answer.value("Location") == "https://shop.test:8443/a?b=c"
        assert client.get().status == 308
    assert not served.requests


def test_mistakes_in_tls_are_found_by_the_check(origin, shop, other, tmp_path):
    crossed = {"certificate": str(shop.certificate), "key": str(other.key)}
    listener = {"address": "127.0.0.1:0", "tls": {"certificates": [crossed]}}
    served = origin()
    file = tmp_path / "mistaken.yaml"
    configuration.write(file, proxy(service(served, served), listen=[listener]))
    checked = run("check", "--config", file)
    assert checked.returncode == 1
    assert "listen[0].tls.certificates[0].key" in checked.stdout + checked.stderr
