"""A client's wish for another protocol, and scripts of origins that grant it."""

from wire import request

WISH = {"Connection": "Upgrade", "Upgrade": "test/1"}
SWITCH = b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: test/1\r\n\r\n"


def tunnelling(talk):
    """A script that grants the upgrade and talks on."""

    def converse(peer):
        peer.read_head()
        peer.send(SWITCH)
        talk(peer)

    return converse


def upgraded(client):
    client.send(request(**WISH))
    answer = client.head()
    assert answer.status == 101
    return answer


def tunnels(weir, version="blue"):
    return weir.metric("weir_tunnels")[f'service="shop",version="{version}"']
