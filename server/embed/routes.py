"""Embedded maps: a page for a frame, with its script, its data and its picture.

All of them answer as to the public, whoever asks: a browser of staff that opens another site's page
sends its cookie along.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final

from flask import Blueprint, Response, render_template

from layers.errors import BadQuery, UnknownLayer
from layers.output import geojson
from layers.view import View
from server.access import EMBED
from server.api import GEOJSON
from server.embed.maps import EmbeddedMap, embedded
from server.map_links import figures_in_words
from server.map_pages import as_mapped, computed_layer, script_of
from server.map_state import MapState
from server.maps import MAP_ELEMENT_ID
from server.page_context import attributions
from server.pictures.drawing import draw
from server.pictures.page import picture_of
from server.pictures.picture import SIZE_PARAM, SIZES, Size
from server.rendered import rendered
from server.requests import given_params, with_query
from server.services import services

blueprint = Blueprint(EMBED, __name__)

STATUSES: Final = {BadQuery: 400, UnknownLayer: 404}
PICTURES: Final = {
    "": SIZES["paper"],
    "narrow": Size(360, 380, 300, 0, words=False),
}


@blueprint.get("/embed/<page>")
def page(page: str) -> tuple[str, int]:
    """The map for a frame: what it shows, its key and sources, and a link to all of it."""
    sites = services().settings.embed_sites
    try:
        shown, state = embedded(page, given_params())
    except (BadQuery, UnknownLayer) as error:
        title = "This map cannot be shown"
        said = render_template("embed.html", title=title, problem=str(error), sites=sites)
        return said, next(code for kind, code in STATUSES.items() if isinstance(error, kind))
    views = shown.views()
    lead, *more = dict.fromkeys(line for view in views for line in view.caption)
    address = f"/embed/{page}"
    pairs = [*shown.pairs, *state.params()]
    return render_template(
        "embed.html",
        title=shown.title,
        problem="",
        sites=sites,
        lead=lead,
        more=more,
        legends=[
            (as_mapped(view).legend, view.layer.id, state.shows(view.layer.id, _on(shown, view)))
            for view in views
        ],
        map={
            "element_id": MAP_ELEMENT_ID,
            "script_url": with_query(f"{address}/map.js", pairs),
            "picture_url": with_query(f"{address}/picture.svg", pairs),
            "narrow_url": with_query(f"{address}/picture.svg", [*pairs, (SIZE_PARAM, "narrow")]),
            "in_words": figures_in_words(_switched_on(shown, state)),
        },
        full_url=shown.full_url,
        table_url=shown.table_url,
    ), 200


@blueprint.get("/embed/<page>/map.js")
def script(page: str) -> Response:
    """The script that draws the map; its data is that of these addresses alone."""
    shown, state = embedded(page, given_params())

    def make() -> bytes:
        layers = tuple(
            computed_layer(
                view,
                with_query(f"/embed/{page}/{view.layer.id}.geojson", list(shown.pairs)),
                switched_on=_on(shown, view),
            )
            for view in shown.views()
        )
        return script_of(shown.title, layers, state).encode()

    return _rendered("script", shown, "text/javascript; charset=utf-8", make, state)


@blueprint.get("/embed/<page>/<layer_id>.geojson")
def data(page: str, layer_id: str) -> Response:
    """A layer of the map as GeoJSON, as the public may see it."""
    shown, _ = embedded(page, given_params())
    views = {view.layer.id: view for view in shown.views()}
    if layer_id not in views:
        raise UnknownLayer(
            f"This map has the layers {', '.join(views)}; given {layer_id!r}. Ask for one of them."
        )
    return _rendered(layer_id, shown, GEOJSON, lambda: geojson(views[layer_id]))


@blueprint.get("/embed/<page>/picture.svg")
def picture(page: str) -> Response:
    """The map as the server draws it, for browsers without scripts."""
    params = given_params()
    size = (params.pop(SIZE_PARAM, None) or [""])[0]
    if size not in PICTURES:
        raise BadQuery(f"size can be narrow, or be left out; given {size!r}.")
    shown, state = embedded(page, params)

    def make() -> bytes:
        drawn = picture_of(shown.title, tuple(_switched_on(shown, state)), state)
        return draw(drawn, PICTURES[size], "svg")

    return _rendered("picture", shown, "image/svg+xml", make, (state, size))


def _on(shown: EmbeddedMap, view: View) -> bool:
    return view.layer.id in shown.switched_on


def _switched_on(shown: EmbeddedMap, state: MapState) -> list[View]:
    return [view for view in shown.views() if state.shows(view.layer.id, _on(shown, view))]


def _rendered(
    kind: str,
    shown: EmbeddedMap,
    mimetype: str,
    make: Callable[[], bytes],
    beside: Hashable = (),
) -> Response:
    key = (EMBED, shown.page, kind, shown.query, shown.pairs, beside, tuple(attributions()))
    return rendered(key, shown.version, mimetype, make)
