"""What becomes of WebSockets when their pool loses its traffic, and when the proxy stops."""

import threading
import time

import pytest
from websockets.exceptions import ConnectionClosed

from configuration import milliseconds, proxy, service
from waiting import always, eventually, scaled
from websocket_servers import EchoServer, websocket
from wire import RawClient, request

GOING_AWAY = 1001
FAREWELL = b"\x88\x02\x03\xe9"
KEY = {"header": "X-Key"}
SWITCH = b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: %s\r\n\r\n"


def staying(seconds, jitter="0%"):
    return {"tunnels": {"after_switch": milliseconds(seconds), "jitter": jitter}, "key": KEY}


@pytest.fixture
def pools():
    made = EchoServer("blue"), EchoServer("green")
    yield made
    for each in made:
        each.close()


def opened(weir):
    client = websocket(weir)
    return client, client.recv(timeout=scaled(5))


def closed_after(client, seconds=10):
    """How long until the server said farewell."""
    began = time.monotonic()
    with pytest.raises(ConnectionClosed):
        client.recv(timeout=scaled(seconds))
    assert client.close_code == GOING_AWAY
    return time.monotonic() - began


def closed_by_switch(weir):
    return {
        labels.split('version="')[1][:-1]: count
        for labels, count in weir.metric("weir_tunnels_closed_by_switch_total").items()
    }


def test_a_rollback_lets_tunnels_stay_until_their_deadline(weir, pools):
    blue, green = pools
    proxied = weir(proxy(service(blue, green, **staying(1.5))))
    first, where = opened(proxied)
    assert where == "blue"
    proxied.set_weight(100)
    second, where = opened(proxied)
    assert where == "green"
    assert closed_after(first) <= scaled(3), "at 100 % blue has no traffic left"
    assert closed_by_switch(proxied) == {"blue": 1, "green": 0}
    proxied.done("abort")
    aborted = time.monotonic()
    second.send("still here")
    assert second.recv(timeout=scaled(5)) == "still here"
    closed_after(second)
    assert scaled(1.4) <= time.monotonic() - aborted <= scaled(3)
    assert closed_by_switch(proxied) == {"blue": 1, "green": 1}
    eventually(lambda: blue.codes == green.codes == [GOING_AWAY])
    counted = proxied.metric("weir_requests_total")
    assert sum(v for k, v in counted.items() if "1xx" in k) == sum(counted.values()) == 2


def test_tunnels_stay_where_traffic_is_left_or_comes_back(weir, pools):
    proxied = weir(proxy(service(*pools, **staying(1))))
    client, where = opened(proxied)
    assert where == "blue"
    proxied.set_weight(50)
    proxied.set_weight(100)
    proxied.set_weight(50)
    with pytest.raises(TimeoutError):
        client.recv(timeout=scaled(2))
    client.send("here")
    assert client.recv(timeout=scaled(5)) == "here"
    client.close()
    assert closed_by_switch(proxied) == {"blue": 0, "green": 0}


def test_previewers_stay(weir, pools):
    proxied = weir(proxy(service(*pools, preview={"header": "X-Preview"}, **staying(0.2))))
    client = websocket(proxied, additional_headers={"X-Preview": "1"})
    assert client.recv(timeout=scaled(5)) == "green"
    proxied.set_weight(50)
    proxied.done("abort")
    with pytest.raises(TimeoutError):
        client.recv(timeout=scaled(1))
    client.close()


def test_a_service_that_is_gone_lets_its_tunnels_go(weir, pools):
    other = service(*pools, "other", hosts=["other.test"], **staying(0))
    shop = service(*pools, **staying(0))
    proxied = weir(proxy(other, shop))
    client, _ = opened(proxied)
    proxied.reload(proxy(other))
    assert closed_after(client) <= scaled(1)


def test_farewells_are_spread_by_jitter(weir, pools):
    proxied = weir(proxy(service(*pools, **staying(3, jitter="100%"))))
    clients = [opened(proxied)[0] for _ in range(24)]
    times = []

    def await_farewell(client):
        closed_after(client)
        times.append(time.monotonic())

    threads = [threading.Thread(target=await_farewell, args=[each]) for each in clients]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    proxied.set_weight(100)
    for thread in threads:
        thread.join()
    assert len(times) == 24
    assert max(times) - began <= scaled(3.5)
    assert max(times) - min(times) >= scaled(1), "not all at once"


def test_the_proxy_takes_leave_when_it_drains(weir, pools):
    drain = {"drain": {"accept": "0s", "deadline": milliseconds(4)}}
    proxied = weir(proxy(service(*pools), **drain))
    clients = [opened(proxied)[0] for _ in range(16)]
    began = time.monotonic()
    proxied.terminate()
    for client in clients:
        closed_after(client)
    assert time.monotonic() - began <= scaled(4)
    assert proxied.wait() == 0
    assert pools[0].codes == [GOING_AWAY] * 16
    assert "did not finish" not in proxied.log


def scripted(weir, origin, talk, protocol=b"websocket", seconds=0.2):
    """A raw client of a tunnel to blue, made by a script, and the proxy."""
    def converse(peer):
        peer.read_head()
        peer.send(SWITCH % protocol)
        talk(peer)

    blue = origin(converse)
    proxied = weir(proxy(service(blue, origin(), **staying(seconds)), workers=1))
    client = RawClient(proxied.port)
    client.send(request(Connection="Upgrade", Upgrade=protocol.decode()))
    assert client.head().status == 101
    return proxied, client


def test_a_farewell_waits_for_the_end_of_the_frame(weir, origin):
    switched = threading.Event()

    def talk(peer):
        peer.send(b"\x81\x05he")
        switched.wait(scaled(10))
        peer.send(b"llo\x81\x05never")
        peer.to_end()

    proxied, client = scripted(weir, origin, talk)
    with client:
        assert client.exactly(4) == b"\x81\x05he"
        proxied.set_weight(100)
        eventually(lambda: closed_by_switch(proxied)["blue"] == 1)
        switched.set()
        assert client.to_end() == b"llo" + FAREWELL


def test_a_frame_that_does_not_end_is_not_awaited_for_long(weir, origin):
    proxied, client = scripted(weir, origin, lambda peer: peer.send(b"\x81\x05he") or peer.to_end())
    with client:
        proxied.set_weight(100)
        eventually(lambda: closed_by_switch(proxied)["blue"] == 1)
        began = time.monotonic()
        assert client.to_end() == b"\x81\x05he", "no frame within a frame"
        assert time.monotonic() - began <= scaled(2.5)


def test_behind_the_pools_own_close_frame_comes_no_other(weir, origin):
    said = b"\x88\x02\x03\xe8"
    proxied, client = scripted(weir, origin, lambda peer: peer.send(said) or peer.to_end())
    with client:
        assert client.exactly(4) == said
        proxied.set_weight(100)
        assert client.to_end() == b""


def test_the_answer_to_a_farewell_reaches_the_pool(weir, origin):
    heard = []
    proxied, client = scripted(weir, origin, lambda peer: heard.append(peer.to_end()))
    reply = b"\x88\x82\x00\x00\x00\x00\x03\xe9"
    with client:
        proxied.set_weight(100)
        assert client.exactly(4) == FAREWELL
        client.send(reply)
        assert client.closed()
    eventually(lambda: heard == [reply])


def test_a_client_that_ignores_the_farewell_is_not_awaited_for_long(weir, origin):
    proxied, client = scripted(weir, origin, lambda peer: peer.to_end())
    with client:
        proxied.set_weight(100)
        assert client.exactly(4) == FAREWELL
        began = time.monotonic()
        assert client.closed()
        assert time.monotonic() - began <= scaled(2.5)


def test_a_client_that_does_not_read_is_not_awaited(weir, origin):
    """The farewell has no room; the pool is let go all the same."""
    proxied, client = scripted(weir, origin, lambda peer: flood(peer), seconds=1)
    with client:
        proxied.set_weight(100)
        eventually(lambda: proxied.metric("weir_tunnels")['service="shop",version="blue"'] == 0, 8)


def flood(peer):
    while True:
        peer.send(b"\x82\x7e\x40\x00" + b"x" * 0x4000)


def test_a_tunnel_of_something_else_just_ends(weir, origin):
    proxied, client = scripted(weir, origin, lambda peer: peer.send(b"hi") or peer.to_end(), b"t/1")
    with client:
        proxied.set_weight(100)
        assert client.to_end() == b"hi"
    assert always(lambda: closed_by_switch(proxied)["blue"] == 1, 0.1)
