"""From the address of a request to views: parameters are read here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import request

from geo.dates import DateInterval
from geo.errors import InvalidDate
from layers.answer import answer, read_query
from layers.errors import BadQuery, UnknownLayer
from layers.protocol import Layer
from layers.view import View
from server.access import current_audience
from server.services import services

ALL_PAGE: Final = "all"
ALL_PARAMS: Final = ("from", "to", "npa")


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


def page_number() -> int:
    """Which page of a table is asked for; the first unless one is given.

    Raises:
        BadQuery: not one whole number from 1.
    """
    given = [value.strip() for value in request.args.getlist("page") if value.strip()] or ["1"]
    text = given[0]
    if len(given) > 1 or not (text.isascii() and text.isdigit() and 0 < len(text) < 10):
        raise BadQuery(f"page must be one whole number from 1; given {', '.join(given)!r}.")
    if int(text) < 1:
        raise BadQuery(f"page must be one whole number from 1; given {text!r}.")
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
    query = read_query(layer, have.workspace, params, current_audience(), have.today)
    return answer(layer, have.workspace, query, have.today)


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


def page_views(spec: MapPageSpec, params: Mapping[str, list[str]]) -> list[View]:
    """The views of a page's layers."""
    layers = [services().registry.get(layer_id) for layer_id in spec.layer_ids]
    if spec.own_params:
        return [view_of(layer, params) for layer in layers]
    return [view_of(layer, common_params(layer, params)) for layer in layers]


def with_query(path: str, pairs: list[tuple[str, str]]) -> str:
    """A relative address with its parameters."""
    return f"{path}?{urlencode(pairs)}" if pairs else path


def layer_url(view: View, ending: str, without: tuple[str, ...] = ()) -> str:
    """The address of a view in the API, as ``geojson`` or ``csv``."""
    pairs = [(name, value) for name, value in view.query.params() if name not in without]
    return with_query(f"/api/layers/{view.layer.id}.{ending}", pairs)
