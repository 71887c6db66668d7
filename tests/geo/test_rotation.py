"""Commitments, shares and gaps, against counting by hand and against the definitions."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.dates import DateInterval, shift_months
from geo.errors import InvalidValue
from geo.rotation import (
    Commitment,
    Tally,
    gini,
    largest_remainder,
    longest_gap,
    standing,
    tally,
)

TWICE_A_YEAR = Commitment()
ON = date(2025, 3, 31)

some_days = st.dates(date(2022, 1, 1), date(2025, 12, 31))
doubtful = st.tuples(some_days, st.integers(0, 120)).map(
    lambda found: DateInterval(found[0], found[0] + timedelta(days=found[1]))
)
certain = some_days.map(lambda day: DateInterval(day, day))
visits = st.lists(certain | doubtful, max_size=8)


def on(*texts: str) -> list[DateInterval]:
    return [DateInterval.parse(text) for text in texts]


def test_what_may_lie_in_a_period_is_counted_beside_what_does():
    days = on("2024-04-01", "2025-03-31", "2025-04-01", "2024-03", "2024-09")
    year = DateInterval(date(2024, 4, 1), date(2025, 3, 31))
    assert tally(days, year) == Tally(surely=3, possibly=0)
    half = DateInterval(date(2024, 9, 15), date(2025, 3, 31))
    assert tally(days, half) == Tally(surely=1, possibly=1)


def test_the_window_is_the_months_before_a_day_and_not_one_day_more():
    assert TWICE_A_YEAR.window(ON) == DateInterval(date(2024, 4, 1), ON)
    leap = TWICE_A_YEAR.window(date(2024, 2, 29))
    assert leap == DateInterval(date(2023, 3, 1), date(2024, 2, 29))


@pytest.mark.parametrize(
    ("days", "state", "needed_by"),
    [
        ([], "overdue", None),
        (["2025-03-30"], "overdue", None),
        (["2024-12-01", "2025-03-30"], "met", date(2025, 12, 1)),
        (["2024-05-01", "2025-03-30"], "due", date(2025, 5, 1)),
        (["2024-04-01", "2025-03-30"], "due", date(2025, 4, 1)),
        (["2024-03-31", "2025-03-30"], "overdue", date(2025, 3, 31)),
        (["2023-01-01", "2023-02-01"], "overdue", date(2024, 1, 1)),
        (["2024-03", "2025-03-30"], "overdue", date(2025, 3, 1)),
        (["2024-12-01", "2025-03"], "met", date(2025, 12, 1)),
        (["2024-12-01", "2025-03-30", "2025-04-02"], "met", date(2025, 12, 1)),
    ],
)
def test_how_an_area_stands(days: list[str], state: str, needed_by: date | None):
    found = standing(on(*days), ON, TWICE_A_YEAR)
    assert (found.state, found.needed_by) == (state, needed_by)


def test_a_date_in_doubt_may_keep_a_commitment_and_never_surely_does():
    doubtful_spring = DateInterval(date(2024, 2, 1), date(2024, 6, 30))
    found = standing([doubtful_spring, *on("2024-12-01")], ON, TWICE_A_YEAR)
    assert found.window == Tally(surely=1, possibly=1)
    assert found.state == "possibly"
    assert found.needed_by == date(2025, 2, 1)


@given(days=visits, day=some_days)
def test_a_commitment_is_kept_until_the_day_another_is_needed_and_not_on_it(days, day):
    found = standing(days, day, TWICE_A_YEAR)
    kept = found.state in ("met", "due")
    past = sorted((each for each in days if each.date_to <= day), key=lambda each: each.date_from)
    assert kept == (len([each for each in past if each.date_from > shift_months(day, -12)]) >= 2)
    if kept:
        assert found.needed_by > day
        just_before = found.needed_by - timedelta(days=1)
        if not any(each.date_to > day for each in days):
            assert standing(days, just_before, TWICE_A_YEAR).window.surely >= 2
            assert standing(days, found.needed_by, TWICE_A_YEAR).window.surely < 2


@given(days=visits)
def test_the_longest_gap_is_the_longest_run_of_days_without_a_visit(days):
    period = DateInterval(date(2023, 1, 1), date(2024, 12, 31))
    length = (period.date_to - period.date_from).days + 1
    free = np.ones(length, dtype=bool)
    for day in days:
        first = (day.date_from - period.date_from).days
        last = (day.date_to - period.date_from).days
        free[max(first, 0) : max(last + 1, 0)] = False
    runs = "".join("x" if each else " " for each in free).split()
    gap = longest_gap(days, period)
    longest = max((len(run) for run in runs), default=0)
    assert (0 if gap is None else (gap.date_to - gap.date_from).days + 1) == longest


@given(
    weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=12),
    total=st.integers(0, 200),
)
def test_a_share_is_the_exact_one_rounded_up_or_down_and_all_is_shared_out(weights, total):
    shares = largest_remainder(weights, total)
    if not sum(weights):
        assert not shares.any()
        return
    exact = np.array(weights) * total / sum(weights)
    assert shares.sum() == total
    assert np.all(np.abs(shares - exact) < 1 + 1e-6)
    remainders = exact - np.floor(exact + 1e-9)
    up, down = shares > exact + 1e-9, shares < exact - 1e-9
    if up.any() and down.any():
        assert remainders[up].min() >= remainders[down].max() - 1e-6


def test_equal_remainders_are_served_in_the_order_given():
    assert largest_remainder([1, 1, 1], 1).tolist() == [1, 0, 0]
    assert largest_remainder([1, 1, 1], 2).tolist() == [1, 1, 0]


@given(
    groups=st.lists(
        st.tuples(st.integers(0, 40), st.integers(1, 30)), min_size=1, max_size=6
    ).filter(lambda groups: any(value for value, _ in groups))
)
def test_the_coefficient_of_gini_is_half_the_mean_difference_between_two_people(groups):
    values, weights = zip(*groups, strict=True)
    each = np.repeat(np.array(values) / np.array(weights), weights)
    difference = np.abs(each[:, None] - each[None, :]).mean()
    assert gini(values, weights) == pytest.approx(difference / (2 * each.mean()), abs=1e-12)


def test_nothing_to_spread_has_no_coefficient():
    assert np.isnan(gini([0, 0], [10, 20]))
    assert np.isnan(gini([], []))
    assert gini([3, 9], [10, 0]) == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda: Commitment(days=0),
        lambda: Commitment(months=0),
        lambda: Commitment(notice_days=-1),
        lambda: largest_remainder([-1, 2], 3),
        lambda: largest_remainder([float("nan")], 3),
        lambda: largest_remainder([1], -1),
        lambda: gini([1, 2], [1]),
        lambda: gini([-1], [1]),
    ],
)
def test_what_makes_no_sense_is_refused(call):
    with pytest.raises(InvalidValue, match="given"):
        call()
