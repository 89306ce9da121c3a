"""Bodies stream: any size, any framing, both ways, with bounded memory."""

import contextlib
import hashlib
import re
import socket
import subprocess
import threading
from pathlib import Path

import httpx
import pytest
import requests

from configuration import proxy, service
from origins import answering
from waiting import SLOWDOWN, eventually, scaled
from wire import Incomplete, RawClient, request, response

MEBIBYTE = 1024 * 1024
LARGE = 64 * MEBIBYTE
PIECE = bytes(range(256)) * 256


@pytest.fixture
def shop(weir, app_pool):
    return weir(proxy(service(app_pool.blue, app_pool.green)))


@pytest.fixture
def scripted(weir, origin):
    def make(converse=None):
        served = origin(converse)
        return weir(proxy(service(served, served))), served

    return make


def peak_memory(weir):
    """Bytes: the most that was ever resident."""
    status = Path(f"/proc/{weir.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024


def pieces(count):
    for _ in range(count // len(PIECE)):
        yield PIECE


def download(weir):
    with requests.get(f"{weir.url}/bytes/{LARGE}", stream=True, timeout=scaled(60)) as answer:
        return sum(len(piece) for piece in answer.iter_content(MEBIBYTE))


def upload_with_a_length(weir):
    command = ["curl", "-sS", "--max-time", str(scaled(60)), "-T", "-", "-X", "POST"]
    command += ["-H", f"Content-Length: {LARGE}", "-H", "Transfer-Encoding:"]
    with subprocess.Popen(
        [*command, weir.url + "/upload"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as curl:
        for piece in pieces(LARGE):
            curl.stdin.write(piece)
        curl.stdin.close()
        return int(re.search(rb"\d+", curl.stdout.read()).group())


def upload_in_chunks(weir):
    answer = httpx.post(f"{weir.url}/upload", content=pieces(LARGE), timeout=scaled(60))
    return answer.json()["length"]


@pytest.mark.parametrize("transfer", [download, upload_with_a_length, upload_in_chunks])
def test_64_mebibytes_pass_in_flat_memory(shop, transfer):
    assert requests.get(f"{shop.url}/bytes/1000", timeout=scaled(10)).ok
    before = peak_memory(shop)
    assert transfer(shop) == LARGE
    # Sanitizers keep what was freed for a while.
    assert peak_memory(shop) - before < scaled(16 * MEBIBYTE)


SPLICED_FROM = 16 * 1024  # below it bodies are copied


@pytest.mark.parametrize("size", [SPLICED_FROM, 2 * SPLICED_FROM - 1, 300_001, 3 * MEBIBYTE + 1])
@pytest.mark.parametrize("piece", [1_000, 64 * 1024, 4 * MEBIBYTE])
def test_large_answers_arrive_as_they_were_sent(scripted, size, piece):
    """On one connection each, so that a byte too many or too few shows in the next answer."""
    body = (PIECE * (size // len(PIECE) + 1))[:size]

    def in_pieces(peer):
        while peer.read_request():
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
            for start in range(0, size, piece):
                peer.send(body[start : start + piece])

    proxied, served = scripted(in_pieces)
    with RawClient(proxied.port) as client:
        for _ in range(3):
            client.send(request())
            assert client.response().body == body
    assert served.connections == 1


def test_a_large_answer_that_breaks_off_is_seen_to_be_cut(scripted):
    def half(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (2 * MEBIBYTE))
        peer.send(bytes(MEBIBYTE))

    proxied, _ = scripted(half)
    with RawClient(proxied.port) as client:
        client.send(request())
        client.head()
        with pytest.raises(Incomplete) as cut:
            client.exactly(2 * MEBIBYTE)
    assert "1048576" in str(cut.value)


def test_a_large_answer_that_stalls_is_cut(weir, origin):
    def half(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (2 * MEBIBYTE))
        peer.send(bytes(MEBIBYTE))
        peer.read_request()

    served = origin(half)
    proxied = weir(proxy(service(served, served), timeouts={"body_stall": "300ms"}))
    with RawClient(proxied.port) as client:
        client.send(request())
        client.head()
        with pytest.raises(Incomplete):
            client.exactly(2 * MEBIBYTE)
    eventually(lambda: not served.peers, what="the pool's connection is closed, too")


def test_a_client_that_does_not_read_holds_the_origin_back(scripted):
    sent = []

    def pour(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % LARGE)
        peer.socket.settimeout(1)
        for piece in pieces(LARGE):
            peer.send(piece)
            sent.append(len(piece))

    proxied, served = scripted(pour)
    with RawClient(proxied.port) as client:
        client.send(request())
        client.head()
        served.await_idle()  # its send timed out: nothing took the bytes
        assert sum(sent) < LARGE / 2


def unsent_to(port, weir):
    """Bytes that the kernel holds for the client at that port (proc_pid_net(5))."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    ends = f":{weir.port:04X}", f":{port:04X}"
    queues = [each.split()[4] for each in lines if each.split()[1].endswith(ends[0])
              and each.split()[2].endswith(ends[1])]
    return int(queues[0].split(":")[0], 16)


def test_a_client_that_does_not_read_holds_little_of_the_kernel(weir, origin):
    """Without a bound it is up to 4 MiB each, and counts as the container's memory."""
    held = threading.Event()

    def pour(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % LARGE)
        peer.socket.settimeout(0.5)
        try:
            for piece in pieces(LARGE):
                peer.send(piece)
        except TimeoutError:
            held.set()
            peer.socket.settimeout(None)
            peer.to_end()

    served = origin(pour)
    proxied = weir(proxy(service(served, served), workers=1))
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", proxied.port))
        client.sendall(request())
        assert held.wait(scaled(20))
        assert 0 < unsent_to(client.getsockname()[1], proxied) < MEBIBYTE / 2


def test_chunked_uploads_arrive_whole(shop):
    content = list(pieces(3 * MEBIBYTE))
    echo = requests.post(f"{shop.url}/echo", data=iter(content), timeout=scaled(30)).json()
    digest = hashlib.sha256(b"".join(content)).hexdigest()
    assert echo["body"] == {"length": 3 * MEBIBYTE, "sha256": digest}


def test_a_chunked_upload_ends_where_its_last_chunk_says(scripted):
    bodies = []

    def keep(peer):
        while message := peer.read_request():
            bodies.append(message.body)
            peer.send(response())

    proxied, served = scripted(keep)
    chunks = b"3\r\nabc\r\n1;ext=1\r\nd\r\n0\r\nX-Sum: 4\r\n\r\n"
    with RawClient(proxied.port) as client:
        client.send(request("POST", Transfer_Encoding="chunked") + chunks + request())
        assert [client.response().status for _ in range(2)] == [200, 200]
    assert bodies == [b"abcd", b""]
    assert served.requests[0].value("Transfer-Encoding") == "chunked"


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
UNTIL_CLOSE = b"HTTP/1.1 200 OK\r\n\r\nabcde"
OLD_UNTIL_CLOSE = b"HTTP/1.0 200 OK\r\n\r\nabcde"


@pytest.mark.parametrize("said", [CHUNKED, UNTIL_CLOSE, OLD_UNTIL_CLOSE])
def test_answers_of_unknown_length_reach_old_and_new_clients(scripted, said):
    def converse(peer):
        peer.read_request()
        peer.send(said)

    proxied, _ = scripted(converse)
    with RawClient(proxied.port) as client:
        for _ in range(2):
            answer = client.get()
            assert (answer.value("Transfer-Encoding"), answer.body) == ("chunked", b"abcde")
        client.send(request(version="1.0"))
        old = client.response()
        assert (old.value("Transfer-Encoding"), old.body) == (None, b"abcde")


def test_the_first_chunk_arrives_before_the_last_is_made(scripted):
    def converse(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        peer.read_request()

    proxied, _ = scripted(converse)
    with RawClient(proxied.port) as client:
        client.send(request())
        client.head()
        assert client.until(b"\r\n") == b"5" and client.exactly(5) == b"first"


def test_the_origin_is_asked_before_a_body_is(scripted):
    proxied, served = scripted()
    interim = []
    with RawClient(proxied.port) as client:
        client.send(request("POST", Content_Length=4, Expect="100-continue"))
        interim.append(client.head())
        assert served.last.value("Expect") == "100-continue"
        client.send(b"body")
        assert client.response().status == 200
    assert [each.status for each in interim] == [100]


def test_curl_uploads_after_100_continue(shop):
    command = ["curl", "-sS", "-H", "Expect: 100-continue", "--data-binary", "@-"]
    told = subprocess.run(
        [*command, shop.url + "/upload"], input=bytes(2 * MEBIBYTE), capture_output=True, check=True
    )
    assert re.search(rb"\d+", told.stdout).group() == b"%d" % (2 * MEBIBYTE)


def test_a_refused_expectation_is_final_and_the_body_is_not_awaited(scripted):
    def refuse(peer):
        peer.read_head()
        peer.send(response(403, b"no"))

    proxied, _ = scripted(refuse)
    with RawClient(proxied.port) as client:
        client.send(request("POST", Content_Length=4, Expect="100-continue"))
        assert client.response().status == 403
        assert client.closed(), "whether the body still comes is unknown"


def test_an_early_answer_reaches_a_client_that_is_still_uploading(scripted):
    def refuse(peer):
        peer.read_head()
        peer.send(response(413, b"too large", "Connection: close"))

    proxied, _ = scripted(refuse)
    with RawClient(proxied.port) as client:
        client.send(request("POST", Content_Length=LARGE) + PIECE)
        answer = client.response()
        assert (answer.status, answer.body) == (413, b"too large")
        assert client.closed()


HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"


def test_early_hints_are_relayed_to_those_who_know_them(scripted):
    proxied, _ = scripted(answering(lambda _: HINTS + HINTS + response()))
    with RawClient(proxied.port) as client:
        interim = []
        client.send(request())
        assert client.response(interim=interim).status == 200
        assert [each.status for each in interim] == [103, 103]
        assert interim[0].value("Link") == "</a.css>; rel=preload"
        client.send(request(version="1.0"))
        assert client.head().status == 200, "HTTP/1.0 has no interim answers"

@pytest.mark.skipif(SLOWDOWN > 1, reason="a sanitizer's memory is its own")
def test_readers_who_begin_fast_and_then_stop_hold_little_each(weir, origin):
    """Whoever keeps up is given 256 KiB; those who stop all at once must not all have them."""
    stalled, each_reads = 400, 4 * MEBIBYTE
    served = origin(answering(lambda _: response(200, b"x" * 8 * MEBIBYTE)))
    made = weir(proxy(service(served, served), workers=1))
    with contextlib.ExitStack() as open_ones:

        def begin_fast():
            client = open_ones.enter_context(RawClient(made.port))
            client.send(request())
            got = 0
            while got < each_reads:
                got += len(client.socket.recv(256 * 1024))

        begin_fast()
        before = peak_memory(made)
        for _ in range(stalled):
            begin_fast()
        assert peak_memory(made) - before < 64 * 256 * 1024 + stalled * 64 * 1024
