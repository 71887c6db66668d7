"""Small areas (LSOA) of 2011 and 2021 told apart, and which of 2021 each record lies in.

Publishers moved from the areas of 2011 to those of 2021 in the midst of their series. Most areas
are the same in both. A merged one has one successor; one that was split has several, of which a
record is taken to lie in the one whose point is nearest to it: that is approximate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from boundaries.ground import Ground
from boundaries.shipped_files import table

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NONE: Final = -1
"""The position of a record that states no small area."""
ELSEWHERE: Final = -2
"""That of one whose area is not of this force, or was split and the record has no position."""


@dataclass(frozen=True, slots=True, eq=False)
class LsoaVintages:
    """The small areas of 2021 of a force in the order of their codes, and who became which.

    ``successors`` gives for every code, of 2011 or 2021, the positions of its areas of 2021.
    ``points_m`` are in EPSG:27700. ``digest`` changes whenever what a position means may.
    """

    codes: tuple[str, ...]
    points_m: FloatArray
    successors: Mapping[str, tuple[int, ...]]
    digest: str

    def areas_of(
        self, stated: pd.Categorical, easting_m: FloatArray, northing_m: FloatArray
    ) -> IntArray:
        """The position of the area of 2021 in which each record lies; `NONE`, `ELSEWHERE`.

        Args:
            stated: the code that each record states, of either vintage; empty: none.
            easting_m: metres east in EPSG:27700, of use where an area was split.
            northing_m: metres north in EPSG:27700.
        """
        found = [self.successors.get(str(code), ()) for code in stated.categories]
        single = [
            areas[0] if len(areas) == 1 else ELSEWHERE if code else NONE
            for code, areas in zip(stated.categories, found, strict=True)
        ]
        first = np.array([*single, NONE], dtype=np.int64)
        distinct = np.asarray(stated.codes)
        area: IntArray = first[distinct]
        for number in (n for n, areas in enumerate(found) if len(areas) > 1):
            rows = np.flatnonzero((distinct == number) & np.isfinite(easting_m))
            if not len(rows):
                continue
            parts = np.array(found[number])
            _, nearest = cKDTree(self.points_m[parts]).query(
                np.column_stack((easting_m[rows], northing_m[rows]))
            )
            area[rows] = parts[nearest]
        return area


@lru_cache(maxsize=4)
def lsoa_vintages(ground: Ground) -> LsoaVintages:
    """The vintages of the small areas of a ground; there may be none."""
    areas = ground.small_areas["2021"].sort_values("code")
    codes = tuple(areas["code"])
    position = {code: number for number, code in enumerate(codes)}
    successors: dict[str, tuple[int, ...]] = {code: (number,) for code, number in position.items()}
    changes = table("lsoa_2011_2021")
    for old, parts in changes.groupby("lsoa11_code")["lsoa21_code"]:
        ours = tuple(sorted(position[code] for code in parts if code in position))
        if ours and old not in position:
            successors[str(old)] = ours
    points_m = areas[["easting_m", "northing_m"]].to_numpy(dtype=np.float64)
    meaning = repr((codes, points_m.tolist(), sorted(successors.items()))).encode()
    digest = hashlib.blake2b(meaning, digest_size=4).hexdigest()
    return LsoaVintages(codes, points_m, MappingProxyType(successors), digest)
