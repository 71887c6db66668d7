"""A query applied to published records: the same filters for every layer."""

from __future__ import annotations

from itertools import chain
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.location import OUTSIDE_NAME
from layers.query import OUTSIDE, LayerQuery
from layers.schema import LIST_SEPARATOR
from layers.spec import LayerSpec

MEMBERSHIP: Final = ("in", "possibly", "out")
"""How a record lies to a period or a day, by the known bounds of its dates."""


def apply(spec: LayerSpec, query: LayerQuery, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The records that the query asks for, with their ``in_period`` ("in" or "possibly")."""
    membership = _membership(spec, query, frame)
    keep = np.asarray(membership != "out")
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
    if not spec.box_by_cells:
        for cut in query.cuts:
            keep &= frame.geometry.intersects(cut.polygon_m()).to_numpy()
    return frame.assign(in_period=membership)[keep]


def _holds_any(column: pd.Series, values: tuple[str, ...]) -> np.ndarray:
    """Which cells hold one of the values; each distinct text is read once."""
    codes, texts = pd.factorize(column)
    wanted = set(values)
    holds = [not wanted.isdisjoint(str(text).split(LIST_SEPARATOR)) for text in texts]
    return np.array([*holds, False], dtype=bool)[codes]


def _membership(spec: LayerSpec, query: LayerQuery, frame: pd.DataFrame) -> pd.Categorical[str]:
    """In, possibly in or out of the period or day."""
    lies = np.zeros(len(frame), dtype=np.int8)
    if "date_from" in frame and (query.as_of or query.period):
        first = last = np.datetime64(query.as_of or 0, "s")
        if query.period and not query.as_of:
            first = np.datetime64(query.period.date_from, "s")
            last = np.datetime64(query.period.date_to, "s")
        begins, ends = _days(frame["date_from"]), _days(frame["date_to"])
        if spec.time == "dated":
            surely = (begins >= first) & (ends <= last)
        else:
            sure_from, sure_to = _days(frame["sure_from"]), _days(frame["sure_to"])
            surely = (np.isnat(sure_from) | (sure_from <= last)) & (
                np.isnat(sure_to) | (sure_to >= first)
            )
        lies[~surely] = MEMBERSHIP.index("possibly")
        lies[(begins > last) | (ends < first)] = MEMBERSHIP.index("out")
    return pd.Categorical.from_codes(lies, pd.Index(MEMBERSHIP))


def _days(column: pd.Series) -> npt.NDArray[np.datetime64]:
    return column.to_numpy(dtype="datetime64[s]")
