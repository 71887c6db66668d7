"""Rows of coverage as a view, with the query and the words of their account."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.crs import BRITISH_NATIONAL_GRID
from layers.query import LayerQuery
from layers.spec import LayerSpec, Legend
from layers.view import Counts, View
from server.estate.coverage import words
from server.estate.coverage.account import CoverageAccount


def view_for(
    spec: LayerSpec, account: CoverageAccount, records: gpd.GeoDataFrame, legend: Legend
) -> View:
    """Rows with geometry in EPSG:27700 as a view of what the account was asked."""
    asked = account.asked
    own: dict[str, tuple[str, ...]] = {}
    for name, value in asked.params():
        if name != "as_of":
            own[name] = (*own.get(name, ()), value)
    return View(
        layer=spec,
        query=LayerQuery(spec.id, asked.audience, as_of=asked.as_of, own=tuple(own.items())),
        audience=asked.audience,
        records=records,
        columns=spec.columns,
        counts=Counts(len(records), 0, 0, 0),
        by_npa=pd.DataFrame(),
        legend=legend,
        caption=words.sentences(account),
    )


def placed(frame: pd.DataFrame, points_m: npt.NDArray[np.float64]) -> gpd.GeoDataFrame:
    """Rows at points in EPSG:27700, a row of eastings and northings each."""
    points = gpd.points_from_xy(points_m[:, 0], points_m[:, 1])
    return gpd.GeoDataFrame(frame, geometry=points, crs=BRITISH_NATIONAL_GRID)
