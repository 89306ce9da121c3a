"""Real WebSocket servers and clients, of the package `websockets`."""

import socket
import threading

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.sync.server import serve

from waiting import scaled


class EchoServer:
    """Echoes every message, except those it is told to answer otherwise, on a free
    loopback port. `greeting` comes first, at once. `codes`: how connections ended."""

    def __init__(self, greeting=None, **options):
        self.greeting, self.codes, self.requests, self.open = greeting, [], [], set()
        self.server = serve(self.converse, "127.0.0.1", 0, **options)
        self.port = self.server.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def converse(self, connection):
        self.requests.append(connection.request)
        self.open.add(connection)
        try:
            if self.greeting:
                connection.send(self.greeting)
            for message in connection:
                connection.send(message)
        except ConnectionClosed:
            pass
        finally:
            self.open.discard(connection)
            self.codes.append(connection.close_code)

    def close(self):
        self.server.shutdown()
        for connection in list(self.open):
            connection.socket.close()
        self.thread.join(scaled(5))


def websocket(weir, path="/ws", **options):
    """A client through the proxy."""
    options.setdefault("open_timeout", scaled(10))
    options.setdefault("close_timeout", scaled(10))
    options.setdefault("proxy", None)
    sock = socket.create_connection(("127.0.0.1", weir.port), scaled(10))
    return connect(f"ws://shop.test{path}", sock=sock, **options)
