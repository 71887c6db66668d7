"""What the point of a stop stands for: a place that was visited, or no more than its district.

The one home of a rule: a stop that is known by its district alone was somewhere in it. Its point
is no place, so it reaches nobody, is near nothing, is in no ward and has no number on a map. It
counts as a stop of its Neighbourhood Policing Area (NPA) only where that is known: the file states
the NPA in which the point lies, or the whole district lies in one.
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from boundaries.ground import Ground

PLACES: Final = ("venue", "settlement", "ward")
"""What a point can stand for that is a place."""
WIDER: Final = ("district",)
"""What a point can stand for that is too wide to be one."""
UNKNOWN_NPA_NAME: Final = "NPA not known"
BY_DISTRICT: Final = "known by the district alone"
"""What is said of such a stop in a table or a list."""
_VINTAGE: Final = "2021"

Mask = npt.NDArray[np.bool_]


def by_district(stops: pd.DataFrame) -> Mask:
    """Which stops are known by their district alone; one that says nothing is where its point is.

    >>> by_district(pd.DataFrame({"location_precision": ["venue", "district", "", None]})).tolist()
    [False, True, False, False]
    """
    return np.asarray(stops["location_precision"].isin(WIDER), dtype=bool)


def at_places(stops: gpd.GeoDataFrame) -> Mask:
    """Which stops have a point that stands for a place that was visited."""
    located = ~(stops.geometry.isna() | stops.geometry.is_empty).to_numpy(dtype=bool)
    return np.asarray(located & ~by_district(stops), dtype=bool)


def places_m(stops: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    """Eastings and northings, in metres of EPSG:27700, of the places visited, a row a stop."""
    places = stops.geometry[at_places(stops)]
    return np.column_stack((places.x, places.y)).astype(np.float64).reshape(-1, 2)


def with_known_npa(stops: gpd.GeoDataFrame, ground: Ground) -> gpd.GeoDataFrame:
    """Stops that have been placed, without the NPA where the district alone does not tell it."""
    wide = by_district(stops) & (stops["npa_code"] != "").to_numpy()
    if not wide.any():
        return stops
    points = stops.geometry[wide]
    districts = ground.district_at(points.x, points.y)
    whole = _npa_of_whole(ground)
    codes = stops.loc[wide, "npa_code"].to_numpy()
    stated = stops.loc[wide, "stated_npa"].to_numpy() == codes
    within = np.array([whole.get(each, "") for each in districts], dtype=object) == codes
    unknown = wide.copy()
    unknown[wide] = ~(stated | within)
    return stops.assign(
        npa_code=np.where(unknown, "", stops["npa_code"]),
        npa_name=np.where(unknown, UNKNOWN_NPA_NAME, stops["npa_name"]),
    )


def sentence(stops: int) -> str:
    """How many stops are counted without a place, and why; empty where there is none."""
    if not stops:
        return ""
    if stops == 1:
        return (
            "1 of these stops is known by its district alone, not by a place: it counts in its NPA "
            "where that is known, but in no ward and not as a place visited."
        )
    return (
        f"{stops:,} of these stops are known by their district alone, not by a place: they count "
        "in their NPAs where those are known, but in no ward and not as places visited."
    )


def _npa_of_whole(ground: Ground) -> dict[str, str]:
    """The NPA of each district all of whose small areas lie in one."""
    small = ground.small_areas[_VINTAGE]
    codes = pd.Series(ground.npas.latest_code_at(small["easting_m"], small["northing_m"]))
    grouped = codes.groupby(small["district_code"].to_numpy())
    return {str(name): found.iloc[0] for name, found in grouped if found.nunique() == 1}
