"""What a file of roads can be."""

from __future__ import annotations

from typing import Final, Literal, get_args

RoadSource = Literal["os-open-roads", "openstreetmap", "lines"]
SOURCES: Final[tuple[RoadSource, ...]] = get_args(RoadSource)
IN_WORDS: Final[dict[str, str]] = {
    "os-open-roads": "OS Open Roads",
    "openstreetmap": "OpenStreetMap",
    "lines": "a file of road lines",
}
SPEEDS_IN_WORDS: Final[dict[str, str]] = {
    "os-open-roads": "at a speed for each class of road, set by us, all roads open both ways",
    "openstreetmap": "at a speed for each class of road, set by us, or its limit if that is lower",
    "lines": "at the speeds of its roads",
}
