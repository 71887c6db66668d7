"""A map page made for paper: what is shown, its figures in tables, and where it comes from."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request

from geo.dates import day_in_words
from server.map_links import figures_in_words, map_links, pairs_of, switched_on
from server.map_pages import state_of
from server.map_state import STATE_PARAMS
from server.pictures.months import shown_views
from server.requests import HOME_PAGE, given_params, map_page_spec, with_query
from server.services import services

blueprint = Blueprint("printing", __name__)


@blueprint.get("/maps/<page>/print")
def print_view(page: str) -> str:
    """The layers that a map shows, of the month that its slider stands at, for paper."""
    spec, params = map_page_spec(page), given_params(without=STATE_PARAMS)
    if spec is HOME_PAGE:
        abort(404)
    state = state_of(spec, given_params())
    views, notes = shown_views(spec, params, state)
    shown = switched_on(spec, views, state)
    pairs, path = pairs_of(params, state), f"/maps/{spec.page}"
    return render_template(
        "print.html",
        title=spec.title,
        views=shown,
        notes=notes,
        links=map_links(spec, params, state, views),
        picture_in_words=figures_in_words(shown),
        back_url=with_query(path, pairs),
        address=_readable(path, pairs),
        made_on=day_in_words(services().today),
    )


def _readable(path: str, pairs: list[tuple[str, str]]) -> str:
    """The whole address of a page, as somebody would copy it from paper."""
    query = f"?{urlencode(pairs, safe=',/:')}" if pairs else ""
    return f"{request.host_url.rstrip('/')}{path}{query}"
