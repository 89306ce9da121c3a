"""The drills: what goes wrong while traffic passes, and which failures that may cost.

A drill that replaces the proxy's process puts the new one into `field.weir` when the old one
has ended, on the same port, and may cost KEPT_CONNECTION (rules.py).
"""

import dataclasses
import signal
import time

from field import Endpoint, Gunicorn
from rules import ANSWER_UNDER_WAY, KEPT_CONNECTION, POST_UNDER_WAY, TUNNEL

DRILLS = {}


@dataclasses.dataclass(frozen=True)
class Drill:
    """`may`: the rules its failures may be explained by. `faults`: of each endpoint, from the
    start. `pool`, `service`: settings. `share`: of the rate, where endpoints are slower."""

    name: str
    script: object
    may: tuple = ()
    faults: tuple = ()
    pool: dict = dataclasses.field(default_factory=dict)
    service: dict = dataclasses.field(default_factory=dict)
    mix: dict | None = None
    kind: type = Endpoint
    share: float = 1.0


def drill(name, **more):
    def register(script):
        DRILLS[name] = Drill(name, script, **more)
        return script

    return register


@drill("rolling restart", may=(POST_UNDER_WAY, TUNNEL))
def rolling_restart(field):
    for endpoint in field.turns():
        endpoint.leave()
        endpoint.restart()


WITHOUT_WEBSOCKETS = {"small": 490, "big": 200, "post": 200, "upload": 100, "slow": 10}
drill("rolling restart of gunicorn", may=(POST_UNDER_WAY,), kind=Gunicorn, share=0.4,
      mix=WITHOUT_WEBSOCKETS)(rolling_restart)


@drill("SIGKILL of endpoints", may=(POST_UNDER_WAY, ANSWER_UNDER_WAY, TUNNEL))
def sigkill(field):
    for endpoint in field.turns():
        endpoint.kill()
        time.sleep(0.2)
        endpoint.restart()


@drill("lying health checks", may=(POST_UNDER_WAY,))
def lying_checks(field):
    """One endpoint resets everything and says it is well; then one serves and says it is ill."""
    for endpoint in field.turns():
        endpoint.fault(resets=1.0)
        time.sleep(0.5)
        endpoint.fault(resets=0.0, well=False)
        time.sleep(1.5)
        endpoint.fault(well=True)


@drill("flapping", may=(POST_UNDER_WAY, ANSWER_UNDER_WAY, TUNNEL))
def flapping(field):
    """One endpoint comes and goes as fast as it can start, once in order and once not."""
    endpoint, orderly = field.endpoints[0], True
    while time.monotonic() < field.until:
        endpoint.leave() if orderly else endpoint.kill()
        endpoint.restart()
        orderly = not orderly
        endpoint.fault(well=orderly)
        time.sleep(0.2)


@drill("endpoints hang for a while")
def short_hangs(field):
    for endpoint in field.turns(pause=1):
        endpoint.signal(signal.SIGSTOP)
        time.sleep(1.5)
        endpoint.signal(signal.SIGCONT)


@drill("an endpoint hangs for good",
       may=(POST_UNDER_WAY, ANSWER_UNDER_WAY, TUNNEL),
       service={"timeouts": {"response": "3s", "per_try": "500ms"}})
def lasting_hang(field):
    field.endpoints[0].signal(signal.SIGSTOP)
    time.sleep(2)
    field.wait()
    field.endpoints[0].kill()
    field.endpoints[0].restart()


@drill("resets mid-body", may=(POST_UNDER_WAY, ANSWER_UNDER_WAY),
       faults=({"breaks": 0.02},) * 2 + ({"resets": 0.02},) * 2)
def resets(field):
    field.wait()


IDLE_SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)


@drill("stale keep-alive, 1 ms to 3 s", may=(POST_UNDER_WAY,), pool={"idle": "10s"},
       faults=tuple({"idle": each} for each in IDLE_SECONDS))
def stale(field):
    field.wait()


@drill("ten reloads")
def reloads(field):
    """Other limits, another pool, and back."""
    pause = (field.until - time.monotonic()) / 10
    first, second = field.settings(), field.settings(retry_budget={"share": "30%"})
    del second["services"][0]["pools"]["blue"]["endpoints"][-1]
    for number in range(10):
        field.weir.reload(second if number % 2 == 0 else first)
        time.sleep(pause)


@drill("ten binary replacements", may=(KEPT_CONNECTION, TUNNEL),
       service={"drain": {"accept": "0s", "idle": "1s", "deadline": "20s"}})
def replacements(field):
    pause = (field.until - time.monotonic()) / 10
    for _ in range(10):
        field.replace_proxy()
        time.sleep(pause)


@drill("drain with downloads in flight", service={"drain": {"accept": "2s", "deadline": "20s"}},
       mix={"small": 450, "big": 200, "post": 200, "upload": 100, "slow": 50})
def drain(field):
    """A load balancer sends nothing new once /readyz fails; what is under way ends well."""
    field.wait()
    field.weir.terminate()
    time.sleep(1)
    field.sender.send_signal(signal.SIGTERM)
    assert field.weir.wait(25) == 0
