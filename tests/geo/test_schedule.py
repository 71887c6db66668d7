"""Days go to the months that have room, and stand apart on the dates that can be used."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import pytest

from geo.errors import InvalidValue
from geo.schedule import even_dates, quotas

APRIL = [date(2025, 4, 1) + timedelta(days=n) for n in range(30)]


def test_every_day_goes_to_the_month_that_is_least_full():
    assert quotas([20] * 12, [0] * 12, 39) == (4, 4, 4, *[3] * 9)


def test_fixed_days_are_counted_in():
    assert quotas([20, 20], [2, 0], 2) == (0, 2)


def test_a_month_takes_no_more_days_than_it_has_dates():
    assert quotas([1, 0, 20], [0, 0, 0], 21) == (1, 0, 20)
    assert quotas([1, 0, 2], [0, 0, 0], 9) == (1, 0, 2)


def test_quotas_refuse_what_does_not_fit_together():
    with pytest.raises(InvalidValue, match="every month"):
        quotas([1], [0, 0], 1)


@pytest.mark.parametrize("days", range(1, 6))
def test_dates_are_as_even_as_any_that_could_be_chosen(days):
    usable = [day for day in APRIL[:14] if day.weekday() < 5]
    first, last = usable[0].toordinal(), usable[-1].toordinal()
    points = [first + (last - first) * (n + 0.5) / days for n in range(days)]

    def off(chosen):
        pairs = zip(sorted(chosen), points, strict=True)
        return sum((day.toordinal() - point) ** 2 for day, point in pairs)

    chosen = even_dates(usable, days)
    assert len(set(chosen)) == days
    assert set(chosen) <= set(usable)
    assert off(chosen) == pytest.approx(min(off(some) for some in combinations(usable, days)))


def test_dates_keep_away_from_those_that_are_taken():
    (chosen,) = even_dates(APRIL, 1, taken=[APRIL[7]])
    assert chosen == date(2025, 4, 23)


def test_a_date_that_is_taken_is_not_given_again():
    assert even_dates(APRIL[:3], 2, taken=[APRIL[1]]) == (APRIL[0], APRIL[2])


def test_more_days_than_dates_are_refused():
    with pytest.raises(InvalidValue, match="do not fit"):
        even_dates(APRIL[:3], 3, taken=[APRIL[1]])


def test_no_days_are_no_dates():
    assert even_dates(APRIL, 0) == ()
