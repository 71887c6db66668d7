"""Hot and cold cells as a view, for the map, its picture and exports."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.cell_hotspots import CellHotSpots
from geo.crs import BRITISH_NATIONAL_GRID
from geo.hotspots import RATES
from layers.audience import Audience
from layers.query import LayerQuery
from layers.schema import Field
from layers.spec import LayerSpec, Legend, StyleClass
from layers.view import Counts, View
from server.crime.hot_spots import HotSpotsAccount
from server.crime.hot_spots_words import label_of, sentences

SPEC: Final = LayerSpec(
    id="hot_spots",
    page="crime",
    title="Hot and cold cells of recorded crime",
    singular="cell",
    plural="cells",
    summary="Hexagons that with those around them hold more, or less, than chance gives.",
    schemas=(),
    columns=(
        Field("cell_id", "Cell", "code", computed=True),
        Field("standing", "How it stands", "choice", computed=True),
        Field("records", "Records", "integer", computed=True),
        Field("inside_percent", "Part in the force area (%)", "number", computed=True),
        Field("score", "Gi* (standard deviations)", "number", computed=True),
        Field("p_value", "p-value by permutation", "number", computed=True),
        Field("adjusted_p", "Lowest false discovery rate", "number", computed=True),
    ),
    popup=("cell_id", "standing", "records", "score", "adjusted_p"),
    time="standing",
    weight="records",
)
HOT: Final = {0.01: "#6B0F12", 0.05: "#D4351C", 0.1: "#F4A58A"}
COLD: Final = StyleClass("Cold", "#12436D", "hatched", "cold")


def view_of(account: HotSpotsAccount) -> View:
    """The cells that are hot or cold at the rate that was asked for."""
    query = LayerQuery(
        SPEC.id,
        Audience.PUBLIC,
        own=tuple((name, (value,)) for name, value in account.asked.params()),
    )
    records = _records(account.found, account.asked.rate)
    return View(
        layer=SPEC,
        query=query,
        audience=Audience.PUBLIC,
        records=records,
        columns=SPEC.columns,
        counts=Counts(len(records), 0, 0, 0),
        by_npa=pd.DataFrame(),
        legend=legend_of(account),
        caption=tuple(sentences(account)),
    )


def legend_of(account: HotSpotsAccount) -> Legend:
    """Hot cells by how surely they are, and cold ones."""
    hot = [
        StyleClass(f"Hot at {rate:.0%}", HOT[rate], "filled", _standing(rate))
        for rate in sorted(RATES)
        if rate <= account.asked.rate
    ]
    return Legend(
        label_of(account.asked),
        "standing",
        (*hot, COLD),
        "By false discovery rate. Cells that are not drawn cannot be told from chance.",
    )


def _records(found: CellHotSpots | None, rate: float) -> gpd.GeoDataFrame:
    if found is None:
        names = [field.name for field in SPEC.columns]
        return gpd.GeoDataFrame(columns=[*names, "geometry"], crs=BRITISH_NATIONAL_GRID)
    spots, cells = found.spots, found.cells
    hot, cold = (np.flatnonzero(spots.named(rate, hot)) for hot in (True, False))
    chosen = np.concatenate((hot[np.argsort(-spots.z[hot], kind="stable")], cold))
    pairs = cells.cells[chosen]
    frame = pd.DataFrame(
        {
            "cell_id": cells.grid.cell_ids(pairs) if len(pairs) else [],
            "standing": [_standing_of(spots.adjusted[n], spots.z[n]) for n in chosen.tolist()],
            "records": found.counts[chosen].astype(np.int64),
            "inside_percent": (100 * cells.share[chosen]).round(1),
            "score": spots.z[chosen].round(3),
            "p_value": spots.p[chosen].round(7),
            "adjusted_p": spots.adjusted[chosen].round(5),
        }
    )
    outlines: Any = cells.grid.polygons(pairs) if len(pairs) else []
    return gpd.GeoDataFrame(frame, geometry=outlines, crs=BRITISH_NATIONAL_GRID)


def _standing_of(adjusted: float, score: float) -> str:
    """At which of the rates a cell is hot, the surest; or that it is cold."""
    if score <= 0:
        return "cold"
    return _standing(min(rate for rate in RATES if adjusted <= rate))


def _standing(rate: float) -> str:
    return f"hot-{100 * rate:.0f}"
