"""A place that can be searched for, and how much of the map it asks for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, get_args

PlaceKind = Literal[
    "settlement",
    "npa",
    "district",
    "ward",
    "site",
    "postcode-district",
    "postcode-sector",
    "postcode",
    "point",
]

KIND_IN_WORDS: Final[Mapping[PlaceKind, str]] = MappingProxyType(
    {
        "settlement": "settlement",
        "npa": "Neighbourhood Policing Area",
        "district": "district",
        "ward": "ward",
        "site": "police site",
        "postcode-district": "postcode district",
        "postcode-sector": "postcode sector",
        "postcode": "postcode",
        "point": "point on the map",
    }
)

DECIMALS: Final = 5
"""Of a degree: about one metre."""

KIND_ORDER: Final[Mapping[PlaceKind, int]] = MappingProxyType(
    {kind: place for place, kind in enumerate(get_args(PlaceKind))}
)

Bounds = tuple[float, float, float, float]
"""West, south, east and north in WGS84 degrees."""

_TILE_PX: Final = 256
_MAP_PX: Final = 320
_WIDEST_ZOOM: Final = 7
_CLOSEST_ZOOM: Final = 16


@dataclass(frozen=True, slots=True)
class Place:
    """A place with a name: a point in WGS84 degrees and, for an area, its ``bounds``.

    ``where`` tells it apart from others of its name; it is empty where the name is enough.
    ``zoom`` is the Leaflet zoom at which a small map shows the whole of it.
    """

    name: str
    kind: PlaceKind
    where: str
    longitude: float
    latitude: float
    bounds: Bounds | None
    zoom: int

    @property
    def label(self) -> str:
        """Name, kind and whereabouts, as readers see them."""
        facts = [KIND_IN_WORDS[self.kind]]
        if self.where and self.where != self.name:
            facts.append(self.where)
        return f"{self.name} ({', '.join(facts)})"


@dataclass(frozen=True, slots=True)
class Found:
    """The best of the ``total`` places that match, or else those of a ``near`` spelling."""

    places: tuple[Place, ...] = ()
    near: tuple[Place, ...] = ()
    total: int = 0


def zoom_to(bounds: Bounds) -> int:
    """The closest whole Leaflet zoom at which a map 320 pixels wide and high shows the bounds."""
    west, south, east, north = bounds
    across = (east - west) / 360
    upward = (_mercator(north) - _mercator(south)) / (2 * math.pi)
    widest = max(across, upward)
    if widest <= 0:
        return _CLOSEST_ZOOM
    fits = math.floor(math.log2(_MAP_PX / _TILE_PX / widest))
    return min(max(fits, _WIDEST_ZOOM), _CLOSEST_ZOOM)


def _mercator(latitude: float) -> float:
    return math.asinh(math.tan(math.radians(latitude)))
