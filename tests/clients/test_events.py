"""Server-sent events: each reaches its listener before the next is sent, and a listener that
comes back is told the rest."""

import ssl

import httpx

from event_server import BREAK_AFTER, EVENTS
from waiting import scaled

ALL = [f"event {number}" for number in range(1, EVENTS + 1)]
LISTEN = """
new Promise((resolve) => {
  const heard = [], stream = new EventSource('/events/stream?of=%s')
  stream.onmessage = ({data, lastEventId}) => {
    heard.push(data)
    if (heard.length === %d) { stream.close(); return resolve(heard) }
    fetch(`/events/heard?of=%s&id=${lastEventId}`, {method: 'POST'})
  }
})
"""


def test_chromium(base, transport, browser):
    browser.open(base + "/events/page")
    name = f"chromium-{transport}"
    assert browser.run(LISTEN % (name, EVENTS, name)) == ALL


def listen(client, name, after):
    """The data of one stream's events, telling the server of each."""
    path, last = f"/events/stream?of={name}", {"Last-Event-ID": str(after)}
    with client.stream("GET", path, headers=last) as answer:
        number = 0
        for line in answer.iter_lines():
            if line.startswith("id: "):
                number = int(line[4:])
            if line.startswith("data: "):
                yield line[6:]
                client.post(f"/events/heard?of={name}&id={number}")


def test_httpx(base, transport, authority):
    context = ssl.create_default_context(cafile=authority.certificate)
    options = {"verify": context, "trust_env": False, "timeout": scaled(10)}
    with httpx.Client(base_url=base, **options) as client:
        name = f"httpx-{transport}"
        first = list(listen(client, name, 0))
        assert first == ALL[:BREAK_AFTER]
        assert first + list(listen(client, name, BREAK_AFTER)) == ALL
