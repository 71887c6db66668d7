"""The ward of a point, as far as ward centres tell it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from boundaries.ground import Ground


def nearest_ward(
    ground: Ground, x_m: npt.NDArray[np.float64], y_m: npt.NDArray[np.float64]
) -> npt.NDArray[np.object_]:
    """Code of the ward whose centre is nearest to each point within its district.

    That is approximate, as the outlines of wards are not held.

    Args:
        ground: has the wards and districts.
        x_m: metres east in EPSG:27700.
        y_m: metres north in EPSG:27700.

    Returns:
        Codes; empty for a point outside every district, or in one without a ward.
    """
    found = np.full(len(x_m), "", dtype=object)
    districts = ground.district_at(x_m, y_m)
    for code in ground.districts.codes:
        here = districts == code
        wards = ground.wards[ground.wards["district_code"] == code]
        if here.any() and len(wards):
            tree = cKDTree(wards[["easting_m", "northing_m"]])
            _, nearest = tree.query(np.column_stack((x_m[here], y_m[here])))
            found[here] = wards["code"].to_numpy()[nearest]
    return found
