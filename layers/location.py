"""Where a record lies: its NPA from geometry, or why it has none."""

from __future__ import annotations

from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from boundaries.ground import Ground
from geo.crs import BRITISH_NATIONAL_GRID
from geo.dates import day_in_words

FloatArray = npt.NDArray[np.float64]

LATEST: Final = date(2200, 1, 1)
OUTSIDE_NAME: Final = "Outside the force area"
NO_AREA_NAME: Final = "In no NPA"
UNLOCATED_NAME: Final = "No location"


def no_npa_name(ground: Ground) -> str:
    """What is said of a place at a time before the areas existed."""
    return f"No NPA before {day_in_words(ground.force.npas_since)}"


def with_npa(frame: gpd.GeoDataFrame, ground: Ground, day: date | None = None) -> gpd.GeoDataFrame:
    """The frame with ``npa_code`` and ``npa_name`` computed from its geometry.

    Dated records lie in the NPA that was in force on their ``date_from``; with ``day``, or where
    there is no date, all lie in those of one day (by default the latest). The code is empty
    outside the force area, where no NPA was in force, and where there is no location; the name
    says which. Polygons are placed by a point within them.
    """
    points = frame.geometry.representative_point()
    dated = day is None and "date_from" in frame and "sure_from" not in frame
    days = frame["date_from"] if dated else _on(day, frame)
    return place(frame, points.x.to_numpy(), points.y.to_numpy(), days, ground)


def place(
    frame: gpd.GeoDataFrame,
    easting_m: FloatArray,
    northing_m: FloatArray,
    days: pd.Series,
    ground: Ground,
) -> gpd.GeoDataFrame:
    """As :func:`with_npa`, for coordinates in EPSG:27700 and a day for each, given beside it."""
    codes, names = placed(easting_m, northing_m, days, ground)
    return frame.assign(npa_code=codes, npa_name=names)


def placed(
    easting_m: FloatArray, northing_m: FloatArray, days: pd.Series, ground: Ground
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """The NPA code and name of each point in EPSG:27700 on its day, as :func:`with_npa` says them.

    A coordinate that is not a number stands for no location.
    """
    codes = ground.npa_at(easting_m, northing_m, days.to_numpy(dtype="datetime64[D]"))
    said = {code: ground.npa_name(code) for code in ground.npa_codes} | {"": OUTSIDE_NAME}
    numbers, distinct = pd.factorize(codes)
    names = np.array([said[code] for code in distinct], dtype=object)[numbers]
    without = codes == ""
    if without.any():
        inside = np.zeros(len(codes), dtype=bool)
        inside[without] = ground.district_at(easting_m[without], northing_m[without]) != ""
        before = (days < pd.Timestamp(ground.force.npas_since)).to_numpy()
        names[inside & before] = no_npa_name(ground)
        names[inside & ~before] = NO_AREA_NAME
        names[~np.isfinite(easting_m)] = UNLOCATED_NAME
    return codes, names


def _on(day: date | None, frame: gpd.GeoDataFrame) -> pd.Series:
    return pd.Series(pd.Timestamp(day or LATEST).as_unit("s"), index=frame.index)


def empty_points(rows: int) -> gpd.GeoSeries:
    """Absent geometries in EPSG:27700."""
    return gpd.GeoSeries([None] * rows, crs=BRITISH_NATIONAL_GRID)
