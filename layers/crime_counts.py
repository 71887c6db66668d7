"""Recorded crime as counts: what pages, maps and exports of millions of records are made from.

A month's records are counted once by cell, type and area; every answer adds up such counts. Ten
million records of two years are about a million counts, so answers stay fast whatever is held.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from boundaries.ground import Ground
from geo.dates import DateInterval
from geo.grid import CellRange, HexGrid
from layers.crime_intake import ASB, CRIME_TYPES
from layers.crime_store import CrimePoints
from layers.location import NO_AREA_NAME, OUTSIDE_NAME, UNLOCATED_NAME, no_npa_name, placed

IntArray = npt.NDArray[np.int64]

SLUGS: Final = tuple(sorted(slug for slug, _ in CRIME_TYPES))


@dataclass(frozen=True, slots=True, eq=False)
class MonthCounts:
    """Counts of one month: equally long arrays, a row each for cell, type and place.

    ``q`` and ``r`` are axial coordinates of a cell (0 for records without a position), ``kind``
    indexes `SLUGS`, ``place`` the places of `places_of`.
    """

    month: str
    q: npt.NDArray[np.int32]
    r: npt.NDArray[np.int32]
    kind: npt.NDArray[np.int8]
    place: npt.NDArray[np.int16]
    records: npt.NDArray[np.int32]

    def within(self, cells: CellRange) -> MonthCounts:
        """The counts of the cells of a range."""
        kept = np.flatnonzero(cells.holds(self.q, self.r))
        return MonthCounts(
            self.month,
            self.q[kept],
            self.r[kept],
            self.kind[kept],
            self.place[kept],
            self.records[kept],
        )


@lru_cache(maxsize=4)
def places_of(ground: Ground) -> tuple[tuple[str, str], ...]:
    """Code and name of every place that a record can have, sorted; some have no code."""
    nowhere = (OUTSIDE_NAME, UNLOCATED_NAME, NO_AREA_NAME, no_npa_name(ground))
    areas = ((code, ground.npa_name(code)) for code in ground.npa_codes)
    return tuple(sorted([*areas, *(("", name) for name in nowhere)]))


def meaning_of(ground: Ground) -> str:
    """A digest of what the numbers of ``kind`` and ``place`` stand for."""
    meaning = repr((SLUGS, places_of(ground))).encode()
    return hashlib.blake2b(meaning, digest_size=4).hexdigest()


def count_month(month: str, points: CrimePoints, grid: HexGrid, ground: Ground) -> MonthCounts:
    """Count a month's records; the counts add up to the records."""
    located = np.isfinite(points.easting_m)
    qr = np.zeros((len(located), 2), dtype=np.int64)
    qr[located] = grid.locate(points.easting_m[located], points.northing_m[located])
    day = pd.Timestamp(DateInterval.parse(month).date_from).as_unit("s")
    codes, names = placed(
        points.easting_m, points.northing_m, pd.Series(day, index=range(len(located))), ground
    )
    table = pd.DataFrame(
        {
            "q": qr[:, 0],
            "r": qr[:, 1],
            "kind": index_in(SLUGS, points.crime_type),
            "place": place_index(codes, names, ground),
        }
    )
    counted = table.groupby(list(table.columns), sort=True).size()
    keys = counted.index.to_frame(index=False)
    return MonthCounts(
        month,
        keys["q"].to_numpy(dtype=np.int32),
        keys["r"].to_numpy(dtype=np.int32),
        keys["kind"].to_numpy(dtype=np.int8),
        keys["place"].to_numpy(dtype=np.int16),
        np.asarray(counted, dtype=np.int32),
    )


def counts_frame(months: Sequence[MonthCounts], ground: Ground) -> pd.DataFrame:
    """The counts of several months as one frame with the columns of the layer.

    ``crime_type``, ``npa_code`` and ``npa_name`` are categorical; ``records`` is the weight.
    """
    places = places_of(ground)
    place = _joined([month.place for month in months], np.int64)
    sizes = [len(month.records) for month in months]
    bounds = [DateInterval.parse(month.month) for month in months]
    codes = sorted({code for code, _ in places})
    names = sorted({name for _, name in places})
    code_of = np.array([codes.index(code) for code, _ in places])
    name_of = np.array([names.index(name) for _, name in places])
    return pd.DataFrame(
        {
            "q": _joined([month.q for month in months], np.int32),
            "r": _joined([month.r for month in months], np.int32),
            "crime_type": pd.Categorical.from_codes(
                _joined([month.kind for month in months], np.int8), pd.Index(SLUGS)
            ),
            "npa_code": pd.Categorical.from_codes(code_of[place], pd.Index(codes)),
            "npa_name": pd.Categorical.from_codes(name_of[place], pd.Index(names)),
            "records": _joined([month.records for month in months], np.int64),
            "date_from": np.repeat(_days([b.date_from for b in bounds]), sizes),
            "date_to": np.repeat(_days([b.date_to for b in bounds]), sizes),
        }
    )


def is_asb(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which counts are of anti-social behaviour, which is no crime."""
    return np.asarray(frame["crime_type"] == ASB)


def _joined(arrays: Sequence[npt.NDArray[Any]], dtype: type[np.integer[Any]]) -> IntArray:
    joined: IntArray = np.asarray(np.concatenate([np.zeros(0, dtype=dtype), *arrays]), dtype=dtype)
    return joined


def _days(days: Sequence[object]) -> npt.NDArray[np.datetime64]:
    return np.array(list(days), dtype="datetime64[s]")


def index_in(vocabulary: Sequence[str], texts: pd.Categorical) -> IntArray:
    """Where each text stands in a vocabulary that holds them all."""
    index = {text: number for number, text in enumerate(vocabulary)}
    numbers: IntArray = np.array([index[text] for text in texts.categories], dtype=np.int64)
    return numbers[np.asarray(texts.codes)]


def place_index(
    codes: npt.NDArray[np.object_], names: npt.NDArray[np.object_], ground: Ground
) -> IntArray:
    """Where each record's code and name stand among the places; a code has one name."""
    index = {code or name: number for number, (code, name) in enumerate(places_of(ground))}
    numbers, keys = pd.factorize(np.where(codes == "", names, codes))
    return np.array([index[key] for key in keys], dtype=np.int64)[numbers]
