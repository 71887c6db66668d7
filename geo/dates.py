"""Dates that carry their precision.

A date known only by its month is the interval of that month; an inferred one is wider still.
Nothing here reads the clock.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from geo.errors import InvalidDate, InvalidPeriod

Membership = Literal["in", "possibly", "out"]

_DATE_TEXT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True, order=True)
class DateInterval:
    """The days, both inclusive, within which something is known to have happened.

    >>> DateInterval.parse("2022-02")
    DateInterval(date_from=datetime.date(2022, 2, 1), date_to=datetime.date(2022, 2, 28))
    """

    date_from: date
    date_to: date

    def __post_init__(self) -> None:
        if self.date_to < self.date_from:
            raise InvalidPeriod(
                f"A period must end on or after the day it begins; given {self.date_from} to "
                f"{self.date_to}. Exchange the two dates."
            )

    @classmethod
    def parse(cls, text: str) -> DateInterval:
        """Read ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY`` as the interval it stands for.

        Raises:
            InvalidDate: the text has another form, or names a day that does not exist.
        """
        match = _DATE_TEXT.fullmatch(text.strip())
        try:
            if not match:
                raise ValueError
            year, month, day = (int(part) if part else None for part in match.groups())
            if year is None:
                raise ValueError
            if month is None:
                return cls(date(year, 1, 1), date(year, 12, 31))
            if day is None:
                return cls(date(year, month, 1), date(year, month, days_in_month(year, month)))
            return cls(date(year, month, day), date(year, month, day))
        except ValueError as error:
            raise InvalidDate(
                f"A date is needed as YYYY-MM-DD, or YYYY-MM where only the month is known; "
                f"given {text!r}."
            ) from error

    @classmethod
    def months_ending(cls, last: date, months: int) -> DateInterval:
        """The whole months, ``months`` of them, of which the last holds ``last``."""
        end = last.replace(day=days_in_month(last.year, last.month))
        return cls(shift_months(last.replace(day=1), 1 - months), end)

    @property
    def is_day(self) -> bool:
        """Whether the day itself is known."""
        return self.date_from == self.date_to

    def widened(self, months: int) -> DateInterval:
        """The interval with whole months of doubt on either side."""
        end = shift_months(self.date_to.replace(day=1), months)
        return DateInterval(
            shift_months(self.date_from.replace(day=1), -months),
            end.replace(day=days_in_month(end.year, end.month)),
        )

    def membership(self, period: DateInterval) -> Membership:
        """Whether what happened lies in ``period``: surely, possibly, or not."""
        if period.date_from <= self.date_from and self.date_to <= period.date_to:
            return "in"
        if self.date_to < period.date_from or period.date_to < self.date_from:
            return "out"
        return "possibly"

    def months(self) -> tuple[str, ...]:
        """Every month that the interval touches, as ``YYYY-MM``."""
        first = self.date_from.replace(day=1)
        count = (self.date_to.year - first.year) * 12 + self.date_to.month - first.month + 1
        return tuple(shift_months(first, n).isoformat()[:7] for n in range(count))

    def in_words(self) -> str:
        """The interval as a reader says it.

        >>> DateInterval.parse("2022-02").in_words()
        'February 2022'
        """
        if self.is_day:
            return day_in_words(self.date_from)
        last_day = days_in_month(self.date_to.year, self.date_to.month)
        whole_months = self.date_from.day == 1 and self.date_to.day == last_day
        if not whole_months:
            return f"{day_in_words(self.date_from)} to {day_in_words(self.date_to)}"
        first, last = f"{self.date_from:%B %Y}", f"{self.date_to:%B %Y}"
        return first if first == last else f"{first} to {last}"

    def when(self) -> str:
        """When something was that lies within the interval, as part of a sentence.

        >>> DateInterval(date(2024, 8, 1), date(2024, 12, 31)).when()
        'between August 2024 and December 2024'
        """
        if self.is_day:
            return f"on {self.in_words()}"
        first, _, last = self.in_words().partition(" to ")
        return f"between {first} and {last}" if last else f"in {first}"


def days_in_month(year: int, month: int) -> int:
    """Number of days in a month of the Gregorian calendar."""
    return calendar.monthrange(year, month)[1]


def shift_months(day: date, months: int) -> date:
    """The same day ``months`` later (or earlier), held to the last day of a shorter month.

    >>> shift_months(date(2023, 1, 31), 1)
    datetime.date(2023, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, days_in_month(year, month + 1)))


def day_in_words(day: date) -> str:
    """A day in the British order.

    >>> day_in_words(date(2021, 5, 6))
    '6 May 2021'
    """
    return f"{day.day} {day:%B %Y}"


def months_in_words(months: Sequence[str]) -> str:
    """Months in order, given as ``YYYY-MM``, runs of them as one interval.

    >>> months_in_words(["2022-02", "2022-03", "2022-07"])
    'February 2022 to March 2022, July 2022'
    """
    runs: list[DateInterval] = []
    for month in (DateInterval.parse(text) for text in months):
        if runs and runs[-1].date_to + timedelta(days=1) == month.date_from:
            runs[-1] = DateInterval(runs[-1].date_from, month.date_to)
        else:
            runs.append(month)
    return ", ".join(run.in_words() for run in runs)
