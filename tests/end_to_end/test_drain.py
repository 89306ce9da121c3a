"""SIGTERM: nobody is sent away in the middle, and load balancers are told first."""

import signal
import threading
import time

import pytest

from configuration import milliseconds, proxy, service
from load import Load
from origins import answering, echo_id
from waiting import eventually, scaled
from wire import RawClient, request

ACCEPT_SECONDS = 1


def draining(accept=ACCEPT_SECONDS, deadline=5, idle=0):
    times = {"accept": accept, "idle": idle, "deadline": deadline}
    return {"drain": {name: milliseconds(seconds) for name, seconds in times.items()}}


def readiness(weir):
    return weir.api("GET", "/readyz").status_code


def refuses(port):
    try:
        RawClient(port, 1).close()
    except TimeoutError:  # the kernel forgot it where it crossed the end of accepting
        return False
    except ConnectionError:  # … or reset it
        return True
    return False


@pytest.fixture
def slow(origin):
    """An origin that answers when told to."""
    release = threading.Event()
    served = origin(answering(lambda message: release.wait(scaled(20)) and echo_id(message)))
    served.release = release
    yield served
    release.set()


def test_a_proxy_that_serves_is_ready(weir, origin):
    proxied = weir(proxy(service(origin(), origin())))
    assert readiness(proxied) == 200
    assert proxied.api("GET", "/healthz").status_code == 200


def test_no_request_is_lost_from_the_signal_to_the_end(weir, origin):
    proxied = weir(proxy(service(origin(), origin()), **draining()))
    with Load(proxied, threads=6) as load:
        load.leaves_when_told = True
        proxied.terminate()
        load.await_end()
    assert proxied.wait() == 0
    assert load.failures == []
    assert len(load.samples) > 50


def test_ready_ends_at_once_while_new_clients_are_still_served(weir, origin):
    proxied = weir(proxy(service(origin(), origin()), **draining()))
    signalled = time.monotonic()
    proxied.terminate()
    eventually(lambda: readiness(proxied) == 503, 0.5)
    with RawClient(proxied.port) as client:
        answer = client.get()
        assert (answer.status, answer.value("Connection")) == (200, None)
        assert client.get().status == 200
        eventually(lambda: refuses(proxied.port), 5)
        waited = time.monotonic() - signalled
        assert scaled(ACCEPT_SECONDS) * 0.9 <= waited <= scaled(ACCEPT_SECONDS) * 2 + 1
        assert client.closed(), "idle connections are let go"
    assert proxied.wait() == 0


def test_after_accepting_ends_answers_say_close(weir, slow):
    proxied = weir(proxy(service(slow, slow), **draining(accept=0)))
    with RawClient(proxied.port) as client:
        client.send(request(X_Test_Id="held"))
        eventually(lambda: slow.requests)
        proxied.terminate()
        eventually(lambda: refuses(proxied.port))
        slow.release.set()
        answer = client.response()
        assert (answer.body, answer.value("Connection")) == (b"held", "close")
        assert client.closed()
    assert proxied.wait() == 0


def test_whoever_is_connected_when_accepting_ends_is_served(weir, origin):
    """The kernel has taken them in; nobody may reset them."""
    proxied = weir(proxy(service(origin(), origin()), **draining(accept=0)))
    proxied.process.send_signal(signal.SIGSTOP)
    clients = [RawClient(proxied.port) for _ in range(400)]
    for number, client in enumerate(clients):
        client.send(request(X_Test_Id=str(number)))
    proxied.terminate()
    proxied.process.send_signal(signal.SIGCONT)
    answers = [client.response() for client in clients]
    assert [answer.body.decode() for answer in answers] == [str(n) for n in range(400)]
    assert proxied.wait() == 0


def test_a_client_that_has_not_asked_yet_is_served(weir, origin):
    proxied = weir(proxy(service(origin(), origin()), **draining(accept=0)))
    with RawClient(proxied.port) as client:
        eventually(lambda: proxied.metric("weir_client_connections")['state="active"'] == 1)
        proxied.terminate()
        eventually(lambda: refuses(proxied.port))
        answer = client.get()
        assert (answer.status, answer.value("Connection")) == (200, "close")
    assert proxied.wait() == 0


def test_an_idle_client_has_time_for_one_more_request(weir, origin):
    proxied = weir(proxy(service(origin(), origin()), **draining(accept=0, idle=5)))
    with RawClient(proxied.port) as busy, RawClient(proxied.port) as silent:
        assert busy.get().value("Connection") is None
        silent.get()
        proxied.terminate()
        eventually(lambda: refuses(proxied.port))
        assert busy.get().value("Connection") == "close"
        assert busy.closed()
        assert silent.closed(), "its time is over"
    assert proxied.wait() == 0


def test_a_download_under_way_is_finished(weir, origin):
    going_on = threading.Event()

    def converse(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
        going_on.wait(scaled(20))
        peer.send(b"half")

    served = origin(converse)
    proxied = weir(proxy(service(served, served), **draining(accept=0)))
    with RawClient(proxied.port) as client:
        client.send(request())
        client.head()
        proxied.terminate()
        eventually(lambda: refuses(proxied.port))
        going_on.set()
        assert client.exactly(8) == b"halfhalf"
    assert proxied.wait() == 0


def test_an_upload_under_way_is_finished(weir, origin):
    served = origin()
    proxied = weir(proxy(service(served, served), **draining(accept=0)))
    with RawClient(proxied.port) as client:
        client.send(request("POST", Content_Length=100_000) + b"x" * 50_000)
        eventually(lambda: served.requests)
        proxied.terminate()
        eventually(lambda: refuses(proxied.port))
        client.send(b"x" * 50_000)
        assert client.response().status == 200
    assert proxied.wait() == 0


def test_the_deadline_ends_what_does_not_finish(weir, slow):
    proxied = weir(proxy(service(slow, slow), **draining(accept=0, deadline=0.5)))
    with RawClient(proxied.port) as client:
        client.send(request())
        eventually(lambda: slow.requests)
        proxied.terminate()
        assert client.closed()
    assert proxied.wait() == 0


def test_a_second_signal_ends_it_now(weir, slow):
    proxied = weir(proxy(service(slow, slow), **draining(accept=60, deadline=60)))
    with RawClient(proxied.port) as client:
        client.send(request())
        eventually(lambda: slow.requests)
        proxied.terminate()
        eventually(lambda: readiness(proxied) == 503)
        proxied.terminate()
        assert client.closed()
    assert proxied.wait() == 0


def test_an_abort_is_obeyed_while_draining(weir, origin):
    proxied = weir(proxy(service(origin(), origin(), key={"header": "X-Key"}), **draining()))
    proxied.set_weight(100)
    proxied.terminate()
    eventually(lambda: readiness(proxied) == 503)
    assert proxied.done("abort")["phase"] == "Degraded"
    with RawClient(proxied.port) as client:
        assert client.get().value("X-Weir-Version") == "blue"
    assert proxied.wait() == 0
