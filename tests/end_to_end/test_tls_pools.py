"""TLS towards the pools: whom Weir believes, what it shows, what is resumed."""

import contextlib
import ssl
import sys

import pytest

from app_servers import Process, free_port, listens
from certificates import Authority
from configuration import CHECKED, milliseconds, pool, proxy, service
from origins import answering
from waiting import eventually
from wire import RawClient, request, response

APP = """
def app(environ, start):
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""


class TlsScript:
    """A script for an origin that puts TLS before `converse` and notes what it saw of it."""

    def __init__(self, certificate, client_ca=None, converse=None, versions=None):
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate.certificate, certificate.key)
        if client_ca:
            self.tls.load_verify_locations(client_ca.certificate)
            self.tls.verify_mode = ssl.CERT_REQUIRED
        if versions:
            self.tls.minimum_version = self.tls.maximum_version = versions
        self.tls.set_alpn_protocols(["http/1.1"])
        self.tls.sni_callback = lambda _, name, __: self.names.append(name)
        self.converse = converse or answering()
        self.names, self.resumed, self.protocols, self.subjects = [], [], [], []

    def __call__(self, peer):
        peer.socket = self.tls.wrap_socket(peer.socket, server_side=True)
        peer.record = None  # a record at a time, that would take its time
        with contextlib.closing(peer.socket):
            self.resumed.append(peer.socket.session_reused)
            self.protocols.append(peer.socket.selected_alpn_protocol())
            self.subjects.append(peer.socket.getpeercert())
            self.converse(peer)


@pytest.fixture
def shop(weir, origin, authority, shop_certificate):
    """`make(script, **tls)`: a proxy before one origin; by default everything fits."""

    def make(script=None, check=None, idle="5s", timeouts=None, **tls):
        script = script or TlsScript(shop_certificate)
        server = origin(script)
        tls = {"ca_file": str(authority.certificate), "server_name": "shop.test", **tls}
        tls = {key: value for key, value in tls.items() if value is not None}
        more = {"check": check} if check else {}
        blue = pool(server, tls=tls, idle=idle, **more)
        made = weir(proxy(service(blue, blue), timeouts=timeouts or {}))
        made.server, made.script = server, script
        return made

    return make


def failures(weir, reason):
    return weir.metric("weir_tls_handshake_failures_total")[f'side="pool",reason="{reason}"']


def test_requests_go_to_the_pool_under_tls(shop):
    made = shop()
    with RawClient(made.port) as client:
        for _ in range(5):
            assert client.get().status == 200
        body = b"x" * 200_000
        client.send(request("POST", "/", body))
        assert client.response().status == 200
    assert made.server.connections == 1, "kept and used again"
    assert made.script.names == ["shop.test"] and made.script.protocols == ["http/1.1"]


def test_large_bodies_go_both_ways(shop, shop_certificate):
    echo = answering(lambda message: response(200, message.body))
    made = shop(TlsScript(shop_certificate, converse=echo))
    body = bytes(range(256)) * (64 * 4096)
    with RawClient(made.port, 60) as client:
        client.send(request("POST", "/", body))
        answer = client.response()
    assert answer.body == body


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_sessions_are_resumed(shop, shop_certificate, version):
    def once(peer):
        peer.read_request()
        peer.send(response(200, b"ok", "Connection: close"))

    made = shop(TlsScript(shop_certificate, converse=once, versions=version))
    with RawClient(made.port) as client:  # one connection: one worker
        for _ in range(4):
            assert client.get().status == 200
    assert made.script.resumed == [False, True, True, True]
    assert made.metric("weir_tls_handshakes_total")['side="pool",kind="resumed"'] == 3


def unreachable(made, reason):
    with RawClient(made.port) as client:
        answer = client.get()
    assert answer.status == 502
    assert not made.server.requests, "not one byte of the request went there"
    assert failures(made, reason) >= 1
    return True


def test_another_authority_is_not_believed(shop, tmp_path):
    other = Authority(tmp_path, "elsewhere")
    assert unreachable(shop(ca_file=str(other.certificate)), "certificate_untrusted")


def test_the_systems_authorities_are_the_default(shop):
    assert unreachable(shop(ca_file=None), "certificate_untrusted")


def test_another_name_is_not_believed(shop):
    assert unreachable(shop(server_name="other.test"), "certificate_name")


def test_an_expired_certificate_is_not_believed(shop, authority):
    old = authority.issue("old-server", "DNS:shop.test", days=-1)
    assert unreachable(shop(TlsScript(old)), "certificate_expired")


def test_a_pool_in_the_clear_is_no_tls(shop):
    """Nor is the request ever sent in the clear instead."""
    made = shop(lambda peer: peer.fill() and peer.send(b"HTTP/1.1 400 Bad\r\n\r\n"))
    assert unreachable(made, "not_tls")
    assert b"GET" not in made.server.received


def test_the_address_counts_where_there_is_no_name(shop, authority):
    assert shop(server_name=None).script.names == []
    made = shop(server_name=None)  # 127.0.0.1 is in the certificate
    with RawClient(made.port) as client:
        assert client.get().status == 200
    assert made.script.names == [None]
    named_only = authority.issue("named", "DNS:shop.test")
    assert unreachable(shop(TlsScript(named_only), server_name=None), "certificate_name")


def test_not_to_verify_must_be_said(shop, tmp_path):
    made = shop(ca_file=None, server_name="other.test", verify=False)
    with RawClient(made.port) as client:
        assert client.get().status == 200


def test_weir_shows_its_own_certificate(shop, authority, shop_certificate):
    ours = authority.issue("weir", "DNS:weir.test", usage="clientAuth")
    made = shop(TlsScript(shop_certificate, client_ca=authority), **ours.files)
    with RawClient(made.port) as client:
        assert client.get().status == 200
    assert made.script.subjects[0]["subject"] == ((("commonName", "weir"),),)


def test_a_pool_that_wants_one_refuses_us_without(shop, authority, shop_certificate):
    made = shop(TlsScript(shop_certificate, client_ca=authority))
    with RawClient(made.port) as client:
        assert client.get().status == 502
    assert not made.server.requests


def test_checks_speak_tls_too(shop):
    made = shop(check=CHECKED)
    eventually(lambda: made.metric("weir_pool_endpoints")[endpoints("healthy")] == 1)
    assert made.server.requests and made.script.names[0] == "shop.test"


def endpoints(state):
    return f'service="shop",version="blue",state="{state}"'


def test_tcp_checks_shake_hands(shop):
    check = {**CHECKED, "kind": "tcp"}
    bad = shop(check=check, server_name="other.test")
    eventually(lambda: bad.metric("weir_pool_endpoints")[endpoints("unhealthy")] == 1)
    why = "unhealthy .TLS: certificate verify failed: hostname mismatch"
    eventually(lambda: bad.logged(why))
    good = shop(check=check)
    eventually(lambda: good.metric("weir_pool_endpoints")[endpoints("healthy")] == 1)


def test_checks_meet_a_slow_handshake_with_their_timeout(shop):
    made = shop(lambda peer: peer.to_end(), check=CHECKED)
    eventually(lambda: made.logged(r"unhealthy \(timed out after 200 ms\)"))


def test_connecting_includes_the_handshake(shop):
    made = shop(lambda peer: peer.to_end(), timeouts={"connect": milliseconds(0.3)})
    assert unreachable(made, "timeout")


def test_a_cut_answer_is_none(shop, shop_certificate):
    """Without close_notify the end of such a body is not its end."""

    def cut(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\n\r\nhello")
        raise OSError  # closes the socket without a word of TLS

    def whole(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\n\r\nhello")
        peer.socket.unwrap()

    made = shop(TlsScript(shop_certificate, converse=cut))
    with RawClient(made.port) as client:
        assert not client.get().complete
    made.script.converse = whole
    with RawClient(made.port) as client:
        answer = client.get()
        assert answer.complete and answer.body == b"hello"


def test_an_idle_connection_the_pool_closes_costs_no_request(shop, shop_certificate):
    def one_then_close(peer):
        peer.read_request()
        peer.send(response(200, b"ok"))
        peer.socket.unwrap()

    made = shop(TlsScript(shop_certificate, converse=one_then_close))
    with RawClient(made.port) as client:
        assert [client.get().status for _ in range(10)] == [200] * 10
    assert made.server.connections == 10


def test_other_rules_apply_to_the_next_request(shop, tmp_path):
    """Neither an idle connection nor a session outlives the rules it was made by."""
    made = shop(idle="1m")
    with RawClient(made.port) as client:
        assert client.get().status == 200
        other = Authority(tmp_path, "elsewhere")
        settings = made.settings
        for each in settings["services"][0]["pools"].values():
            each["tls"]["ca_file"] = str(other.certificate)
        made.reload(settings)
        assert client.get().status == 502
    assert failures(made, "certificate_untrusted") >= 1


@pytest.mark.parametrize(
    ("tls", "path"),
    [
        ({"ca_file": "/nonexistent"}, "ca_file"),
        ({"certificate": "/nonexistent", "key": "/nonexistent"}, "certificate"),
    ],
)
def test_bad_files_are_mistakes_with_their_path(weir, origin, tls, path):
    made = weir(proxy(service(pool(origin(), tls=tls), origin())), start=False)
    made.launch()
    assert made.process.wait(10) == 1
    made.ended = True
    assert f"services[0].pools.blue.tls.{path}: cannot read /nonexistent" in made.log


def test_gunicorn_under_tls(weir, tmp_path, authority, shop_certificate):
    (tmp_path / "echo.py").write_text(APP)
    port = free_port()
    tls = ["--certfile", shop_certificate.certificate, "--keyfile", shop_certificate.key]
    server = Process(
        [
            *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4"),
            *(*tls, "--chdir", tmp_path, "echo:app"),
        ],
        tmp_path / "gunicorn.log",
        PYTHONDONTWRITEBYTECODE="1",
    )
    try:
        eventually(lambda: listens(port), 30)
        server.address = f"127.0.0.1:{port}"
        secured = pool(server, tls={"ca_file": str(authority.certificate)}, idle="500ms")
        made = weir(proxy(service(secured, secured)))
        with RawClient(made.port) as client:
            for size in (0, 10, 100_000, 1 << 20):
                client.send(request("POST", "/", b"y" * size))
                answer = client.response()
                assert (answer.status, len(answer.body)) == (200, size)
    finally:
        server.close()
