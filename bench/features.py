"""What Weir's features cost: the same binary under several configurations, beside the plain one,
which has the defaults and no access log. First without a request, for what a feature does by the
clock: milliseconds of CPU a second, exact on any machine, of which a saturated worker has 1,000.
Then saturated with the browser's request, in rounds. Prints a Markdown table; exit code 1 where
scrapes, a rollout and 100 services together take more than the bar of a worker's time."""

import argparse
import http.client
import statistics
import sys
import threading
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace

import peers
from cells import BARS
from cpu_time import cpu_ns
from field import Field
from survey import exchange, leave_in_order, turns, warm

CELL = next(cell for cell in BARS if not cell.rate)
BAR = 0.03
REST_SECONDS = 3
SCRAPES_PER_SECOND = 10
PLAIN, ALL = "plain", "scraped, in a rollout, of 100 services"

LATENCY = "{slower_than: 500ms}"


def only(**guards):
    """These guards; those that are on by themselves are off unless they are named."""
    off = dict.fromkeys(("errors", "health", "outage"), "off")
    return ", ".join(f"{name}: {text}" for name, text in (off | guards).items())


@dataclass(frozen=True)
class Variant:
    access_log: str = "0%"
    guards: str | None = None  # of a rollout in progress
    services: int = 1
    scraped: bool = False

    def adapt(self, template):
        text = template.replace("access_sample: 0%", f"access_sample: {self.access_log}")
        if self.guards is not None:
            text += "    rollout:\n      steps: [{weight: 5%, hold: 1h}]\n"
            text += f"      guards: {{{self.guards}}}\n"
        return text + "".join(other_service(number) for number in range(1, self.services))


def other_service(number):
    """One that gets no requests."""
    pool = 'endpoints: ["127.0.0.1:$origin_port"], check: {interval: 10s}'
    return (
        f"  - name: other-{number}\n    hosts: [other-{number}.example.com]\n"
        f"    pools: {{blue: {{{pool}}}, green: {{{pool}}}}}\n"
    )


VARIANTS = {
    PLAIN: Variant(),
    "access log, 1 %": Variant(access_log="1%"),
    "access log, 100 %": Variant(access_log="100%"),
    "a rollout, no guards": Variant(guards=only()),
    "a rollout, guard on errors": Variant(guards=only(errors="{}")),
    "a rollout, guard on latency": Variant(guards=only(latency=LATENCY)),
    "a rollout, guard on outages": Variant(guards=only(outage="{}")),
    "a rollout, guard on health": Variant(guards=only(health="{}")),
    "metrics scraped 10 times a second": Variant(scraped=True),
    "100 services": Variant(services=100),
    ALL: Variant(guards=f"latency: {LATENCY}", services=100, scraped=True),
}


TITLES = list(VARIANTS)


def variant_of(proxy):
    return VARIANTS[TITLES[int(proxy.name)]]


class Configurations(Field):
    """Each under the number of its variant: a name of several words is no name of a folder."""

    def template(self, proxy):
        text = super().template(proxy)
        return variant_of(proxy).adapt(text) if proxy.kind == peers.KINDS["weir"] else text


def asked(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Content-Type": "application/json"} if body else {}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    if answer.status >= 300:
        raise SystemExit(f"bench: {method} {path}: {answer.status} {said[:300]!r}")


@contextmanager
def scrapes(port):
    over = threading.Event()

    def scrape():
        while not over.wait(1 / SCRAPES_PER_SECOND):
            asked(port, "GET", "/metrics")

    thread = threading.Thread(target=scrape)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def as_it_says(field, proxy):
    port = field.ports[proxy.name, "admin_port"]
    with scrapes(port) if variant_of(proxy).scraped else nullcontext():
        yield


def at_rest(field, proxy):
    """Milliseconds of CPU a second."""
    with as_it_says(field, proxy):
        time.sleep(0.5)
        began, before = time.monotonic(), cpu_ns(field.pid(proxy.name))
        time.sleep(REST_SECONDS)
        used_ns = cpu_ns(field.pid(proxy.name)) - before
    return used_ns / 1e6 / (time.monotonic() - began)


def one_round(field, order, seconds):
    """By title."""
    made = {}
    for proxy in order:
        with as_it_says(field, proxy):
            figures = exchange(field, CELL, proxy.name, seconds)
        title = TITLES[int(proxy.name)]
        if "error" in figures:
            raise SystemExit(f"bench: {title}: {figures['error']}")
        made[title] = figures["cpu_us"]
    return made


def measured(weir, rounds, seconds):
    proxies = [replace(peers.weir(weir), name=str(number)) for number in range(len(TITLES))]
    with Configurations(proxies) as field:
        for proxy in proxies:
            if variant_of(proxy).guards is not None:
                port = field.ports[proxy.name, "admin_port"]
                asked(port, "POST", "/v1/services/shop/rollout/start", b"{}")
        rest = {TITLES[int(each.name)]: at_rest(field, each) for each in proxies}
        for proxy in proxies:
            warm(field, proxy.name, [CELL.path])
        return rest, [one_round(field, turns(proxies, number), seconds) for number in range(rounds)]


def print_table(rest, rounds):
    """Answers what part of a worker's time all together take."""
    print("| | ms of CPU a second at rest | µs per request, saturated | to plain (least-most) |")
    print("| --- | --- | --- | --- |")
    for title in TITLES:
        cost = statistics.median(each[title] for each in rounds)
        ratios = [each[title] / each[PLAIN] for each in rounds]
        middle = statistics.median(ratios)
        told = "" if title == PLAIN else f"{middle:.3f} ({min(ratios):.3f}-{max(ratios):.3f})"
        print(f"| {title} | {rest[title]:.1f} | {cost:.2f} | {told} |")
    added = (rest[ALL] - rest[PLAIN]) / 1000
    print(f"\nThe last row takes {added:.1%} of a worker's time; bar: {BAR:.0%}.")
    print(f"Medians of {len(rounds)} rounds; ratios are of the same round.")
    return added


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weir", required=True, help="the binary")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=2, help="per configuration and round")
    chosen = parser.parse_args()
    leave_in_order()
    return print_table(*measured(chosen.weir, chosen.rounds, chosen.seconds)) > BAR


if __name__ == "__main__":
    sys.exit(main())
