"""WebSockets of three clients, in the clear and under TLS."""

import json
import ssl

import pytest
from websockets.sync.client import connect

from by_program import node_program, run
from site_pages import BIG
from steps import hash_of
from waiting import eventually, scaled

CHAT = f"text hello\nbinary {hash_of(BIG)}\nclosed 1000\n"
IN_A_PAGE = """
new Promise((resolve) => {
  const heard = [], socket = new WebSocket(%s)
  socket.binaryType = 'arraybuffer'
  socket.onopen = () => { socket.send('hello'); socket.send(big) }
  socket.onmessage = async ({data}) => {
    if (typeof data === 'string') return heard.push(`text ${data}`)
    const same = data.byteLength === big.length &&
      new Uint8Array(data).every((byte, at) => byte === big[at])
    heard.push(`binary ${same}`)
    socket.close(1000)
  }
  socket.onclose = ({code}) => resolve([...heard, `closed ${code}`])
})
"""
FETCH_BIG = """
(async () => {
  window.big = new Uint8Array(await (await fetch('/big')).arrayBuffer())
  return big.length
})()
"""


@pytest.fixture
def url(base):
    return base.replace("http", "ws", 1) + "/ws/chat"


@pytest.fixture(autouse=True)
def ended_well(front):
    """The server saw one conversation, which the client ended in order."""
    before = len(front.echo.codes)
    yield
    eventually(lambda: len(front.echo.codes) > before)
    assert front.echo.codes[before:] == [1000]


def test_websockets(url, transport, authority):
    tls = {"ssl": ssl.create_default_context(cafile=authority.certificate)}
    options = tls if transport == "tls" else {}
    with connect(url, proxy=None, open_timeout=scaled(10), **options) as socket:
        for message in ("hello", BIG, "x" * 200_000):
            socket.send(message)
            assert socket.recv(scaled(10)) == message
        assert socket.ping().wait(scaled(10))


def test_undici(url, authority, tmp_path):
    (tmp_path / "message").write_bytes(BIG)
    said = run(*node_program("websocket"), url, authority.certificate, tmp_path / "message")
    assert said == CHAT


def test_chromium(url, base, browser):
    browser.open(base + "/page")
    assert browser.run(FETCH_BIG) == len(BIG)
    heard = browser.run(IN_A_PAGE % json.dumps(url))
    assert heard == ["text hello", "binary true", "closed 1000"]
