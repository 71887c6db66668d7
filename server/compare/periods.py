"""Two periods beside each other: which comes first, and whether they are equally long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from geo.dates import DateInterval, days_in_month, shift_months

AVERAGE_DAYS: Final = 30
"""Periods that are not whole months are compared by their averages per so many days."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What counts of two periods are divided by before they are compared.

    ``per`` is empty for periods that are equally long, whose counts are compared as they are;
    else ``month`` or ``30 days``, with the length of each period in them.
    """

    per: str = ""
    earlier: float = 1
    later: float = 1


def basis_of(earlier: DateInterval, later: DateInterval) -> Basis:
    """How counts of the two periods can be compared."""
    if equally_long(earlier, later):
        return Basis()
    months = whole_months(earlier), whole_months(later)
    if months[0] and months[1]:
        return Basis("month", months[0], months[1])
    lengths = (days_of(period) / AVERAGE_DAYS for period in (earlier, later))
    return Basis(f"{AVERAGE_DAYS} days", *lengths)


def equally_long(one: DateInterval, other: DateInterval) -> bool:
    """Whether both are as many whole months, the same days of other years, or as many days.

    >>> equally_long(DateInterval.parse("2024-02"), DateInterval.parse("2023-02"))
    True
    """
    months = whole_months(one)
    if months is not None and months == whole_months(other):
        return True
    ends = [
        ((p.date_from.month, p.date_from.day), (p.date_to.month, p.date_to.day))
        for p in (one, other)
    ]
    years = [period.date_to.year - period.date_from.year for period in (one, other)]
    if ends[0] == ends[1] and years[0] == years[1]:
        return True
    return days_of(one) == days_of(other)


def year_before(period: DateInterval) -> DateInterval:
    """The same days a year before, or as many years before as keep the two apart.

    >>> year_before(DateInterval.parse("2024-02")).in_words()
    'February 2023'
    """
    months = 12
    while (before := _shifted(period, months)).date_to >= period.date_from:
        months += 12
    return before


def overlap(one: DateInterval, other: DateInterval) -> DateInterval | None:
    """The days that lie in both; None where there are none."""
    first, last = max(one.date_from, other.date_from), min(one.date_to, other.date_to)
    return DateInterval(first, last) if first <= last else None


def whole_months(period: DateInterval) -> int | None:
    """How many months a period is that begins and ends with one; None for other periods."""
    first, last = period.date_from, period.date_to
    if first.day != 1 or not _ends_month(last):
        return None
    return (last.year - first.year) * 12 + last.month - first.month + 1


def days_of(period: DateInterval) -> int:
    """Number of days, both ends counted."""
    return (period.date_to - period.date_from).days + 1


def length_in_words(period: DateInterval) -> str:
    """The length as a reader says it.

    >>> length_in_words(DateInterval.parse("2024"))
    '12 months'
    """
    months = whole_months(period)
    count, noun = (months, "month") if months else (days_of(period), "day")
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _shifted(period: DateInterval, months: int) -> DateInterval:
    last = shift_months(period.date_to, -months)
    if _ends_month(period.date_to):
        last = last.replace(day=days_in_month(last.year, last.month))
    return DateInterval(shift_months(period.date_from, -months), last)


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1
