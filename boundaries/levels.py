"""Outlines simplified to the zoom at which they are drawn, neighbours keeping their shared edge."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from boundaries.sets import BoundarySet
from geo.partition import generalise

GENERAL_TO_ZOOM: Final = 9
TOLERANCES_M: Final = ((11, 50.0), (13, 12.0))
"""Up to each zoom, how small a bend is kept: about a pixel of a map of Great Britain."""


def level_of(zoom: int) -> int:
    """The last zoom that is drawn from the same outlines as this one.

    >>> [level_of(zoom) for zoom in (7, 9, 10, 12, 14, 18)]
    [9, 9, 11, 13, 99, 99]
    """
    if zoom <= GENERAL_TO_ZOOM:
        return GENERAL_TO_ZOOM
    return next((last for last, _ in TOLERANCES_M if zoom <= last), 99)


def outlines_at(areas: BoundarySet, level: int) -> npt.NDArray[Any]:
    """The outlines of every row of a set for a level of `level_of`, in EPSG:27700.

    The most general are those that a set brings for display; the closest are its best. Areas that
    are in force together are simplified together, so that no gap opens between them.
    """
    if level <= GENERAL_TO_ZOOM:
        return np.array(areas.display.geometry, dtype=object)
    outlines = np.array(areas.frame.geometry, dtype=object)
    tolerance_m = dict(TOLERANCES_M).get(level)
    if tolerance_m is None:
        return outlines
    if len(areas.eras) == 1:
        return generalise(outlines, tolerance_m)
    return _generalised_as_pieces(outlines, tolerance_m)


def _generalised_as_pieces(outlines: npt.NDArray[Any], tolerance_m: float) -> npt.NDArray[Any]:
    """Areas of several eras, which overlap, generalised as the pieces that they cut out together.

    An area that outlives its neighbours then has one outline that fits the old and the new ones.
    """
    lines = shapely.get_parts(shapely.union_all(shapely.boundary(outlines)))
    faces = shapely.get_parts(shapely.polygonize(lines))
    tree = shapely.STRtree(shapely.point_on_surface(faces))
    row, face = tree.query(outlines, predicate="contains")
    holds = np.zeros((len(faces), len(outlines)), dtype=bool)
    holds[face, row] = True
    ours = holds.any(axis=1)
    kinds, kind_of = np.unique(holds[ours], axis=0, return_inverse=True)
    pieces = [shapely.union_all(faces[ours][kind_of.ravel() == n]) for n in range(len(kinds))]
    simple = generalise(pieces, tolerance_m)
    return np.array([shapely.union_all(simple[mask]) for mask in kinds.T], dtype=object)
