"""What an address asks a briefing of: a place and a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from boundaries.place import Place
from layers.audience import Audience
from layers.errors import BadQuery
from layers.query import interval_value, single_value
from server.points import name_of, points_named
from server.services import services

BRIEFING_PAGE: Final = "/visits/briefing"
PLACE_PARAM: Final = "place"
DATE_PARAM: Final = "date"

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
    return [(PLACE_PARAM, name_of(place)), (DATE_PARAM, on.isoformat())]


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
    place, *others = points_named(text, PLACE_PARAM, Audience.STAFF)
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
