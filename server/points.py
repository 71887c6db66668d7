"""The points that a text names: towns, wards, sites, postcodes, or a latitude and a longitude."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from boundaries.place import DECIMALS, Place
from boundaries.postcode_index import like_postcode
from geo.crs import to_metres
from layers.audience import Audience
from layers.errors import BadQuery
from layers.place_search import (
    LONGEST_TEXT,
    PlaceQuery,
    find_places,
    named_places,
    postcode_sentences,
)
from layers.position import UK_LATITUDE, UK_LONGITUDE
from server.services import services

MOST_NEAR: Final = 5
_PAIR: Final = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)")
_ZOOM: Final = 15

Point = tuple[float, float]
"""Easting and northing in metres of EPSG:27700."""


def points_named(text: str, param: str, audience: Audience) -> tuple[Place, ...]:
    """The places of a name that are points, the likeliest first; at least one.

    Args:
        text: the whole name of a place, its label, or a latitude and a longitude.
        param: the parameter that holds it, for the message.
        audience: whose places are searched.

    Raises:
        BadQuery: no point that is held has this name; the message says which have a like one.
    """
    if len(text) > LONGEST_TEXT:
        raise BadQuery(f"{param} must have at most {LONGEST_TEXT} characters; given {len(text)}.")
    pair = _PAIR.fullmatch(text.strip())
    if pair:
        return (_at(float(pair[1]), float(pair[2]), param, text),)
    have = services()
    sites = have.registry.get("sites")
    named = named_places(have.workspace, sites, text, audience, have.today)
    points = tuple(place for place in named if place.bounds is None)
    if points:
        return points
    if named:
        raise BadQuery(
            f"{param} must be a point: a town, village, ward, police site or postcode. "
            f"{named[0].label} is an area; name a place in it."
        )
    found = find_places(have.workspace, sites, PlaceQuery(text, MOST_NEAR), audience, have.today)
    near = "; ".join(place.label for place in (*found.places, *found.near) if not place.bounds)
    did_you_mean = f" Did you mean one of these: {near}?" if near else ""
    postcodes = postcode_sentences(have.workspace) if like_postcode(text) else []
    said = " ".join([f"{param} must be the whole name of a place; given {text!r}.", *postcodes])
    raise BadQuery(f"{said}{did_you_mean}")


def name_of(place: Place) -> str:
    """The text that names a place alone; a postcode and a pair of degrees are their own."""
    return place.name if place.kind in ("postcode", "point") else place.label


def metres_of(place: Place) -> Point:
    """Where a place is, in EPSG:27700."""
    east_m, north_m = to_metres([place.longitude], [place.latitude])
    return float(np.squeeze(east_m)), float(np.squeeze(north_m))


def _at(latitude: float, longitude: float, param: str, text: str) -> Place:
    south, north = UK_LATITUDE
    west, east = UK_LONGITUDE
    if not (south <= latitude <= north and west <= longitude <= east):
        raise BadQuery(
            f"{param} must be a latitude and a longitude in the United Kingdom, such as "
            f"52.63, -1.13; given {text!r}."
        )
    name = f"{_degrees(latitude)}, {_degrees(longitude)}"
    return Place(name, "point", "", longitude, latitude, None, _ZOOM)


def _degrees(value: float) -> str:
    """To about a metre, as the map writes it: every decimal, but no needless noughts."""
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
