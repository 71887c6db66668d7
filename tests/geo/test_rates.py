"""Limits of small counts and of their changes, against published numbers and other programs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, poisson
from statsmodels.stats.rates import confint_poisson

from geo.errors import InvalidValue
from geo.rates import Interval, byar_interval, change, poisson_interval, rates

counts = st.integers(0, 3000)


@pytest.mark.parametrize(
    ("count", "exact", "byar"),
    [
        (10, (4.7954, 18.3904), (4.7874, 18.3915)),
        (100, (81.364, 121.627), (81.362, 121.628)),
    ],
)
def test_published_limits_of_a_count(count: int, exact, byar) -> None:
    for interval, (low, high) in ((poisson_interval(count), exact), (byar_interval(count), byar)):
        assert interval.low == pytest.approx(low, abs=6e-4 if count == 100 else 6e-5)
        assert interval.high == pytest.approx(high, abs=6e-4 if count == 100 else 6e-5)


@given(st.integers(0, 500), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_exact_limits_are_where_the_count_becomes_unlikely(count: int, level: float) -> None:
    interval, tail = poisson_interval(count, level), (1 - level) / 2
    assert poisson.cdf(count, interval.high) == pytest.approx(tail)
    if count:
        assert poisson.sf(count - 1, interval.low) == pytest.approx(tail)
    else:
        assert interval.low == 0


def test_byar_nears_the_exact_limits() -> None:
    for count in range(10, 400):
        exact, byar = poisson_interval(count), byar_interval(count)
        assert byar.low == pytest.approx(exact.low, rel=2e-3)
        assert byar.high == pytest.approx(exact.high, rel=2e-4)


def test_nothing_counted_has_limits_all_the_same() -> None:
    assert poisson_interval(0).high == pytest.approx(-math.log(0.025))
    assert byar_interval(0).low == 0


@given(counts, counts, st.sampled_from([0.9, 0.95, 0.99]))
def test_limits_of_a_ratio_are_those_of_the_binomial(before: int, after: int, level: float) -> None:
    if not before + after:
        return
    part = binomtest(after, before + after).proportion_ci(level, method="exact")
    interval = change(before, after, level=level).interval
    assert interval.low == pytest.approx(part.low / (1 - part.low), rel=1e-6)
    high = part.high / (1 - part.high) if part.high < 1 else math.inf
    assert interval.high == pytest.approx(high, rel=1e-6)


@given(st.integers(0, 200), st.integers(0, 200), st.floats(0.1, 10), st.floats(0.1, 10))
def test_the_verdict_is_that_of_two_exact_one_sided_tests(
    before: int, after: int, exposure_before: float, exposure_after: float
) -> None:
    if not before + after:
        return
    found = change(before, after, exposure_before, exposure_after)
    chance = exposure_after / (exposure_before + exposure_after)
    more, fewer = (
        binomtest(after, before + after, chance, alternative=side).pvalue
        for side in ("greater", "less")
    )
    if min(abs(more - 0.025), abs(fewer - 0.025)) < 1e-9:
        return
    expected = "more" if more < 0.025 else "fewer" if fewer < 0.025 else "no clear change"
    assert found.verdict == expected


@pytest.mark.parametrize("mean", [0.5, 2.0, 8.0, 30.0])
@pytest.mark.parametrize("ratio", [0.5, 1.0, 1.7])
def test_the_limits_hold_as_often_as_they_say(mean: float, ratio: float) -> None:
    """Added up over every pair of counts, not drawn at random."""
    most = int(poisson.ppf(1 - 1e-7, mean * max(1, ratio))) + 1
    first, second = (poisson.pmf(np.arange(most + 1), m) for m in (mean, mean * ratio))
    held = sum(
        first[before] * second[after]
        for before in range(most + 1)
        for after in range(most + 1)
        if change(before, after).interval.holds(ratio)
    )
    assert 0.95 - 1e-6 <= held <= 1


@given(counts, counts)
def test_turning_time_round_turns_the_ratio_round(before: int, after: int) -> None:
    forward, back = change(before, after), change(after, before)
    turned = {"more": "fewer", "fewer": "more"}
    assert back.verdict == turned.get(forward.verdict, forward.verdict)
    if before and after:
        assert back.interval.low == pytest.approx(1 / forward.interval.high)


def test_longer_exposure_is_no_change() -> None:
    assert change(100, 300, 28, 84).ratio == pytest.approx(1)
    assert change(100, 300, 28, 84).verdict == "no clear change"
    assert change(100, 300).verdict == "more"


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (0, 0, "none"),
        (0, 5, "no clear change"),
        (0, 6, "more"),
        (6, 0, "fewer"),
        (100, 128, "no clear change"),
        (1000, 1100, "more"),
    ],
)
def test_verdicts(before: int, after: int, verdict: str) -> None:
    assert change(before, after).verdict == verdict


def test_nothing_before_is_no_number_of_times() -> None:
    assert change(0, 3).ratio == math.inf
    assert change(0, 3).interval.high == math.inf
    assert math.isnan(change(0, 0).ratio)
    assert change(0, 0).interval == Interval(0, math.inf)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: change(-1, 3),
        lambda: change(1, 3, exposure_before=0),
        lambda: change(1, 3, exposure_after=math.nan),
        lambda: change(1, 3, level=1),
        lambda: poisson_interval(-1),
        lambda: byar_interval(3, level=0),
    ],
)
def test_what_cannot_be_compared_is_refused(wrong) -> None:
    with pytest.raises(InvalidValue, match="given"):
        wrong()


@pytest.mark.parametrize("method", ["exact", "byar"])
def test_rates_are_counts_and_limits_for_so_many_residents(method) -> None:
    counts, residents = np.array([0, 10, 250]), np.array([1500, 2000, 1800])
    found = rates(counts, residents, method=method)
    of = {"exact": poisson_interval, "byar": byar_interval}[method]
    for number, (count, people) in enumerate(zip(counts, residents, strict=True)):
        limits = of(int(count))
        assert found.rate[number] == pytest.approx(count / people * 1000)
        assert found.low[number] == pytest.approx(limits.low / people * 1000)
        assert found.high[number] == pytest.approx(limits.high / people * 1000)


def test_exact_limits_are_those_of_statsmodels() -> None:
    for count in (0, 1, 7, 40, 900):
        low, high = confint_poisson(count, 1, method="exact-c")
        ours = poisson_interval(count)
        assert ours.low == pytest.approx(low, abs=1e-9)
        assert ours.high == pytest.approx(high, rel=1e-9)


def test_where_nobody_lives_there_is_no_rate() -> None:
    found = rates(np.array([3, 3]), np.array([0, 1000]))
    assert math.isnan(found.rate[0])
    assert math.isnan(found.high[0])
    assert found.rate[1] == 3
    with pytest.raises(InvalidValue, match="residents of 0 or more"):
        rates(np.array([1]), np.array([-5]))
