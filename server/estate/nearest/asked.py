"""What an address asks of the nearest police bases: a place, by its name or postcode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from boundaries.place import Place
from layers.audience import Audience
from layers.errors import BadQuery
from layers.query import single_value
from server.points import name_of, points_named

PLACE: Final = "place"

Params = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A place; ``others`` are places of the same name, which were not meant first."""

    place: Place
    others: tuple[Place, ...] = ()

    def params(self) -> list[tuple[str, str]]:
        """The place by the text that names it alone."""
        return [(PLACE, name_of(self.place))]


def asked(params: Params) -> Asked | None:
    """Read address parameters; None where no place is named. Everybody asks as the public.

    Raises:
        BadQuery: another parameter, or not the name of a point that is held.
    """
    for name in params:
        if name != PLACE:
            raise BadQuery(f"The nearest base can be asked for by {PLACE}; given {name!r}.")
    text = single_value(params, PLACE)
    if not text:
        return None
    place, *others = points_named(text, PLACE, Audience.PUBLIC)
    return Asked(place, tuple(others))


def fields(params: Params) -> list[dict[str, Any]]:
    """The control of the page's form, holding what was given."""
    return [
        {
            "name": PLACE,
            "label": "Your town, village or postcode",
            "kind": "text",
            "value": next(iter(params.get(PLACE, ())), ""),
            "hint": "It is used to answer you, and not kept.",
        }
    ]
