"""The maps of the pages: views as map layers over the common ground."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from boundaries.ground import Ground
from geo.crs import geometries_to_degrees
from layers.answer import answer, cell_text, version_of
from layers.publication import refused_params
from layers.schema import Field, in_words
from layers.spec import Legend
from layers.view import View
from server.map_state import MapState
from server.maps import MAP_ID, GroundLayer, MapLayer, MapPage, PopupField, map_script
from server.page_context import attributions
from server.rendered import mark_of
from server.requests import VERSION_PARAM, MapPageSpec, layer_url, with_query
from server.services import services

GROUND_LAYERS: Final = (
    GroundLayer(
        "outlines", "Outlines of Neighbourhood Policing Areas", "/ground/npas.geojson", True
    ),
    GroundLayer("districts", "Districts", "/ground/districts.geojson", True),
    GroundLayer("settlements", "Towns and villages", "/ground/settlements.geojson", True),
)


def state_of(spec: MapPageSpec, params: Mapping[str, list[str]]) -> MapState:
    """How a page's map is looked at.

    Raises:
        BadQuery: a value that cannot be used.
    """
    return MapState.parse(params, [*spec.layer_ids, *(ground.id for ground in GROUND_LAYERS)])


def page_script(spec: MapPageSpec, views: list[View], state: MapState, map_id: str = MAP_ID) -> str:
    """The script of a page's map."""
    layers = tuple(map_layer(view, view.layer.id in spec.switched_on) for view in views)
    return script_of(spec.title, layers, state, map_id)


def script_of(
    title: str, layers: tuple[MapLayer, ...], state: MapState, map_id: str = MAP_ID
) -> str:
    """The script of a map of these layers over the common ground."""
    settings = services().settings
    page = MapPage(
        title=title,
        bounds=_bounds(services().workspace.ground),
        layers=layers,
        ground=GROUND_LAYERS,
        attribution=". ".join(line.rstrip(".") for line in attributions()),
        basemap_url=settings.basemap_url,
        basemap_attribution=settings.basemap_attribution,
        state=state,
        map_id=map_id,
    )
    return map_script(page)


def script_url(spec: MapPageSpec, params: Mapping[str, list[str]], state: MapState) -> str:
    """The address of a page's script, for the same query and state as the page."""
    pairs = [(name, value) for name, values in params.items() for value in values if value]
    pairs += state.without_marks().params()
    return with_query(f"/maps/{spec.page}/map.js", pairs)


def as_mapped(view: View) -> View:
    """The view as a map shows it: without what splits rows that a map shows together."""
    own = tuple(pair for pair in view.query.own if pair[0] not in view.layer.map_adds_up)
    if own == view.query.own:
        return view
    have = services()
    layer = have.registry.get(view.layer.id)
    return answer(layer, have.workspace, replace(view.query, own=own), have.today)


def map_layer(view: View, switched_on: bool) -> MapLayer:
    """A view of a layer as its maps show it, fetched from the layer's own addresses."""
    fields = {field.name: field for field in view.columns}
    return MapLayer(
        id=view.layer.id,
        title=view.layer.title,
        url=layer_url(view, ".geojson", without=view.layer.map_adds_up),
        drawn_as=_drawn_as(view),
        legend=as_mapped(view).legend,
        popup=tuple(
            _popup_field(fields[name], view.legend) for name in view.layer.popup if name in fields
        ),
        switched_on=switched_on,
        figures_url=layer_url(view, "/figures"),
        id_field=view.columns[0].name,
        dated=view.layer.time == "dated",
        cut_to_area=can_be_cut(view),
        **_tile_urls(view),
    )


def computed_layer(view: View, url: str, switched_on: bool) -> MapLayer:
    """A view that is computed, fetched from an address of its own: no period or area cuts it."""
    layer = map_layer(view, switched_on)
    return replace(layer, url=url, figures_url="", dated=False, cut_to_area=False)


def _tile_urls(view: View) -> dict[str, str]:
    if not view.layer.box_by_cells:
        return {}
    have, without = services(), view.layer.map_adds_up
    layer = have.registry.get(view.layer.id)
    mark = mark_of(version_of(layer, have.workspace, have.today))
    pairs = [(name, value) for name, value in view.query.params() if name not in without]
    tiles = f"/api/layers/{view.layer.id}/tiles/{{z}}/{{x}}/{{y}}.mvt"
    return {
        "tiles_url": with_query(tiles, [*pairs, (VERSION_PARAM, mark)]),
        "cell_url": layer_url(view, "/cells/{id}", without=without),
    }


def can_be_cut(view: View) -> bool:
    """Whether the view's audience may ask for a part of the ground alone."""
    return "area" not in refused_params(view.layer.publication, view.audience)


def _drawn_as(view: View) -> str:
    """What the map counts: records, or the cells or areas that stand for them."""
    if view.layer.weight not in view.records:
        return "records"
    return "cells" if view.layer.box_by_cells else "areas"


def _popup_field(field: Field, legend: Legend) -> PopupField:
    """Choices in the legend's words where it classes them, so that a popup says what it says."""
    match field.kind:
        case "boolean":
            words = {"true": cell_text(True), "false": cell_text(False)}
        case "choice" | "choices":
            words = {value: in_words(value) for value in field.choices or field.suggestions}
            if field.name == legend.property:
                words |= {entry.value: entry.label for entry in legend.classes if entry.value}
        case _:
            return PopupField(field.name, field.title)
    return PopupField(field.name, field.title, is_choice=True, words=tuple(words.items()))


def _bounds(ground: Ground) -> tuple[float, float, float, float]:
    outlines = geometries_to_degrees(ground.districts.display.geometry)
    west, south, east, north = np.round(shapely.total_bounds(outlines), 4).tolist()
    return west, south, east, north
