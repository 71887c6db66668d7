"""Crime counts put together by hexagonal cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.crs import BRITISH_NATIONAL_GRID
from geo.grid import HexGrid
from geo.mvt import Coded, Values
from layers.crime_counts import is_asb
from layers.crime_intake import CRIME_TYPES

IntArray = npt.NDArray[np.int64]

_LABELS: Final = dict(CRIME_TYPES)


@dataclass(frozen=True, slots=True, eq=False)
class CellCounts:
    """Cells, or cells and months, in the order in which they are shown.

    ``pairs`` are their axial ``(q, r)``; ``columns`` has an equally long column for each name:
    texts as `Coded`, days as ``datetime64[s]``, counts as whole numbers.
    """

    grid: HexGrid
    pairs: IntArray
    columns: Mapping[str, Values]

    def frame(self) -> gpd.GeoDataFrame:
        """The same as a frame, a row each, with outlines in EPSG:27700."""
        table: dict[str, Any] = {name: _spelt(values) for name, values in self.columns.items()}
        outlines: Any = self.grid.polygons(self.pairs) if len(self.pairs) else []
        return gpd.GeoDataFrame(table, geometry=outlines, crs=BRITISH_NATIONAL_GRID)


def crime_cells(inside: pd.DataFrame, grid: HexGrid, monthly: bool) -> CellCounts:
    """One row a cell, or a cell and month: ``records`` add up to those of ``inside``.

    ``inside`` holds counts as :func:`layers.crime_counts.counts_frame` makes them, with
    ``in_period``. A cell's NPA and most common type are those of most of its records, in a tie the
    one that comes first in the alphabet. The busiest cells come first, months in order.
    """
    group, keys = _groups(inside, monthly)
    cells = len(keys)
    weight = inside["records"].to_numpy(dtype=np.int64)
    records = _summed(group, weight, cells)
    asb = _summed(group, np.where(is_asb(inside), weight, 0), cells)
    kind_texts = inside["crime_type"].cat.categories.tolist()
    kinds = _commonest(group, weight, inside["crime_type"].cat.codes, len(kind_texts), cells)
    place, texts = _places(inside)
    places = _commonest(group, weight, place, len(texts), cells)
    possibly = np.asarray(inside["in_period"] == "possibly")
    names = grid.cell_ids(keys) if cells else np.zeros(0, dtype=np.str_)
    first = _extreme(np.minimum, group, inside["date_from"], cells)
    order = np.lexsort((names, -records, *[first] * monthly))
    columns: dict[str, Values] = {
        "cell_id": Coded(np.arange(cells), tuple(names[order].tolist())),
        "npa_code": Coded(places[order], tuple(code for code, _ in texts)),
        "npa_name": Coded(places[order], tuple(name for _, name in texts)),
        "date_from": first[order],
        "date_to": _extreme(np.maximum, group, inside["date_to"], cells)[order],
        "records": records[order],
        "crimes": (records - asb)[order],
        "anti_social_behaviour": asb[order],
        "most_common": Coded(kinds[order], tuple(_LABELS.get(slug, slug) for slug in kind_texts)),
        "in_period": Coded(
            (_summed(group, possibly, cells) > 0).astype(np.int64)[order], ("in", "possibly")
        ),
    }
    return CellCounts(grid, keys[order], columns)


def _spelt(values: Values) -> npt.NDArray[Any]:
    if isinstance(values, Coded):
        texts = np.array([*values.texts, ""], dtype=object)
        return np.asarray(texts[values.codes])
    return values


def _groups(inside: pd.DataFrame, monthly: bool) -> tuple[IntArray, IntArray]:
    """For each row the number of its group, and the axial ``(q, r)`` of each group."""
    q, r = (inside[name].to_numpy(dtype=np.int64) for name in ("q", "r"))
    group, distinct = pd.factorize((q << 32) + r)
    if monthly:
        months, _ = pd.factorize(inside["date_from"])
        group, distinct = pd.factorize(months * max(len(distinct), 1) + group)
    first = np.zeros(len(distinct), dtype=np.int64)
    first[group[::-1]] = np.arange(len(group))[::-1]
    return group, np.column_stack((q[first], r[first]))


def _summed(group: IntArray, values: npt.NDArray[Any], groups: int) -> IntArray:
    """Sums by group; exact, as a float holds whole numbers to 2**53."""
    return np.bincount(group, weights=values, minlength=groups).astype(np.int64)


def _commonest(group: IntArray, weight: IntArray, codes: Any, size: int, groups: int) -> IntArray:
    """The code with most weight in each group, the first of equals; there are ``size`` codes."""
    size = max(size, 1)
    pairs = group * size + np.asarray(codes, dtype=np.int64)
    sums = np.bincount(pairs, weights=weight, minlength=groups * size).reshape(groups, size)
    return np.asarray(sums.argmax(axis=1), dtype=np.int64)


def _places(inside: pd.DataFrame) -> tuple[IntArray, list[tuple[str, str]]]:
    """For each row the number of its area, and code and name of each area, sorted."""
    codes, names = inside["npa_code"].cat, inside["npa_name"].cat
    width = len(names.categories)
    pairs = codes.codes.to_numpy(dtype=np.int64) * width + names.codes.to_numpy()
    number, distinct = pd.factorize(pairs, sort=True)
    both = (divmod(pair, width) for pair in distinct.tolist())
    return number, [(codes.categories[code], names.categories[name]) for code, name in both]


def _extreme(
    pick: np.ufunc, group: IntArray, days: pd.Series, groups: int
) -> npt.NDArray[np.datetime64]:
    """The earliest or the latest day of each group."""
    numbers = days.to_numpy(dtype="datetime64[s]").astype(np.int64)
    worst = np.iinfo(np.int64).max if pick is np.minimum else np.iinfo(np.int64).min
    found = np.full(groups, worst, dtype=np.int64)
    pick.at(found, group, numbers)
    return found.astype("datetime64[s]")
