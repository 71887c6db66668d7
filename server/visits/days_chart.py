"""The days of visits of a period drawn over its months: a row an area, a mark a day.

What is known by the day alone is a disc; what is known less well is a hollow bar over the days on
which it may have been, broken where it reaches beyond the period. A table says the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from geo.dates import DateInterval
from server.visits.account import Account, AreaAccount

Kind = Literal["day", "span", "possibly"]

MOST_MONTHS_NAMED: Final = 18
"""In longer periods the years are named along the top instead of the months."""

NARROW_ROOM: Final = 12.0
WIDE_ROOM: Final = 7.5
"""The room that a label needs in a narrow and in a wide chart, in per cent of its width."""

SHORT: Final = 4.0
"""A first month or year that is shorter, in per cent of the chart, leaves its room to the next."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One day of visits; ``left`` and ``width`` are parts of the period in per cent."""

    kind: Kind
    left: float
    width: float
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Where a month or a year begins, in per cent, and what it is called, if there is room.

    ``wide``: there is room for the label in a wide chart alone. ``year`` stands below the first
    month that is shown of a year.
    """

    left: float
    label: str
    wide: bool = False
    year: str = ""


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

    @property
    def names_months(self) -> bool:
        """Whether months stand along the top, with their years below, and not years alone."""
        return any(tick.year for tick in self.ticks)


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
    begins = [
        max(DateInterval.parse(month).date_from, period.date_from) for month in period.months()
    ]
    if len(begins) > MOST_MONTHS_NAMED:
        years = [day for number, day in enumerate(begins) if day.month == 1 or not number]
        left = [_along(day, period) for day in years]
        return _labelled(left, [str(day.year) for day in years], frozenset(), {})
    left = [_along(day, period) for day in begins]
    first = _first_named(left)
    starts = [number for number, day in enumerate(begins) if day.month == 1 or number == first]
    if len(starts) > 1 and left[starts[1]] - left[starts[0]] < NARROW_ROOM:
        del starts[0]
    named = {number: str(begins[number].year) for number in starts if _has_edge(left[number])}
    return _labelled(left, [f"{day:%b}" for day in begins], frozenset(named), named)


def _labelled(
    left: Sequence[float], labels: Sequence[str], wanted: Set[int], years: Mapping[int, str]
) -> tuple[Tick, ...]:
    """Ticks with the labels that have room, the wanted ones first."""
    always = _with_room(left, NARROW_ROOM, wanted)
    in_wide = _with_room(left, WIDE_ROOM, always)
    return tuple(
        Tick(round(at, 3), label * (number in in_wide), number not in always, years.get(number, ""))
        for number, (at, label) in enumerate(zip(left, labels, strict=True))
    )


def _with_room(left: Sequence[float], room: float, taken: Set[int]) -> set[int]:
    """Those that are taken, and which more can stand with so much room between and at the edge."""
    chosen = set(taken)
    for number in range(_first_named(left), len(left)):
        if left[number] <= 100 - room and all(
            abs(left[number] - left[other]) >= room for other in chosen
        ):
            chosen.add(number)
    return chosen


def _first_named(left: Sequence[float]) -> int:
    """The first that is named: not one whose part of the period is short."""
    return int(len(left) > 1 and left[1] < SHORT)


def _has_edge(left: float) -> bool:
    return left <= 100 - NARROW_ROOM


def _along(day: date, period: DateInterval) -> float:
    return (day - period.date_from).days * _day_width(period)


def _day_width(period: DateInterval) -> float:
    return 100 / ((period.date_to - period.date_from).days + 1)
