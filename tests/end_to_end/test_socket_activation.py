"""Started by systemd: with its sockets, and telling it how things stand."""

import os
import signal
import socket
import sys

import pytest

import configuration
from configuration import proxy, service
from waiting import eventually, scaled
from wire import RawClient

BECOME = (
    "import os, sys\n"
    "count = int(sys.argv[1])\n"
    "for place, each in enumerate(sys.argv[2:2 + count]):\n"
    "    os.dup2(int(each), 3 + place, inheritable=True)\n"
    "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(count))\n"
    "os.execv(sys.argv[2 + count], sys.argv[2 + count:])\n"
)


def lent(*sockets):
    """How to start a process with these sockets, as systemd does."""
    handles = [str(each.fileno()) for each in sockets]
    wrapper = [sys.executable, "-c", BECOME, str(len(handles)), *handles]
    return {"wrapper": wrapper, "pass_fds": [each.fileno() for each in sockets]}


@pytest.fixture
def lend():
    """Sockets that listen, as systemd has them: one for each address, without SO_REUSEPORT."""
    made = []

    def make():
        made.append(socket.create_server(("127.0.0.1", 0), backlog=128))
        # A number the descriptors of the new process do not reach.
        high = socket.socket(fileno=os.dup2(made[-1].fileno(), 100 + len(made)))
        made.append(high)
        return high

    yield make
    for each in made:
        each.close()


def listening_at(sock):
    return "127.0.0.1:%d" % sock.getsockname()[1]


def test_it_serves_on_the_sockets_it_was_started_with(weir, origin, lend):
    clients, admin = lend(), lend()
    settings = proxy(
        service(origin(), origin()),
        listen=[listening_at(clients), "127.0.0.1:0"],
        admin={"listen": listening_at(admin)},
        workers=3,
    )
    proxied = weir(settings, start=False).start(**lent(admin, clients))
    assert proxied.admin_port == admin.getsockname()[1]
    for port in proxied.ports:
        with RawClient(port) as client:
            assert client.get().status == 200


def test_who_comes_between_two_processes_waits_for_the_second(weir, origin, lend):
    clients = lend()
    settings = proxy(service(origin(), origin()), listen=[listening_at(clients)])
    proxied = weir(settings, start=False).start(**lent(clients))
    assert proxied.stop() == 0
    with RawClient(clients.getsockname()[1]) as waiting:
        proxied.start(**lent(clients))
        assert waiting.get().status == 200


def test_a_socket_nobody_wants_is_a_mistake(weir, origin, lend):
    clients = lend()
    refused = weir(proxy(service(origin(), origin())), start=False).launch(**lent(clients))
    assert refused.wait() == 1
    assert "LISTEN_FDS" in refused.log
    assert str(clients.getsockname()[1]) in refused.log


def test_a_lent_socket_passes_to_a_new_process(weir, origin, lend, tmp_path):
    clients = lend()
    settings = proxy(
        service(origin(), origin()),
        listen=[listening_at(clients)],
        take_over={"socket": str(tmp_path / "next")},
    )
    old = weir(settings, start=False).start(**lent(clients))
    new = weir(settings, start=False)
    old.told = True
    new.start("--take-over", tmp_path / "next")
    assert old.wait() == 0
    with RawClient(new.port) as client:
        assert client.get().status == 200


def test_systemd_is_told_how_things_stand(weir, origin, tmp_path):
    heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    heard.bind(str(tmp_path / "notify"))
    heard.settimeout(scaled(10))

    def hear():
        return dict(line.split("=", 1) for line in heard.recv(4096).decode().splitlines())

    proxied = weir(proxy(service(origin(), origin())), start=False)
    proxied.start(env={**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify")})
    assert hear() == {"READY": "1", "MAINPID": str(proxied.process.pid)}
    configuration.write(proxied.config_file, proxied.settings)
    proxied.process.send_signal(signal.SIGHUP)
    reloading = hear()
    assert reloading["RELOADING"] == "1" and int(reloading["MONOTONIC_USEC"]) > 0
    assert hear() == {"READY": "1"}
    proxied.terminate()
    assert hear() == {"STOPPING": "1"}
    assert proxied.wait() == 0
    heard.close()
    eventually(lambda: proxied.process.poll() is not None)
