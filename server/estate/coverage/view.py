"""Rows of coverage as a view, with the query and the words of their account."""

from __future__ import annotations

from collections.abc import Sequence

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
    own = grouped([pair for pair in asked.params() if pair[0] != "as_of"])
    return View(
        layer=spec,
        query=LayerQuery(spec.id, asked.audience, as_of=asked.as_of, own=own),
        audience=asked.audience,
        records=records,
        columns=spec.columns,
        counts=Counts(len(records), 0, 0, 0),
        by_npa=pd.DataFrame(),
        legend=legend,
        caption=words.sentences(account),
    )


def grouped(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Address parameters by name, each with all its values.

    >>> grouped([("minutes", "10"), ("minutes", "20")])
    (('minutes', ('10', '20')),)
    """
    values: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        values[name] = (*values.get(name, ()), value)
    return tuple(values.items())


def placed(frame: pd.DataFrame, points_m: npt.NDArray[np.float64]) -> gpd.GeoDataFrame:
    """Rows at points in EPSG:27700, a row of eastings and northings each."""
    points = gpd.points_from_xy(points_m[:, 0], points_m[:, 1])
    return gpd.GeoDataFrame(frame, geometry=points, crs=BRITISH_NATIONAL_GRID)


def whole_metres(metres: npt.NDArray[np.float64]) -> pd.Series:
    """Metres rounded up, so that what is within a whole threshold stays within it."""
    return pd.Series(np.where(np.isfinite(metres), np.ceil(metres), np.nan)).astype("Int64")
