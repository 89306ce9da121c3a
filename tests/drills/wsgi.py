"""The pages of endpoint.py for real gunicorn: `wsgi:app`, with RECORD in the environment."""

import hashlib
import os
import time

import bodies

record = os.open(os.environ["RECORD"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def note(line):
    os.write(record, line.encode() + b"\n")


def receive(number, environ):
    note(f"head {number}")
    digest = hashlib.sha256()
    while piece := environ["wsgi.input"].read(16_000):
        digest.update(piece)
    note(f"body {number} {digest.hexdigest()}")
    return f"{number} {digest.hexdigest()}".encode()


def slowly(body):
    for start in range(0, len(body), bodies.SLOW_PIECE_BYTES):
        time.sleep(0.06)
        yield body[start : start + bodies.SLOW_PIECE_BYTES]


def app(environ, start_response):
    path, number = environ["PATH_INFO"], int(environ["QUERY_STRING"] or 0)
    if path in ("/post", "/upload"):
        body = receive(number, environ)
    else:
        made = {"/small": bodies.small, "/big": bodies.big, "/slow": bodies.slow}.get(path)
        body = made(number) if made else b""
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return slowly(body) if path == "/slow" else [body]
