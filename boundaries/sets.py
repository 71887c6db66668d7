"""A set of areas with their dates, and which of them holds a point on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.assign import AreaIndex
from geo.crs import is_metric
from geo.errors import InvalidFrame

COLUMNS: Final = (
    "code",
    "name",
    "group",
    "approximate",
    "note",
    "date_from",
    "date_to",
    "geometry",
)


@dataclass(frozen=True, slots=True, eq=False)
class Era:
    """A span of days, both inclusive, in which the same areas are in force; None is open.

    ``rows`` are the positions of those areas in the frame of the set.
    """

    date_from: date | None
    date_to: date | None
    rows: tuple[int, ...]
    index: AreaIndex


@dataclass(frozen=True, slots=True, eq=False)
class BoundarySet:
    """Areas of one kind: the NPAs or the districts of a force.

    ``frame`` holds the best outlines we have, ``display`` the same rows generalised as one
    coverage; both are in EPSG:27700 with the columns of ``COLUMNS`` and must not be changed.
    ``date_from`` and ``date_to`` hold a date, both inclusive, or None where the span is open.
    ``detail`` says in words which outlines these are; ``attribution`` must be shown with them.
    """

    id: str
    title: str
    frame: gpd.GeoDataFrame
    display: gpd.GeoDataFrame
    detail: str
    build_id: str
    attribution: tuple[str, ...]
    eras: tuple[Era, ...] = field(init=False, repr=False)
    names: Mapping[str, str] = field(init=False, repr=False)
    """The latest name of each code, in the order of the frame."""
    approximate: frozenset[str] = field(init=False, repr=False)
    """Codes of the areas whose outlines are approximate."""

    def __post_init__(self) -> None:
        for frame in (self.frame, self.display):
            _require_columns(frame)
        codes = self.frame["code"]
        names = dict(zip(codes, self.frame["name"], strict=True))
        object.__setattr__(self, "eras", _eras(self.frame))
        object.__setattr__(self, "names", MappingProxyType(names))
        object.__setattr__(
            self, "approximate", frozenset(codes[self.frame["approximate"].astype(bool)])
        )

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code of the set, each once, in the order of the frame."""
        return tuple(self.names)

    def name(self, code: str) -> str:
        """The latest name that a code stands for; the code itself where it is not in the set."""
        return self.names.get(code, code)

    def in_force(self, day: date) -> bool:
        """Whether any area of the set is in force on a day."""
        return any(
            (era.date_from is None or era.date_from <= day)
            and (era.date_to is None or day <= era.date_to)
            for era in self.eras
        )

    def code_at(
        self, easting_m: npt.ArrayLike, northing_m: npt.ArrayLike, day: npt.ArrayLike
    ) -> npt.NDArray[np.object_]:
        """Code of the area in force at each point on its day.

        Args:
            easting_m: metres east in EPSG:27700.
            northing_m: metres north in EPSG:27700.
            day: one day for each point, or one for all: dates, ISO texts or ``datetime64``. A
                missing day lies in no span that has a beginning or an end.

        Returns:
            Texts; empty where the point lies outside every area, or no area was in force.
        """
        easting, northing, days = np.broadcast_arrays(
            np.atleast_1d(np.asarray(easting_m, dtype=float)),
            np.atleast_1d(np.asarray(northing_m, dtype=float)),
            np.atleast_1d(np.asarray(day, dtype="datetime64[D]")),
        )
        codes = np.full(easting.shape, "", dtype=object)
        for era in self.eras:
            now = np.ones(days.shape, dtype=bool)
            if era.date_from is not None:
                now &= days >= np.datetime64(era.date_from)
            if era.date_to is not None:
                now &= days <= np.datetime64(era.date_to)
            if now.any():
                codes[now] = era.index.codes_at(easting[now], northing[now])
        return codes

    def latest_code_at(
        self, easting_m: npt.ArrayLike, northing_m: npt.ArrayLike
    ) -> npt.NDArray[np.object_]:
        """Code of the area at each point by the latest outlines; empty where outside."""
        return self.eras[-1].index.codes_at(easting_m, northing_m)


def _require_columns(frame: gpd.GeoDataFrame) -> None:
    missing = [column for column in COLUMNS if column not in frame.columns]
    if missing or frame.empty:
        raise InvalidFrame(
            f"A set of areas needs at least one row and the columns {', '.join(COLUMNS)}; "
            f"given {len(frame)} rows without {', '.join(missing) or 'any missing column'}."
        )
    if not is_metric(frame.crs):
        raise InvalidFrame(
            "A set of areas is needed in EPSG:27700, in metres; "
            f"given {frame.crs}. Convert it with geo.crs."
        )


def _eras(frame: gpd.GeoDataFrame) -> tuple[Era, ...]:
    starts = [_day(value) for value in frame["date_from"]]
    ends = [_day(value) for value in frame["date_to"]]
    cuts = {start for start in starts if start is not None}
    cuts |= {end + timedelta(days=1) for end in ends if end is not None}
    bounds: list[date | None] = [None, *sorted(cuts), None]
    eras = []
    for begin, following in pairwise(bounds):
        last = following - timedelta(days=1) if following is not None else None
        rows = [
            row
            for row, (start, end) in enumerate(zip(starts, ends, strict=True))
            if (start is None or (begin is not None and start <= begin))
            and (end is None or (last is not None and last <= end))
        ]
        if rows:
            eras.append(Era(begin, last, tuple(rows), _index(frame, rows)))
    return tuple(eras)


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else value


def _index(frame: gpd.GeoDataFrame, rows: Sequence[int]) -> AreaIndex:
    part = frame.iloc[list(rows)]
    return AreaIndex.build(part["code"].tolist(), part.geometry.to_numpy())
