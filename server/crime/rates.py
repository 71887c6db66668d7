"""Rates of recorded crime by area: with limits, smoothed, against all areas and the year before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from boundaries.small_areas import NPA, SmallAreas, small_areas
from geo.dates import DateInterval, days_in_month
from geo.denominators import drawn_by_visitors
from geo.empirical_bayes import global_rates
from geo.funnel import Funnel, Standing, funnel
from geo.rates import PER, Change, Rates, change, rates
from layers.area_counts import AreaCounts, area_counts
from layers.crime_change import year_before
from layers.events import Event
from server.crime.asked import Asked
from server.crime.coverage import bending
from server.services import services

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

OF_VISITORS: Final = ("shoplifting", "theft-from-the-person")
"""Types that tell where there are many more people than live there."""


@dataclass(frozen=True, slots=True)
class AreaRate:
    """One area; figures are None where nobody lives there, a change where no month compares.

    Rates are for 1,000 residents and all months that are held of those asked for. ``visitors`` is
    how many of its small areas have more people about than live there, ``in_them`` how many of its
    records those hold; an area that is small itself has 1 or 0 and all or none.
    """

    code: str
    name: str
    npa_code: str
    residents: int
    records: int
    rate: float | None
    low: float | None
    high: float | None
    smoothed: float | None
    expected: float | None
    standing: Standing
    by_chance_alone: Standing
    visitors: int
    in_them: int
    change: Change | None


@dataclass(frozen=True, slots=True)
class RatesAccount:
    """Rates of all areas, and what was counted in which months.

    ``held`` are the months that the rates count, ``compared`` those of them of which the same
    month a year before is held too. ``without_area`` is how many records lie in no area of the
    force and of how many; ``shares_without_code`` the part of records without a small area, in
    per cent, in the compared months and a year before, None where none compares. ``total`` is the
    change of what lies in areas, ``everything`` that of all records.
    """

    asked: Asked
    held: tuple[str, ...]
    compared: tuple[str, ...]
    rows: tuple[AreaRate, ...]
    funnel: Funnel
    total: Change | None
    everything: Change | None
    whole: Rates
    without_area: tuple[int, int]
    shares_without_code: tuple[float, float] | None
    events: tuple[Event, ...]

    @property
    def earlier(self) -> tuple[str, ...]:
        """The months with which the compared ones are compared."""
        return tuple(year_before(month) for month in self.compared)

    @property
    def records(self) -> int:
        """What was counted in all areas."""
        return sum(row.records for row in self.rows)

    @property
    def residents(self) -> int:
        """Who lives in all areas."""
        return sum(row.residents for row in self.rows)


def rates_account(asked: Asked) -> RatesAccount:
    """The rates that were asked for; months that are not held are left out and not read as 0."""
    workspace = services().workspace
    counts, areas = area_counts(workspace), small_areas(workspace.ground)
    held = tuple(month for month in asked.months if month in counts.months)
    compared = tuple(month for month in held if year_before(month) in counts.months)
    earlier = tuple(year_before(month) for month in compared)
    table = counts.by_npa if asked.by == "npa" else counts.by_small_area
    residents, records = _residents(areas, counts, asked), counts.in_months(table, held, asked.kind)
    now, then = (counts.in_months(table, months, asked.kind) for months in (compared, earlier))
    spans = (_days(earlier), _days(compared))
    changes = [
        change(int(before), int(after), *spans) if compared else None
        for before, after in zip(then, now, strict=True)
    ]
    found = rates(records, residents, method=asked.method)
    stood = funnel(records, residents)
    rows = _rows(asked, areas, counts, held, (residents, records), found, stood, changes)
    of_all = [
        int(counts.in_months(counts.total, each, asked.kind).sum()) for each in (earlier, compared)
    ]
    known = residents > 0
    everybody = np.array([residents[known].sum()])
    return RatesAccount(
        asked,
        held,
        compared,
        rows,
        stood,
        change(int(then.sum()), int(now.sum()), *spans) if compared else None,
        change(of_all[0], of_all[1], *spans) if compared else None,
        rates(np.array([records[known].sum()]), everybody, method=asked.method),
        _without_area(counts, asked, held, int(records.sum())),
        _shares(counts, asked, compared, earlier),
        bending(_both(asked)),
    )


def _rows(
    asked: Asked,
    areas: SmallAreas,
    counts: AreaCounts,
    held: Sequence[str],
    table: tuple[IntArray, IntArray],
    found: Rates,
    stood: Funnel,
    changes: Sequence[Change | None],
) -> tuple[AreaRate, ...]:
    residents, records = table
    ground = services().workspace.ground
    by_npa = asked.by == "npa"
    codes = counts.npa_codes if by_npa else areas.codes
    names = tuple(ground.npa_label(code) for code in codes) if by_npa else areas.names
    npas = codes if by_npa else areas.labels[NPA]
    smoothed = PER * global_rates(records, residents)
    visitors, in_them = _visitors(asked, areas, counts, held)
    return tuple(
        AreaRate(
            codes[n],
            names[n],
            npas[n],
            int(residents[n]),
            int(records[n]),
            _known(found.rate[n]),
            _known(found.low[n]),
            _known(found.high[n]),
            _known(smoothed[n]),
            _known(stood.expected[n]),
            stood.standing[n],
            stood.by_chance_alone[n],
            int(visitors[n]),
            int(in_them[n]),
            changes[n],
        )
        for n in range(len(codes))
    )


def _residents(areas: SmallAreas, counts: AreaCounts, asked: Asked) -> IntArray:
    if asked.by == "lsoa":
        return areas.residents
    return _by_npa(areas, counts, areas.residents)


def _by_npa(areas: SmallAreas, counts: AreaCounts, values: IntArray) -> IntArray:
    """Values of small areas summed to the NPA in which the point of each lies."""
    npas = np.array(areas.labels[NPA], dtype=object)
    return np.array([values[npas == code].sum() for code in counts.npa_codes], dtype=np.int64)


def _visitors(
    asked: Asked, areas: SmallAreas, counts: AreaCounts, held: Sequence[str]
) -> tuple[IntArray, IntArray]:
    """By area its small areas of visitors, and the records in them, of the asked type."""
    hints = sum(counts.in_months(counts.by_small_area, held, kind) for kind in OF_VISITORS)
    marked = drawn_by_visitors(areas.residents, np.asarray(hints)).astype(np.int64)
    in_them = marked * counts.in_months(counts.by_small_area, held, asked.kind)
    if asked.by == "lsoa":
        return marked, in_them
    return _by_npa(areas, counts, marked), _by_npa(areas, counts, in_them)


def _without_area(
    counts: AreaCounts, asked: Asked, held: Sequence[str], counted: int
) -> tuple[int, int]:
    whole = int(counts.in_months(counts.total, held, asked.kind).sum())
    return whole - counted, whole


def _shares(
    counts: AreaCounts, asked: Asked, now: Sequence[str], then: Sequence[str]
) -> tuple[float, float] | None:
    found = [counts.without_area(months, asked.kind) for months in (now, then)]
    later, earlier = ((none, whole) for none, _, whole in found)
    if not (later[1] and earlier[1]):
        return None
    return 100 * later[0] / later[1], 100 * earlier[0] / earlier[1]


def _both(asked: Asked) -> DateInterval | None:
    """The months that are asked for, back to the first of the year before."""
    if asked.period is None:
        return None
    first = DateInterval.parse(year_before(asked.months[0]))
    return DateInterval(first.date_from, asked.period.date_to)


def _days(months: Sequence[str]) -> int:
    return sum(days_in_month(int(month[:4]), int(month[5:])) for month in months)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
