"""Recorded crime of one place by type, held against the same months a year before.

Only months that are held in both years are compared; the others are named. Counts are of whole
cells, or of a whole Neighbourhood Policing Area (NPA): what is published of crime at any rate.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.dates import DateInterval, days_in_month, shift_months
from geo.grid import HexGrid
from geo.rates import Change, change
from layers.crime_counts import is_asb
from layers.crime_intake import ASB, CRIME_TYPES
from layers.location import UNLOCATED_NAME

MONTHS: Final = 12

IntArray = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ComparedMonths:
    """The last twelve months before a day, and which of them can be compared.

    ``later`` ends with the last month held that was over before the day. Months are texts such as
    ``2022-10``: ``compared`` those of ``later`` that are held, as is the same month a year before;
    ``missing`` those of either year that are not held.
    """

    later: DateInterval
    compared: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def earlier(self) -> DateInterval:
        """The same twelve months a year before."""
        return DateInterval.months_ending(shift_months(self.later.date_to, -12), MONTHS)

    @property
    def both(self) -> DateInterval:
        """All the months, of both years."""
        return DateInterval(self.earlier.date_from, self.later.date_to)

    @classmethod
    def before(cls, day: date, held: Collection[str]) -> ComparedMonths | None:
        """The months to look at on a day; None where no month held was over by then."""
        over = [month for month in held if month < f"{day:%Y-%m}"]
        if not over:
            return None
        later = DateInterval.months_ending(DateInterval.parse(max(over)).date_to, MONTHS)
        pairs = [(month, year_before(month)) for month in later.months()]
        gone = {month for pair in pairs for month in pair if month not in held}
        compared = tuple(month for month, before in pairs if not gone & {month, before})
        return cls(later, compared, tuple(sorted(gone)))


@dataclass(frozen=True, slots=True)
class CrimeChanges:
    """Changes by type of crime, of all crimes, and of anti-social behaviour, which is no crime."""

    by_type: tuple[tuple[str, Change], ...]
    crimes: Change
    anti_social_behaviour: Change


def year_before(month: str) -> str:
    """The same month a year before.

    >>> year_before("2022-10")
    '2021-10'
    """
    return f"{int(month[:4]) - 1:04d}{month[4:]}"


def crime_changes(counts: pd.DataFrame, months: ComparedMonths) -> CrimeChanges:
    """The changes of what is counted, of the compared months alone.

    Months of unequal length are compared by their days.

    Args:
        counts: as :func:`layers.crime_counts.counts_frame` makes them, of one place.
    """
    earlier = [year_before(month) for month in months.compared]
    month = counts["date_from"].to_numpy(dtype="datetime64[M]")
    weight, asb = counts["records"].to_numpy(dtype=np.int64), is_asb(counts)
    kinds = counts["crime_type"].to_numpy()
    now = np.isin(month, _as_months(months.compared))
    then = np.isin(month, _as_months(earlier))
    days_now, days_then = _days(months.compared), _days(earlier)

    def of(chosen: Mask) -> Change:
        before, after = (int(weight[chosen & year].sum()) for year in (then, now))
        return change(before, after, days_then or 1, days_now or 1)

    labels: Mapping[str, str] = dict(CRIME_TYPES)
    return CrimeChanges(
        tuple((labels[slug], of(kinds == slug)) for slug in sorted(labels) if slug != ASB),
        of(~asb),
        of(asb),
    )


def in_cells(counts: pd.DataFrame, grid: HexGrid, cells: IntArray) -> Mask:
    """Which counts are of some cells, given as an ``(n, 2)`` array of axial coordinates."""
    located = counts["npa_name"].to_numpy() != UNLOCATED_NAME
    theirs = grid.cell_numbers(counts[["q", "r"]].to_numpy(dtype=np.int64))
    return np.asarray(located & np.isin(theirs, grid.cell_numbers(cells)))


def cells_near(grid: HexGrid, easting_m: float, northing_m: float, radius_m: float) -> IntArray:
    """The cells whose centre lies within a radius of a point, and the one that holds the point.

    Args:
        easting_m: metres east in EPSG:27700.
        northing_m: metres north in EPSG:27700.
        radius_m: in metres; the cell of the point is one of them, however small it is.

    Returns:
        Axial coordinates, as an ``(n, 2)`` array.
    """
    around = grid.around(
        easting_m - radius_m, northing_m - radius_m, easting_m + radius_m, northing_m + radius_m
    )
    q, r = np.meshgrid(
        np.arange(around.q_from, around.q_to + 1), np.arange(around.r_from, around.r_to + 1)
    )
    cells = np.column_stack((q.ravel(), r.ravel())).astype(np.int64)
    away_m = np.hypot(*(grid.centres(cells) - (easting_m, northing_m)).T)
    own = (cells == grid.locate([easting_m], [northing_m])).all(axis=1)
    near: IntArray = cells[(away_m <= radius_m) | own]
    return near


def _as_months(texts: Collection[str]) -> npt.NDArray[np.datetime64]:
    return np.array(list(texts), dtype="datetime64[M]")


def _days(months: Collection[str]) -> int:
    return sum(days_in_month(int(month[:4]), int(month[5:])) for month in months)
