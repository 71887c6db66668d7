"""What the pack is drawn from, read from ``demonstration.toml`` into frozen values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

RECIPE: Final = Path(__file__).with_name("demonstration.toml")


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A place round which reports gather: a settlement by name, or a point in WGS84 degrees.

    ``share`` is its part of all reports, ``spread_m`` the standard deviation of each coordinate.
    """

    name: str
    share: float
    spread_m: float
    settlement: str = ""
    latitude: float = 0.0
    longitude: float = 0.0


@dataclass(frozen=True, slots=True)
class Concern:
    """A kind of concern, weighted by a published count or, where there is none, by our own."""

    id: str
    published_as: str = ""
    weight: int = 0


@dataclass(frozen=True, slots=True)
class StreetSafeRecipe:
    """How the made-up Street Safe reports are drawn."""

    date_from: date
    date_to: date
    edge_margin_m: float
    elsewhere_spread_m: float
    concerns_per_report: tuple[float, ...]
    hot_spots: tuple[HotSpot, ...]
    concerns: tuple[Concern, ...]
    not_reported_reasons: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class CrimeRecipe:
    """Which monthly files are counted; ``file`` holds ``{month}``."""

    file: str
    first_month: str
    last_month: str


@dataclass(frozen=True, slots=True)
class EstateRecipe:
    """What the notes of the compiled estate say, as fields; sites by their ids."""

    locations: Mapping[str, str]
    partners: Mapping[str, str]
    section_106_states: Mapping[str, str]
    totals_as_of: str
    totals_of_another_day: Mapping[str, str]
    totals_source: str
    event: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class PackRecipe:
    """All that the pack needs to know beside the files it reads."""

    seed: int
    zone_corners: int
    zone_radius_m: Mapping[str, float]
    crime: CrimeRecipe
    estate: EstateRecipe
    street_safe: StreetSafeRecipe
    sources: Mapping[str, Mapping[str, Any]]


def read_pack_recipe(path: Path = RECIPE) -> PackRecipe:
    """Read the recipe of the pack.

    Raises:
        KeyError, TypeError: a key is missing or unknown.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    street_safe = raw["street_safe"]
    return PackRecipe(
        seed=raw["seed"],
        zone_corners=raw["zones"]["corners"],
        zone_radius_m=MappingProxyType(raw["zones"]["radius_m"]),
        crime=CrimeRecipe(**raw["crime"]),
        estate=EstateRecipe(**raw["estate"] | {"event": tuple(raw["estate"]["event"])}),
        street_safe=StreetSafeRecipe(
            date_from=street_safe["date_from"],
            date_to=street_safe["date_to"],
            edge_margin_m=street_safe["edge_margin_m"],
            elsewhere_spread_m=street_safe["elsewhere"]["spread_m"],
            concerns_per_report=tuple(street_safe["concerns_per_report"]),
            hot_spots=tuple(HotSpot(**table) for table in street_safe["hot_spot"]),
            concerns=tuple(Concern(**table) for table in street_safe["concern"]),
            not_reported_reasons=MappingProxyType(street_safe["not_reported_reasons"]),
        ),
        sources=MappingProxyType(raw["source"]),
    )
