"""Whether cells are finer than anonymised points can bear.

Open crime data puts each record on the nearest of a list of map points, most of them the middle of
a street. Where a record happened is therefore known to about the distance between such points, and
a cell so small that the next map point lies in another one shows where the points are, not where
crime is. Tompson and others (2015) found such data usable for small areas and poor below them.

The measure is the share of records *in doubt*: those whose next map point lies in another cell. Up
to a quarter of them can be borne. That is our rule; on two years and more of one force's records
it bears hexagons of 400 metres (24% in doubt) and warns of 300 (30%) and 250 (36%).

The list of points is revised over time, and a point then moves by some metres. Points within 20
metres of each other are therefore taken for one. The more months the points come from, the more of
the list they hold; with few months points seem to lie further apart than they do, and more is in
doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.area_cells import Grid
from geo.errors import InvalidValue
from geo.neighbours import within_band

FloatArray = npt.NDArray[np.float64]

SAME_M: Final = 20.0
"""Within this distance two map points are one that was revised."""
MOST_IN_DOUBT: Final = 0.25


@dataclass(frozen=True, slots=True)
class Fineness:
    """How cells compare with the map points that records were moved to.

    ``in_doubt`` is the share of records whose next map point lies in another cell, ``spacing_m``
    the distance to it for the middle one of all records, ``points_per_cell`` the number of map
    points in the cell of the middle one, ``alone`` the share of records in a cell of one point.
    """

    records: int
    map_points: int
    occupied_cells: int
    spacing_m: float
    points_per_cell: float
    alone: float
    in_doubt: float
    most_in_doubt: float = MOST_IN_DOUBT

    @property
    def too_fine(self) -> bool:
        """Whether a map of these cells needs a warning."""
        return self.in_doubt > self.most_in_doubt


def fineness(grid: Grid, points_m: npt.ArrayLike, records: npt.ArrayLike) -> Fineness:
    """How many records would lie in another cell if moved to the next map point.

    Args:
        grid: hexagons or squares.
        points_m: easting and northing of each map point known, of all months held; a point may be
            given more than once.
        records: how many of the records shown lie at each of them, 0 or more.

    >>> from geo.square_grid import SquareGrid
    >>> points = [(10, 10), (90, 10), (210, 10), (1010, 10)]
    >>> found = fineness(SquareGrid(100), points, [3, 1, 2, 2])
    >>> found.in_doubt, found.too_fine, found.occupied_cells, found.spacing_m
    (0.5, True, 3, 80.0)

    Raises:
        InvalidValue: fewer than two map points, one without a position, or no record.
    """
    weight: FloatArray = np.asarray(records, dtype=np.float64).ravel()
    points = np.asarray(points_m, dtype=np.float64).reshape(-1, 2)
    sound = weight.size == len(points) and bool((np.isfinite(weight) & (weight >= 0)).all())
    if not sound or weight.sum() == 0:
        raise InvalidValue(
            f"A number of records of 0 or more is needed for each of {len(points)} map points, and "
            "one record at least."
        )
    points, same = np.unique(points, axis=0, return_inverse=True)
    weight = np.bincount(same.ravel(), weight).astype(np.float64)
    given = within_band(points, SAME_M)
    number, label = connected_components(given.matrix, directed=False)
    if number < 2:
        raise InvalidValue(f"Map points more than {SAME_M:g} metres apart are needed; given one.")
    size = np.bincount(label)
    points = np.column_stack([np.bincount(label, axis) / size for axis in given.points_m.T])
    weight = np.asarray(np.bincount(label, weight), dtype=np.float64)
    distance, nearest = (each[:, 1] for each in cKDTree(points).query(points, k=2))
    cells = grid.locate(points[:, 0], points[:, 1])
    _, cell = np.unique(cells, axis=0, return_inverse=True)
    per_cell = np.bincount(cell.ravel())[cell.ravel()]
    total = weight.sum()
    return Fineness(
        records=round(float(total)),
        map_points=int(number),
        occupied_cells=len(np.unique(cell.ravel()[weight > 0])),
        spacing_m=_middle(distance, weight),
        points_per_cell=_middle(per_cell.astype(np.float64), weight),
        alone=float(weight[per_cell == 1].sum() / total),
        in_doubt=float(weight[(cells != cells[nearest]).any(axis=1)].sum() / total),
    )


def _middle(values: FloatArray, weight: FloatArray) -> float:
    """The value at which half the weight is reached."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])
