"""What bench/compare.py makes of what it measured."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from latency import Latencies, corrected  # noqa: E402
from generators import Unclean, browser_fields, judged, stagger_ms  # noqa: E402
from ratios import best_peer, ratio, verdict  # noqa: E402
from report import table  # noqa: E402

CLEAN = "requests: 9 total, 9 started, 9 done, 9 succeeded, 0 failed, 0 errored, 0 timeout\n"


def rounds(weir, haproxy, nginx):
    return [
        {name: {"cpu_us": us} for name, us in zip(("weir", "haproxy", "nginx"), each, strict=True)}
        for each in zip(weir, haproxy, nginx, strict=True)
    ]


def test_a_ratio_is_the_median_of_ratios_of_the_same_round():
    made = ratio(rounds([8, 16, 24.3], [10, 20, 30], [9, 9, 9]), "weir", "haproxy")
    assert made.value == pytest.approx(0.8)


def test_rounds_that_disagree_tell_no_ratio():
    made = ratio(rounds([8, 8, 10], [10, 10, 10], [9, 9, 9]), "weir", "haproxy")
    assert made.value is None and str(made).startswith("noisy")


def test_an_error_voids_the_cell():
    voided = rounds([8, 8], [10, 10], [9, 9])
    voided[1]["haproxy"] = {"error": "Socket errors"}
    assert str(ratio(voided, "weir", "haproxy")) == "void"
    assert best_peer(voided, ["haproxy", "nginx"]) == "nginx"
    voided[0]["nginx"] = {"error": "Socket errors"}
    assert best_peer(voided, ["haproxy", "nginx"]) is None


@pytest.mark.parametrize("weir, word", [(7.9, "met"), (8.1, "not met"), (9.1, "not met")])
def test_the_bar_is_met_below_it_and_below_the_best_peer(weir, word):
    made = rounds([weir] * 3, [10] * 3, [9] * 3)
    assert verdict(ratio(made, "weir", "haproxy"), ratio(made, "weir", "nginx"), 0.8) == word


def test_a_verdict_needs_both_ratios_unless_one_is_clearly_missed():
    made = rounds([7, 7, 7], [10, 10, 10], [8, 8, 12])
    to_reference, noisy = ratio(made, "weir", "haproxy"), ratio(made, "weir", "nginx")
    assert verdict(to_reference, noisy, 0.8) == "noisy"
    assert verdict(to_reference, noisy, 0.6) == "not met"


def test_below_the_bar_but_not_below_the_best_peer_is_not_met():
    made = rounds([7] * 3, [10] * 3, [6] * 3)
    assert verdict(ratio(made, "weir", "haproxy"), ratio(made, "weir", "nginx"), 0.8) == "not met"


def test_requests_that_a_slow_answer_kept_back_count_from_when_they_were_due():
    assert corrected([100, 3500], 1000) == [100, 500, 1500, 2500, 3500]


def test_percentiles_are_of_what_ended_in_the_window(tmp_path):
    log = tmp_path / "log"
    rows = [(1_000_000 + 1000 * at, 200, at + 1) for at in range(200)] + [(9_000_000, 200, 5)]
    log.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))
    latencies = Latencies.of_log(log, (1.0, 1.1), interval=1)
    assert latencies.count == 100 and latencies.failures == 0
    assert latencies.figures() == {"p50_ms": 0.051, "p99_ms": 0.1}


def test_too_few_requests_tell_no_percentile():
    assert Latencies(2, 0, [1, 2]).figures() == {"p50_ms": 0.002}


def test_load_that_failed_or_fell_behind_is_unclean():
    whole, window = Latencies(1000, 0, [1] * 1000), (0.0, 1.0)
    assert judged(CLEAN, whole, 1000, window, 1).requests == 1000
    for said, latencies, rate in (
        (CLEAN.replace("0 failed", "1 failed"), whole, 1000),
        (CLEAN.replace("9 done", "8 done"), whole, 1000),
        (CLEAN, Latencies(1000, 1, [1] * 1000), 1000),
        (CLEAN, whole, 1100),
    ):
        with pytest.raises(Unclean):
            judged(said, latencies, rate, window, 1)


@pytest.mark.parametrize("rate", [5000, 1000, 100])
def test_connections_start_apart_so_that_requests_are_spread(rate):
    """In steps of 1/rate, modulo the time between a connection's requests."""
    interval = 64 * 1000 / rate
    assert stagger_ms(rate, 64) % interval == pytest.approx(1000 / rate)


def test_the_request_is_a_browsers():
    fields = browser_fields()
    assert len(fields) == 12
    assert 850 < sum(len(f"{name}: {value}\r\n") for name, value in fields) < 950


def test_columns_of_a_table_are_of_equal_width():
    lines = table(["what", "weir"], [["1 KB", "12.25"], ["1 MB", "1"]]).split("\n")
    assert len({len(line) for line in lines}) == 1
