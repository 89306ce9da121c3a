"""Every client makes the same visit through the proxy, in the clear and under TLS."""

import pytest

from by_command import wget
from chromium import by_chromium
from clients import CLIENTS
from site_pages import BIG, ETAG, SMALL, TRAILER
from steps import VISIT, Step, hash_of, stays

JARS = 24
VERSION = "x-weir-version"


def steps_for(client):
    return [step for step in VISIT if step.needs not in client.lacks]


def pairs():
    return [
        pytest.param(name, step, id=f"{name}-{step.name.replace(' ', '-')}")
        for name, client in CLIENTS.items()
        for step in steps_for(client)
    ]


@pytest.fixture
def visit(request, front, base, authority):
    """Makes a client's visit: its name, steps -> answers by the steps' names."""

    def make(name, steps):
        if name == "chromium":
            return by_chromium(request.getfixturevalue("browser"), base, steps)
        return CLIENTS[name].visit(base, authority, steps)

    return make


@pytest.fixture(scope="session")
def visits():
    """Those that were made, so that each is made once."""
    return {}


@pytest.fixture
def visited(visit, visits, front, transport):
    """A whole visit: its answers, the connections it took, and who waited for a 100."""

    def make(name):
        if (name, transport) not in visits:
            accepted, waited = front.accepted(), len(front.waited())
            answers = visit(name, steps_for(CLIENTS[name]))
            connections = front.accepted() - accepted
            visits[name, transport] = (answers, connections, front.waited()[waited:])
        return visits[name, transport]

    return make


@pytest.mark.parametrize("name, step", pairs())
def test_a_step(visited, name, step):
    answer = visited(name)[0][step.name]
    seen = step.decoded if step.decoded and CLIENTS[name].decodes else step.seen
    assert (answer.status, answer.length, answer.sha256) == (step.status, len(seen), hash_of(seen))
    assert answer.fields[VERSION] == "blue"


@pytest.mark.parametrize("name", CLIENTS)
def test_fields_come_as_they_were_sent(visited, name):
    answers = visited(name)[0]
    assert answers["head"].fields["content-length"] == str(len(BIG))
    assert answers["204"].fields["etag"] == ETAG
    assert answers["gzip"].fields["content-encoding"] == "gzip"
    assert answers["small"].fields["content-type"] == "text/plain"


@pytest.mark.parametrize("name", [name for name in CLIENTS if name != "wget"])
def test_one_connection_serves_a_whole_visit(visited, name):
    assert visited(name)[1] <= CLIENTS[name].connections


def test_wget_keeps_its_connection(front, base, authority, tmp_path):
    (tmp_path / "cookies").write_text("")
    before = front.accepted()
    wget(base, authority, tmp_path, "-O", tmp_path / "all", *[base + "/small"] * 10)
    assert (tmp_path / "all").read_bytes() == SMALL * 10
    assert front.accepted() - before == 1


def able_to(need):
    return [name for name, client in CLIENTS.items() if need not in client.lacks]


@pytest.mark.parametrize("name", able_to("expect"))
def test_a_body_waits_for_100_continue_from_end_to_end(visited, name):
    assert visited(name)[2] == [True]


@pytest.mark.parametrize("name", able_to("trailers"))
def test_trailers_reach_the_client(visited, name):
    field, value = TRAILER
    assert visited(name)[0]["trailers"].trailers == {field.lower(): value}


@pytest.fixture(scope="session")
def split(front):
    """Half of all keys on the canary."""
    front.weir.set_weight(50)
    yield
    front.weir.done("abort")


@pytest.mark.parametrize("name", [name for name, each in CLIENTS.items() if each.cookies])
def test_who_keeps_cookies_stays_on_its_pool(split, visit, name):
    requests = 4
    answers = visit(name, stays(JARS, requests))
    versions = [each.fields[VERSION] for each in answers.values()]
    assert [each.sha256 for each in answers.values()] == [hash_of(v.encode()) for v in versions]
    of_jars = [set(versions[at : at + requests]) for at in range(0, len(versions), requests)]
    assert all(len(each) == 1 for each in of_jars), of_jars
    assert set(versions) == {"blue", "green"}, "and some jars are on either"


def test_who_keeps_none_does_not(split, visit):
    steps = [Step(str(number), path="/colour") for number in range(JARS)]
    for name in (name for name, client in CLIENTS.items() if not client.cookies):
        assert {each.fields[VERSION] for each in visit(name, steps).values()} == {"blue", "green"}
