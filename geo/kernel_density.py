"""Kernel density: points spread out over the ground around them, none of them lost at the edge.

Each point is spread over the cells within a bandwidth by the quartic kernel (Silverman 1986, Bailey
and Gatrell 1995), which falls from the point to nothing at the bandwidth. What would fall outside
the area is given back to the cells inside, so that all cells add up to the points. Were it given
back point by point alone, the outermost cells would still seem emptier than they are, and those
behind them fuller. So the kernel between cells is first scaled on both sides (Sinkhorn and Knopp
1967) until ground that is even comes out even; the scale of a cell says how much it lacks around
it. A cell counts by its ground in the area, and one that is cut by the edge seems no denser for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from geo.errors import InvalidValue

FloatArray = npt.NDArray[np.float64]

EVEN: Final = 1e-6
ROUNDS: Final = 200


@dataclass(frozen=True, slots=True, eq=False)
class KernelDensity:
    """Points of each cell after they are spread, and the same by square kilometre of its ground.

    ``outside`` is the weight of points that have no cell within the bandwidth.
    """

    bandwidth_m: float
    points: FloatArray
    per_km2: FloatArray
    outside: float


def kernel_density(
    points_m: npt.ArrayLike,
    cells_m: npt.ArrayLike,
    cell_area_m2: npt.ArrayLike,
    bandwidth_m: float,
    weights: npt.ArrayLike | None = None,
) -> KernelDensity:
    """Spread points over cells.

    Args:
        points_m: easting and northing of each point in EPSG:27700, an ``(n, 2)`` array.
        cells_m: the centres of the cells of the area, the same way.
        cell_area_m2: the ground of each cell in the area, or one size for all.
        bandwidth_m: how far a point reaches.
        weights: how many points stand at each; 1 unless given.

    >>> found = kernel_density([(0, 0)], [(0, 0), (1000, 0)], 1_000_000, 2000)
    >>> found.points.round(2).tolist(), float(found.points.sum())
    ([0.64, 0.36], 1.0)

    Raises:
        InvalidValue: a position or weight is missing, a weight is below 0, or a bandwidth or the
            ground of a cell is not above 0.
    """
    points, cells = _positions(points_m), _positions(cells_m)
    weight = np.ones(len(points)) if weights is None else np.asarray(weights, dtype=np.float64)
    if weight.shape != (len(points),) or not (np.isfinite(weight) & (weight >= 0)).all():
        raise InvalidValue(f"A weight of 0 or more is needed for each of {len(points)} points.")
    ground = _ground(cell_area_m2, len(cells))
    if not (math.isfinite(bandwidth_m) and bandwidth_m > 0):
        raise InvalidValue(f"A bandwidth above 0 metres is needed; given {bandwidth_m!r}.")
    scale = _even_scale(_quartic(cells, cells, bandwidth_m), ground)
    kernel = _quartic(points, cells, bandwidth_m)
    inside = np.asarray(kernel @ (scale * ground))
    reached = inside > 0
    share = np.divide(weight, inside, out=np.zeros(len(points)), where=reached)
    spread = np.asarray(kernel.T @ share) * scale * ground
    per_km2 = spread / (ground / 1e6)
    for array in (spread, per_km2):
        array.setflags(write=False)
    return KernelDensity(bandwidth_m, spread, per_km2, float(weight[~reached].sum()))


def _even_scale(kernel: csr_array, ground: FloatArray) -> FloatArray:
    """The scale of each cell by which even ground stays even, to a part in a million or so."""
    scale: FloatArray = np.asarray(1 / np.sqrt(np.asarray(kernel @ ground)))
    for _ in range(ROUNDS):
        total = scale * np.asarray(kernel @ (scale * ground))
        scale = np.asarray(scale / np.sqrt(total))
        if np.abs(total - 1).max(initial=0) < EVEN:
            break
    return scale


def _quartic(points: FloatArray, cells: FloatArray, bandwidth_m: float) -> csr_array:
    """The kernel of each point at each cell, not yet scaled."""
    shape = (len(points), len(cells))
    if not all(shape):
        return csr_array(shape, dtype=np.float64)
    near = cKDTree(points).sparse_distance_matrix(
        cKDTree(cells), bandwidth_m, output_type="ndarray"
    )
    value = (1 - (near["v"] / bandwidth_m) ** 2) ** 2
    return csr_array((value, (near["i"], near["j"])), shape=shape)


def _ground(area_m2: npt.ArrayLike, cells: int) -> FloatArray:
    area = np.asarray(area_m2, dtype=np.float64)
    if area.shape not in ((), (cells,)) or not (np.isfinite(area) & (area > 0)).all():
        raise InvalidValue(
            f"Ground above 0 square metres is needed for each of {cells} cells, or one for all."
        )
    return np.broadcast_to(area, (cells,))


def _positions(places_m: npt.ArrayLike) -> FloatArray:
    places = np.asarray(places_m, dtype=np.float64).reshape(-1, 2)
    if not np.isfinite(places).all():
        raise InvalidValue("Every point and cell needs a position; leave out those without one.")
    return places
