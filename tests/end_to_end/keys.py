"""Many clients at once: requests that name their key in a field, sent as one train."""

import math

from wire import RawClient, request

TRAIN = 200


def versions_of(weir, fields, path="/"):
    """The version that answered each request; `fields`: a dict for each."""
    versions = []
    with RawClient(weir.port, 30) as client:
        for start in range(0, len(fields), TRAIN):
            train = fields[start : start + TRAIN]
            client.send(b"".join(request(path=path, **each) for each in train))
            versions += [client.response().value("X-Weir-Version") for _ in train]
    return versions


def canary_keys(weir, count, canary="green", name="X_Key"):
    """Those of `count` keys that the canary serves."""
    fields = [{name: f"client-{number}"} for number in range(count)]
    versions = versions_of(weir, fields)
    assert set(versions) <= {"blue", "green"}
    return {number for number, version in enumerate(versions) if version == canary}


def binomial_bounds(n, p, confidence=0.999):
    """The least and most of n that a fair split gives with that probability."""
    tail, total, least, most = (1 - confidence) / 2, 0.0, None, n
    for k in range(n + 1):
        ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        total += math.exp(ways + k * math.log(p) + (n - k) * math.log1p(-p))
        if least is None and total > tail:
            least = k
        if total >= 1 - tail:
            most = k
            break
    return least, most
