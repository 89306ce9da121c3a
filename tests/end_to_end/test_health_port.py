"""/readyz and /healthz on an address of their own: what load balancers and kubelets ask."""

import threading

import pytest

from configuration import milliseconds, proxy, service
from origins import answering, echo_id
from waiting import eventually, scaled
from wire import RawClient, request


@pytest.fixture
def settings(origin):
    def make(*pools, accept=0, **more):
        blue, green = pools or (origin(), origin())
        drain = {"accept": milliseconds(accept), "idle": "0s", "deadline": milliseconds(10)}
        return proxy(
            service(blue, green), health={"listen": "127.0.0.1:0"}, drain=drain, **more
        )

    return make


def ask(port, path="/readyz", method="GET", **fields):
    with RawClient(port) as probe:
        probe.send(request(method, path, **fields))
        return probe.response(to=method)


def test_it_answers_the_two_probes_and_nothing_else(weir, settings):
    port = weir(settings()).health_port
    assert ask(port, "/readyz").status == 200
    assert ask(port, "/healthz").status == 200
    assert ask(port, "/readyz", "HEAD").status == 200
    for path in ("/", "/metrics", "/v1/services", "/openapi.json", "/v1/events", "/readyz/x"):
        assert ask(port, path).status == 404, path
    assert ask(port, "/readyz", "POST", body=b"").status == 404


@pytest.mark.parametrize("host", ["10.1.2.3", "10.1.2.3:8081", "anything.test", "_", ""])
def test_any_host_will_do(weir, settings, host):
    """Google's probes name the address of the destination."""
    assert ask(weir(settings()).health_port, host=host).status == 200


def test_no_host_will_do(weir, settings):
    with RawClient(weir(settings()).health_port) as probe:
        probe.send(b"GET /readyz HTTP/1.0\r\n\r\n")
        assert probe.response().status == 200


def test_it_needs_no_token(weir, settings):
    configured = settings()
    configured["admin"]["token_file"] = "token"
    proxied = weir(configured, token="secret")
    assert ask(proxied.health_port).status == 200
    assert ask(proxied.admin_port, "/v1/services", host="127.0.0.1").status == 401


def test_it_is_off_unless_it_is_asked_for(weir, origin):
    assert weir(proxy(service(origin(), origin()))).health_port is None


def test_at_sigterm_ready_fails_first_and_the_port_answers_to_the_end(weir, settings, origin):
    going_on = threading.Event()
    slow = origin(answering(lambda message: going_on.wait(scaled(20)) and echo_id(message)))
    proxied = weir(settings(slow, slow, accept=1))
    with RawClient(proxied.port) as held:
        held.send(request(X_Test_Id="held"))
        eventually(lambda: slow.requests)
        proxied.terminate()
        eventually(lambda: ask(proxied.health_port).status == 503, 0.5)
        with RawClient(proxied.port):
            pass  # still accepting
        eventually(lambda: refuses(proxied.port))
        assert ask(proxied.health_port).status == 503
        assert ask(proxied.health_port, "/healthz").status == 200
        going_on.set()
        assert held.response().body == b"held"
    assert proxied.wait() == 0


def test_clients_notice_nothing_between_not_ready_and_the_end_of_accepting(weir, settings):
    proxied = weir(settings(accept=2))
    proxied.terminate()
    eventually(lambda: ask(proxied.health_port).status == 503)
    with RawClient(proxied.port) as client:
        assert client.get().value("Connection") is None
        assert client.get().value("Connection") is None
    assert proxied.wait() == 0


def refuses(port):
    try:
        RawClient(port, 1).close()
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return False
