"""What an address asks a briefing of: a place and a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from boundaries.place import Place
from layers.audience import Audience
from layers.errors import BadQuery
from layers.place_search import LONGEST_TEXT, PlaceQuery, find_places, named_places
from layers.query import interval_value, single_value
from server.services import services

BRIEFING_PAGE: Final = "/visits/briefing"
PLACE_PARAM: Final = "place"
DATE_PARAM: Final = "date"
MOST_NEAR: Final = 5

Params = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A place and a day; ``others`` are places of the same name, which were not meant first."""

    place: Place
    on: date
    others: tuple[Place, ...] = ()

    def params(self) -> list[tuple[str, str]]:
        """The place by its label, which is its own alone, and the day."""
        return params_for(self.place, self.on)


def params_for(place: Place, on: date) -> list[tuple[str, str]]:
    """The address parameters of a briefing; a postcode is its own label."""
    text = place.name if place.kind == "postcode" else place.label
    return [(PLACE_PARAM, text), (DATE_PARAM, on.isoformat())]


def asked(params: Params) -> Asked | None:
    """Read address parameters; None where no place is named. Without a day, today.

    Raises:
        BadQuery: another parameter, no day, or not the name of one point that is held.
    """
    for name in params:
        if name not in (PLACE_PARAM, DATE_PARAM):
            raise BadQuery(
                f"A briefing can be asked for by {PLACE_PARAM} and {DATE_PARAM}; given {name!r}."
            )
    text, on = single_value(params, PLACE_PARAM), _day(params)
    if not text:
        return None
    place, *others = _points(text)
    return Asked(place, on, tuple(others))


def fields(params: Params) -> list[dict[str, Any]]:
    """The controls of the page's form, holding what was given."""
    return [
        {
            "name": PLACE_PARAM,
            "label": "Place",
            "kind": "text",
            "value": next(iter(params.get(PLACE_PARAM, ())), ""),
            "hint": "A town, village, ward, police site or postcode, by its whole name.",
        },
        {
            "name": DATE_PARAM,
            "label": "Day of the visit",
            "kind": "date",
            "value": next(iter(params.get(DATE_PARAM, ())), "") or services().today.isoformat(),
            "hint": "",
        },
    ]


def _day(params: Params) -> date:
    given = interval_value(params, DATE_PARAM)
    if given is None:
        return services().today
    if not given.is_day:
        raise BadQuery(f"{DATE_PARAM} must be a day, such as 2024-10-01; given a month or year.")
    return given.date_from


def _points(text: str) -> tuple[Place, ...]:
    """The places of a name that are points, at least one."""
    have = services()
    sites = have.registry.get("sites")
    if len(text) > LONGEST_TEXT:
        raise BadQuery(
            f"{PLACE_PARAM} must have at most {LONGEST_TEXT} characters; given {len(text)}."
        )
    named = named_places(have.workspace, sites, text, Audience.STAFF, have.today)
    points = tuple(place for place in named if place.bounds is None)
    if points:
        return points
    if named:
        raise BadQuery(
            f"A briefing is for a place that can be visited: a town, village, ward, police site "
            f"or postcode. {named[0].label} is an area; name a place in it."
        )
    found = find_places(
        have.workspace, sites, PlaceQuery(text, MOST_NEAR), Audience.STAFF, have.today
    )
    near = "; ".join(place.label for place in (*found.places, *found.near) if not place.bounds)
    did_you_mean = f" Did you mean one of these: {near}?" if near else ""
    raise BadQuery(
        f"{PLACE_PARAM} must be the whole name of a place; given {text!r}.{did_you_mean}"
    )
