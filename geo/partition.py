"""Areas that should divide the ground between them: repair, dissolve, check and generalise.

Every function takes areas in EPSG:27700 and changes nothing that it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import BRITISH_NATIONAL_GRID, is_metric
from geo.errors import InvalidFrame, InvalidValue

_POLYGON, _MULTIPOLYGON = 3, 6


@dataclass(frozen=True, slots=True, eq=False)
class Repaired:
    """Valid areas, and which of them were not valid as given."""

    geometries: npt.NDArray[Any]
    was_invalid: npt.NDArray[np.bool_]


def repair(geometries: npt.ArrayLike) -> Repaired:
    """Make areas valid, keeping their polygons and dropping the lines and points left over.

    Raises:
        InvalidFrame: something given is not a polygon, or nothing of an area remains.
    """
    areas = np.asarray(geometries, dtype=object)
    kinds = shapely.get_type_id(areas)
    if not np.isin(kinds, (_POLYGON, _MULTIPOLYGON)).all():
        raise InvalidFrame(
            "Polygons are needed; given points, lines, collections or missing shapes. "
            "Leave out what is not an area."
        )
    was_invalid = ~shapely.is_valid(areas)
    repaired = areas.copy()
    repaired[was_invalid] = shapely.make_valid(
        areas[was_invalid], method="structure", keep_collapsed=False
    )
    if shapely.is_empty(repaired).any():
        raise InvalidFrame(
            "Areas with an extent are needed; an area given has none. Leave it out of the file."
        )
    return Repaired(repaired, was_invalid)


def dissolve(frame: gpd.GeoDataFrame, by: str) -> gpd.GeoDataFrame:
    """One area for each value of a column, in the order in which the values first come.

    Returns:
        A frame with that column and the geometry.
    """
    _require_metres(frame)
    groups = frame.groupby(by, sort=False)
    keys, geometries = [], []
    for key, rows in groups.indices.items():
        keys.append(key)
        geometries.append(shapely.union_all(frame.geometry.to_numpy()[rows]))
    first_row = [rows[0] for rows in groups.indices.values()]
    order = np.argsort(first_row)
    return gpd.GeoDataFrame(
        {by: [keys[n] for n in order]},
        geometry=[geometries[n] for n in order],
        crs=BRITISH_NATIONAL_GRID,
    )


def overlaps(frame: gpd.GeoDataFrame, code: str = "code") -> gpd.GeoDataFrame:
    """Where two areas both claim the ground.

    Returns:
        A row for each pair that shares ground: the codes ``left`` and ``right``, ``area_m2``
        and the shared geometry; the largest first. Areas that only touch are no overlap.
    """
    _require_metres(frame)
    areas = frame.geometry.to_numpy()
    left, right = shapely.STRtree(areas).query(areas, predicate="intersects")
    left, right = left[left < right], right[left < right]
    shared = shapely.intersection(areas[left], areas[right])
    codes = frame[code].to_numpy(dtype=object)
    found = gpd.GeoDataFrame(
        {"left": codes[left], "right": codes[right], "area_m2": shapely.area(shared)},
        geometry=shared,
        crs=BRITISH_NATIONAL_GRID,
    )
    return _largest_first(found)


def gaps(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Ground that the areas enclose and none of them claims.

    Returns:
        A row for each gap: ``area_m2`` and its geometry; the largest first. A crack that opens
        to the outside is no gap in this sense: compare the areas' union with another outline.
    """
    _require_metres(frame)
    whole = shapely.get_parts(shapely.union_all(frame.geometry.to_numpy()))
    holes = shapely.polygons(
        np.concatenate([shapely.get_rings(part)[1:] for part in whole] or [[]]).astype(object)
    )
    unclaimed = shapely.difference(holes, shapely.union_all(whole))
    found = gpd.GeoDataFrame(
        {"area_m2": shapely.area(unclaimed)}, geometry=unclaimed, crs=BRITISH_NATIONAL_GRID
    )
    return _largest_first(found)


def generalise(geometries: npt.ArrayLike, tolerance_m: float) -> npt.NDArray[Any]:
    """Simplify areas as one coverage, so that neighbours keep the edge they share.

    Uses the Visvalingam-Whyatt rule for coverages: ``tolerance_m`` is about the side of the
    smallest bend that is kept (M. Visvalingam and J. D. Whyatt, 1993, "Line generalisation by
    repeated elimination of points"). The areas must already meet edge to edge.

    Raises:
        InvalidValue: the tolerance is negative or not a number.
    """
    if not tolerance_m >= 0:
        raise InvalidValue(
            f"A tolerance of 0 metres or more is needed; given {tolerance_m}. Try 100."
        )
    areas = np.asarray(geometries, dtype=object)
    return np.asarray(shapely.coverage_simplify(areas, tolerance_m))


def _require_metres(frame: gpd.GeoDataFrame) -> None:
    if not is_metric(frame.crs):
        raise InvalidFrame(
            f"A frame in EPSG:27700, in metres, is needed; given {frame.crs}. "
            "Convert it with geo.crs.geometries_to_metres."
        )


def _largest_first(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    with_ground = found[found["area_m2"] > 0]
    return with_ground.sort_values("area_m2", ascending=False, kind="stable", ignore_index=True)
