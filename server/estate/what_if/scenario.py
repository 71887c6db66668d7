"""A scenario: changes to the estate of a day, read from an address and carried out on a copy."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from boundaries.place import Place
from layers.audience import Audience
from layers.errors import BadQuery
from layers.opening_hours import LONGEST_TEXT, is_opening_hours, week_of
from layers.query import single_value
from layers.site_schema import ACCESS
from server.estate.growth import Growth, growth_of
from server.points import metres_of, name_of, points_named

CLOSE: Final = "closes"
OPEN: Final = "opens"
MOVE: Final = "moves"
ACCESS_PARAM: Final = "access"
HOURS: Final = "hours"
NEW_HOURS: Final = "new_hours"
MOVE_SITE, MOVE_TO = "move_site", "move_to"
ACCESS_SITE, ACCESS_TO = "access_site", "access_to"
HOURS_SITE, HOURS_TO = "hours_site", "hours_to"
SCENARIO_PARAMS: Final = (CLOSE, OPEN, MOVE, ACCESS_PARAM, HOURS)
"""Each value of these is one change."""
TYPED_PARAMS: Final = (MOVE_SITE, MOVE_TO, ACCESS_SITE, ACCESS_TO, HOURS_SITE, HOURS_TO)
"""Halves of a change, as the form's controls hold them; addresses that are given out have none."""

MOST_CHANGES: Final = 40
NEW: Final = "new-"
"""Begins the id of a site that a scenario opens."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Sites by id that close, places where one opens, what moves or changes its access or hours.

    Hours are as OpenStreetMap writes them. ``new_hours`` are those of every site that opens, empty
    where they are not known. ``growth`` is no change of the estate: planned homes are there before
    and after alike.
    """

    closed: tuple[str, ...] = ()
    opened: tuple[Place, ...] = ()
    moved: tuple[tuple[str, Place], ...] = ()
    access: tuple[tuple[str, str], ...] = ()
    hours: tuple[tuple[str, str], ...] = ()
    new_hours: str = ""
    growth: Growth = field(default_factory=Growth)

    @property
    def changes(self) -> int:
        """How many changes of the estate it makes."""
        kinds = (self.closed, self.opened, self.moved, self.access, self.hours)
        return sum(map(len, kinds))

    @property
    def has_new_places(self) -> bool:
        """Whether a site opens or moves, or homes are planned, at a place of the address."""
        return bool(self.opened or self.moved or self.growth.homes)

    def params(self) -> list[Pair]:
        """The scenario as address parameters, one a change."""
        return [
            *((CLOSE, site) for site in self.closed),
            *((OPEN, name_of(place)) for place in self.opened),
            *((MOVE, f"{site}:{name_of(place)}") for site, place in self.moved),
            *((ACCESS_PARAM, f"{site}:{access}") for site, access in self.access),
            *((HOURS, f"{site}:{hours}") for site, hours in self.hours),
            *([(NEW_HOURS, self.new_hours)] if self.new_hours else []),
            *self.growth.params(),
        ]

    def changed(self, estate: gpd.GeoDataFrame, site_type: str, day: date) -> gpd.GeoDataFrame:
        """The estate with the changes made; sites that open are of a type and open to callers.

        Hours a week are those of the week that holds ``day``.
        """
        kept = estate[~estate["site_id"].isin(self.closed)].reset_index(drop=True)
        geometry = kept.geometry.copy()
        for site, place in self.moved:
            geometry[kept["site_id"] == site] = shapely.Point(metres_of(place))
        access = kept["public_access"].mask(
            kept["site_id"].isin(dict(self.access)), kept["site_id"].map(dict(self.access))
        )
        kept = _with_hours(kept.assign(public_access=access), dict(self.hours), day)
        kept = kept.set_geometry(geometry)
        new_week = week_of(self.new_hours, day) if self.new_hours else None
        new = gpd.GeoDataFrame(
            {
                "site_id": [f"{NEW}{number}" for number in range(1, len(self.opened) + 1)],
                "name": [f"New site at {place.name}" for place in self.opened],
                "site_type": site_type,
                "public_access": "open",
                "response_base": "yes",
                "in_period": "in",
                "status": "planned",
                "hours": self.new_hours,
                "hours_in_words": new_week.in_words() if new_week else "",
                "hours_a_week": new_week.hours if new_week else math.nan,
            },
            geometry=[shapely.Point(metres_of(place)) for place in self.opened],
            crs=estate.crs,
        )
        return pd.concat([kept, new], ignore_index=True) if len(new) else kept


def scenario_of(params: Mapping[str, Sequence[str]], estate: gpd.GeoDataFrame) -> Scenario:
    """Read a scenario for the sites of an estate.

    Raises:
        BadQuery: a site that does not stand, a place that is not known, two changes that contradict
            each other, or too many.
    """
    names = dict(zip(estate["site_id"], estate["name"], strict=True))
    given = {name: _texts(params, name) for name in SCENARIO_PARAMS}
    given[MOVE] += _typed(params, MOVE_SITE, MOVE_TO)
    given[ACCESS_PARAM] += _typed(params, ACCESS_SITE, ACCESS_TO)
    given[HOURS] += _typed(params, HOURS_SITE, HOURS_TO)
    number = sum(map(len, given.values()))
    if number > MOST_CHANGES:
        raise BadQuery(f"A scenario can make {MOST_CHANGES} changes; given {number}.")
    scenario = Scenario(
        closed=tuple(sorted({_site(CLOSE, site, names) for site in given[CLOSE]})),
        opened=tuple(_place(OPEN, text) for text in given[OPEN]),
        moved=tuple(
            (_site(MOVE, site, names), _place(MOVE, text))
            for site, text in map(_halves(MOVE, "a place"), given[MOVE])
        ),
        access=tuple(
            (_site(ACCESS_PARAM, site, names), _access(text))
            for site, text in map(_halves(ACCESS_PARAM, "a public access"), given[ACCESS_PARAM])
        ),
        hours=tuple(
            (_site(HOURS, site, names), _hours(HOURS, text))
            for site, text in map(_halves(HOURS, "its hours"), given[HOURS])
        ),
        new_hours=_hours(NEW_HOURS, single_value(params, NEW_HOURS)),
        growth=growth_of(params),
    )
    return _consistent(scenario, names)


def without(scenario: Scenario, name: str, value: str) -> list[Pair]:
    """The parameters of a scenario without one of its changes."""
    pairs = scenario.params()
    pairs.remove((name, value))
    return pairs


def _texts(params: Mapping[str, Sequence[str]], name: str) -> list[str]:
    return list(dict.fromkeys(text.strip() for text in params.get(name, ()) if text.strip()))


def _typed(params: Mapping[str, Sequence[str]], site: str, to: str) -> list[str]:
    """A change of which the form has one half each in two controls; none where both are blank."""
    which, what = single_value(params, site), single_value(params, to)
    if not which and not what:
        return []
    if not which or not what:
        raise BadQuery(f"{site} and {to} belong together; only {site if which else to} was given.")
    return [f"{which}:{what}"]


def _halves(name: str, noun: str) -> Callable[[str], Pair]:
    def halves(text: str) -> Pair:
        site, mark, rest = text.partition(":")
        if not (site and mark and rest.strip()):
            raise BadQuery(
                f"{name} must be a site's id, a colon and {noun}, such as S001:…; given {text!r}."
            )
        return site.strip(), rest.strip()

    return halves


def _site(param: str, site: str, names: Mapping[str, str]) -> str:
    if site not in names:
        raise BadQuery(
            f"{param} must name a site that stands on the day, by its id; given {site!r}."
        )
    return site


def _place(param: str, text: str) -> Place:
    return points_named(text, param, Audience.STAFF)[0]


def _access(text: str) -> str:
    if text not in ACCESS:
        raise BadQuery(f"access must be one of {', '.join(ACCESS)}; given {text!r}.")
    return text


def _hours(param: str, text: str) -> str:
    if text and not is_opening_hours(text):
        raise BadQuery(
            f"{param} must be written as OpenStreetMap writes opening hours, such as "
            f"Mo-Fr 09:00-17:00 or Mo,We 10:00-16:00; Sa 10:00-12:00, in at most {LONGEST_TEXT} "
            f"characters; given {text[:LONGEST_TEXT]!r}."
        )
    return text


def _with_hours(estate: gpd.GeoDataFrame, hours: Mapping[str, str], day: date) -> gpd.GeoDataFrame:
    """The estate with the hours of some sites, by id, replaced."""
    weeks = {site: week_of(text, day) for site, text in hours.items()}
    told = {
        "hours": dict(hours),
        "hours_in_words": {site: week.in_words() for site, week in weeks.items()},
        "hours_a_week": {site: week.hours for site, week in weeks.items()},
    }
    sites = estate["site_id"]
    return estate.assign(
        **{
            column: estate[column].mask(sites.isin(values), sites.map(values))
            for column, values in told.items()
        }
    )


def _consistent(scenario: Scenario, names: Mapping[str, str]) -> Scenario:
    changes = ((MOVE, scenario.moved), (ACCESS_PARAM, scenario.access), (HOURS, scenario.hours))
    for param, changed in changes:
        sites = [site for site, _ in changed]
        twice = next((site for site in sites if sites.count(site) > 1), None)
        if twice:
            raise BadQuery(f"{param} can be given once for a site; {names[twice]} has two.")
        closed = next((site for site in sites if site in scenario.closed), None)
        if closed:
            raise BadQuery(f"{names[closed]} cannot close and change as well. Remove one of them.")
    return scenario
