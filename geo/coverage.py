"""How near people are to places: straight-line distances, and who is within one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from geo.errors import InvalidValue

FloatArray = npt.NDArray[np.float64]


def nearest_m(people_m: npt.ArrayLike, places_m: npt.ArrayLike) -> FloatArray:
    """The straight-line distance in metres from each point to the nearest place.

    Args:
        people_m: eastings and northings in EPSG:27700, as an ``(n, 2)`` array.
        places_m: the same of the places; where there is none, every distance is infinite.

    >>> nearest_m([[0, 0], [3, 4]], [[0, 0], [30, 0]]).tolist()
    [0.0, 5.0]

    Raises:
        InvalidValue: not pairs of finite coordinates.
    """
    people, places = _pairs(people_m), _pairs(places_m)
    if not len(places):
        return np.full(len(people), np.inf)
    distance_m, _ = cKDTree(places).query(people)
    return np.asarray(distance_m, dtype=np.float64)


def _pairs(points_m: npt.ArrayLike) -> FloatArray:
    points = np.asarray(points_m, dtype=np.float64)
    if points.size == 0:
        return points.reshape(0, 2)
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise InvalidValue(
            "Points are needed as pairs of finite eastings and northings in metres; given the "
            f"shape {points.shape}. Leave out what has no position."
        )
    return points
