"""The account of a programme of visits: each area's days, when it is due, how even the spread is.

It is made from one view of the visits, of all dates, so that it can say what an area's last visit
was; the period and the commitment are then counted in it. A day is one visitor on one date and
counts once in each area in which it has a stop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from boundaries.ground import Ground
from boundaries.nearest_ward import nearest_ward
from geo.coverage import nearest_m
from geo.dates import DateInterval
from geo.rotation import (
    Commitment,
    Standing,
    Tally,
    gini,
    largest_remainder,
    longest_gap,
    standing,
    tally,
)
from layers import visited

Codes = npt.NDArray[np.object_]
Figures = tuple[Tally, Tally, Standing, DateInterval | None, tuple[DateInterval, ...], Tally]

VINTAGE: Final = "2021"
MOST_DEPRIVED_DECILE: Final = 3


@dataclass(frozen=True, slots=True)
class AreaAccount:
    """What one area had of the visits.

    ``days`` and ``stops`` count the period; ``standing`` looks back from the day of the account.
    ``gap`` is the longest run of days of the period, as far as it has come, without a visit;
    ``visits`` are the days of visits that lie in the period, surely or possibly, in order.
    ``by_district`` counts those of its stops that are known by their district alone.
    ``residents`` and those of them ``near`` a place visited in the period are None where no small
    area is held of it.
    """

    code: str
    name: str
    days: Tally
    stops: Tally
    standing: Standing
    gap: DateInterval | None
    visits: tuple[DateInterval, ...]
    by_district: Tally
    residents: int | None = None
    near: int | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """How evenly the days that surely lie in the period fall on the areas, by one weight.

    ``shares`` are the whole days of each area, in order, if they were shared out by weight;
    ``moved`` is how many days would have to be in another area for that.
    """

    weight: str
    shares: tuple[int, ...]
    moved: int
    gini: float


@dataclass(frozen=True, slots=True)
class Account:
    """The whole account, its areas in the order of the ground.

    ``on`` is the day from which it looks back; ``distance_m`` how far a place visited reaches.
    ``days`` counts each day once, in however many areas it had stops; ``by_district`` those
    stops that are known by their district alone, which are in no ward and reach nobody.
    """

    period: DateInterval
    on: date
    commitment: Commitment
    distance_m: int
    npas: tuple[AreaAccount, ...]
    districts: tuple[AreaAccount, ...]
    wards: tuple[AreaAccount, ...]
    days: Tally
    stops: Tally
    by_district: Tally
    residents: int
    near: int
    spread: tuple[Spread, ...]

    @property
    def rows(self) -> int:
        """For how much memory it counts: its areas."""
        return len(self.npas) + len(self.districts) + len(self.wards)


def account_of(
    stops: gpd.GeoDataFrame,
    ground: Ground,
    period: DateInterval,
    on: date,
    commitment: Commitment,
    distance_m: int,
) -> Account:
    """The account of stops, records of a view of the visits, as it stands on a day."""
    people = _People(stops, ground, period, distance_m)
    x, y = stops.geometry.x.to_numpy(), stops.geometry.y.to_numpy()
    small = people.table

    def areas(names: Mapping[str, str], mine: Codes, theirs: Codes) -> tuple[AreaAccount, ...]:
        figures = _figures_by(stops, mine, period, on, commitment)
        return tuple(
            AreaAccount(code, name, *figures(code), *people.of(theirs == code))
            for code, name in names.items()
        )

    lived_in = ground.npas.latest_code_at(small["easting_m"], small["northing_m"])
    labels = {code: ground.npa_label(code) for code in ground.npa_codes}
    npas = areas(labels, stops["npa_code"].to_numpy(), lived_in)
    wards = {
        str(code): f"{name}, {district}"
        for code, name, district in ground.wards[["code", "name", "district_name"]].to_numpy()
    }
    everyone = np.ones(len(small), dtype=bool)
    residents, near = people.of(everyone)
    return Account(
        period,
        on,
        commitment,
        distance_m,
        npas,
        areas(ground.districts.names, ground.district_at(x, y), small["district_code"].to_numpy()),
        areas(wards, _wards_of(stops, ground), small["ward24_code"].to_numpy()),
        tally(days_of(stops), period),
        tally(intervals_of(stops), period),
        _tally_by_district(stops, period),
        residents or 0,
        near or 0,
        _spread(npas, lived_in, small),
    )


def _wards_of(stops: gpd.GeoDataFrame, ground: Ground) -> Codes:
    """The ward of each stop, empty where no more than its district is known."""
    wards = nearest_ward(ground, stops.geometry.x.to_numpy(), stops.geometry.y.to_numpy())
    return np.where(visited.by_district(stops), "", wards)


def _tally_by_district(stops: pd.DataFrame, period: DateInterval) -> Tally:
    return tally(intervals_of(stops[visited.by_district(stops)]), period)


def intervals_of(stops: pd.DataFrame) -> list[DateInterval]:
    """The interval of each stop: the days on which it can have been."""
    return [
        DateInterval(first.date(), last.date())
        for first, last in zip(stops["date_from"], stops["date_to"], strict=True)
    ]


def days_of(stops: pd.DataFrame) -> list[DateInterval]:
    """The days of stops: one visitor on one date, however many stops it had.

    Of stops whose one date is known from sources of unlike doubt, the surest tells the day.
    """
    by_doubt = (stops["date_to"] - stops["date_from"]).argsort(kind="stable")
    return intervals_of(stops.iloc[by_doubt].drop_duplicates(["visitor", "date"]))


def _figures_by(
    stops: pd.DataFrame, codes: Codes, period: DateInterval, on: date, commitment: Commitment
) -> Callable[[str], Figures]:
    held = {str(code): mine for code, mine in stops.groupby(codes)}
    none = stops.iloc[:0]
    so_far = (
        DateInterval(period.date_from, min(period.date_to, on)) if period.date_from <= on else None
    )

    def figures(code: str) -> Figures:
        mine = held.get(code, none)
        days = days_of(mine)
        return (
            tally(days, period),
            tally(intervals_of(mine), period),
            standing(days, on, commitment),
            longest_gap(days, so_far) if so_far else None,
            tuple(sorted(day for day in days if day.membership(period) != "out")),
            _tally_by_district(mine, period),
        )

    return figures


class _People:
    """Residents at the points of their small areas, and who of them is near a place visited."""

    def __init__(
        self, stops: gpd.GeoDataFrame, ground: Ground, period: DateInterval, distance_m: int
    ) -> None:
        self.table = ground.small_areas[VINTAGE]
        surely = np.array(
            [day.membership(period) == "in" for day in intervals_of(stops)], dtype=bool
        )
        places_m = visited.places_m(stops[surely])
        far_m = nearest_m(self.table[["easting_m", "northing_m"]], places_m)
        self._residents = self.table["residents"].to_numpy(dtype=np.int64)
        self._near = np.where(far_m <= distance_m, self._residents, 0)

    def of(self, chosen: npt.NDArray[np.bool_]) -> tuple[int | None, int | None]:
        """Residents of the chosen small areas, and those near; None where none is held."""
        if not chosen.any():
            return None, None
        return int(self._residents[chosen].sum()), int(self._near[chosen].sum())


def _spread(npas: Sequence[AreaAccount], codes: Codes, small: pd.DataFrame) -> tuple[Spread, ...]:
    """The spread by residents, and by residents of the most deprived tenths of England.

    ``codes`` is the NPA of each small area.
    """
    residents = small["residents"].to_numpy()
    deprived = small["imd2025_decile"].to_numpy() <= MOST_DEPRIVED_DECILE
    weights = (("residents", residents), ("deprivation", np.where(deprived, residents, 0)))
    days = np.array([area.days.surely for area in npas])
    return tuple(
        _spread_by(name, days, np.array([weight[codes == area.code].sum() for area in npas]))
        for name, weight in weights
        if len(small)
    )


def _spread_by(name: str, days: npt.NDArray[np.int64], weight: npt.NDArray[np.int64]) -> Spread:
    shares = largest_remainder(weight, int(days.sum()))
    moved = int(np.clip(shares - days, 0, None).sum())
    return Spread(name, tuple(shares.tolist()), moved, gini(days, weight))
