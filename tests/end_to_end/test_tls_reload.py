"""Certificates change while the proxy serves: by a file, by SIGHUP, never for a bad one."""

import shutil
import ssl

import pytest

from configuration import proxy, secured, service
from load import Load
from tls_clients import TlsClient, context, s_client, subject_of
from waiting import eventually
from wire import Incomplete, request


@pytest.fixture
def server(origin):
    return origin()


@pytest.fixture
def files(tmp_path, authority, shop_certificate):
    """Files of the configuration's own, and a function that puts a certificate there."""

    class Files:
        certificate, key = tmp_path / "tls.crt", tmp_path / "tls.key"

        @property
        def files(self):
            return {"certificate": str(self.certificate), "key": str(self.key)}

        def put(self, made):
            for source, target in ((made.certificate, self.certificate), (made.key, self.key)):
                shutil.copy(source, f"{target}.new")
                shutil.move(f"{target}.new", target)

    made = Files()
    made.put(shop_certificate)
    return made


@pytest.fixture
def renewed(authority):
    return authority.issue("renewed", "DNS:shop.test")


def shown(port):
    return subject_of(s_client(port, "-servername", "shop.test"))


class TlsLoad(Load):
    """Each request over a connection of its own, verified."""

    def __init__(self, weir, authority, port):
        super().__init__(weir)
        self.port, self.tls, self.errors, self.count = port, context(authority), [], 0

    def work(self):
        while self.running:
            try:
                with TlsClient(self.port, self.tls) as client:
                    for _ in range(3):
                        client.send(request())
                        assert client.response().status == 200
                        self.count += 1
            except (OSError, ssl.SSLError, Incomplete, AssertionError) as error:
                self.errors.append(error)

    def await_more(self, count):
        wanted = self.count + count
        eventually(lambda: self.count >= wanted, 30, "requests were answered")


def test_a_file_that_changes_is_read_without_a_lost_request(
    weir, server, authority, files, renewed
):
    made = weir(proxy(service(server, server), listen=[secured(files)]))
    assert shown(made.port) == "CN = shop"
    with TlsClient(made.port, context(authority)) as old:
        old.get()
        with TlsLoad(made, authority, made.port) as load:
            files.put(renewed)
            eventually(lambda: shown(made.port) == "CN = renewed", what="the new certificate")
            load.await_more(30)
        assert load.errors == []
        assert old.get().status == 200, "connections go on"
    assert made.metric("weir_tls_reloads_total")['result="ok"'] >= 1


def test_sighup_reads_it_too(weir, server, files, renewed):
    made = weir(proxy(service(server, server), listen=[secured(files)]))
    files.put(renewed)
    made.reload(made.settings)
    assert shown(made.port) == "CN = renewed"


def test_a_bad_file_leaves_the_good_one_in_force(weir, server, files, renewed):
    made = weir(proxy(service(server, server), listen=[secured(files)]))
    files.key.write_text("no key")
    metric = "weir_tls_reloads_total"
    eventually(lambda: made.metric(metric)['result="failed"'] >= 1)
    why = r"listen\[0\]\.tls\.certificates\[0\]\.key: .*those in force stay"
    eventually(lambda: made.logged(why))
    assert shown(made.port) == "CN = shop"
    made.reload(made.settings, result="failed")
    assert shown(made.port) == "CN = shop"
    files.put(renewed)
    eventually(lambda: shown(made.port) == "CN = renewed")


def test_a_listener_turns_to_tls_and_back(weir, server, authority, shop_certificate):
    made = weir(proxy(service(server, server)))
    at = f"127.0.0.1:{made.port}"
    plain = {**made.settings, "listen": [at]}
    tls = {**made.settings, "listen": [secured(shop_certificate, at=at)]}
    for _ in range(2):
        made.reload(tls)
        with TlsClient(made.port, context(authority)) as client:
            assert client.get().status == 200
        made.reload(plain)
        with Load(made) as load:
            load.await_more(10)
        assert load.failures == []


def test_tickets_say_how_long_they_are_good(weir, server, files):
    """Keys change as often; that older ones are refused is a unit test."""
    timeouts = {"tls_session": "1m"}
    made = weir(proxy(service(server, server), listen=[secured(files)], timeouts=timeouts))
    with TlsClient(made.port) as client:
        client.get()
        assert client.socket.session.ticket_lifetime_hint == 60
