"""The clients that people really use, and what each of them cannot do."""

from dataclasses import dataclass
from typing import Callable

from by_command import by_curl, by_wget
from by_program import by_go, by_java, by_undici
from by_python import by_aiohttp, by_http_client, by_httpx, by_requests


@dataclass(frozen=True)
class Client:
    """`lacks`: the steps' `needs` that it has no way to do. `decodes`: it unpacks gzip, and
    shows nothing else. `connections`: the most that a visit takes, here as straight at the
    site: undici closes one after a HEAD and one after an empty POST, Chromium opens one
    ahead. wget waits for the body of a 304."""

    visit: Callable | None
    lacks: frozenset = frozenset()
    cookies: bool = True
    decodes: bool = False
    connections: int = 1


def without(*needs):
    return frozenset(needs)


CLIENTS = {
    "curl": Client(by_curl),
    "wget": Client(by_wget, without("chunked", "conditions", "expect", "trailers")),
    "http.client": Client(by_http_client, without("expect", "redirect", "trailers"), False),
    "requests": Client(by_requests, without("expect", "trailers")),
    "httpx": Client(by_httpx, without("expect", "trailers")),
    "aiohttp": Client(by_aiohttp, without("trailers")),
    "go": Client(by_go),
    "undici": Client(by_undici, without("expect"), False, connections=3),
    "java": Client(by_java, without("trailers")),
    "chromium": Client(None, without("chunked", "expect", "trailers"), decodes=True, connections=2),
}
