"""The maps of the pages: views as map layers over the common ground."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import shapely

from boundaries.ground import Ground
from geo.crs import geometries_to_degrees
from layers.answer import cell_text
from layers.schema import Field, in_words
from layers.spec import Legend
from layers.view import View
from server.maps import GroundLayer, MapLayer, MapPage, PopupField, map_script
from server.page_context import attributions
from server.requests import MapPageSpec, layer_url, with_query
from server.services import services

GROUND_LAYERS: Final = (
    GroundLayer("npas", "Outlines of Neighbourhood Policing Areas", "/ground/npas.geojson", True),
    GroundLayer("districts", "Districts", "/ground/districts.geojson", True),
    GroundLayer("settlements", "Towns and villages", "/ground/settlements.geojson", True),
)


def page_script(spec: MapPageSpec, views: list[View]) -> str:
    """The script of a page's map."""
    settings = services().settings
    page = MapPage(
        title=spec.title,
        bounds=_bounds(services().workspace.ground),
        layers=tuple(_map_layer(view, view.layer.id in spec.switched_on) for view in views),
        ground=GROUND_LAYERS,
        attribution=". ".join(line.rstrip(".") for line in attributions()),
        basemap_url=settings.basemap_url,
        basemap_attribution=settings.basemap_attribution,
    )
    return map_script(page)


def script_url(spec: MapPageSpec, params: Mapping[str, list[str]]) -> str:
    """The address of a page's script, for the same parameters as the page."""
    pairs = [(name, value) for name, values in params.items() for value in values if value]
    return with_query(f"/maps/{spec.page}/map.js", pairs)


def _map_layer(view: View, switched_on: bool) -> MapLayer:
    fields = {field.name: field for field in view.columns}
    return MapLayer(
        id=view.layer.id,
        title=view.layer.title,
        url=layer_url(view, "geojson", without=view.layer.map_adds_up),
        drawn_as=_drawn_as(view),
        legend=view.legend,
        popup=tuple(
            _popup_field(fields[name], view.legend) for name in view.layer.popup if name in fields
        ),
        switched_on=switched_on,
    )


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
