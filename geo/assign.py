"""Which area a point lies in: exact, and fast enough for a million points.

A square lattice over the areas tells, for most points, the answer at once: a cell wholly inside
the lowest code that reaches it needs no further test. Only points in the other cells that areas
reach are tested against those few areas. The labels are those of an ``intersects`` join; a point on
a shared edge, or where areas overlap, goes to the lower code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import InvalidFrame

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

OUTSIDE: Final = -1
_MANY: Final = -2
_CELLS_PER_SIDE: Final = 128


@dataclass(frozen=True, slots=True, eq=False)
class AreaIndex:
    """Areas in EPSG:27700, ready to say which of them a point lies in.

    ``codes`` is sorted, so that of two areas that reach a point the first is the lower one.
    """

    codes: tuple[str, ...]
    _areas: npt.NDArray[Any]
    _bounds_m: FloatArray
    _cell_m: FloatArray
    _answers: IntArray
    _candidate_starts: IntArray
    _candidates: IntArray

    @classmethod
    def build(cls, codes: Sequence[str], geometries: npt.ArrayLike) -> AreaIndex:
        """Index areas by their codes.

        Args:
            codes: one code for each area, all different.
            geometries: valid polygons or multipolygons in EPSG:27700, in the order of the codes.

        Raises:
            InvalidFrame: the lengths differ, a code comes twice, there is no area, or an area is
                not a polygon.
        """
        areas = np.array(geometries, dtype=object).reshape(-1)
        _require_areas(codes, areas)
        order = np.argsort(np.asarray(codes, dtype=object), kind="stable")
        areas = areas[order]
        shapely.prepare(areas)
        bounds = shapely.total_bounds(areas)
        cell_m = np.maximum((bounds[2:] - bounds[:2]) / _CELLS_PER_SIDE, 1e-6)
        cells, reached, inside = _reach(areas, bounds[:2], cell_m)
        by_cell = np.lexsort((reached, cells))
        cells, reached, inside = cells[by_cell], reached[by_cell], inside[by_cell]
        settled = inside & (np.diff(cells, prepend=OUTSIDE) > 0)
        answers = np.full(_CELLS_PER_SIDE**2, OUTSIDE, dtype=np.int64)
        answers[cells] = _MANY
        answers[cells[settled]] = reached[settled]
        open_question = answers[cells] == _MANY
        starts = np.searchsorted(cells[open_question], np.arange(_CELLS_PER_SIDE**2 + 1))
        return cls(
            tuple(str(codes[position]) for position in order),
            areas,
            bounds,
            cell_m,
            answers,
            starts.astype(np.int64),
            reached[open_question],
        )

    def locate(self, easting_m: npt.ArrayLike, northing_m: npt.ArrayLike) -> IntArray:
        """Position in ``codes`` of the area at each point, -1 where no area reaches.

        Coordinates that are not finite lie outside.
        """
        easting, northing = np.broadcast_arrays(
            np.atleast_1d(np.asarray(easting_m, dtype=float)),
            np.atleast_1d(np.asarray(northing_m, dtype=float)),
        )
        labels = np.full(easting.shape, OUTSIDE, dtype=np.int64)
        cell = self._cell_of(easting, northing)
        within = cell >= 0
        labels[within] = self._answers[cell[within]]
        doubtful = np.flatnonzero(labels == _MANY)
        labels[doubtful] = OUTSIDE
        first = self._candidate_starts[cell[doubtful]]
        count = self._candidate_starts[cell[doubtful] + 1] - first
        for rank in range(int(count.max(initial=0)) - 1, -1, -1):
            asked = doubtful[count > rank]
            area = self._candidates[first[count > rank] + rank]
            hit = shapely.intersects_xy(self._areas[area], easting[asked], northing[asked])
            labels[asked[hit]] = area[hit]
        return labels

    def codes_at(
        self, easting_m: npt.ArrayLike, northing_m: npt.ArrayLike
    ) -> npt.NDArray[np.object_]:
        """Code of the area at each point, an empty text where no area reaches."""
        return np.array([*self.codes, ""], dtype=object)[self.locate(easting_m, northing_m)]

    def _cell_of(self, easting_m: FloatArray, northing_m: FloatArray) -> IntArray:
        west, south, east, north = self._bounds_m
        within = (easting_m >= west) & (easting_m <= east)
        within &= (northing_m >= south) & (northing_m <= north)
        column = ((easting_m[within] - west) / self._cell_m[0]).astype(np.int64)
        row = ((northing_m[within] - south) / self._cell_m[1]).astype(np.int64)
        last = _CELLS_PER_SIDE - 1
        cell = np.full(easting_m.shape, OUTSIDE, dtype=np.int64)
        cell[within] = np.minimum(row, last) * _CELLS_PER_SIDE + np.minimum(column, last)
        return cell


def _require_areas(codes: Sequence[str], areas: npt.NDArray[Any]) -> None:
    if len(codes) != len(areas) or not len(areas):
        raise InvalidFrame(
            f"One code for each area is needed, and at least one area; given {len(codes)} codes "
            f"and {len(areas)} areas."
        )
    if len(set(codes)) != len(codes):
        raise InvalidFrame(
            "Each area needs a code of its own; some codes come twice. "
            "Dissolve the areas by code first."
        )
    polygonal = np.isin(shapely.get_type_id(areas), (3, 6)) & ~shapely.is_empty(areas)
    if not polygonal.all():
        raise InvalidFrame(
            f"Polygons are needed; the area {codes[int(np.argmin(polygonal))]} is none. "
            "Repair or leave out what is not an area."
        )


def _reach(
    areas: npt.NDArray[Any], origin_m: FloatArray, cell_m: FloatArray
) -> tuple[IntArray, IntArray, npt.NDArray[np.bool_]]:
    """Every pair of a lattice cell and an area that reaches it, and whether it holds it whole.

    Cells are taken a millionth larger than they are, so that the rounding of a coordinate into
    its cell can never hide an area.
    """
    cells, reached, inside = [], [], []
    slack_m = cell_m * 1e-6
    for position, bounds in enumerate(shapely.bounds(areas)):
        low = np.floor((bounds[:2] - origin_m) / cell_m - 1e-6).astype(int).clip(0)
        high = np.floor((bounds[2:] - origin_m) / cell_m + 1e-6).astype(int)
        high = high.clip(0, _CELLS_PER_SIDE - 1)
        columns, rows = np.meshgrid(np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1))
        corner = origin_m + np.column_stack((columns.ravel(), rows.ravel())) * cell_m
        west, south = (corner - slack_m).T
        east, north = (corner + cell_m + slack_m).T
        boxes = shapely.box(west, south, east, north)
        touched = shapely.intersects(areas[position], boxes)
        whole = shapely.contains_properly(areas[position], boxes[touched])
        cells.append((rows.ravel() * _CELLS_PER_SIDE + columns.ravel())[touched])
        reached.append(np.full(int(touched.sum()), position))
        inside.append(whole)
    return (
        np.concatenate(cells).astype(np.int64),
        np.concatenate(reached).astype(np.int64),
        np.concatenate(inside),
    )
