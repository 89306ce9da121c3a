"""What takes too long is cut, however it spreads its bytes, and nobody else notices."""

import contextlib
import time

from configuration import milliseconds, proxy, service
from origins import answering
from waiting import scaled
from wire import RawClient, request, response

HEAD_SECONDS = 0.5
DRIP_SECONDS = 0.02


def drip(send, data, seconds):
    """A byte at a time until all is sent, the time is up, or the other side is gone."""
    until = time.monotonic() + seconds
    with contextlib.suppress(OSError):
        for byte in data:
            if time.monotonic() > until:
                return
            send(bytes([byte]))
            time.sleep(DRIP_SECONDS)


def seconds_until_cut(client, data):
    began = time.monotonic()
    drip(client.send, data, scaled(10 * HEAD_SECONDS))
    return time.monotonic() - began


def test_a_head_that_drips_is_cut_from_its_first_byte_on(weir, origin):
    served = origin()
    settings = proxy(service(served, served), timeouts={"head": milliseconds(HEAD_SECONDS)})
    with RawClient(weir(settings).port) as client:
        took = seconds_until_cut(client, request(X_Long="x" * 5000))
        assert client.response().status == 408
    assert scaled(HEAD_SECONDS) <= took < scaled(4 * HEAD_SECONDS)
    assert not served.requests


def test_the_next_head_on_a_connection_has_the_same_time(weir, origin):
    served = origin()
    settings = proxy(service(served, served), timeouts={"head": milliseconds(HEAD_SECONDS)})
    with RawClient(weir(settings).port) as client:
        assert client.get().status == 200
        time.sleep(scaled(1.5 * HEAD_SECONDS))  # silence between requests is no offence
        assert client.get().status == 200
        took = seconds_until_cut(client, request(X_Long="x" * 5000))
        assert client.response().status == 408
    assert took < scaled(4 * HEAD_SECONDS)


def test_an_answer_whose_head_drips_becomes_504(weir, origin):
    def converse(peer):
        peer.read_request()
        drip(peer.send, response(200, b"ok", "X-Long: " + "x" * 5000), scaled(10 * HEAD_SECONDS))

    slow = origin(converse)
    settings = proxy(service(slow, slow), timeouts={"response": milliseconds(HEAD_SECONDS)})
    with RawClient(weir(settings).port) as client:
        began = time.monotonic()
        assert client.get().status == 504
        assert time.monotonic() - began < scaled(4 * HEAD_SECONDS)


def test_others_are_served_while_a_head_drips(weir, origin):
    served = origin(answering())
    settings = proxy(service(served, served), workers=1, timeouts={"head": milliseconds(2)})
    proxied = weir(settings)
    slow = [RawClient(proxied.port) for _ in range(50)]
    for client in slow:
        client.send(b"GET / HTTP/1.1\r\nHost: s")
    with RawClient(proxied.port) as quick:
        assert all(quick.get().status == 200 for _ in range(20))
    for client in slow:
        assert client.response().status == 408
        client.close()
