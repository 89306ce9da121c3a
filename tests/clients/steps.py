"""What every client does on its visit, and what it must see."""

import hashlib
from dataclasses import dataclass, field

import site_pages as site


@dataclass(frozen=True)
class Step:
    """`needs`: what not every client can do. `fresh`: begins with no cookies."""

    name: str
    method: str = "GET"
    path: str = "/small"
    body: bytes | None = None
    chunked: bool = False
    expect: bool = False
    fields: tuple = ()
    needs: str = ""
    fresh: bool = False
    status: int = 200
    seen: bytes | None = b""
    decoded: bytes | None = None


@dataclass
class Answer:
    """What the client saw: names of fields in lower case; the body as its hash."""

    status: int = 0
    sha256: str = ""
    length: int = 0
    fields: dict = field(default_factory=dict)
    trailers: dict = field(default_factory=dict)

    @staticmethod
    def of(status, pairs, body, trailers=()):
        made = Answer(status, hash_of(body), len(body))
        made.fields = {name.lower(): value for name, value in pairs}
        made.trailers = {name.lower(): value for name, value in trailers}
        return made


def hash_of(body):
    return hashlib.sha256(body).hexdigest()


def echoed(name, method="POST", body=site.UPLOAD, path="/echo", **more):
    return Step(name, method, path, body, seen=site.told_of(method, body), **more)


VISIT = [
    Step("small", seen=site.SMALL),
    Step("64 KiB", path="/big", seen=site.BIG),
    Step("head", "HEAD", "/big"),
    echoed("post"),
    echoed("post nothing", body=b""),
    echoed("post in chunks", chunked=True, needs="chunked"),
    echoed("post after 100", expect=True, needs="expect"),
    echoed("put", "PUT"),
    Step("delete", "DELETE", seen=site.SMALL),
    Step("204", path="/nothing", status=204),
    Step("304", path="/cached", status=304, fields=(("If-None-Match", site.ETAG),),
         needs="conditions"),
    Step("redirect", path="/redirect", seen=site.SMALL, needs="redirect"),
    echoed("redirected post", path="/moved", needs="redirect"),
    Step("gzip", path="/zipped", seen=site.ZIPPED, decoded=site.TEXT,
         fields=(("Accept-Encoding", "gzip"),)),
    Step("pieces", path="/pieces", seen=site.BIG),
    Step("trailers", path="/trailers", seen=site.BIG, fields=(("TE", "trailers"),),
         needs="trailers"),
    Step("404", path="/missing", status=404, seen=b"no such page\n"),
    Step("500", path="/broken", status=500, seen=b"it broke\n"),
    Step("small again", seen=site.SMALL),
]


def stays(jars, requests):
    """Visits of clients that begin without a cookie and keep the one they get."""
    return [
        Step(f"{jar}.{number}", path="/colour", fresh=number == 0)
        for jar in range(jars)
        for number in range(requests)
    ]
