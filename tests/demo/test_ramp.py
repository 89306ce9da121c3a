"""The arithmetic behind the table of the demonstration."""

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "deploy" / "demo"))

from load import Sample  # noqa: E402
from ramp import Moment, binomial_bounds, moved_back, spans, steps_seen  # noqa: E402


def moment(at, weight, stable="blue"):
    canary = "green" if stable == "blue" else "blue"
    return Moment(at, "Progressing", stable, canary, weight)


def sample(sent, user, version, status=200):
    return Sample(sent, sent + 0.001, user, status, version)


@pytest.mark.parametrize(("n", "p"), [(2400, 0.05), (2400, 0.5), (2000, 0.25), (30, 0.1)])
def test_a_fair_split_is_almost_always_within_its_bounds(n, p):
    chance = random.Random(7)
    least, most = binomial_bounds(n, p)
    draws = [sum(chance.random() < p for _ in range(n)) for _ in range(2000)]
    outside = sum(not least <= draw <= most for draw in draws)
    assert outside <= 8  # 2 expected at 99.9 %


@pytest.mark.parametrize(("p", "bounds"), [(0.0, (0, 0)), (1.0, (500, 500))])
def test_nothing_and_everything_leave_no_room(p, bounds):
    assert binomial_bounds(500, p) == bounds


def test_a_finished_ramp_and_its_last_step_are_one_share():
    moments = [moment(0, 0), moment(1, 50), moment(2, 100), moment(3, 0, stable="green")]
    assert spans(moments, "green", 5) == [[0, 0, 1], [50, 1, 2], [100, 2, 5]]


def test_clients_count_once_however_often_they_ask():
    asked = [sample(1.2 + i / 100, user=i % 4, version="green") for i in range(40)]
    row = steps_seen(asked, [moment(1, 50)], "green", until=3)[0]
    assert (row.requests, row.users, row.on_new) == (40, 4, 4)


def test_requests_at_the_edge_of_a_step_count_for_neither():
    moments = [moment(1, 0), moment(2, 100)]
    rows = steps_seen([sample(1.99, 1, "green"), sample(2.01, 2, "blue")], moments, "green", 3)
    assert [row.requests for row in rows] == [0, 0]


def test_a_client_that_leaves_the_new_version_moved_back():
    seen = [
        sample(1, 1, "green"),
        sample(2, 1, "blue"),
        sample(1, 2, "blue"),
        sample(2, 2, "green"),
    ]
    assert moved_back(seen, "green") == 1
