"""One run of all cells: rounds in which the proxies take turns, another one first in each
round, so that what the machine does meanwhile meets all; then the memory of idle connections."""

import signal
import sys
import time

import generators
import machine
import memory
from cells import CONNECTIONS, IDLE, PATHS
from cpu_time import cpu_ns
from field import SMALL_BYTES, Field, pinned

WARM_SECONDS = 1


def tell(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def leave_in_order():
    """What asks this process to end lets it end what it started."""

    def leave(number, _):
        signal.signal(number, signal.SIG_IGN)
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


def exchange(field, cell, name, seconds):
    """The figures of one proxy in one round of a cell."""
    url, prefix = field.url(name, cell.path, cell.tls), pinned(field.other_cores)

    def used_ns():
        return cpu_ns(field.pid(name))

    told = (cell.connections, seconds, used_ns)
    try:
        if cell.rate:
            log = field.folder / "h2load.log"
            log.unlink(missing_ok=True)
            return generators.at_rate(url, cell.rate, *told, log, prefix).figures()
        return generators.saturated(url, *told, prefix, cell.reconnect).figures()
    except generators.Unclean as problem:
        return {"error": str(problem)}


def warm(field, name, paths=tuple(PATHS.values()), seconds=WARM_SECONDS):
    """Fills pools and caches; an error shows again in the cells."""
    for path in paths:
        url, prefix = field.url(name, path, False), pinned(field.other_cores)
        try:
            generators.saturated(url, CONNECTIONS, seconds, lambda: 0, prefix)
        except generators.Unclean as problem:
            tell(f"{name}, while it was warmed: {problem}")


def turns(proxies, number):
    """Another one begins in each round."""
    first = number % len(proxies)
    return [*proxies[first:], *proxies[:first]]


def one_round(field, cells, proxies, seconds):
    return {
        cell.name: {
            each.name: exchange(field, cell, each.name, seconds)
            for each in proxies
            if each.can(cell.tls)
        }
        for cell in cells
    }


def rounds_of(proxies, cells, workers, options):
    """By cell, and the bytes of each proxy at rest."""
    made = []
    with Field(proxies, workers) as field:
        at_rest = {each.name: memory.pss_bytes(field.pid(each.name)) for each in proxies}
        for each in proxies:
            warm(field, each.name)
        for number in range(options.rounds):
            made.append(one_round(field, cells, turns(proxies, number), options.seconds))
            tell(f"{workers} worker(s): round {number + 1} of {options.rounds} is done")
    return {cell.name: [each[cell.name] for each in made] for cell in cells}, at_rest


def idle_memory(proxy, cell, connections):
    """KiB for each idle connection of a fresh process."""
    with Field([proxy]) as field:
        authority = str(field.authority) if cell.tls else None
        port = field.ports[proxy.name, "tls_port" if cell.tls else "port"]
        told = (port, authority, connections, SMALL_BYTES)
        try:
            return {"kib": memory.bytes_per_idle(field.pid(proxy.name), *told) / 1024}
        except (generators.Unclean, OSError) as problem:
            return {"error": str(problem)}


def idle_cells(proxies, connections):
    return {
        cell.name: {
            each.name: idle_memory(each, cell, connections)
            for each in proxies
            if each.can(cell.tls)
        }
        for cell in IDLE
    }


def survey(proxies, cells, options):
    """What was measured and on what, as results.json has it."""
    began, noise, rounds, at_rest = time.time(), machine.Noise(), {}, {}
    for workers in sorted({cell.workers for cell in cells}):
        these = [cell for cell in cells if cell.workers == workers]
        more, at_rest[workers] = rounds_of(proxies, these, workers, options)
        rounds |= more
    idle = idle_cells(proxies, options.idle)
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime(began)),
        "minutes": round((time.time() - began) / 60, 1),
        "machine": machine.described(),
        "noise": noise.figures(),
        "versions": {each.name: each.version() for each in proxies} | machine.tool_versions(),
        "proxies": [each.name for each in proxies],
        "seconds": options.seconds,
        "cells": rounds,
        "at_rest_mib": {name: each / 2**20 for name, each in at_rest[1].items()},
        "idle_connections": options.idle,
        "idle": idle,
    }
