"""Missing, partial and outlying months are found, and seasons are none of these."""

from __future__ import annotations

import math

import numpy as np
import pytest

from geo.dates import days_in_month
from geo.errors import InvalidValue
from geo.month_coverage import month_standings, types_lacking

MONTHS = tuple(f"{year}-{month:02}" for year in range(2019, 2024) for month in range(1, 13))


def _series(seed: int, season: float = 0.0, trend: float = 0.0) -> dict[str, int]:
    rng = np.random.default_rng(seed)
    counts = {}
    for number, month in enumerate(MONTHS):
        days = days_in_month(int(month[:4]), int(month[5:]))
        level = math.log(250) + trend * number / 12
        wave = season * math.cos(2 * math.pi * (number % 12) / 12)
        counts[month] = int(rng.poisson(days * math.exp(level + wave + rng.normal(0, 0.05))))
    return counts


def _standing(counts: dict[str, int]) -> dict[str, str]:
    return {found.month: found.standing for found in month_standings(counts, MONTHS)}


def test_a_month_not_held_is_missing_and_not_zero() -> None:
    counts = _series(1)
    del counts["2021-06"]
    found = {each.month: each for each in month_standings(counts, MONTHS)}
    assert found["2021-06"].standing == "missing"
    assert found["2021-06"].count is None
    assert [month for month, each in found.items() if each.standing == "missing"] == ["2021-06"]


@pytest.mark.parametrize("seed", range(5))
def test_a_month_cut_short_is_partial_and_a_peak_is_outlying(seed: int) -> None:
    counts = _series(seed, season=0.15)
    counts["2020-05"] //= 2
    counts["2022-08"] = int(counts["2022-08"] * 1.7)
    found = _standing(counts)
    assert found["2020-05"] == "partial"
    assert found["2022-08"] == "outlying"


def test_false_alarms_are_rare_by_season_and_trend_alike() -> None:
    odd = sum(
        standing != "held"
        for seed in range(40)
        for standing in _standing(_series(seed, season=0.2, trend=0.06)).values()
    )
    assert odd / (40 * len(MONTHS)) < 0.01, odd


def test_a_low_season_is_not_called_partial_once_other_years_show_it() -> None:
    counts = {month: (3000 if month[5:] != "12" else 1200) for month in MONTHS}
    found = {each.month: each for each in month_standings(counts, MONTHS)}
    assert {found[f"{year}-12"].standing for year in range(2019, 2024)} == {"held"}
    assert found["2021-12"].seasonal


def test_one_odd_month_does_not_bend_what_is_expected_of_its_neighbours() -> None:
    counts = dict.fromkeys(MONTHS, 3000)
    plain = {each.month: each.expected for each in month_standings(counts, MONTHS)}
    bent = month_standings(counts | {"2021-03": 100}, MONTHS)
    for each in bent:
        if each.month != "2021-03":
            assert each.expected == pytest.approx(plain[each.month], rel=0.12)
            assert each.standing == "held"


def test_too_few_months_around_say_nothing() -> None:
    (found,) = month_standings({"2024-01": 10, "2024-02": 9000}, ["2024-01"])
    assert (found.standing, found.expected, found.deviates) == ("held", None, None)


def test_order_does_not_matter_and_counts_below_zero_are_refused() -> None:
    counts = _series(3)
    turned = dict(reversed(counts.items()))
    assert month_standings(counts, MONTHS) == month_standings(turned, MONTHS)
    with pytest.raises(InvalidValue, match="0 or more"):
        month_standings({"2024-01": -1}, ["2024-01"])


def test_a_type_of_which_a_month_has_nothing_though_others_have_many() -> None:
    by_month = {month: {"burglary": 400, "drugs": 8} for month in MONTHS[:6]}
    by_month["2019-03"] = {"drugs": 9}
    by_month["2019-05"] = {"burglary": 380}
    assert types_lacking(by_month) == {"2019-03": ("burglary",)}
    assert types_lacking({"2019-01": {"drugs": 0}}) == {}
