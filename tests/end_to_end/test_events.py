"""Transitions as they happen, and again for those who were away."""

import pytest

from configuration import LONG_STEPS, proxy, service
from event_stream import EventStream
from waiting import eventually


@pytest.fixture
def two_services(weir, origin):
    services = [service(origin(), origin(), name, hosts=[f"{name}.test"]) for name in ("a", "b")]
    return weir(proxy(*services))


@pytest.fixture
def shop(weir, origin):
    return weir(proxy(service(origin(), origin(), steps=LONG_STEPS)))


def kinds(events):
    return [event["data"]["kind"] for event in events]


def test_each_transition_is_one_event_that_tells_where_from_and_to(shop):
    with EventStream(shop) as stream:
        assert stream.head.value("Content-Type") == "text/event-stream"
        shop.done("start", revision="r1", reason="friday")
        event = stream.next()
    assert event["event"] == "transition"
    data = event["data"]
    assert (data["id"], data["service"], data["kind"]) == (event["id"], "shop", "start")
    assert (data["revision"], data["reason"]) == ("r1", "friday")
    assert (data["phase"], data["weight_percent"], data["epoch"]) == ("Progressing", 25, 1)
    assert (data["from"]["phase"], data["from"]["weight_percent"]) == ("Healthy", 0)


def test_ids_rise_by_one_and_order_is_kept(shop):
    with EventStream(shop) as one, EventStream(shop) as two:
        for action in ("start", "pause", "resume", "promote", "abort"):
            shop.done(action)
        seen = one.take(5)
        assert seen == two.take(5)
    assert kinds(seen) == ["start", "pause", "resume", "promote", "abort"]
    first = seen[0]["id"]
    assert [event["id"] for event in seen] == list(range(first, first + 5))


def test_what_changes_nothing_is_no_event(shop):
    with EventStream(shop) as stream:
        shop.done("abort")
        shop.act("resume")
        shop.done("start")
        shop.done("heartbeat")
        assert kinds(stream.take(1)) == ["start"]
        assert stream.silent()


def test_a_stream_goes_on_after_the_last_event_its_client_saw(shop):
    for action in ("start", "pause", "resume"):
        shop.done(action)
    with EventStream(shop, last_id=0) as stream:
        whole = stream.take(3)
    with EventStream(shop, last_id=whole[0]["id"]) as stream:
        assert stream.take(2) == whole[1:]
        shop.done("abort")
        assert kinds(stream.take(1)) == ["abort"]
    with EventStream(shop, last_id=whole[-1]["id"] + 1) as stream:
        assert stream.silent()


def test_without_a_last_event_nothing_old_is_told(shop):
    shop.done("start")
    with EventStream(shop) as stream:
        assert stream.silent()


def test_an_id_of_another_process_gets_all_there_is(shop):
    shop.done("start")
    with EventStream(shop, last_id=10_000) as stream:
        assert kinds(stream.take(1)) == ["start"]


def test_a_stream_can_be_of_one_service(two_services):
    with EventStream(two_services, service="b") as stream:
        two_services.done("start", "a")
        two_services.done("start", "b")
        assert [event["data"]["service"] for event in stream.take(1)] == ["b"]
        assert stream.silent()


def test_streams_end_with_the_proxy(shop):
    with EventStream(shop) as stream:
        assert shop.stop() == 0
        stream.client.to_end()


def test_a_client_that_left_is_forgotten(shop):
    for _ in range(20):
        EventStream(shop).client.close()
    for _ in range(3):  # a write finds that they are gone
        shop.done("start")
        shop.done("abort")
    eventually(lambda: shop.metric("weir_admin_connections")[""] <= 2)
