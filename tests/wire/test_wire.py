"""Every case of the wire suite against the real binary."""

import pytest

import classes
from case import Pool

BATCH = 80  # clients at once

LOADED = classes.load()
CASES = [(name, each) for name, module in LOADED.items() for each in module.CASES]


def parameters(cases):
    return [pytest.param(each, id=f"{name}: {each.name}") for name, each in cases]


def batches(positions):
    listed = list(positions)
    return [listed[start : start + BATCH] for start in range(0, len(listed), BATCH)]


def assert_allowed(case, observed):
    assert observed.meets_policy(case), f"{observed}, allowed: {case.policy} (RFC {case.rfc})"


@pytest.mark.parametrize("case", parameters(CASES))
def test_case(front, case):
    assert_allowed(case, front.run(case))


REQUESTS_IN_TWO = [(name, each) for name, each in CASES if each.split and not each.pool]


@pytest.mark.parametrize("case", parameters(REQUESTS_IN_TWO))
def test_request_cut_at_every_position(front, case):
    for positions in batches(range(1, len(case.send))):
        for position, observed in zip(positions, front.run_split(case, positions), strict=True):
            assert observed.meets_policy(case), f"cut at {position}: {observed}"


ANSWERS_IN_TWO = [(name, each) for name, each in CASES if each.split and each.pool]


@pytest.mark.parametrize("case", parameters(ANSWERS_IN_TWO))
def test_answer_cut_at_every_position(front, case):
    for positions in batches(range(1, len(case.pool.say))):
        seen = front.run_split_answer(case, positions)
        for position, observed in zip(positions, seen, strict=True):
            assert observed.meets_policy(case), f"cut at {position}: {observed}"


def test_each_class_has_a_case_cut_at_every_position():
    whole = [name for name, module in LOADED.items() if not any(c.split for c in module.CASES)]
    assert not whole


def test_names_tell_cases_apart():
    names = [f"{name}: {each.name}" for name, each in CASES]
    assert len(set(names)) == len(names) >= 300


def test_pools_are_scripts():
    assert all(each.pool is None or isinstance(each.pool, Pool) for _, each in CASES)
