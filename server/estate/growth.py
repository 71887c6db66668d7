"""Planned homes: how many at which places, read from an address, and who is to live in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from boundaries.place import Place
from boundaries.small_areas import PlannedHomes, SmallAreas, with_homes
from layers.audience import Audience
from layers.errors import BadQuery
from layers.query import single_value
from server.estate.coverage.account import areas_of_ground
from server.estate.coverage.asked import number_value
from server.points import metres_of, name_of, points_named
from server.services import services

HOMES: Final = "homes"
HOMES_AT, HOMES_NUMBER = "homes_at", "homes_number"
PEOPLE_A_HOME: Final = "people_a_home"
PARAMS: Final = (HOMES, HOMES_AT, HOMES_NUMBER, PEOPLE_A_HOME)
USUAL_PEOPLE: Final = 2.4
"""Average household size in England and Wales, Census 2021 (Office for National Statistics)."""
MOST_PEOPLE: Final = 10.0
MOST_HOMES: Final = 100_000
MOST_PLACES: Final = 20

Pair = tuple[str, str]
Homes = tuple[Place, int]


@dataclass(frozen=True, slots=True)
class Growth:
    """Planned homes by place, and how many people are taken to live in one."""

    homes: tuple[Homes, ...] = ()
    people_a_home: float = USUAL_PEOPLE

    @property
    def residents(self) -> int:
        """Who is to live in all of them."""
        return sum(self.residents_of(number) for _, number in self.homes)

    def residents_of(self, homes: int) -> int:
        """Who is to live in so many homes, rounded to whole people."""
        return round(homes * self.people_a_home)

    def params(self) -> list[Pair]:
        """The homes as address parameters; none where nothing is said of them."""
        people = self.homes or self.people_a_home != USUAL_PEOPLE
        return [
            *((HOMES, homes_value(homes)) for homes in self.homes),
            *([(PEOPLE_A_HOME, f"{self.people_a_home:g}")] if people else []),
        ]

    def areas(self) -> SmallAreas:
        """The small areas of the present ground with the planned homes as further ones."""
        planned = [
            PlannedHomes(place.name, metres_of(place), self.residents_of(number))
            for place, number in self.homes
        ]
        return with_homes(areas_of_ground(), services().workspace.ground, planned)


def growth_of(params: Mapping[str, Sequence[str]]) -> Growth:
    """Read planned homes.

    Raises:
        BadQuery: a number or a place that cannot be used, a place outside the force area, too many
            places, or no small area is held beside which homes could be counted.
    """
    given = list(dict.fromkeys(text.strip() for text in params.get(HOMES, ()) if text.strip()))
    at, number = single_value(params, HOMES_AT), single_value(params, HOMES_NUMBER)
    if bool(at) != bool(number):
        raise BadQuery(
            f"{HOMES_AT} and {HOMES_NUMBER} belong together; only "
            f"{HOMES_AT if at else HOMES_NUMBER} was given."
        )
    if at:
        given.append(f"{at}:{number}")
    if len(given) > MOST_PLACES:
        raise BadQuery(f"Homes can be planned at {MOST_PLACES} places; given {len(given)}.")
    if given and not areas_of_ground().codes:
        raise BadQuery(
            "No small area with residents is held, so planned homes cannot be counted beside them."
        )
    people = number_value(params, PEOPLE_A_HOME, USUAL_PEOPLE, 0.1, MOST_PEOPLE)
    return Growth(tuple(_homes(text) for text in given), people)


def growth_fields(growth: Growth) -> list[dict[str, Any]]:
    """The controls for homes at one more place, and for how many people live in one."""
    return [
        {
            "name": HOMES_AT,
            "label": "Plan homes at",
            "kind": "text",
            "value": "",
            "picks": True,
            "hint": "A place by its whole name, or a latitude and a longitude.",
        },
        {"name": HOMES_NUMBER, "label": "How many homes", "kind": "text", "value": "", "hint": ""},
        {
            "name": PEOPLE_A_HOME,
            "label": "People in a home",
            "kind": "text",
            "value": f"{growth.people_a_home:g}",
            "hint": f"{USUAL_PEOPLE:g} is the average household of England and Wales in the Census "
            "2021 (Office for National Statistics).",
        },
    ]


def homes_value(homes: Homes) -> str:
    """Homes at one place as an address has them."""
    place, number = homes
    return f"{name_of(place)}:{number}"


def homes_in_words(growth: Growth, homes: Homes) -> str:
    """Homes at one place, and who is to live in them."""
    place, number = homes
    residents = growth.residents_of(number)
    noun = "home is" if number == 1 else "homes are"
    people = "resident" if residents == 1 else "residents"
    return f"{number:,} {noun} planned at {place.label}, for {residents:,} {people}."


def added_in_words(growth: Growth) -> str:
    """How many residents planned homes add, and how that is reckoned."""
    number = sum(homes for _, homes in growth.homes)
    source = (
        ", the average household of England and Wales in the Census 2021 (Office for National "
        "Statistics)"
        if growth.people_a_home == USUAL_PEOPLE
        else ""
    )
    return (
        f"{number:,} planned {'home adds' if number == 1 else 'homes add'} {growth.residents:,} "
        f"residents, at {growth.people_a_home:g} people a home{source}; they are taken to live at "
        "the point of the place, in the tenth of deprivation and the setting of the nearest small "
        "area."
    )


def _homes(text: str) -> Homes:
    name, mark, number = (part.strip() for part in text.rpartition(":"))
    if not (name and mark):
        raise BadQuery(
            f"{HOMES} must be a place, a colon and a number, such as 52.63, -1.13:500; given "
            f"{text!r}."
        )
    fits = number.isascii() and number.isdecimal() and len(number) <= len(str(MOST_HOMES))
    if not fits or not 1 <= int(number) <= MOST_HOMES:
        raise BadQuery(
            f"{HOMES} must be a whole number from 1 to {MOST_HOMES:,} at each place; given "
            f"{number[:20]!r}."
        )
    place = points_named(name, HOMES, Audience.STAFF)[0]
    east_m, north_m = metres_of(place)
    if not services().workspace.ground.district_at(np.array([east_m]), np.array([north_m]))[0]:
        raise BadQuery(f"{HOMES} must be planned in the force area; {place.label} is outside it.")
    return place, int(number)
