"""The map of siting: places chosen, the next best, and the sites that stay."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.crs import BRITISH_NATIONAL_GRID
from layers.query import LayerQuery
from layers.schema import Field
from layers.spec import LayerSpec, Legend, StyleClass
from layers.view import Counts, View
from server.estate.coverage.view import grouped
from server.estate.siting import words
from server.estate.siting.answer import Where

PLACES: Final = LayerSpec(
    id="siting",
    page="estate",
    title="Places for sites",
    singular="place",
    plural="places",
    summary="The places chosen, those of the next best choice, and the sites that stay.",
    schemas=(),
    columns=(
        Field("name", "Place", computed=True),
        Field("place_id", "Number", "code", computed=True),
        Field("kind", "What it is", computed=True),
        Field("choice", "In the best choice", "choice", computed=True),
    ),
    popup=("name", "choice", "kind"),
    time="standing",
)
LEGEND: Final = Legend(
    "Places for sites",
    "choice",
    (
        StyleClass("Chosen", "#00703C", "star", "chosen"),
        StyleClass("Only in the next best choice", "#A285D1", "diamond", "next"),
        StyleClass("Site that stays", "#1D70B8", "square", "stays"),
    ),
    "Candidates in neither choice are not drawn.",
)


def places_view(found: Where) -> View:
    """Each place of the best and of the next best choice, and the sites that stay."""
    best = set(found.best.opened)
    second = set(found.second.siting.opened) if found.second.siting else set()
    stays = range(found.candidates.existing)
    numbers = sorted({*best, *second, *stays})
    frame = pd.DataFrame(
        {
            "name": [found.candidates.names[number] for number in numbers],
            "place_id": [str(number) for number in numbers],
            "kind": [found.candidates.kinds[number] for number in numbers],
            "choice": [
                "chosen" if number in best else "next" if number in second else "stays"
                for number in numbers
            ],
        }
    )
    points_m = found.candidates.points_m[numbers].reshape(-1, 2)
    asked = found.asked
    own = grouped([pair for pair in asked.params() if pair[0] != "as_of"])
    query = LayerQuery(PLACES.id, asked.coverage.audience, as_of=asked.coverage.as_of, own=own)
    return View(
        layer=PLACES,
        query=query,
        audience=asked.coverage.audience,
        records=gpd.GeoDataFrame(
            frame,
            geometry=gpd.points_from_xy(points_m[:, 0], points_m[:, 1]),
            crs=BRITISH_NATIONAL_GRID,
        ),
        columns=PLACES.columns,
        counts=Counts(len(frame), 0, 0, 0),
        by_npa=pd.DataFrame(),
        legend=LEGEND,
        caption=words.sentences(found),
    )
