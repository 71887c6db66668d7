"""Which wards are the same place as a town or village: a plan may visit the one or the other.

The ground has no outlines of wards, so names tell, together with the distance between the point of
the town or village and the centre of the ward.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from boundaries.ground import Ground

SAME_PLACE_M: Final = 300.0
SAME_NAME_M: Final = 5000.0
SAME_BEGINNING_M: Final = 2500.0
_WORD: Final = re.compile(r"[^\W_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\W_]+)?")

BoolArray = npt.NDArray[np.bool_]


def same_place(place: str, ward: str, apart_m: float) -> bool:
    """Whether a ward is the place itself, a part of it, or an area named for it.

    It is where their points are as good as one, where one name stands whole in the other nearby,
    and where both names begin with the same word nearer still.

    >>> same_place("Great Mill", "Little Ford & Great Mill", 2500)
    True
    >>> same_place("Mill-on-the-Hill", "Mill East", 1200), same_place("Mill", "Millfield", 1200)
    (True, False)
    >>> same_place("Great Mill", "Great Ford", 4000), same_place("Mill", "Ford", 200)
    (False, True)
    """
    if apart_m <= SAME_PLACE_M:
        return True
    mine, other = _words(place), _words(ward)
    if apart_m <= SAME_NAME_M and (_holds(other, mine) or _holds(mine, other)):
        return True
    return apart_m <= SAME_BEGINNING_M and mine[:1] == other[:1]


def same_places(ground: Ground) -> BoolArray:
    """For each settlement of the ground (rows) which of its wards (columns) are the same place."""
    places, wards = ground.settlements, ground.wards
    apart_m = np.hypot(
        places["easting_m"].to_numpy()[:, None] - wards["easting_m"].to_numpy(),
        places["northing_m"].to_numpy()[:, None] - wards["northing_m"].to_numpy(),
    )
    found = np.zeros(apart_m.shape, dtype=bool)
    for row, column in np.argwhere(apart_m <= SAME_NAME_M):
        place, ward = places["name"].iloc[row], wards["name"].iloc[column]
        found[row, column] = same_place(place, ward, float(apart_m[row, column]))
    return found


def _words(name: str) -> Sequence[str]:
    return _WORD.findall(name.casefold())


def _holds(words: Sequence[str], some: Sequence[str]) -> bool:
    return any(words[at : at + len(some)] == some for at in range(len(words) - len(some) + 1))
