"""In which order to go round a few places, and about how long the way takes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, permutations
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.errors import InvalidValue

ROUTE_FACTOR: Final = 1.3
"""How much longer a road is than the straight line, about."""
SPEED_KMH: Final = 40.0
MOST_PLACES: Final = 8


@dataclass(frozen=True, slots=True)
class Route:
    """Places by number in the order of going, and the straight lines between them in metres."""

    order: tuple[int, ...]
    length_m: float

    def minutes(self, route_factor: float = ROUTE_FACTOR, speed_kmh: float = SPEED_KMH) -> float:
        """An estimate of the travel: straight lines, made longer by a factor, at one speed."""
        return self.length_m * route_factor / (speed_kmh * 1000 / 60)


def shortest_route(points_m: npt.ArrayLike) -> Route:
    """The shortest way through all points, from any to any, in straight lines.

    All orders are tried. Of equal ones, and of the two directions, the earlier numbers come first.

    Args:
        points_m: eastings and northings in EPSG:27700, as an ``(n, 2)`` array.

    >>> shortest_route([[0, 0], [5000, 0], [1000, 0]])
    Route(order=(0, 2, 1), length_m=5000.0)

    Raises:
        InvalidValue: more than ``MOST_PLACES`` points, or none.
    """
    points = np.asarray(points_m, dtype=float).reshape(-1, 2)
    if not 1 <= len(points) <= MOST_PLACES:
        raise InvalidValue(
            f"A route needs 1 to {MOST_PLACES} places; given {len(points)}. Plan another day."
        )
    apart_m = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1))
    lengths = {
        order: float(sum(apart_m[pair] for pair in pairwise(order)))
        for order in permutations(range(len(points)))
    }
    best = min(lengths, key=lambda order: (round(lengths[order], 6), order))
    return Route(best, lengths[best])
