"""The sample application: what the demonstration and the end-to-end tests rely on."""

import hashlib

import pytest
from faults import Faults

NOBODY_LISTENS = 9  # discard, not served anywhere
DEAD_REDIS = {"REDIS_URL": f"redis://127.0.0.1:{NOBODY_LISTENS}/0"}


def test_page_counts_the_visits_of_each_session(shop):
    client = shop()
    assert [client.get("/").json["visits"] for _ in range(3)] == [1, 2, 3]
    client.delete_cookie("shop_session")
    assert client.get("/").json == {"version": "1.2.3", "colour": "green", "visits": 1}


def test_a_session_outlives_the_version_it_began_on(shop):
    blue, green = shop(APP_COLOUR="blue"), shop(APP_COLOUR="green")
    blue.get("/")
    green.set_cookie("shop_session", blue.get_cookie("shop_session").value)
    assert green.get("/").json["visits"] == 2


def test_health_names_the_dependency_that_failed(shop):
    assert shop().get("/healthz").status_code == 200
    answer = shop(**DEAD_REDIS).get("/healthz")
    assert (answer.status_code, answer.json["failed"]) == (503, ["redis"])


def test_page_without_redis_is_503_and_not_a_crash(shop):
    assert shop(**DEAD_REDIS).get("/").status_code == 503


def test_version_needs_no_dependency(shop):
    assert shop(**DEAD_REDIS).get("/version").json == {"version": "1.2.3", "colour": "green"}


@pytest.mark.parametrize("size", [0, 1, 65536, 65537, 300_000])
def test_echo_tells_what_arrived(shop, size):
    body = bytes(i % 251 for i in range(size))
    answer = shop().post("/echo?a=1", data=body, headers={"X-Probe": "p"}).json
    assert answer["body"] == {"length": size, "sha256": hashlib.sha256(body).hexdigest()}
    assert (answer["method"], answer["target"]) == ("POST", "/echo?a=1")
    assert ["X-Probe", "p"] in answer["headers"]


@pytest.mark.parametrize("size", [0, 1, 65536, 65537])
def test_bytes_sends_exactly_that_many(shop, size):
    answer = shop().get(f"/bytes/{size}")
    assert (len(answer.data), answer.headers["Content-Length"]) == (size, str(size))


def test_upload_counts(shop):
    assert shop().post("/upload", data=b"x" * 100_000).json == {"length": 100_000}


def test_fault_switch_is_off_by_default(shop):
    assert shop().post("/_fault", json={"down": True}).status_code == 404


def test_down_fails_health_and_page_until_switched_back(shop):
    client = shop(APP_FAULTS="1")
    for down, status in [(True, 503), (False, 200)]:
        client.post("/_fault", json={"down": down})
        assert [client.get(path).status_code for path in ("/", "/healthz")] == [status] * 2


def test_a_broken_version_is_healthy_but_fails_its_share(shop):
    client = shop(APP_FAULT_ERROR_RATIO="0.25")
    assert [client.get("/version").status_code for _ in range(8)].count(500) == 2
    assert {client.get("/healthz").status_code for _ in range(8)} == {200}


@pytest.mark.parametrize(
    "wrong",
    [{"error_ratio": 1.1}, {"error_ratio": True}, {"latency_ms": -1}, {"down": 1}, {"up": 1}, []],
)
def test_a_wrong_fault_changes_nothing(shop, wrong):
    client = shop(APP_FAULTS="1")
    assert client.post("/_fault", json=wrong).status_code == 400
    assert client.post("/_fault", json={}).json == Faults().settings()


@pytest.mark.parametrize("ratio", [0, 0.01, 0.1, 1 / 3, 0.5, 0.999, 1])
def test_faults_are_spread_evenly(ratio):
    faults = Faults(ratio)
    struck = [faults.strikes() for _ in range(3000)]
    for n in (1, 10, 999, 3000):
        assert abs(sum(struck[:n]) - n * ratio) < 1
