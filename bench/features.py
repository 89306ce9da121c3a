"""What Weir's features cost per request: the same binary under several configurations, saturated
with the browser's request, each in every round beside the plain one, which has the defaults and no
access log. Prints a Markdown table; exit code 1 where scrapes, a rollout and 100 services together
cost more than the bar."""

import argparse
import http.client
import statistics
import sys
import threading
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace

import peers
from cells import BARS
from field import Field
from survey import exchange, leave_in_order, turns, warm

CELL = next(cell for cell in BARS if not cell.rate)
BAR = 1.03
SCRAPES_PER_SECOND = 10
PLAIN, ALL = "plain", "scraped, in a rollout, of 100 services"

ERRORS, LATENCY = "errors: {}", "latency: {slower_than: 500ms}"
OFF = "errors: off, health: off"


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
        f"  - name: other-{number}\n    host: other-{number}.example.com\n"
        f"    pools: {{blue: {{{pool}}}, green: {{{pool}}}}}\n"
    )


VARIANTS = {
    PLAIN: Variant(),
    "access log, 1 %": Variant(access_log="1%"),
    "access log, 100 %": Variant(access_log="100%"),
    "a rollout, no guards": Variant(guards=OFF),
    "a rollout, guard on errors": Variant(guards=f"{ERRORS}, health: off"),
    "a rollout, guard on latency": Variant(guards=f"errors: off, health: off, {LATENCY}"),
    "a rollout, guard on health": Variant(guards="errors: off, health: {}"),
    "metrics scraped 10 times a second": Variant(scraped=True),
    "100 services": Variant(services=100),
    ALL: Variant(guards=f"{ERRORS}, {LATENCY}", services=100, scraped=True),
}


class Configurations(Field):
    def template(self, proxy):
        text = super().template(proxy)
        return VARIANTS[proxy.name].adapt(text) if proxy.name in VARIANTS else text


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


def one_round(field, order, seconds):
    made = {}
    for proxy in order:
        scraped = VARIANTS[proxy.name].scraped
        port = field.ports[proxy.name, "admin_port"]
        with scrapes(port) if scraped else nullcontext():
            made[proxy.name] = exchange(field, CELL, proxy.name, seconds)
        if "error" in made[proxy.name]:
            raise SystemExit(f"bench: {proxy.name}: {made[proxy.name]['error']}")
    return made


def measured(weir, rounds, seconds):
    proxies = [replace(peers.weir(weir), name=name) for name in VARIANTS]
    with Configurations(proxies) as field:
        for proxy in proxies:
            if VARIANTS[proxy.name].guards is not None:
                port = field.ports[proxy.name, "admin_port"]
                asked(port, "POST", "/v1/services/shop/rollout/start", b"{}")
            warm(field, proxy.name, [CELL.path])
        return [one_round(field, turns(proxies, number), seconds) for number in range(rounds)]


def print_table(rounds):
    """Answers the median ratio of all together."""
    print("| | µs of CPU per request | to plain (least-most) |\n| --- | --- | --- |")
    for name in VARIANTS:
        cost = statistics.median(each[name]["cpu_us"] for each in rounds)
        ratios = [each[name]["cpu_us"] / each[PLAIN]["cpu_us"] for each in rounds]
        middle = statistics.median(ratios)
        told = "" if name == PLAIN else f"{middle:.3f} ({min(ratios):.3f}-{max(ratios):.3f})"
        print(f"| {name} | {cost:.2f} | {told} |")
    print(f"\nmedians of {len(rounds)} rounds; bar of the last row: {BAR}")
    return middle


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weir", required=True, help="the binary")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=2, help="per configuration and round")
    chosen = parser.parse_args()
    leave_in_order()
    return print_table(measured(chosen.weir, chosen.rounds, chosen.seconds)) > BAR


if __name__ == "__main__":
    sys.exit(main())
