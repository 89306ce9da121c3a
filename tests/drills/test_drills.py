"""Every drill in short; tests/drills/run.sh runs them at full length and rate."""

import pytest

from drills import details, perform, verdicts
from scenarios import DRILLS

RATE, SECONDS = 250, 3


@pytest.mark.parametrize("name", DRILLS)
def test_a_drill_costs_what_http_forbids_to_save_and_no_more(name, tmp_path):
    account = perform(DRILLS[name], tmp_path, RATE, SECONDS)
    print("\n".join(details(account)))
    assert list(verdicts(DRILLS[name], account)) == []
    assert account.total > RATE
