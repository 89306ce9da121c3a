"""A server that hooks and webhooks are sent to: it records, and answers by script."""

import hashlib
import hmac
import json
import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from waiting import eventually

HANG, GARBAGE, CLOSE = "hang", "garbage", "close"


@dataclass
class Call:
    path: str
    headers: dict
    text: bytes

    @property
    def key(self):
        return self.headers["Idempotency-Key"]

    @property
    def body(self):
        return json.loads(self.text)

    def signed_with(self, secret):
        """As the README tells receivers to check it."""
        time, signature = self.headers["X-Weir-Signature"].split(",")
        text = time.removeprefix("t=").encode() + b"." + self.text
        expected = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
        return hmac.compare_digest("v1=" + expected, signature)


class Receiver:
    """`script`: answers in order, the last one for ever: a status, (status, body), or one of
    the words above. `files`: a certificate, for TLS."""

    def __init__(self, *script, files=None):
        self.script, self.files = list(script or (200,)), files
        self.calls, self.port = [], 0
        self.lock, self.released = threading.Lock(), threading.Event()
        self.up()

    def up(self):
        """Where it was before, if it was."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                outer.serve(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_port
        if self.files:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.files.certificate, self.files.key)
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.server.handle_error = lambda *_: None  # clients that do not believe it, or die
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def down(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def close(self):
        self.released.set()
        self.down()

    def answer_from_now_on(self, *script):
        with self.lock:
            self.script = list(script)

    def serve(self, handler):
        text = handler.rfile.read(int(handler.headers["Content-Length"]))
        with self.lock:
            self.calls.append(Call(handler.path, dict(handler.headers), text))
            answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        handler.close_connection = True
        if answer == HANG:
            self.released.wait(60)
        elif answer == GARBAGE:
            handler.wfile.write(b"\x00\xff no HTTP at all\r\n\r\n" * 9)
        elif answer != CLOSE:
            status, body = answer if isinstance(answer, tuple) else (answer, "")
            self.respond(handler, status, body.encode())

    @staticmethod
    def respond(handler, status, body):
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def url(self, path="/"):
        return f"{'https' if self.files else 'http'}://127.0.0.1:{self.port}{path}"

    def await_calls(self, count, seconds=20):
        eventually(lambda: len(self.calls) >= count, seconds, f"{count} calls")
        return self.calls

    @property
    def kinds(self):
        return [call.body["kind"] for call in self.calls]
