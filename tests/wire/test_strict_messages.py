"""The suite's own eyes: what the strict reader must see, or the cases could not fail."""

import pytest

from case import allows, most_answers
from strict_messages import Malformed, StrictReader, request_of, response_of

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\n"


def requests():
    return StrictReader(request_of)


def responses(method=b"GET"):
    return StrictReader(lambda line, fields: response_of(line, fields, method))


REQUESTS = [
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    HEAD + b"Content-Length: 2\r\n\r\nok",
    CHUNKED + b'2;a="b"\r\nok\r\n0\r\nX: y\r\n\r\n',
]
BAD_REQUESTS = [
    b"GET /\r\nHost: a\r\n\r\n",
    b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET /#a HTTP/1.1\r\nHost: a\r\n\r\n",
    HEAD + b"Host: b\r\n\r\n",
    HEAD + b"X : y\r\n\r\n",
    HEAD + b"X: y\r\n z\r\n\r\n",
    HEAD + b"X: y\0\r\n\r\n",
    HEAD + b"X: y\rz\r\n\r\n",
    HEAD + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nok",
    HEAD + b"Content-Length: 2, 2\r\n\r\nok",
    HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
    HEAD + b"Transfer-Encoding: gzip\r\n\r\n",
    CHUNKED + b"x\r\n",
    CHUNKED + b"2\r\nok!!0\r\n",
    CHUNKED + b"2\nok\r\n",
    CHUNKED + b"0\r\nX : y\r\n\r\n",
]


@pytest.mark.parametrize("data", REQUESTS)
def test_whole_requests_are_read_in_any_pieces(data):
    for cut in range(len(data)):
        reader = requests()
        reader.feed(data[:cut])
        reader.feed(data[cut:] + data)
        assert [each.complete for each in reader.messages] == [True, True]
        assert not reader.unfinished


@pytest.mark.parametrize("data", REQUESTS)
def test_every_beginning_of_a_request_is_unfinished(data):
    for cut in range(1, len(data)):
        reader = requests()
        reader.feed(data[:cut])
        assert reader.unfinished, data[:cut]


@pytest.mark.parametrize("data", BAD_REQUESTS)
def test_malformed_requests_are_seen(data):
    with pytest.raises(Malformed):
        requests().feed(data)


@pytest.mark.parametrize("data", [
    b"HTTP/1.1 OK\r\n\r\n",
    b"HTTP/1.1 204 No\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 103 Hints\r\nTransfer-Encoding: chunked\r\n\r\n",
    OK + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
    OK + b"X: y\r\n z\r\n\r\n",
])
def test_malformed_responses_are_seen(data):
    with pytest.raises(Malformed):
        responses().feed(data)


def test_an_answer_without_a_length_ends_with_the_connection():
    reader = responses()
    reader.feed(OK + b"\r\nall")
    assert reader.unfinished
    reader.feed_end()
    assert (reader.messages[0].complete, reader.messages[0].body) == (True, b"all")


def test_an_answer_cut_short_is_not_complete():
    reader = responses()
    reader.feed(OK + b"Content-Length: 9\r\n\r\nhalf")
    reader.feed_end()
    assert not reader.messages[0].complete


def test_head_has_no_body():
    reader = responses(b"HEAD")
    reader.feed(OK + b"Content-Length: 9\r\n\r\n")
    assert reader.messages[0].complete and not reader.unfinished


def test_outcomes_are_compared_word_by_word():
    assert allows("ok | 4xx | close", "413") and allows("ok ok | 400", "ok ok")
    assert not allows("ok | 4xx", "502") and not allows("ok", "ok ok") and not allows("4xx", "4")
    assert most_answers("ok ok | 400 | close") == 2 and most_answers("close") == 1
