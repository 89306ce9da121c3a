"""Who may use the admin API, and what is written down about those who tried."""

import json

import pytest
import requests

from configuration import proxy, service
from waiting import eventually, scaled

TOKEN, NEXT = "first-token-0123456789", "second-token-0123456789"
OPEN = ["/healthz", "/readyz", "/metrics"]
CLOSED = ["/openapi.json", "/v1/services", "/v1/services/shop/rollout", "/v1/events"]
ACT = "/v1/services/shop/rollout/start"


@pytest.fixture
def guarded(weir, origin, tmp_path):
    """A proxy with a token file and an audit file."""
    token_file = tmp_path / "weir-0" / "token"
    settings = proxy(
        service(origin(), origin()),
        admin={
            "listen": "127.0.0.1:0",
            "token_file": str(token_file),
            "audit_file": str(tmp_path / "audit"),
        },
    )
    proxied = weir(settings, token=TOKEN)
    proxied.audit_file = tmp_path / "audit"
    return proxied


def audit(weir):
    return [json.loads(line) for line in weir.audit_file.read_text().splitlines()]


def ask(weir, method, path, **fields):
    return requests.request(
        method, weir.admin + path, headers=fields, timeout=scaled(10), stream=True
    )


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer "},
    ],
)
def test_without_a_known_token_everything_under_v1_is_closed(guarded, fields):
    for path in CLOSED:
        answer = ask(guarded, "GET", path, **fields)
        assert answer.status_code == 401 and "Bearer" in answer.headers["WWW-Authenticate"]
    assert ask(guarded, "POST", ACT, **fields).status_code == 401
    assert guarded.status()["phase"] == "Healthy"
    line = audit(guarded)[-1]
    assert (line["refused"], line["what"], line["service"]) == (401, f"POST {ACT}", "shop")
    assert line["who"] == "127.0.0.1" and line["why"] and line["unix_ms"]
    assert TOKEN not in guarded.audit_file.read_text()


def test_probes_and_metrics_need_no_token(guarded):
    assert [ask(guarded, "GET", path).status_code for path in OPEN] == [200] * 3


def test_the_token_is_a_name_in_the_audit_log_and_never_written(guarded):
    guarded.done("start", revision="r1", reason="friday")
    line = audit(guarded)[-1]
    assert line["who"].startswith("127.0.0.1 token ")
    assert (line["what"], line["why"], line["service"]) == ("start", "friday", "shop")
    assert (line["from"]["phase"], line["to"]["phase"]) == ("Healthy", "Progressing")
    assert (line["from"]["epoch"], line["to"]["epoch"]) == (0, 1)
    assert TOKEN not in guarded.audit_file.read_text() + guarded.whole_log


def test_every_mutation_is_in_the_audit_log_with_who_and_why(guarded):
    told = []
    for action in ("start", "pause", "resume", "promote", "set-weight", "abort", "retry"):
        body = {"weight": 5} if action == "set-weight" else {}
        guarded.done(action, reason=f"because {action}", **body)
        told.append((action, f"because {action}"))
    guarded.done("promote", full=True, reason="finished")
    guarded.done("undo", reason="regret")
    told += [("finish", "finished"), ("undo", "regret")]
    lines = audit(guarded)
    assert [(line["what"], line["why"]) for line in lines] == told
    assert all(line["who"].startswith("127.0.0.1 token ") for line in lines)
    assert all(a["to"] == b["from"] for a, b in zip(lines, lines[1:]))
    times = [line["unix_ms"] for line in lines]
    assert times == sorted(times)


def test_refused_mutations_are_in_the_audit_log(guarded):
    assert guarded.act("resume").status_code == 409
    assert guarded.act("start", headers={"If-Match": '"9"'}).status_code == 412
    lines = audit(guarded)
    assert [(line["what"], line["refused"]) for line in lines] == [("resume", 409), ("start", 412)]


def test_what_the_proxy_does_itself_is_in_the_audit_log(weir, origin, tmp_path):
    steps = [{"weight": "50%", "hold": "10ms"}]
    admin = {"listen": "127.0.0.1:0", "audit_file": str(tmp_path / "audit")}
    proxied = weir(proxy(service(origin(), origin(), steps=steps), admin=admin))
    proxied.audit_file = tmp_path / "audit"
    proxied.done("start")
    proxied.await_phase("Healthy")
    line = audit(proxied)[-1]
    assert (line["what"], line["who"], line["to"]["stable"]) == ("finish", "weir", "green")


def test_tokens_rotate_without_a_restart(guarded):
    (guarded.folder / "token").write_text(f"# both, while clients change over\n{TOKEN}\n{NEXT}\n")
    use_next = {"Authorization": f"Bearer {NEXT}"}
    eventually(lambda: ask(guarded, "GET", CLOSED[1], **use_next).status_code == 200)
    assert guarded.status(), "the old one still serves"
    (guarded.folder / "token").write_text(f"{NEXT}\n")
    use_first = {"Authorization": f"Bearer {TOKEN}"}
    eventually(lambda: ask(guarded, "GET", CLOSED[1], **use_first).status_code == 401)
    assert ask(guarded, "GET", CLOSED[1], **use_next).status_code == 200


def test_a_broken_token_file_leaves_the_good_tokens_in_force(guarded):
    path = guarded.folder / "token"
    path.write_text("\n# nobody\n")

    def complained():
        guarded.status()  # the file is looked at when somebody asks
        return str(path) in guarded.log

    eventually(complained)
    assert guarded.status()["phase"] == "Healthy"


@pytest.mark.parametrize("host", ["evil.test", "evil.test:80", "127.0.0.1.evil.test"])
def test_without_tokens_no_name_of_a_web_page_is_served(weir, origin, host):
    proxied = weir(proxy(service(origin(), origin())))
    assert ask(proxied, "GET", CLOSED[2], Host=host).status_code == 403
    assert ask(proxied, "GET", CLOSED[2], Host="localhost").status_code == 200


def test_requests_of_other_origins_change_nothing(weir, origin):
    proxied = weir(proxy(service(origin(), origin())))
    assert ask(proxied, "POST", ACT, Origin="http://evil.test").status_code == 403
    assert ask(proxied, "POST", ACT, Origin="null").status_code == 403
    assert proxied.status()["epoch"] == 0
    assert ask(proxied, "POST", ACT, Origin=proxied.admin).status_code == 200
