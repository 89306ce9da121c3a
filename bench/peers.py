"""The proxies that are compared: what starts each, and which of them are installed here."""

import argparse
import re
import shutil
import string
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Kind:
    """A program that forwards requests; `arguments` are a string.Template."""

    binary: str
    config: str
    arguments: str
    ask_version: str = "--version"
    tls: bool = True


KINDS = {
    "weir": Kind("weir", "weir.yaml", "run --config $config"),
    "haproxy": Kind("haproxy", "haproxy.cfg", "-db -f $config", "-v"),
    # -e: else nginx opens the log of the system's own nginx first
    "nginx": Kind("nginx", "nginx.conf", "-e stderr -p $folder -c $config", "-v"),
    "varnish": Kind(
        "varnishd",
        "varnish.vcl",
        "-F -j none -n $folder/state -a 127.0.0.1:$port -f $config -s malloc,64m -t 0"
        " -p thread_pools=1 -p timeout_idle=300",
        "-V",
        tls=False,
    ),
    "h2o": Kind("h2o", "h2o.yaml", "-c $config"),
    "envoy": Kind(
        "envoy",
        "envoy.yaml",
        "-c $config --concurrency $workers --disable-hot-restart --log-level error",
    ),
}
ORIGIN = Kind("nginx", "nginx-origin.conf", "-e stderr -p $folder -c $config", "-v")
PEERS = [name for name in KINDS if name != "weir"]


@dataclass(frozen=True)
class Proxy:
    """One of a kind, under the name the table has for it."""

    name: str
    kind: Kind
    binary: str

    def command(self, values):
        arguments = string.Template(self.kind.arguments).substitute(values)
        return [self.binary, *arguments.split()]

    def can(self, tls):
        return self.kind.tls or not tls

    def version(self):
        told = subprocess.run(
            [self.binary, self.kind.ask_version], capture_output=True, text=True, timeout=20
        )
        return re.search(r"\d+\.\d+(\.\d+)?[\w.+~-]*", told.stdout + told.stderr)[0]


def origin():
    return Proxy("origin", ORIGIN, shutil.which(ORIGIN.binary) or ORIGIN.binary)


def weir(binary):
    return Proxy("weir", KINDS["weir"], str(Path(binary).resolve()))


def installed(names):
    """Those of `names` that are found in PATH, in that order."""
    found = {name: shutil.which(KINDS[name].binary) for name in names}
    return [Proxy(name, KINDS[name], binary) for name, binary in found.items() if binary]


def named(text):
    """A peer at a path, as an option names it: NAME=KIND:PATH."""
    matched = re.fullmatch(r"([\w.-]+)=(\w+):(.+)", text)
    if not matched or matched[2] not in KINDS or not shutil.which(matched[3]):
        kinds = ", ".join(KINDS)
        raise argparse.ArgumentTypeError(f"{text} is not NAME=KIND:PATH with KIND of {kinds}")
    return Proxy(matched[1], KINDS[matched[2]], shutil.which(matched[3]))
