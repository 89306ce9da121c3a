"""What a pipeline and a person get from the commands: exit codes, JSON, lines."""

import json

import pytest

from app_servers import free_port
from configuration import LONG_STEPS, proxy, service, write
from waiting import eventually, scaled
from weir_process import run

DONE, WRONG_USE, UNREACHABLE, ROLLED_BACK, TIMED_OUT = 0, 1, 2, 3, 4
ONE_STEP = [{"weight": "50%", "hold": "100ms"}]


@pytest.fixture
def shop(weir, origin):
    def make(steps=LONG_STEPS, **more):
        return weir(proxy(service(origin(), origin(), steps=steps), **more))

    return make


@pytest.fixture
def opened():
    """Commands still running at the end of the test are ended."""
    commands = []
    yield lambda command: commands.append(command) or command
    for command in commands:
        command.kill()
        command.wait()
        command.stdout.close()


def test_each_action_is_a_command(shop):
    proxied = shop()
    for command, phase in [
        (["start", "--revision", "r1"], "Progressing"),
        (["pause"], "Paused"),
        (["resume"], "Progressing"),
        (["promote"], "Progressing"),
        (["set-weight", "33%"], "Paused"),
        (["abort", "--reason", "enough"], "Degraded"),
        (["retry"], "Progressing"),
        (["promote", "--full"], "Healthy"),
        (["undo"], "Healthy"),
    ]:
        ended = proxied.cli(*command)
        assert ended.returncode == DONE, ended.stderr
        assert proxied.status()["phase"] == phase, command
        assert phase in ended.stdout and ended.stdout.count("\n") == 1


def test_status_is_for_people_or_for_machines(shop):
    proxied = shop()
    proxied.done("start")
    shown = proxied.cli("status")
    assert shown.returncode == DONE
    assert all(word in shown.stdout for word in ("shop", "Progressing", "25%", "blue", "green"))
    assert "\x1b" not in shown.stdout, "no colours without a terminal"
    told = json.loads(proxied.cli("status", "--output", "json").stdout)
    assert set(told) == set(proxied.status())
    assert (told["phase"], told["weight_percent"]) == ("Progressing", 25)


def test_actions_can_answer_in_json(shop):
    told = json.loads(shop().cli("start", "--output", "json").stdout)
    assert (told["phase"], told["epoch"], told["changed"]) == ("Progressing", 1, True)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["explode"],
        ["run"],
        ["check"],
        ["start", "--colour", "green"],
        ["status", "--output", "xml"],
        ["set-weight"],
        ["set-weight", "101%"],
        ["start", "--wait", "--timeout", "soon"],
        ["status", "--server", "ftp://127.0.0.1"],
        ["status", "--service", "../../x"],
    ],
)
def test_wrong_use_is_1_and_says_what_is_wrong(arguments):
    ended = run(*arguments)
    assert ended.returncode == WRONG_USE
    assert ended.stderr and not ended.stdout


def test_help_and_version_are_no_mistakes():
    assert (run("--help").returncode, run("--version").returncode) == (DONE, DONE)
    text = run("--help").stdout
    commands = "run check status start pause resume promote abort retry undo set-weight"
    assert all(name in text for name in commands.split())


def test_what_the_proxy_refuses_is_1(shop):
    proxied = shop()
    refused = proxied.cli("resume")
    assert refused.returncode == WRONG_USE and "Healthy" in refused.stderr
    assert proxied.cli("status", service="nobody").returncode == WRONG_USE
    assert proxied.cli("start", "--if-epoch", "9").returncode == WRONG_USE


def test_a_missing_token_is_1(weir, origin, tmp_path):
    admin = {"listen": "127.0.0.1:0", "token_file": str(tmp_path / "weir-0" / "token")}
    proxied = weir(proxy(service(origin(), origin()), admin=admin), token="a-good-token-0123")
    assert proxied.cli("status").returncode == DONE
    proxied.token = None
    assert proxied.cli("status").returncode == WRONG_USE


def test_a_proxy_that_is_not_there_is_2():
    server = f"http://127.0.0.1:{free_port()}"
    for command in (["status"], ["start"], ["abort"]):
        ended = run(*command, "--server", server, "--service", "shop")
        assert ended.returncode == UNREACHABLE and ended.stderr


def test_a_server_that_is_no_weir_is_2(origin):
    server = f"http://{origin().address}"
    assert run("status", "--server", server, "--service", "shop").returncode == UNREACHABLE


def test_waiting_ends_with_the_rollout(shop):
    finished = shop(ONE_STEP).cli("start", "--wait", "--timeout", "30s")
    assert finished.returncode == DONE, finished.stderr
    lines = finished.stdout.splitlines()
    assert [word for word in ("start", "finish") if any(word in line for line in lines)] == [
        "start", "finish",
    ]


def test_a_rollback_while_waiting_is_3(shop, opened):
    proxied = shop()
    waiting = opened(proxied.cli_open("start", "--wait"))
    proxied.await_phase("Progressing")
    proxied.done("abort")
    assert waiting.wait(scaled(20)) == ROLLED_BACK


def test_a_rollout_that_takes_too_long_is_4_and_goes_on(shop):
    proxied = shop()
    ended = proxied.cli("start", "--wait", "--timeout", "500ms")
    assert ended.returncode == TIMED_OUT and "timed out" in ended.stderr
    assert proxied.status()["phase"] == "Progressing"


def test_a_proxy_that_restarts_while_somebody_waits_is_waited_for(shop, opened, tmp_path):
    proxied = shop(
        admin={"listen": f"127.0.0.1:{free_port()}"}, state={"file": str(tmp_path / "state")}
    )
    waiting = opened(proxied.cli_open("start", "--wait"))
    proxied.await_phase("Progressing")
    proxied.kill()
    proxied.start()
    proxied.done("promote", full=True)
    assert waiting.wait(scaled(20)) == DONE


def test_watching_prints_a_line_for_each_change(shop, opened):
    proxied = shop()
    watching = opened(proxied.cli_open("status", "--watch"))
    first = watching.stdout.readline()
    for action, words in [
        ("start", ("Progressing", "25%")),
        ("pause", ("Paused",)),
        ("resume", ("Progressing",)),
        ("promote", ("50%",)),
        ("abort", ("Degraded",)),
    ]:
        proxied.done(action)
        line = watching.stdout.readline()
        assert all(word in line for word in words), (action, first, line)
        assert "\x1b" not in line


def test_watching_in_json_is_a_line_for_each_event(shop, opened):
    proxied = shop()
    watching = opened(proxied.cli_open("status", "--watch", "--output", "json"))
    eventually(lambda: proxied.metric("weir_admin_connections")[""] >= 2)
    for action in ("start", "pause", "abort"):
        proxied.done(action)
        assert json.loads(watching.stdout.readline())["kind"] == action


FIVE_MISTAKES = {
    "workers": "many",
    "services[0].name": "Shop!",
    "services[0].pools.blue.endpoints[0]": "nowhere",
    "services[0].rollout.steps[1].weight": "101%",
    "services[0].colour": "red",
}


def test_check_tells_five_mistakes_in_five_lines(origin, tmp_path):
    settings = proxy(service(origin(), origin()), workers="many")
    shop = settings["services"][0]
    shop.update(name="Shop!", colour="red")
    shop["pools"]["blue"]["endpoints"] = ["nowhere"]
    shop["rollout"]["steps"][1] = {"weight": "101%"}
    write(tmp_path / "weir.yaml", settings)
    for command in ("check", "run"):
        ended = run(command, "--config", tmp_path / "weir.yaml")
        assert ended.returncode == WRONG_USE
        lines = ended.stderr.splitlines()
        assert len(lines) == 5
        for path, value in FIVE_MISTAKES.items():
            assert any(f"{path}:" in line for line in lines), (path, lines)


def test_check_accepts_what_run_accepts(origin, tmp_path):
    write(tmp_path / "weir.yaml", proxy(service(origin(), origin())))
    assert run("check", "--config", tmp_path / "weir.yaml").returncode == DONE
    assert run("check", "--config", tmp_path / "none.yaml").returncode == WRONG_USE


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", "10.0.0.1:9901"])
def test_check_refuses_an_open_admin_api(origin, tmp_path, address):
    settings = proxy(service(origin(), origin()), admin={"listen": address})
    write(tmp_path / "weir.yaml", settings)
    ended = run("check", "--config", tmp_path / "weir.yaml")
    assert ended.returncode == WRONG_USE and "admin.listen" in ended.stderr


def test_an_address_in_use_stops_the_start_and_is_named(weir, origin):
    taken = origin()
    proxied = weir(proxy(service(taken, taken), listen=[taken.address]), start=False)
    assert proxied.launch().wait() == WRONG_USE
    assert taken.address in proxied.log


def test_interrupted_by_ctrl_c(shop, opened):
    waiting = opened(shop().cli_open("start", "--wait"))
    waiting.stdout.readline()
    waiting.send_signal(2)
    assert waiting.wait(scaled(10)) == 130
