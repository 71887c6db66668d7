"""Limits of a funnel plot hold as often as they say, and are widened only where they must be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import poisson

from geo.errors import InvalidValue
from geo.funnel import OUTER, dispersion_of, exact_limits, funnel, widened_limits


@pytest.mark.parametrize("level", [0.95, 0.998])
def test_exact_limits_lie_where_the_tail_is_what_is_asked_for(level: float) -> None:
    expected = np.geomspace(8, 5000, 60)
    limits, tail = exact_limits(expected, level), (1 - level) / 2
    for mean, low, high in zip(expected, limits.low, limits.high, strict=True):
        assert poisson.cdf(math.floor(low), mean) <= tail <= poisson.cdf(math.floor(low) + 1, mean)
        assert poisson.cdf(math.floor(high), mean) <= 1 - tail
        assert 1 - tail <= poisson.cdf(math.floor(high) + 1, mean)


def test_limits_narrow_as_more_is_expected_and_do_not_step() -> None:
    expected = np.linspace(20, 400, 2000)
    limits = exact_limits(expected, OUTER)
    assert (np.diff(limits.high / expected) < 1e-3).all()
    assert np.abs(np.diff(limits.high)).max() < 0.5
    assert limits.high[-1] / expected[-1] < limits.high[0] / expected[0]


def test_areas_that_differ_by_chance_alone_stand_out_as_rarely_as_the_level_says() -> None:
    rng = np.random.default_rng(60)
    outside, areas = 0, 0
    for _ in range(200):
        people = rng.integers(800, 3000, 100)
        found = funnel(rng.poisson(people * 0.04), people)
        outside += sum(standing != "within" for standing in found.by_chance_alone)
        areas += 100
    assert 0.001 < outside / areas < 0.0035, outside / areas


def test_counts_by_chance_alone_are_hardly_ever_called_dispersed() -> None:
    rng = np.random.default_rng(61)
    expected = np.full(120, 60.0)
    found = [dispersion_of(rng.poisson(expected).astype(float), expected) for _ in range(200)]
    assert sum(each > 1 for each in found) <= 10


def test_a_planted_area_is_found_though_counts_are_dispersed() -> None:
    rng = np.random.default_rng(62)
    people = np.full(150, 1500)
    counts = rng.poisson(people * 0.04 * rng.gamma(20, 1 / 20, 150))
    counts[7] = 400
    found = funnel(counts, people)
    assert 2 < found.dispersion < 8
    assert found.standing[7] == "above"
    others = [standing for area, standing in enumerate(found.standing) if area != 7]
    by_chance = [standing for area, standing in enumerate(found.by_chance_alone) if area != 7]
    assert sum(each != "within" for each in others) <= 3
    assert sum(each != "within" for each in by_chance) > 8


def test_widened_limits_hold_the_exact_ones() -> None:
    expected = np.geomspace(30, 3000, 40)
    exact, wide = exact_limits(expected, 0.95), widened_limits(expected, 0.95, 4)
    assert (wide.low < exact.low).all()
    assert (wide.high > exact.high).all()
    same = widened_limits(expected, 0.95, 1)
    assert same.high == pytest.approx(exact.high)


def test_totals_are_kept_and_an_area_of_nobody_has_no_place() -> None:
    found = funnel([10, 30, 5], [1000, 3000, 0])
    assert found.target == pytest.approx(0.01)
    assert found.expected.sum() == pytest.approx(40)
    assert found.standing == ("within", "within", "no residents")
    nobody = funnel([2], [0])
    assert math.isnan(nobody.target)
    assert nobody.standing == ("no residents",)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(InvalidValue, match="one of each"):
        funnel([1, 2], [100])
    with pytest.raises(InvalidValue, match="above 0"):
        exact_limits(np.array([0.0]), 0.95)
