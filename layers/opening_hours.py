"""Hours of a public desk, written as OpenStreetMap writes them: checked, in words, hours a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Final

from opening_hours import OpeningHours, State, validate

from layers.reading import ParsedRow
from layers.register import Check
from layers.report import RowIssue
from layers.workspace import Workspace

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MIDNIGHT: Final = 24 * 60
LONGEST_TEXT: Final = 200

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Week:
    """The open spans of each day from Monday to Sunday, in minutes after midnight."""

    days: tuple[tuple[Span, ...], ...]

    @property
    def hours(self) -> float:
        """How many hours the week has."""
        return sum(end - start for spans in self.days for start, end in spans) / 60

    def in_words(self) -> str:
        """The week as a reader says it.

        >>> week_of("Mo-Fr 10:00-16:00; Sa 10:00-12:30", date(2024, 5, 1)).in_words()
        'Monday to Friday 10:00 to 16:00; Saturday 10:00 to 12:30'
        """
        if all(spans == ((0, MIDNIGHT),) for spans in self.days):
            return "Every day, all day"
        said = []
        for spans, run in groupby(range(len(DAYS)), key=lambda number: self.days[number]):
            numbers = list(run)
            if spans:
                said.append(f"{_days(numbers)} {' and '.join(map(_span, spans))}")
        return "; ".join(said) or "Closed all week"


def is_opening_hours(text: str) -> bool:
    """Whether a text can be read as opening hours.

    >>> is_opening_hours("Mo-Fr 10:00-16:00"), is_opening_hours("weekdays from ten")
    (True, False)
    """
    return len(text) <= LONGEST_TEXT and bool(validate(text))


@lru_cache(maxsize=1024)
def week_of(text: str, day: date) -> Week:
    """The hours of the week that holds ``day``, which must be readable.

    Hours that hold only for some seasons are those of that week; public holidays are not looked
    up, so it is a week without one. What is open only perhaps ("by appointment") is not counted.
    """
    monday = day - timedelta(days=day.weekday())
    first = datetime.combine(monday, time())
    days: list[list[Span]] = [[] for _ in DAYS]
    for begins, ends, state, _ in OpeningHours(text).intervals(first, first + timedelta(days=7)):
        if state == State.OPEN:
            for number in range(len(DAYS)):
                start = max(0, _minutes(begins - first) - number * MIDNIGHT)
                end = min(MIDNIGHT, _minutes(ends - first) - number * MIDNIGHT)
                if start < end:
                    days[number].append((start, end))
    return Week(tuple(map(tuple, days)))


def check_hours(field: str) -> Check:
    """Reject hours that cannot be read."""

    def check(_workspace: Workspace, rows: Sequence[ParsedRow]) -> list[RowIssue]:
        reason = (
            "Hours are needed as OpenStreetMap writes them, such as Mo-Fr 10:00-16:00 or "
            f"Mo,We 09:00-17:00; Sa 10:00-12:00, in at most {LONGEST_TEXT} characters. Leave them "
            "blank if they are not known."
        )
        return [
            RowIssue(row.number, field, text, reason, "rejected")
            for row in rows
            if (text := str(row.values[field] or "")) and not is_opening_hours(text)
        ]

    return check


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60


def _days(numbers: Sequence[int]) -> str:
    first, last = DAYS[numbers[0]], DAYS[numbers[-1]]
    if len(numbers) == len(DAYS):
        return "Every day"
    return first if first == last else f"{first} {'and' if len(numbers) == 2 else 'to'} {last}"


def _span(span: Span) -> str:
    start, end = span
    return f"{start // 60:02}:{start % 60:02} to {end // 60:02}:{end % 60:02}"
