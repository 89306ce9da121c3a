"""The metrics page: readable, complete, honest, and cheap under load."""

import http.client
import re
import time

import pytest

from configuration import CHECKED, LONG_STEPS, pool, proxy, service
from load import Load
from origins import answering
from waiting import eventually, scaled
from wire import RawClient, request, response

SAMPLE = re.compile(r'^([a-z_]+)(\{[a-z_]+="[^"]*"(?:,[a-z_]+="[^"]*")*,?\})? (\S+)$')
REQUIRED = {
    "weir_requests_total": {"service", "version", "code_class"},
    "weir_request_seconds_bucket": {"service", "version", "le"},
    "weir_request_seconds_sum": {"service", "version"},
    "weir_request_seconds_count": {"service", "version"},
    "weir_retries_total": {"service", "version"},
    "weir_shielded_total": {"service", "version"},
    "weir_upstream_connects_total": {"service", "version"},
    "weir_upstream_connect_failures_total": {"service", "version"},
    "weir_client_connections": {"state"},
    "weir_active_requests": {"service", "version"},
    "weir_tunnels": {"service", "version"},
    "weir_tunnels_opened_total": {"service", "version"},
    "weir_tunnels_closed_by_switch_total": {"service", "version"},
    "weir_retry_budget_exhausted_total": {"service", "version"},
    "weir_pool_endpoints": {"service", "version", "state"},
    "weir_ejections_total": {"service", "version"},
    "weir_version_role": {"service", "version", "role"},
    "weir_rollout_weight_ratio": {"service"},
    "weir_rollout_phase": {"service", "phase"},
    "weir_rollout_epoch": {"service"},
    "weir_guard_evidence": {"service", "guard", "version"},
    "weir_guard_threshold": {"service", "guard"},
    "weir_repeated_failures_total": {"service", "version"},
    "weir_failures_lost_total": set(),
    "weir_samples_lost_total": set(),
    "weir_history_dropped_total": set(),
    "weir_history_write_failures_total": set(),
    "weir_history_set_aside_total": set(),
    "weir_transitions_total": {"service", "kind"},
    "weir_upstream_idle_overflows_total": {"service", "version"},
    "weir_log_lost_total": set(),
    "weir_take_overs_failed_total": set(),
    "weir_limit": {"limit"},
}
GUARDS = {"latency": {"slower_than": "500ms"}}


@pytest.fixture
def shop(weir, origin):
    blue, green = origin(), origin()
    settings = service(blue, green, steps=LONG_STEPS, guards=GUARDS, key={"header": "X-Key"})
    return weir(proxy(settings))


def page(weir):
    """Name and labels -> value, in the order of the page; every line must make sense."""
    text = weir.api("GET", "/metrics").text
    values = {}
    for line in text.splitlines():
        if line.startswith("# "):
            assert re.fullmatch(r"# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge|histogram))", line)
            continue
        name, labels, value = SAMPLE.fullmatch(line).groups()
        key = (name, tuple(sorted(re.findall(r'([a-z_]+)="([^"]*)"', labels or ""))))
        assert key not in values, f"{key} came twice"
        values[key] = float(value)
    return values


def page_after(weir, count, version="blue"):
    """The page once that many exchanges are counted: they are when their answer is out."""
    answered = {"service": "shop", "version": version}
    eventually(lambda: of(page(weir), "weir_request_seconds_count", **answered) >= count)
    return page(weir)


def of(values, name, **labels):
    wanted = set(labels.items())
    found = [v for (n, pairs), v in values.items() if n == name and wanted <= set(pairs)]
    assert found, (name, labels)
    return sum(found)


def test_every_promised_name_is_there_with_its_labels(shop):
    shop.done("start")
    eventually(lambda: shop.status()["guards"])
    values = page(shop)
    found = {}
    for name, pairs in values:
        found.setdefault(name, set()).update(label for label, _ in pairs)
    for name, labels in REQUIRED.items():
        assert found.get(name) == labels, name
    assert all(name.startswith("weir_") for name in found)


def test_every_family_is_described_once(shop):
    text = shop.api("GET", "/metrics").text
    described = re.findall(r"^# TYPE (\S+)", text, re.M)
    assert len(described) == len(set(described))
    assert all(re.search(rf"^# HELP {name} \S", text, re.M) for name in described)


def test_requests_are_counted_by_class_and_version(weir, origin):
    codes = iter((200, 204, 301, 404, 404, 500, 503))
    blue = origin(answering(lambda _: response(next(codes), b"")))
    proxied = weir(proxy(service(blue, origin())))
    with RawClient(proxied.port) as client:
        for _ in range(7):
            client.get()
    values = page_after(proxied, 7)
    for code_class, count in {"2xx": 2, "3xx": 1, "4xx": 2, "5xx": 2, "none": 0}.items():
        labels = {"service": "shop", "version": "blue", "code_class": code_class}
        assert of(values, "weir_requests_total", **labels) == count, code_class
    assert of(values, "weir_requests_total", version="green") == 0
    assert of(values, "weir_request_seconds_count", version="blue") == 7


def test_buckets_add_up(shop):
    with RawClient(shop.port) as client:
        assert all(client.get().status == 200 for _ in range(30))
    values = page_after(shop, 30)
    buckets = [
        (float(dict(pairs)["le"]), value)
        for (name, pairs), value in values.items()
        if name == "weir_request_seconds_bucket" and ("version", "blue") in pairs
    ]
    counts = [value for _, value in sorted(buckets)]
    assert counts == sorted(counts)
    assert counts[-1] == of(values, "weir_request_seconds_count", version="blue") == 30


def test_the_rollout_can_be_read_from_the_page(shop):
    assert of(page(shop), "weir_rollout_phase", phase="Healthy") == 1
    shop.done("start")
    values = page(shop)
    assert of(values, "weir_rollout_phase", phase="Progressing") == 1
    assert of(values, "weir_rollout_phase") == 1, "one phase at a time"
    assert of(values, "weir_rollout_weight_ratio") == 0.25
    assert of(values, "weir_rollout_epoch") == 1
    assert of(values, "weir_version_role", version="green", role="canary") == 1
    assert of(values, "weir_transitions_total", kind="start") == 1


def test_refusals_are_counted_by_reason(shop):
    with RawClient(shop.port) as client:
        client.send(request(Transfer_Encoding="gzip"))
        assert client.response().status == 501
    assert of(page(shop), "weir_rejected_requests_total", reason="unknown_transfer_coding") == 1


def test_limits_stand_beside_what_they_bound(weir, origin):
    limited = proxy(service(origin(), origin()), limits={"connections": 77})
    assert of(page(weir(limited)), "weir_limit", limit="limits.connections") == 77


def test_idle_connections_beyond_their_limit_are_closed_and_counted(weir, origin):
    blue = pool(origin(), max_idle=0)
    proxied = weir(proxy(service(blue, origin())))
    with RawClient(proxied.port) as client:
        assert all(client.get().status == 200 for _ in range(3))
    assert of(page_after(proxied, 3), "weir_upstream_idle_overflows_total", version="blue") == 3


def test_pool_health_can_be_read_from_the_page(weir, origin):
    checked = pool(origin(), origin(), check={**CHECKED, "kind": "tcp"})
    proxied = weir(proxy(service(checked, origin())))
    eventually(
        lambda: of(page(proxied), "weir_pool_endpoints", version="blue", state="healthy") == 2
    )


def test_no_label_grows_with_traffic(shop):
    def series():
        return set(page(shop))

    before = series()
    with RawClient(shop.port) as client:
        for number in range(50):
            client.get(f"/path/{number}", X_Key=str(number))
    assert series() == before


def test_counters_survive_a_reload(shop):
    with RawClient(shop.port) as client:
        assert all(client.get().status == 200 for _ in range(5))
    shop.reload(shop.settings)
    assert of(page_after(shop, 5), "weir_requests_total", version="blue", code_class="2xx") == 5


def test_a_scrape_under_load_takes_at_most_5_ms(shop):
    """The load and the scraper share the machine: half of the scrapes have to be as fast."""
    connection = http.client.HTTPConnection("127.0.0.1", shop.admin_port, timeout=scaled(10))
    seconds = []
    with Load(shop, threads=4, pause=0):
        for _ in range(41):
            began = time.perf_counter()
            connection.request("GET", "/metrics")
            assert connection.getresponse().read()
            seconds.append(time.perf_counter() - began)
    connection.close()
    assert sorted(seconds)[len(seconds) // 2] <= scaled(0.005), sorted(seconds)


def test_a_page_of_many_services_is_written_once_for_all_who_ask_at_the_same_time(weir, origin):
    served = origin()
    others = [
        service(served, served, name=f"other-{number}", hosts=[f"other-{number}.test"])
        for number in range(100)
    ]
    proxied = weir(proxy(service(served, served), *others))

    def answered():
        return sum(
            count
            for labels, count in proxied.metric("weir_requests_total").items()
            if 'service="shop"' in labels
        )

    assert answered() == 0
    with RawClient(proxied.port) as client:
        client.get()
    began = time.monotonic()
    assert answered() == 0, "as it was"
    eventually(lambda: answered() == 1)
    assert time.monotonic() - began < scaled(1) + 1, "a second later at most"
