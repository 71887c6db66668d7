"""A query applied to published records: the same filters for every layer."""

from __future__ import annotations

from itertools import chain

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import box

from geo.crs import geometries_to_metres
from geo.errors import InvalidValue
from layers.location import OUTSIDE_NAME
from layers.query import OUTSIDE, LayerQuery
from layers.schema import LIST_SEPARATOR
from layers.spec import LayerSpec

BBOX_EDGE_POINTS = 32


def apply(spec: LayerSpec, query: LayerQuery, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The records that the query asks for, with their ``in_period`` ("in" or "possibly")."""
    membership = _membership(spec, query, frame)
    keep = membership != "out"
    if query.npas:
        keep &= frame["npa_code"].isin(query.npas).to_numpy() | (
            (frame["npa_name"] == OUTSIDE_NAME).to_numpy() & (OUTSIDE in query.npas)
        )
    if query.types and spec.type_column in frame:
        wanted = (spec.type_groups.get(value, (value,)) for value in query.types)
        keep &= _holds_any(frame[spec.type_column], tuple(chain.from_iterable(wanted)))
    for parameter in spec.own:
        values = query.own_values(parameter.name)
        if parameter.column and values and parameter.column in frame:
            keep &= _holds_any(frame[parameter.column], values)
    if query.bbox and not spec.box_by_cells:
        keep &= frame.geometry.intersects(bbox_area(query)).to_numpy()
    return frame.assign(in_period=membership)[keep]


def bbox_area(query: LayerQuery) -> shapely.Geometry:
    """The box of a query in EPSG:27700, its edges following the lines of longitude and latitude.

    Raises:
        InvalidValue: the query has none.
    """
    if query.bbox is None:
        raise InvalidValue("A query with a bbox is needed; given one without.")
    area = box(query.bbox.west, query.bbox.south, query.bbox.east, query.bbox.north)
    edge = max(query.bbox.east - query.bbox.west, query.bbox.north - query.bbox.south)
    metric: shapely.Geometry = geometries_to_metres([area.segmentize(edge / BBOX_EDGE_POINTS)])[0]
    return metric


def _holds_any(column: pd.Series, values: tuple[str, ...]) -> np.ndarray:
    if not column.astype(str).str.contains(LIST_SEPARATOR, regex=False).any():
        return column.isin(values).to_numpy()
    wanted = set(values)
    return np.array([not wanted.isdisjoint(cell.split(LIST_SEPARATOR)) for cell in column], bool)


def _membership(spec: LayerSpec, query: LayerQuery, frame: gpd.GeoDataFrame) -> np.ndarray:
    """In, possibly in or out of the period or day, by the known bounds of each record."""
    result = np.full(len(frame), "in", dtype=object)
    if "date_from" not in frame:
        return result
    if query.as_of:
        first = last = pd.Timestamp(query.as_of)
    elif query.period:
        first, last = (pd.Timestamp(query.period.date_from), pd.Timestamp(query.period.date_to))
    else:
        return result
    begins, ends = frame["date_from"], frame["date_to"]
    if spec.time == "dated":
        result[~((begins >= first) & (ends <= last)).to_numpy()] = "possibly"
        result[((begins > last) | (ends < first)).to_numpy()] = "out"
        return result
    surely = (frame["sure_from"].isna() | (frame["sure_from"] <= last)) & (
        frame["sure_to"].isna() | (frame["sure_to"] >= first)
    )
    result[~surely.to_numpy()] = "possibly"
    result[((begins > last) | (ends < first)).to_numpy()] = "out"
    return result
