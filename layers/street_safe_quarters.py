"""Street Safe reports as the public has them: counts by quarter and NPA, some withheld."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from boundaries.ground import Ground
from geo.disclosure import DEFAULT_THRESHOLD
from layers.classes import NO_FIGURE, count_classes
from layers.location import empty_points
from layers.spec import Legend, StyleClass
from layers.view import SideTable

_WITHHELD: Final = "#3D3D3D"


def legend_of_counts(shown: gpd.GeoDataFrame) -> Legend:
    """Classes of the quarters that lie in the period or, where none does, of those that reach in.

    What is not published at all is told apart from what is withheld.
    """
    title = "Street Safe reports by NPA"
    if shown.empty:
        unpublished = StyleClass("Not published: not zero", _WITHHELD, "hatched", NO_FIGURE)
        return Legend(title, "reports", (unpublished,), "An empty map here does not mean zero.")
    whole = shown["quarters_in_period"] > 0
    counted = "reports" if whole.any() else "reports_possibly"
    mixed = whole.any() and not whole.all()
    label = "Withheld, or of a quarter that reaches beyond the period" if mixed else "Withheld"
    return Legend(
        title if whole.any() else f"{title}, in quarters that reach beyond the period",
        counted,
        (
            *count_classes(shown[counted].dropna()),
            StyleClass(label, _WITHHELD, "hatched", NO_FIGURE),
        ),
        f"Counts below {DEFAULT_THRESHOLD}, and those that would give one away, are withheld.",
    )


def by_npa(quarters: gpd.GeoDataFrame, ground: Ground) -> gpd.GeoDataFrame:
    """The quarters of each NPA summed, drawn as its outline."""
    outlines = dict(zip(ground.npas.display["code"], ground.npas.display.geometry, strict=True))
    rows = []
    for (code, name), part in quarters.groupby(["npa_code", "npa_name"], sort=True):
        rows.append(
            {
                "npa_code": code,
                "npa_name": name,
                "date_from": part["date_from"].min(),
                "date_to": part["date_to"].max(),
                "reports": _least(part[part["in_period"] == "in"]),
                "reports_possibly": _least(part[part["in_period"] == "possibly"]),
                "quarters_withheld": f"{part['withheld'].sum()} of {len(part)}",
                "quarters_in_period": int((part["in_period"] == "in").sum()),
                "geometry": outlines.get(code),
            }
        )
    if not rows:
        return quarters.assign(quarters_withheld=[], quarters_in_period=[])
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=empty_points(0).crs)
    whole = frame.astype({"reports": "Int64", "reports_possibly": "Int64"})
    partly = (quarters["in_period"] == "possibly").any()
    return whole if partly else whole.drop(columns="reports_possibly")


def _least(quarters: pd.DataFrame) -> object:
    """The published figures together; none where there are none."""
    published = quarters["reports"].dropna()
    return pd.NA if published.empty else int(published.sum())


def quarter_table(quarters: gpd.GeoDataFrame, ground: Ground) -> SideTable:
    """The published quarters themselves, a row an NPA."""
    periods = pd.PeriodIndex(quarters["date_from"], freq="Q")
    labels = np.array([f"{period.start_time:%b} to {period.end_time:%b %Y}" for period in periods])
    columns = list(dict.fromkeys(labels[np.argsort(periods.asi8, kind="stable")]))
    figures = ["withheld" if pd.isna(value) else f"{value:,}" for value in quarters["reports"]]
    named = [
        ground.npa_label(code) if code else name
        for code, name in zip(quarters["npa_code"], quarters["npa_name"], strict=True)
    ]
    cells = dict(zip(zip(named, labels, strict=True), figures, strict=True))
    names = list(dict.fromkeys(named))
    return SideTable(
        "Street Safe reports by Neighbourhood Policing Area (NPA) and quarter",
        ("Neighbourhood Policing Area", *columns),
        tuple((name, *(cells.get((name, column), "") for column in columns)) for name in names),
    )
