"""The months of recorded crime: what each holds, whether that is all, and what bends it."""

from __future__ import annotations

from dataclasses import dataclass

from geo.dates import DateInterval
from geo.month_coverage import MonthStanding, Standing, month_standings, types_lacking
from layers.area_counts import AreaCounts, area_counts
from layers.crime_counts import SLUGS
from layers.crime_intake import CRIME_TYPES
from layers.events import Event, events_of
from server.crime.asked import Asked
from server.services import services


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month: how its count stands, and what of it lies in no small area (LSOA).

    ``without_code`` states none, ``elsewhere`` one that is not of this force; both are None where
    the month is not held. ``lacking`` names types of which nothing is held.
    """

    found: MonthStanding
    without_code: int | None
    elsewhere: int | None
    lacking: tuple[str, ...]
    events: tuple[Event, ...]

    @property
    def standing(self) -> Standing:
        """How the month stands: partial too if it has nothing of a type that is usual."""
        return "partial" if self.lacking else self.found.standing


@dataclass(frozen=True, slots=True)
class MonthsAccount:
    """All months that were asked for, with the events that bend figures of crime in them."""

    asked: Asked
    rows: tuple[MonthRow, ...]
    events: tuple[Event, ...]

    def of(self, standing: Standing) -> tuple[MonthRow, ...]:
        """The months that stand so."""
        return tuple(row for row in self.rows if row.standing == standing)


def months_account(asked: Asked) -> MonthsAccount:
    """How each month that was asked for stands, judged by all that are held."""
    workspace = services().workspace
    counts = area_counts(workspace)
    lacking = types_lacking(_by_type(counts))
    labels = dict(CRIME_TYPES)
    events = bending(asked.period)
    rows = tuple(
        MonthRow(
            found,
            *_without_area(counts, found.month, asked.kind),
            tuple(labels[slug] for slug in lacking.get(found.month, ())),
            tuple(event for event in events if _touches(event, found.month)),
        )
        for found in month_standings(counts.of_month(asked.kind), asked.months)
    )
    return MonthsAccount(asked, rows, events)


def bending(period: DateInterval | None) -> tuple[Event, ...]:
    """The events that lie at least partly in a period and bend figures of crime."""
    if period is None:
        return ()
    return tuple(
        event
        for event in events_of(services().workspace)
        if event.bends in ("", "crime") and event.when.membership(period) != "out"
    )


def _touches(event: Event, month: str) -> bool:
    return event.when.membership(DateInterval.parse(month)) != "out"


def _by_type(counts: AreaCounts) -> dict[str, dict[str, int]]:
    return {
        month: dict(zip(SLUGS, row, strict=True))
        for month, row in zip(counts.months, counts.total.tolist(), strict=True)
    }


def _without_area(counts: AreaCounts, month: str, kind: str) -> tuple[int | None, int | None]:
    if month not in counts.months:
        return None, None
    none, elsewhere, _ = counts.without_area([month], kind)
    return none, elsewhere
