"""Why a request may fail before a client's eyes, though a proxy that may send it again does."""

POST_UNDER_WAY = (
    "RFC 9110 §9.2.2: a POST of which a byte was sent may have been acted on; no proxy sends "
    "it again"
)
ANSWER_UNDER_WAY = (
    "RFC 9112 §8: the client has the head of the answer; its body breaks off for it, too"
)
TUNNEL = "RFC 9110 §7.8: after the 101 the connection is its endpoint's alone"

KEPT_CONNECTION = (
    "RFC 9112 §9.3.1: a proxy that leaves closes idle connections; a client whose request "
    "crosses that sends a GET again, but not a POST"
)


def rule_for(kind, outcome):
    """The rule that forbids to send it again; none where nothing does."""
    if outcome == "cut in the body":
        return ANSWER_UNDER_WAY
    if kind in ("post", "upload") and outcome in ("answered 502", "answered 504"):
        return POST_UNDER_WAY
    if outcome == "kept connection closed":
        return KEPT_CONNECTION
    if kind == "websocket" and outcome in ("cut behind the 101", "sent away with 1001"):
        return TUNNEL
    return None
