"""The days of visits of a period drawn over its months: a row an area, a mark a day.

What is known by the day alone is a disc; what is known less well is a hollow bar over the days on
which it may have been, broken where it reaches beyond the period. A table says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from geo.dates import DateInterval
from server.visits.account import Account, AreaAccount

Kind = Literal["day", "span", "possibly"]

MOST_MONTHS_NAMED: Final = 18
"""In longer periods the years are named along the top instead of the months."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One day of visits; ``left`` and ``width`` are parts of the period in per cent."""

    kind: Kind
    left: float
    width: float
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Where a month or a year begins, in per cent, and what it is called, if there is room."""

    left: float
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """An area with its days; ``surely`` and ``possibly`` list them in words, for the table."""

    name: str
    marks: tuple[Mark, ...]
    surely: tuple[str, ...]
    possibly: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DaysChart:
    """The chart of an account, with the sentence that says what it shows."""

    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    sentence: str


def days_chart(account: Account) -> DaysChart:
    """The days of each NPA in the period of an account."""
    rows = tuple(_row(area, account.period) for area in account.npas)
    blurred = sum(mark.kind == "span" for row in rows for mark in row.marks)
    doubt = f" {blurred:,} of them are known by more than one day and drawn as bars." * bool(
        blurred
    )
    none = [row.name for row in rows if not row.marks]
    without = f" Without any: {', '.join(none)}." if none else ""
    return DaysChart(
        _ticks(account.period),
        rows,
        f"{account.period.in_words()}: each mark is a day of visits in an area.{doubt}{without}",
    )


def _row(area: AreaAccount, period: DateInterval) -> Row:
    marks = tuple(_mark(day, period) for day in area.visits)
    return Row(
        area.name,
        marks,
        tuple(mark.words for mark in marks if mark.kind != "possibly"),
        tuple(mark.words for mark in marks if mark.kind == "possibly"),
    )


def _mark(day: DateInterval, period: DateInterval) -> Mark:
    sure = day.membership(period) == "in"
    kind: Kind = "possibly" if not sure else "day" if day.is_day else "span"
    first, last = max(day.date_from, period.date_from), min(day.date_to, period.date_to)
    left = _along(first, period)
    if kind == "day":
        return Mark(kind, round(left + _day_width(period) / 2, 3), 0, day.in_words())
    width = _along(last, period) + _day_width(period) - left
    return Mark(kind, round(left, 3), round(width, 3), day.in_words())


def _ticks(period: DateInterval) -> tuple[Tick, ...]:
    months = period.months()
    by_month = len(months) <= MOST_MONTHS_NAMED
    ticks = []
    for number, month in enumerate(months):
        begins = max(DateInterval.parse(month).date_from, period.date_from)
        is_first_of_year = begins.month == 1 or number == 0
        label = f"{begins:%b}" if by_month else str(begins.year) * is_first_of_year
        if by_month and is_first_of_year:
            label = f"{label} {begins.year}"
        if by_month or is_first_of_year:
            ticks.append(Tick(round(_along(begins, period), 3), label))
    return tuple(_spaced(ticks))


def _spaced(ticks: Sequence[Tick]) -> list[Tick]:
    """Without the name of a first part that is too short for it."""
    if len(ticks) > 1 and ticks[1].left < 100 / (2 * len(ticks)):
        return [Tick(ticks[0].left, ""), *ticks[1:]]
    return list(ticks)


def _along(day: date, period: DateInterval) -> float:
    return (day - period.date_from).days * _day_width(period)


def _day_width(period: DateInterval) -> float:
    return 100 / ((period.date_to - period.date_from).days + 1)
