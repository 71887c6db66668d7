"""The nearest police bases as a page for residents and an answer for programs."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, render_template, request

from layers.errors import BadQuery
from server.api import json_answer
from server.estate.nearest import words
from server.estate.nearest.asked import PLACE, asked, fields
from server.estate.nearest.found import Base, Nearest, nearest_to
from server.map_state import MapView
from server.points import name_of
from server.requests import given_params, with_query

blueprint = Blueprint("nearest", __name__)

PAGE: Final = "/estate/nearest"
API: Final = "/api/estate/nearest"


@blueprint.get(PAGE)
def page() -> str:
    """The bases nearest to a place; without one, the form that asks for it."""
    params = given_params()
    what = asked(params)
    found = nearest_to(what.place) if what else None
    return render_template(
        "nearest.html",
        title="Your nearest police base",
        filters=fields(params),
        action=request.path,
        found=found,
        sentences=words.sentences(found) if found else (),
        rows=[_cells(base) for base in _bases(found)] if found else [],
        calls=words.CALLS,
        others=[
            (with_query(PAGE, [(PLACE, name_of(place))]), place.label)
            for place in (what.others if what else ())
        ],
        map_url=_map_url(found) if found else "",
    )


@blueprint.get(API)
def api() -> Response:
    """The bases nearest to a place, as JSON.

    Raises:
        BadQuery: no place is named.
    """
    what = asked(given_params())
    if what is None:
        raise BadQuery(f"Name a place by {PLACE}: a town, a village or a postcode.")
    found = nearest_to(what.place)
    return json_answer(
        {
            "place": name_of(what.place),
            "as_of": found.on.isoformat(),
            "caption": list(words.sentences(found)),
            "bases": [_as_dict(base) for base in _bases(found)],
        }
    )


def _bases(found: Nearest) -> list[Base]:
    """All that are told of, the nearest first."""
    known = [base for base in (found.to_call_in, found.to_book, *found.others) if base]
    return sorted(known, key=lambda base: (base.straight_m, base.site_id))


def _cells(base: Base) -> tuple[str, ...]:
    doubt = " (it is not known whether it is still there)" if base.in_doubt else ""
    return (
        f"{base.name}{doubt}",
        base.address or "Not known",
        words.miles_words(base.way_m),
        words.access_words(base),
        words.hours_words(base),
    )


def _as_dict(base: Base) -> dict[str, Any]:
    return {
        "site_id": base.site_id,
        "name": base.name,
        "address": base.address,
        "public_access": base.access,
        "hours_in_words": base.hours,
        "in_doubt": base.in_doubt,
        "straight_m": round(base.straight_m),
        "way_m": round(base.way_m),
    }


def _map_url(found: Nearest) -> str:
    place = found.place
    view = MapView(float(place.zoom), place.latitude, place.longitude)
    return with_query("/maps/estate", [("view", str(view)), ("place", place.label)])
