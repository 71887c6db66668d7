"""The list of land and buildings that councils publish by the local government transparency code.

Each has its unique property reference number (UPRN), an asset id, its place on the British National
Grid, tenure and purpose. What is not known is left blank.
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd

from layers.site_days import UNKNOWN

COLUMNS: Final = (
    *("uprn", "asset_id", "name", "address", "postcode", "easting", "northing"),
    *("tenure", "purpose", "status", "as_of"),
)


def land_list(sites: gpd.GeoDataFrame, as_of: str) -> pd.DataFrame:
    """The sites of a day in the columns of the list, in order of asset id and site.

    Args:
        sites: the estate on a day, geometry in EPSG:27700; its site id stands where no asset id is.
        as_of: the day, which every row names.
    """
    missing = sites.geometry.isna() | sites.geometry.is_empty
    table = pd.DataFrame(
        {
            "uprn": sites["uprn"],
            "asset_id": sites["asset_id"].where(sites["asset_id"] != "", sites["site_id"]),
            "name": sites["name"],
            "address": sites["address"],
            "postcode": sites["postcode"],
            "easting": sites.geometry.x.round().astype("Int64").mask(missing),
            "northing": sites.geometry.y.round().astype("Int64").mask(missing),
            "tenure": sites["tenure"].where(sites["tenure"] != UNKNOWN, ""),
            "purpose": sites["purpose"],
            "status": sites["status"].where(sites["status"] != UNKNOWN, ""),
            "as_of": as_of,
        },
        columns=list(COLUMNS),
    )
    return table.sort_values(["asset_id", "name"], kind="stable").reset_index(drop=True)
