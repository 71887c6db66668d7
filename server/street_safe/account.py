"""What Street Safe reports name: concerns of the place beside those of behaviour, where and when.

Only reports that surely lie in the period are counted; how many more may is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from boundaries.ground import Ground
from layers.schema import LIST_SEPARATOR
from layers.street_safe import BEHAVIOURAL, CONCERNS, ENVIRONMENTAL
from layers.view import View
from server.street_safe.company import Company, company_of


@dataclass(frozen=True, slots=True)
class Kinds:
    """How many reports name concerns of the place alone, of behaviour alone, and of both."""

    environmental: int
    behavioural: int
    both: int

    @property
    def reports(self) -> int:
        """How many reports there are."""
        return self.environmental + self.behavioural + self.both


@dataclass(frozen=True, slots=True)
class Named:
    """How many reports name a concern."""

    concern: str
    reports: int

    @property
    def behavioural(self) -> bool:
        """Whether it is a concern of behaviour, not of the place."""
        return self.concern in BEHAVIOURAL


@dataclass(frozen=True, slots=True)
class Month:
    """The reports of a month, ``YYYY-MM``; None where the data held do not cover the month."""

    month: str
    kinds: Kinds | None


@dataclass(frozen=True, slots=True)
class Area:
    """The reports of a Neighbourhood Policing Area; its code is empty outside the force area."""

    code: str
    name: str
    kinds: Kinds


@dataclass(frozen=True, slots=True)
class District:
    """How often each concern of the place is named in a district, in the order of the concerns."""

    name: str
    named: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """The reports of a view that surely lie in its period, counted every way.

    ``reasons`` are those for not telling the police, the most frequent first; one that is empty
    stands for reports that give none. ``company`` is None where too few reports have a day.
    """

    kinds: Kinds
    possibly: int
    named: tuple[Named, ...]
    months: tuple[Month, ...]
    areas: tuple[Area, ...]
    districts: tuple[District, ...]
    reasons: tuple[tuple[str, int], ...]
    company: Company | None

    @property
    def rows(self) -> int:
        """How much of the store's room it takes: as many rows as its tables have."""
        parts = (self.named, self.months, self.areas, self.districts, self.reasons)
        return sum(len(part) for part in parts)

    @property
    def concerns(self) -> int:
        """How many concerns the reports name together."""
        return sum(each.reports for each in self.named)


def account_of(view: View, ground: Ground) -> Account:
    """The account of a view of single reports, as staff have it."""
    reports = view.records[view.records["in_period"] == "in"]
    named = [set(text.split(LIST_SEPARATOR)) for text in reports["concerns"]]
    times = Counter(concern for concerns in named for concern in concerns)
    return Account(
        kinds=_kinds(reports),
        possibly=len(view.records) - len(reports),
        named=tuple(Named(concern, times[concern]) for concern in CONCERNS),
        months=_months(view, reports),
        areas=_areas(reports),
        districts=_districts(reports, named, ground),
        reasons=tuple(Counter(reports["not_reported_reason"].fillna("")).most_common()),
        company=company_of(reports),
    )


def _kinds(reports: pd.DataFrame) -> Kinds:
    counts = reports["kind"].value_counts()
    return Kinds(*(int(counts.get(kind, 0)) for kind in ("Environmental", "Behavioural", "Both")))


def _months(view: View, reports: pd.DataFrame) -> tuple[Month, ...]:
    """The reports of each month; those whose day is known by more than the month are in none."""
    first, last = (reports[side].dt.strftime("%Y-%m") for side in ("date_from", "date_to"))
    begun = first.where(first == last, "")
    return tuple(
        Month(each.month, _kinds(reports[begun == each.month]) if each.held else None)
        for each in view.by_month
    )


def _areas(reports: pd.DataFrame) -> tuple[Area, ...]:
    groups = reports.groupby(["npa_code", "npa_name"], sort=False)
    areas = [Area(str(code), str(name), _kinds(mine)) for (code, name), mine in groups]
    return tuple(sorted(areas, key=lambda area: (not area.code, area.name)))


def _districts(
    reports: pd.DataFrame, named: Iterable[set[str]], ground: Ground
) -> tuple[District, ...]:
    points = reports["geometry"].to_numpy()
    codes = ground.district_at(shapely.get_x(points), shapely.get_y(points))
    table = np.array([[each in concerns for each in ENVIRONMENTAL] for concerns in named])
    return tuple(
        District(name, tuple(table[codes == code].sum(axis=0).tolist()))
        for code, name in sorted(ground.districts.names.items(), key=lambda pair: pair[1])
        if (codes == code).any()
    )
