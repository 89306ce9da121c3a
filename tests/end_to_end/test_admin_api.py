"""The admin API as a contract: errors that say where, preconditions, replays, its document."""

import json

import pytest
import requests

from configuration import LONG_STEPS, proxy, service
from waiting import scaled
from wire import RawClient

ACTIONS = ["start", "pause", "resume", "promote", "abort", "retry", "undo", "set-weight",
           "heartbeat"]
ROLLOUT = "/v1/services/{service}/rollout"
ROUTES = [
    ("get", "/healthz"), ("get", "/readyz"), ("get", "/metrics"), ("get", "/openapi.json"),
    ("get", "/v1/services"), ("get", ROLLOUT), ("get", f"{ROLLOUT}/history"), ("get", "/v1/events"),
    *[("post", f"{ROLLOUT}/{action}") for action in ACTIONS],
]


@pytest.fixture
def shop(weir, origin):
    return weir(proxy(service(origin(), origin(), steps=LONG_STEPS)))


DOUBTFUL = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"


def post(weir, action, data, **fields):
    path = f"/v1/services/shop/rollout/{action}"
    return weir.api("POST", path, data=data, headers=fields)


MISTAKES = [
    ("start", "{", ""),
    ("start", "[]", ""),
    ("start", '"text"', ""),
    ("start", '{"revision": 7}', "/revision"),
    ("start", '{"weight": 5}', "/weight"),
    ("start", '{"reason": "two\\nlines"}', "/reason"),
    ("start", '{"reason": "' + "x" * 1025 + '"}', "/reason"),
    ("start", '{"a/b~c": 1}', "/a~1b~0c"),
    ("promote", '{"full": "yes"}', "/full"),
    ("pause", '{"full": true}', "/full"),
    ("set-weight", "", "/weight"),
    ("set-weight", "{}", "/weight"),
    ("set-weight", '{"weight": 101}', "/weight"),
    ("set-weight", '{"weight": -1}', "/weight"),
    ("set-weight", '{"weight": 0.001}', "/weight"),
    ("set-weight", '{"weight": "half"}', "/weight"),
    ("set-weight", '{"weight": 1e400}', "/weight"),
]


@pytest.mark.parametrize("action, data, pointer", MISTAKES)
def test_a_mistake_in_a_body_is_pointed_at(shop, action, data, pointer):
    answer = post(shop, action, data)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    problem = answer.json()
    assert (problem["status"], problem["pointer"]) == (400, pointer)
    assert problem["detail"]
    assert shop.status()["epoch"] == 0


@pytest.mark.parametrize("weight, percent", [(5, 5), (0.25, 0.25), ("5%", 5), ("12.5", 12.5)])
def test_weights_are_numbers_or_text(shop, weight, percent):
    shop.done("start")
    assert shop.done("set-weight", weight=weight)["weight_percent"] == percent


@pytest.mark.parametrize(
    "method, path, status",
    [
        ("GET", "/v1/services/nobody/rollout", 404),
        ("POST", "/v1/services/nobody/rollout/start", 404),
        ("POST", "/v1/services/shop/rollout/explode", 404),
        ("GET", "/v1", 404),
        ("GET", "/", 404),
        ("GET", "/v1/services/shop/rollout/start", 405),
        ("POST", "/v1/services/shop/rollout", 405),
        ("DELETE", "/v1/services/shop/rollout", 405),
    ],
)
def test_what_is_not_there_is_said_to_be_not_there(shop, method, path, status):
    answer = shop.api(method, path)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize(
    "tag, status",
    [('"1"', 200), ("*", 200), ('"0"', 412), ('"2"', 412), ("1", 400), ('W/"1"', 400)],
)
def test_if_match_names_the_epoch_that_is_meant(shop, tag, status):
    shop.done("start")
    answer = shop.act("pause", headers={"If-Match": tag})
    assert answer.status_code == status
    assert shop.status()["phase"] == ("Paused" if status == 200 else "Progressing")
    if status == 412:
        assert answer.json()["epoch"] == 1 and answer.headers["ETag"] == '"1"'


def test_a_repeated_key_is_answered_again_and_not_carried_out_again(shop):
    key = {"Idempotency-Key": "deploy-1"}
    first = shop.act("start", headers=key, revision="r1")
    shop.done("abort")
    again = shop.act("start", headers=key, revision="r1")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (again.status_code, again.json()) == (200, first.json())
    assert (shop.status()["phase"], shop.status()["epoch"]) == ("Degraded", 1)
    other = shop.act("start", headers=key, revision="r2")
    assert other.status_code == 422, "the key belongs to another request"
    fresh = shop.act("start", headers={"Idempotency-Key": "deploy-2"}, revision="r1")
    assert (fresh.status_code, fresh.json()["epoch"]) == (200, 2)


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "\x80"])
def test_a_key_is_visible_text(shop, key):
    raw = "POST /v1/services/shop/rollout/start HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    raw += f"Idempotency-Key: {key}\r\nContent-Length: 0\r\n\r\n"
    with RawClient(shop.admin_port) as client:
        client.send(raw.encode("latin-1"))
        assert client.response().status == 400


def test_the_document_covers_every_route_and_every_route_is_served(shop):
    document = shop.api("GET", "/openapi.json").json()
    paths = document["paths"]
    described = {(method, path) for path in paths for method in paths[path]}
    assert described == set(ROUTES)
    assert document["openapi"].startswith("3.")
    for method, path in described:
        real = shop.admin + path.replace("{service}", "shop")
        with requests.request(method, real, stream=True, timeout=scaled(10)) as answer:
            assert answer.status_code not in (404, 405), path


def references(value):
    if isinstance(value, dict):
        for name, each in value.items():
            yield from [each] if name == "$ref" else references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_the_document_refers_only_to_what_it_defines(shop):
    document = shop.api("GET", "/openapi.json").json()
    for reference in references(document):
        place = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def test_the_status_has_the_members_the_document_names(shop):
    schemas = shop.api("GET", "/openapi.json").json()["components"]["schemas"]
    named = set()
    for part in schemas["Rollout"]["allOf"]:
        reference = part.get("$ref", "").rsplit("/", 1)[-1]
        named |= set((schemas[reference] if reference else part)["properties"])
    assert set(shop.status()) <= named
    version = shop.status()["versions"]["blue"]
    assert set(version) == set(schemas["VersionStatus"]["properties"])


def test_all_services_are_listed_in_order(weir, origin):
    names = ["zebra", "ant", "m-1"]
    services = [service(origin(), origin(), name, hosts=[f"{name}.test"]) for name in names]
    listed = weir(proxy(*services)).api("GET", "/v1/services").json()["services"]
    assert [each["service"] for each in listed] == names


def test_services_do_not_move_each_other(weir, origin):
    services = [service(origin(), origin(), name, hosts=[f"{name}.test"]) for name in ("a", "b")]
    proxied = weir(proxy(*services))
    proxied.done("start", "a")
    assert proxied.status("b")["phase"] == "Healthy"


@pytest.mark.parametrize(
    "head, status",
    [
        (b"GET /healthz HTTP/1.1\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 9000 + b"\r\n\r\n", 431),
        (DOUBTFUL, 400),
        (b"nonsense\r\n\r\n", 400),
    ],
)
def test_the_admin_port_is_strict_too(shop, head, status):
    with RawClient(shop.admin_port) as client:
        client.send(head)
        assert client.response().status == status
        assert client.closed()


def test_a_body_beyond_the_limit_is_refused(shop):
    answer = post(shop, "start", json.dumps({"reason": "x" * 100_000}))
    assert answer.status_code == 413
    assert shop.status()["epoch"] == 0
