"""The small map of a briefing: the place, the surroundings that are counted, sites and zones."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import BRITISH_NATIONAL_GRID
from layers.audience import Audience
from layers.query import LayerQuery
from layers.schema import Field
from layers.spec import LayerSpec, Legend, StyleClass
from layers.view import Counts, View
from server.map_state import MapState, MapView
from server.pictures.page import picture_of
from server.pictures.picture import Picture, Size
from server.visits.briefing import GRID, Briefing
from server.visits.briefing_places import TO_CALLERS, standing
from server.visits.briefing_words import NEAR_WORDS

SIZES: Final = {
    "": Size(640, 320, 262, 228, words=False),
    "narrow": Size(360, 300, 280, 0, words=False),
}
ZOOM: Final = 12.25
GROUND: Final = ("outlines", "settlements")
PLACE_RADIUS_M: Final = 350
"""Of the disc that marks the place: large enough that a site in its middle leaves it visible."""

SPEC: Final = LayerSpec(
    id="briefing",
    page="visits",
    title="The place and what is near",
    singular="place",
    plural="places",
    summary="A place to be visited, and what stands near it.",
    schemas=(),
    columns=(Field("kind", "What it is", computed=True),),
    popup=("kind",),
    time="standing",
    box_by_cells=True,
)
LEGEND: Final = Legend(
    "On the map",
    "kind",
    (
        StyleClass("The place", "#F46A25", "filled", "place"),
        StyleClass("Site open or by appointment", "#28A197", "square", "site"),
        StyleClass("People Zone", "#801650", "dashed", "zone"),
        StyleClass(f"Cells within {NEAR_WORDS}", "#5C6468", "area", "cells"),
    ),
)


def picture_of_place(briefing: Briefing) -> Picture:
    """The place in its surroundings, which fill the map."""
    place = briefing.where.place
    state = MapState(view=MapView(ZOOM, place.latitude, place.longitude), on=GROUND)
    return picture_of(f"{place.name} and its surroundings", (_view(briefing),), state)


def _view(briefing: Briefing) -> View:
    sites = standing("sites", briefing.on).records
    open_sites = sites[sites["public_access"].isin(TO_CALLERS)]
    place = shapely.Point(briefing.where.at_m).buffer(PLACE_RADIUS_M)
    shapes = [
        _of_kind("cells", _surroundings(briefing)),
        _of_kind("zone", standing("people_zones", briefing.on).records.geometry),
        _of_kind("site", open_sites.geometry),
        _of_kind("place", gpd.GeoSeries([place])),
    ]
    drawn = pd.concat(shapes, ignore_index=True)
    records = gpd.GeoDataFrame(drawn, geometry="geometry", crs=BRITISH_NATIONAL_GRID)
    located = records[~(records.geometry.isna() | records.geometry.is_empty)]
    return View(
        layer=SPEC,
        query=LayerQuery(SPEC.id, Audience.STAFF, as_of=briefing.on),
        audience=Audience.STAFF,
        records=located,
        columns=SPEC.columns,
        counts=Counts(len(located), 0, 0, 0),
        by_npa=pd.DataFrame(),
        legend=LEGEND,
        caption=(),
    )


def _surroundings(briefing: Briefing) -> gpd.GeoSeries:
    if briefing.crime is None:
        return gpd.GeoSeries([])
    return gpd.GeoSeries([shapely.union_all(GRID.polygons(list(briefing.crime.cells)))])


def _of_kind(kind: str, shapes: gpd.GeoSeries) -> pd.DataFrame:
    return pd.DataFrame({"kind": kind, "geometry": shapes.to_numpy()})
