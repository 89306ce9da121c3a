"""The sample application behind the proxy: a page with a session in Redis, honest
health, and endpoints that show what reached it. Settings come from the environment:

APP_VERSION             what this build is called; else the file VERSION beside this one
APP_COLOUR              blue or green: the pool it runs in
REDIS_URL               redis://127.0.0.1:6379/0
APP_FAULTS=1            allows POST /_fault
APP_FAULT_ERROR_RATIO   0.0-1.0 from the start: a broken version
"""

import hashlib
import os
import time
import uuid
from pathlib import Path

import redis
from flask import Flask, Response, jsonify, request

from faults import Faults

SESSION_COOKIE = "shop_session"
SESSION_SECONDS = 3600
CHUNK_BYTES = 64 * 1024
LONGEST_SLEEP_MS = 60_000
MOST_BYTES = 10 * 1024**3


def version_of(environment):
    if environment.get("APP_VERSION"):
        return environment["APP_VERSION"]
    written_at_build = Path(__file__).with_name("VERSION")
    return written_at_build.read_text().strip() if written_at_build.exists() else "dev"


def read_body(consume):
    """Feeds the request's body to `consume` chunk by chunk; returns its length."""
    length = 0
    while chunk := request.stream.read(CHUNK_BYTES):
        consume(chunk)
        length += len(chunk)
    return length


def zeros(count):
    block = bytes(CHUNK_BYTES)
    for _ in range(count // CHUNK_BYTES):
        yield block
    yield block[: count % CHUNK_BYTES]


def create_app(environment=os.environ):
    app = Flask(__name__)
    app.json.sort_keys = False
    identity = {
        "version": version_of(environment),
        "colour": environment.get("APP_COLOUR", "none"),
    }
    store = redis.Redis.from_url(
        environment.get("REDIS_URL", "redis://127.0.0.1:6379/0"),
        socket_connect_timeout=0.5,
        socket_timeout=0.5,
    )
    faults = Faults(float(environment.get("APP_FAULT_ERROR_RATIO", "0")))
    add_pages(app, identity, store)
    add_health(app, identity, store)
    add_wire_probes(app)
    add_faults(app, faults, switchable=environment.get("APP_FAULTS") == "1")
    return app


def add_pages(app, identity, store):
    @app.get("/")
    def page():
        session = request.cookies.get(SESSION_COOKIE) or uuid.uuid4().hex
        key = f"visits:{session}"
        visits, _ = store.pipeline().incr(key).expire(key, SESSION_SECONDS).execute()
        response = jsonify(identity | {"visits": visits})
        response.set_cookie(
            SESSION_COOKIE, session, max_age=SESSION_SECONDS, httponly=True, samesite="Lax"
        )
        return response

    @app.get("/version")
    def version():
        return jsonify(identity)

    @app.errorhandler(redis.RedisError)
    def no_sessions(_):
        return jsonify({"error": "dependency", "failed": ["redis"]}), 503


def add_health(app, identity, store):
    @app.get("/healthz")
    def healthz():
        try:
            store.ping()
        except redis.RedisError as error:
            problem = {"status": "failing", "failed": ["redis"], "reason": type(error).__name__}
            return jsonify(identity | problem), 503
        return jsonify(identity | {"status": "ok"})


def add_wire_probes(app):
    @app.route("/echo", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def echo():
        digest = hashlib.sha256()
        length = read_body(digest.update)
        return jsonify(
            {
                "method": request.method,
                "target": request.full_path.rstrip("?"),
                "headers": [[name, value] for name, value in request.headers],
                "body": {"length": length, "sha256": digest.hexdigest()},
            }
        )

    @app.get("/bytes/<int:count>")
    def send_bytes(count):
        if count > MOST_BYTES:
            return jsonify({"error": f"at most {MOST_BYTES}"}), 400
        return Response(
            zeros(count),
            mimetype="application/octet-stream",
            headers={"Content-Length": str(count)},
        )

    @app.route("/upload", methods=["POST", "PUT"])
    def upload():
        return jsonify({"length": read_body(lambda chunk: None)})

    @app.route("/sleep/<int:milliseconds>", methods=["GET", "POST"])
    def sleep(milliseconds):
        slept = min(milliseconds, LONGEST_SLEEP_MS)
        time.sleep(slept / 1000)
        return jsonify({"slept_ms": slept})


def add_faults(app, faults, switchable):
    @app.before_request
    def break_on_demand():
        if request.path == "/_fault":
            return None
        if faults.down:
            return jsonify({"error": "fault", "kind": "down"}), 503
        if request.path == "/healthz":
            return None
        time.sleep(faults.latency_ms / 1000)
        if faults.strikes():
            return jsonify({"error": "fault", "kind": "error"}), 500
        return None

    if switchable:

        @app.post("/_fault")
        def switch():
            try:
                faults.switch(request.get_json())
            except ValueError as error:
                return jsonify({"error": str(error)}), 400
            return jsonify(faults.settings())
