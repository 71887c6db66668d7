"""From the address of a request to views: parameters are read here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urlencode

from flask import request

from geo.dates import DateInterval
from geo.errors import InvalidDate
from geo.mercator import HIGHEST_ZOOM
from layers.answer import answer, read_query, version_of
from layers.errors import BadQuery, UnknownLayer
from layers.output import Part
from layers.protocol import CountedInCells, Layer
from layers.query import LayerQuery
from layers.view import View
from server.access import current_audience
from server.services import services

ALL_PAGE: Final = "all"
ALL_PARAMS: Final = ("from", "to", "npa")
VERSION_PARAM: Final = "v"
PART_PARAMS: Final = ("limit", "offset")
LARGEST_LIMIT: Final = 10_000
LARGEST: Final = 999_999_999


@dataclass(frozen=True, slots=True)
class MapPageSpec:
    """A page of maps: which layers it has and which are switched on at first.

    ``own_params``: its address takes all parameters of its one layer, not just the common ones.
    """

    page: str
    title: str
    layer_ids: tuple[str, ...]
    switched_on: tuple[str, ...]
    own_params: bool = True


MAP_PAGES: Final = (
    MapPageSpec("visits", "Community visits", ("visits",), ("visits",)),
    MapPageSpec("estate", "Police estate", ("sites",), ("sites",)),
    MapPageSpec("street-safe", "Street Safe", ("street_safe",), ("street_safe",)),
    MapPageSpec("people-zones", "People Zones", ("people_zones",), ("people_zones",)),
    MapPageSpec("crime", "Recorded crime and anti-social behaviour", ("crime",), ("crime",)),
    MapPageSpec(
        ALL_PAGE,
        "All layers",
        ("visits", "sites", "people_zones", "street_safe", "crime", "npas"),
        ("visits", "sites", "people_zones"),
        own_params=False,
    ),
)


HOME_PAGE: Final = MapPageSpec("home", "Neighbourhood Policing Areas", ("npas",), ("npas",), False)


def map_page_spec(page: str) -> MapPageSpec:
    """The page of this name.

    Raises:
        UnknownLayer: there is none.
    """
    for spec in (*MAP_PAGES, HOME_PAGE):
        if spec.page == page:
            return spec
    known = ", ".join(spec.page for spec in MAP_PAGES)
    raise UnknownLayer(f"A map is needed, one of {known}; given {page!r}.")


def given_params(*, without: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """The request's parameters, each with all its values."""
    return {name: values for name, values in request.args.lists() if name not in without}


def page_number(params: Mapping[str, list[str]]) -> int:
    """Which page of a table is asked for; the first unless one is given.

    Raises:
        BadQuery: not one whole number from 1.
    """
    return _whole_number(params, "page", 1, LARGEST) or 1


def part_of_rows(params: Mapping[str, list[str]]) -> Part:
    """Which of a view's rows are asked for, by ``limit`` and ``offset``; all unless they are given.

    Raises:
        BadQuery: not one whole number each, within their bounds.
    """
    limit = _whole_number(params, "limit", 1, LARGEST_LIMIT)
    return Part(limit, _whole_number(params, "offset", 0, LARGEST) or 0)


def ground_zoom(default: int) -> int:
    """The zoom for which outlines are asked.

    Raises:
        BadQuery: another parameter, or not one whole number from 0 to 24.
    """
    for name in request.args:
        if name != "zoom":
            raise BadQuery(f"Outlines can be asked for by zoom; given {name!r}.")
    zoom = _whole_number(given_params(), "zoom", 0, HIGHEST_ZOOM)
    return default if zoom is None else zoom


def _whole_number(
    params: Mapping[str, list[str]], name: str, lowest: int, highest: int
) -> int | None:
    given = [value.strip() for value in params.get(name, []) if value.strip()]
    if not given:
        return None
    text = given[0]
    digits = len(given) == 1 and text.isascii() and text.isdigit() and len(text) < 10
    if not digits or not lowest <= int(text) <= highest:
        raise BadQuery(
            f"{name} must be one whole number from {lowest} to {highest:,}; "
            f"given {', '.join(given)!r}."
        )
    return int(text)


def refuse_params() -> None:
    """For addresses that read no parameter.

    Raises:
        BadQuery: one is given.
    """
    for name in request.args:
        raise BadQuery(f"This address is asked for without parameters; given {name!r}.")


def view_of(layer: Layer, params: Mapping[str, list[str]]) -> View:
    """The view of one layer for these parameters and whoever asks."""
    have = services()
    return answer(layer, have.workspace, query_of(layer, params), have.today)


def query_of(layer: Layer, params: Mapping[str, list[str]]) -> LayerQuery:
    """What these parameters ask of one layer.

    Raises:
        BadQuery: a parameter or value that the layer does not have.
    """
    have = services()
    return read_query(layer, have.workspace, params, current_audience(), have.today)


def cells_layer(layer_id: str) -> CountedInCells:
    """A layer whose records are shown as counts in cells.

    Raises:
        UnknownLayer: there is no such layer, or its records are not counted in cells.
    """
    layer = services().registry.get(layer_id)
    if not layer.spec.box_by_cells:
        known = ", ".join(each.spec.id for each in services().registry if each.spec.box_by_cells)
        raise UnknownLayer(f"A layer counted in cells is needed, one of {known}; given {layer_id}.")
    return cast(CountedInCells, layer)


def cells_query(layer: Layer, params: Mapping[str, list[str]]) -> LayerQuery:
    """What is asked of a layer's cells, each cell once.

    Raises:
        BadQuery: a parameter that the layer does not have, or one that splits its cells.
    """
    for name in layer.spec.map_adds_up:
        if any(params.get(name, [])):
            raise BadQuery(f"Each cell is given once here; leave {name} out.")
    return query_of(layer, params)


def common_params(layer: Layer, params: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What a page of several layers asks of one: standing things as of the end of its period.

    A first day without a last one means until today, whenever each layer's records end.

    Raises:
        BadQuery: a parameter that not every layer has.
    """
    for name in params:
        if name not in ALL_PARAMS:
            raise BadQuery(
                f"A map of several layers can be asked for by {', '.join(ALL_PARAMS)}; "
                f"given {name!r}."
            )
    first, last = (
        [value for value in params.get(name, []) if value.strip()] for name in ("from", "to")
    )
    if first and not last:
        last = [services().today.isoformat()]
    if layer.spec.time == "dated":
        return dict(params) | {"from": first, "to": last}
    mine = {name: values for name, values in params.items() if name == "npa"}
    try:
        if last:
            mine["as_of"] = [DateInterval.parse(last[0]).date_to.isoformat()]
    except InvalidDate as error:
        raise BadQuery(f"to: {error}") from error
    return mine


def page_queries(spec: MapPageSpec, params: Mapping[str, list[str]]) -> list[LayerQuery]:
    """What a page's parameters ask of each of its layers.

    Raises:
        BadQuery: a parameter or value that the page does not have.
    """
    layers = [services().registry.get(layer_id) for layer_id in spec.layer_ids]
    if spec.own_params:
        return [query_of(layer, params) for layer in layers]
    return [query_of(layer, common_params(layer, params)) for layer in layers]


def page_views(spec: MapPageSpec, params: Mapping[str, list[str]]) -> list[View]:
    """The views of a page's layers."""
    have = services()
    return [
        answer(have.registry.get(query.layer), have.workspace, query, have.today)
        for query in page_queries(spec, params)
    ]


def page_version(spec: MapPageSpec) -> str:
    """Changes whenever what a page shows of any of its layers may."""
    have = services()
    layers = [have.registry.get(layer_id) for layer_id in spec.layer_ids]
    return " ".join(version_of(layer, have.workspace, have.today) for layer in layers)


def with_query(path: str, pairs: list[tuple[str, str]]) -> str:
    """A relative address with its parameters."""
    return f"{path}?{urlencode(pairs)}" if pairs else path


def layer_url(view: View, ending: str, without: tuple[str, ...] = ()) -> str:
    """The address of a view in the API, by its ending, such as ``.csv`` or ``/figures``."""
    pairs = [(name, value) for name, value in view.query.params() if name not in without]
    return with_query(f"/api/layers/{view.layer.id}{ending}", pairs)
