"""Configurations as Python values; YAML reads the JSON they are written as."""

import copy
import json
from pathlib import Path

from waiting import SLOWDOWN

UNCHECKED = {"kind": "none"}
CHECKED = {"path": "/healthz", "interval": "200ms", "timeout": "200ms", "rise": 1, "fall": 2}
LONG_STEPS = [{"weight": "25%", "hold": "1h"}, {"weight": "50%", "hold": "1h"}]
PLENTY = {"share": "100%", "per_second": 100000}


def milliseconds(seconds):
    """A duration that grows with the slowdown."""
    return f"{round(seconds * SLOWDOWN * 1000)}ms"


def pool(*servers, check=UNCHECKED, **more):
    """`servers`: whatever has an address."""
    return {"endpoints": [server.address for server in servers], "check": check, **more}


def service(blue, green, name="shop", steps=LONG_STEPS, guards=None, driver_timeout="0s", **more):
    """`blue`, `green`: pools, or single servers."""
    as_pool = [each if isinstance(each, dict) else pool(each) for each in (blue, green)]
    rollout = {"steps": copy.deepcopy(steps), "driver_timeout": driver_timeout}
    rollout["guards"] = guards or {"errors": "off", "health": "off", "outage": "off"}
    return {
        "name": name,
        "version_header": True,
        "pools": dict(zip(("blue", "green"), as_pool, strict=True)),
        "rollout": rollout,
        **more,
    }


def proxy(*services, **more):
    """Free ports, a short drain, few workers, no access log: what a test does not name."""
    plain = {
        "listen": ["127.0.0.1:0"],
        "admin": {"listen": "127.0.0.1:0"},
        "workers": 2,
        "log": {"access_sample": "0%"},
        "drain": {"accept": "0s", "idle": "0s", "deadline": milliseconds(3)},
        "services": list(services),
    }
    return {**plain, **more}


def secured(*certificates, at="127.0.0.1:0", beside=None, **tls):
    """A listener under TLS. `beside`: what else it asks."""
    files = [each.files for each in certificates]
    return {"address": at, "tls": {"certificates": files, **tls}, **(beside or {})}


def write(path, settings):
    text = settings if isinstance(settings, str) else json.dumps(settings, indent=1)
    Path(path).write_text(text)
