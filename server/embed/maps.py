"""The maps that can be embedded: each made from the public's view of the query of its page."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Final

from layers.answer import version_of
from layers.errors import UnknownLayer
from layers.view import View
from server.api import version_of_layer
from server.map_pages import GROUND_LAYERS
from server.map_state import STATE_PARAMS, MapState
from server.requests import MAP_PAGES, MapPageSpec, page_queries, page_views, with_query
from server.services import services
from server.visits import unvisited
from server.visits.account_views import SHOWN_AT_FIRST, account_views
from server.visits.asked import COMMITMENT_PAGE, VISITS, asked
from server.visits.commitment import SPEC as COMMITMENT

Params = Mapping[str, list[str]]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class EmbeddedMap:
    """A page's map as others show it.

    ``query`` is what is asked, told apart from every other; ``pairs`` the same as address
    parameters. ``views`` makes the layers, those of ``switched_on`` shown at first. ``full_url``
    and ``table_url`` are where the whole of it is, relative to the host.
    """

    page: str
    title: str
    query: Hashable
    pairs: tuple[Pair, ...]
    version: str
    switched_on: tuple[str, ...]
    views: Callable[[], tuple[View, ...]]
    full_url: str
    table_url: str


_LAYER_PAGES: Final = {
    spec.page: spec
    for spec in MAP_PAGES
    if spec.page in ("visits", "estate", "street-safe", "people-zones")
}
PAGES: Final = (*_LAYER_PAGES, COMMITMENT.id)
"""Names of the maps; those of very many cells are not among them."""

_LAYERS: Final = {page: spec.layer_ids for page, spec in _LAYER_PAGES.items()} | {
    COMMITMENT.id: (COMMITMENT.id, unvisited.SPEC.id)
}


def embedded(page: str, params: Params) -> tuple[EmbeddedMap, MapState]:
    """A map by its name and the parameters of its page, and how it is looked at.

    Raises:
        UnknownLayer: no map of this name can be embedded.
        BadQuery: a parameter or value that the page does not have.
    """
    if page not in PAGES:
        raise UnknownLayer(
            f"A map that can be embedded is needed, one of {', '.join(PAGES)}; given {page!r}."
        )
    mine = {name: values for name, values in params.items() if name not in STATE_PARAMS}
    known = (*_LAYERS[page], *(ground.id for ground in GROUND_LAYERS))
    state = MapState.parse(params, known).without_marks()
    spec = _LAYER_PAGES.get(page)
    return (_layer_map(spec, mine) if spec else _commitment(mine)), state


def _layer_map(spec: MapPageSpec, params: Params) -> EmbeddedMap:
    have = services()
    (query,) = page_queries(spec, params)
    pairs = tuple(
        (name, value) for name, values in params.items() for value in values if value.strip()
    )
    layer = have.registry.get(query.layer)
    return EmbeddedMap(
        page=spec.page,
        title=spec.title,
        query=query,
        pairs=pairs,
        version=version_of(layer, have.workspace, have.today),
        switched_on=spec.switched_on,
        views=lambda: tuple(page_views(spec, params)),
        full_url=with_query(f"/maps/{spec.page}", list(pairs)),
        table_url=with_query(f"/layers/{query.layer}", list(pairs)),
    )


def _commitment(params: Params) -> EmbeddedMap:
    what = asked(params)
    pairs = tuple(what.params())
    full_url = with_query(COMMITMENT_PAGE, list(pairs))
    return EmbeddedMap(
        page=COMMITMENT.id,
        title=COMMITMENT.title,
        query=what,
        pairs=pairs,
        version=version_of_layer(services().registry.get(VISITS)),
        switched_on=SHOWN_AT_FIRST,
        views=lambda: account_views(what),
        full_url=full_url,
        table_url=f"{full_url}#standing",
    )
