"""Crime counts put together by hexagonal cell."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.crs import BRITISH_NATIONAL_GRID
from geo.grid import HexGrid
from layers.crime_counts import is_asb
from layers.crime_intake import CRIME_TYPES

IntArray = npt.NDArray[np.int64]

SEPARATOR: Final = "\t"
_LABELS: Final = dict(CRIME_TYPES)


def crime_cells(inside: pd.DataFrame, grid: HexGrid, monthly: bool) -> gpd.GeoDataFrame:
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
    kinds = _commonest(group, weight, inside["crime_type"].cat, cells)
    place = _commonest(group, weight, _places(inside).cat, cells)
    areas = [text.split(SEPARATOR) for text in place]
    possibly = np.asarray(inside["in_period"] == "possibly")
    pairs = keys[["q", "r"]].to_numpy(dtype=np.int64)
    names = grid.cell_ids(pairs) if cells else np.zeros(0, dtype=np.str_)
    first = _extreme(np.minimum, group, inside["date_from"], cells)
    order = np.lexsort((names, -records, *[first] * monthly))
    table: dict[str, Any] = {
        "cell_id": names[order].astype(object),
        "npa_code": [areas[index][0] for index in order],
        "npa_name": [areas[index][1] for index in order],
        "date_from": first[order],
        "date_to": _extreme(np.maximum, group, inside["date_to"], cells)[order],
        "records": records[order],
        "crimes": (records - asb)[order],
        "anti_social_behaviour": asb[order],
        "most_common": [_LABELS[kinds[index]] for index in order],
        "in_period": np.where(_summed(group, possibly, cells) > 0, "possibly", "in")[order],
    }
    outlines: Any = grid.polygons(pairs[order]) if cells else []
    return gpd.GeoDataFrame(table, geometry=outlines, crs=BRITISH_NATIONAL_GRID)


def _groups(inside: pd.DataFrame, monthly: bool) -> tuple[IntArray, pd.DataFrame]:
    """For each row the number of its group, and the first row of each group."""
    key = (inside["q"].to_numpy(dtype=np.int64) << 32) + inside["r"].to_numpy(dtype=np.int64)
    group, distinct = pd.factorize(key)
    if monthly:
        months, _ = pd.factorize(inside["date_from"])
        group, distinct = pd.factorize(months * max(len(distinct), 1) + group)
    first = np.zeros(len(distinct), dtype=np.int64)
    first[group[::-1]] = np.arange(len(group))[::-1]
    return group, inside[["q", "r"]].iloc[first]


def _summed(group: IntArray, values: npt.NDArray[Any], groups: int) -> IntArray:
    """Sums by group; exact, as a float holds whole numbers to 2**53."""
    return np.bincount(group, weights=values, minlength=groups).astype(np.int64)


def _commonest(group: IntArray, weight: IntArray, values: Any, groups: int) -> list[str]:
    """The category with most weight in each group, the first of equals."""
    size = max(len(values.categories), 1)
    pairs = group * size + values.codes.to_numpy(dtype=np.int64)
    sums = np.bincount(pairs, weights=weight, minlength=groups * size).reshape(groups, size)
    texts = values.categories.tolist()
    return [texts[index] for index in sums.argmax(axis=1).tolist()]


def _places(inside: pd.DataFrame) -> pd.Series:
    """Code and name of the area as one sorted category."""
    codes, names = inside["npa_code"].cat, inside["npa_name"].cat
    pairs = codes.codes.to_numpy(dtype=np.int64) * len(names.categories) + names.codes.to_numpy()
    number, distinct = pd.factorize(pairs, sort=True)
    texts = [
        f"{codes.categories[code]}{SEPARATOR}{names.categories[name]}"
        for code, name in (divmod(int(pair), len(names.categories)) for pair in distinct)
    ]
    return pd.Series(pd.Categorical.from_codes(number, pd.Index(texts, dtype=object)))


def _extreme(
    pick: np.ufunc, group: IntArray, days: pd.Series, groups: int
) -> npt.NDArray[np.datetime64]:
    """The earliest or the latest day of each group."""
    numbers = days.to_numpy(dtype="datetime64[s]").astype(np.int64)
    worst = np.iinfo(np.int64).max if pick is np.minimum else np.iinfo(np.int64).min
    found = np.full(groups, worst, dtype=np.int64)
    pick.at(found, group, numbers)
    return found.astype("datetime64[s]")
