"""How fast roads are driven, by their class: settings of ours in km/h, not measured speeds.

They are round figures below the legal limits of Great Britain, for a whole way with its junctions
and at no hour in particular. A limit that is lower than the speed of a class takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

KMH_PER_MPH: Final = 1.609344
OS_OTHER_KMH: Final = 25.0
"""A function that the list of OS Open Roads does not have."""
OS_KMH: Final[Mapping[str, float]] = MappingProxyType(
    {
        "Motorway": 95.0,
        "A Road": 50.0,
        "B Road": 45.0,
        "Minor Road": 40.0,
        "Local Road": 30.0,
        "Local Access Road": 20.0,
        "Restricted Local Access Road": 15.0,
        "Secondary Access Road": 15.0,
    }
)
"""By ``road_function`` of OS Open Roads."""
OS_FORM_KMH: Final[Mapping[str, float]] = MappingProxyType(
    {"Slip Road": 50.0, "Roundabout": 30.0, "Shared Use Carriageway": 15.0}
)
"""By ``form_of_way``, where that says more than the function."""
OS_DUAL_KMH: Final = 70.0
"""A roads of two carriageways."""
OS_CLOSED: Final = frozenset({"Guided Busway"})
OSM_KMH: Final[Mapping[str, float]] = MappingProxyType(
    {
        "motorway": 95.0,
        "motorway_link": 50.0,
        "trunk": 70.0,
        "trunk_link": 50.0,
        "primary": 50.0,
        "primary_link": 40.0,
        "secondary": 45.0,
        "secondary_link": 40.0,
        "tertiary": 40.0,
        "tertiary_link": 30.0,
        "unclassified": 40.0,
        "residential": 30.0,
        "living_street": 15.0,
        "road": 25.0,
        "service": 15.0,
    }
)
"""By the OpenStreetMap key ``highway``; others, such as footways, are no roads for cars."""
_CLOSED: Final = ("no", "private")
_LIMIT: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?")
_DIRECTIONS: Final[Mapping[str, int]] = MappingProxyType(
    {"yes": 1, "true": 1, "1": 1, "-1": -1, "reverse": -1, "no": 0, "false": 0, "0": 0}
)
_TAG: Final = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')


def os_speed_kmh(function: str, form: str) -> float | None:
    """The speed of a link of OS Open Roads; None where cars may not drive.

    >>> os_speed_kmh("A Road", "Single Carriageway"), os_speed_kmh("A Road", "Dual Carriageway")
    (50.0, 70.0)
    """
    if form in OS_CLOSED:
        return None
    if function == "A Road" and form.endswith("Dual Carriageway"):
        return OS_DUAL_KMH
    return OS_FORM_KMH.get(form, OS_KMH.get(function, OS_OTHER_KMH))


def osm_tags(text: str) -> dict[str, str]:
    """The tags that GDAL puts in one text.

    >>> osm_tags('"oneway"=>"yes","maxspeed"=>"30 mph"')
    {'oneway': 'yes', 'maxspeed': '30 mph'}
    """
    return dict(_TAG.findall(text))


def osm_speed_kmh(highway: str, tags: Mapping[str, str]) -> float | None:
    """The speed of a way of OpenStreetMap; None where it is not for everybody's car.

    >>> osm_speed_kmh("residential", {"maxspeed": "10 mph"})
    16.09344
    """
    speed = OSM_KMH.get(highway)
    allowed = tags.get("motor_vehicle", tags.get("access", ""))
    if speed is None or allowed in _CLOSED:
        return None
    limit = _LIMIT.fullmatch(tags.get("maxspeed", "").strip())
    if limit is None or not float(limit[1]):
        return speed
    return min(speed, float(limit[1]) * (KMH_PER_MPH if limit[2] == "mph" else 1.0))


def osm_direction(highway: str, tags: Mapping[str, str]) -> int:
    """1 only as drawn, -1 only against it, 0 both ways; roundabouts and motorways are one-way.

    >>> osm_direction("residential", {"oneway": "-1"}), osm_direction("motorway", {})
    (-1, 1)
    """
    implied = tags.get("junction") in ("roundabout", "circular") or highway.startswith("motorway")
    return _DIRECTIONS.get(tags.get("oneway", ""), 1 if implied and "oneway" not in tags else 0)
