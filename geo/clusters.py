"""Clusters: significant cells that touch, told as one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.errors import InvalidValue
from geo.neighbours import Neighbours

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Cells that touch and are all hot, or all cold.

    ``cells`` are their numbers, ``peak`` that of the strongest, ``total`` their values together.
    """

    hot: bool
    cells: tuple[int, ...]
    peak: int
    total: float


@dataclass(frozen=True, slots=True)
class Near:
    """A place by its number, and how far away it is in metres."""

    place: int
    distance_m: float


def clusters_of(
    classes: IntArray, z: npt.ArrayLike, values: npt.ArrayLike, touching: Neighbours, least: int
) -> tuple[Cluster, ...]:
    """The clusters of cells whose class is at least so strong, those with most cells first.

    Args:
        classes: above 0 for hot cells, below for cold ones, the stronger the farther from 0.
        z: the score of each cell, by which the peak is found.
        values: what each cell holds.
        touching: which cells touch.
        least: how strong a class has to be, 1 or more.

    Raises:
        InvalidValue: not one of each for every cell, or a class below 1 is asked for.
    """
    score, value = np.asarray(z, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if least < 1 or {len(classes), len(score), len(value)} != {touching.size}:
        raise InvalidValue(
            f"A class from 1 on, and a class, a score and a value for each of {touching.size} "
            f"cells are needed; given {least}, {len(classes)}, {len(score)} and {len(value)}."
        )
    found = [
        _cluster(hot, members, score, value)
        for hot in (True, False)
        for members in _groups(
            np.flatnonzero(classes >= least if hot else classes <= -least), touching
        )
    ]
    return tuple(sorted(found, key=lambda each: (not each.hot, -len(each.cells), each.cells)))


def nearest_places(
    clusters: Sequence[Cluster], cells_m: npt.ArrayLike, places_m: npt.ArrayLike
) -> tuple[Near, ...]:
    """The place by which each cluster can be named: the nearest to the centre of its peak.

    Args:
        clusters: by the numbers of their cells.
        cells_m: easting and northing of the centre of each cell, an ``(n, 2)`` array.
        places_m: the same of each place that has a name.

    Raises:
        InvalidValue: no place, or one without a position.
    """
    cells, places = (
        np.asarray(each, dtype=np.float64).reshape(-1, 2) for each in (cells_m, places_m)
    )
    if not len(places) or not np.isfinite(places).all():
        raise InvalidValue("Named places with a position each are needed; leave out those without.")
    peaks = cells[[each.peak for each in clusters]].reshape(-1, 2)
    distance, nearest = cKDTree(places).query(peaks)
    return tuple(
        Near(int(place), float(away_m)) for place, away_m in zip(nearest, distance, strict=True)
    )


def _groups(chosen: IntArray, touching: Neighbours) -> list[IntArray]:
    if not len(chosen):
        return []
    number, label = connected_components(touching.matrix[chosen][:, chosen], directed=False)
    return [chosen[label == group] for group in range(number)]


def _cluster(
    hot: bool, members: IntArray, score: npt.NDArray[np.float64], value: npt.NDArray[np.float64]
) -> Cluster:
    strongest = members[np.argmax(score[members] if hot else -score[members])]
    cells = tuple(members.tolist())
    return Cluster(hot, cells, int(strongest), float(value[members].sum()))
