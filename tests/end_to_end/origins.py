"""Origins that do exactly what a test says, and remember everything that reached them."""

import contextlib
import socket
import struct
import threading
from collections import Counter

from waiting import eventually, scaled
from wire import Incomplete, Stream, response

ID = "X-Test-Id"


class Hangup(Exception):
    """Raised by a script: end this connection now."""


class Peer(Stream):
    """One connection as the origin has it."""

    def __init__(self, sock, origin):
        super().__init__(sock, origin.note_bytes)
        self.origin = origin

    def read_head(self):
        head = super().head()
        self.origin.note_request(head)
        return head

    def read_request(self):
        """The next request with its body; none at the end of the connection."""
        try:
            message = self.read_head()
            if message.value("Expect"):
                self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.framed_body(message)
        except (Incomplete, OSError):
            return None
        return message

    def reset(self):
        """Closes so that the other side gets a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Hangup


def echo_id(message):
    return response(200, (message.value(ID) or "none").encode())


def answering(answer=echo_id):
    """A script that answers each request with the bytes `answer` makes of it."""

    def converse(peer):
        while message := peer.read_request():
            peer.send(answer(message))

    return converse


class Origin:
    """A server on a free loopback port. `converse(peer)` is called for each connection,
    in a thread of its own; it may be replaced at any time."""

    def __init__(self, converse=None):
        self.converse = converse or answering()
        self.lock = threading.Lock()
        self.port = 0
        self.forget()
        self.open()

    def forget(self):
        with self.lock:
            self.received = b""
            self.requests = []
            self.connections = 0

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    @property
    def counts(self):
        """How often each X-Test-Id came."""
        with self.lock:
            return Counter(each.value(ID) for each in self.requests)

    @property
    def last(self):
        return self.requests[-1]

    def note_bytes(self, data):
        with self.lock:
            self.received += data

    def note_request(self, head):
        with self.lock:
            self.requests.append(head)

    def open(self):
        """Listens, after `close` on the same port again."""
        self.peers, self.threads = set(), []
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=512)
        self.port = self.listener.getsockname()[1]
        self.run(self.accept, self.listener)

    def run(self, target, *arguments):
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def accept(self, listener):
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
                self.peers.add(sock)
            self.run(self.serve, sock)

    def serve(self, sock):
        with contextlib.suppress(OSError, Incomplete, Hangup, ValueError):
            self.converse(Peer(sock, self))
        with contextlib.suppress(OSError):
            sock.close()
        with self.lock:
            self.peers.discard(sock)

    def drop_connections(self):
        with self.lock:
            peers = list(self.peers)
        for sock in peers:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def await_idle(self):
        """Until no connection is open."""
        eventually(lambda: not self.peers, what="connections of the origin ended")

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.threads[0].join(scaled(5))  # accepts; what it took is dropped next
        self.drop_connections()
        for thread in self.threads:
            thread.join(scaled(5))
