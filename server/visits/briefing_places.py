"""What stands around a place, and where people near it say that they feel unsafe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.dates import DateInterval
from layers.answer import answer
from layers.audience import Audience
from layers.query import LayerQuery
from layers.schema import LIST_SEPARATOR
from layers.view import View
from server.services import services

TO_CALLERS: Final = ("open", "by-appointment")
CONCERN_MONTHS: Final = 12

Point = tuple[float, float]
"""Easting and northing in metres of EPSG:27700."""


@dataclass(frozen=True, slots=True)
class Site:
    """A police site and how far it is in a straight line.

    ``in_doubt``: it may not stand on the day, as far as is known of it.
    """

    name: str
    address: str
    access: str
    in_doubt: bool
    distance_m: float


@dataclass(frozen=True, slots=True)
class Sites:
    """The nearest site to which the public can go, and a nearer one whose access is not known.

    ``held`` is how many sites stand, surely or possibly, on the day.
    """

    held: int
    to_callers: Site | None
    nearer_unknown: Site | None


@dataclass(frozen=True, slots=True)
class Zone:
    """A People Zone in force on the day; ``distance_m`` is 0 within it."""

    name: str
    approximate: bool
    in_doubt: bool
    distance_m: float


@dataclass(frozen=True, slots=True)
class Concerns:
    """What Street Safe reports of an NPA name, the most frequent first; a report may name several.

    ``period`` is None where no report had been made by the day, or the place has no NPA;
    ``possibly`` counts reports whose date may lie in it or not.
    """

    period: DateInterval | None
    reports: int
    possibly: int
    named: tuple[tuple[str, int], ...]


def nearest_sites(at_m: Point, on: date) -> Sites:
    """The sites nearest to a place on a day."""
    records = standing("sites", on).records
    located = records[~(records.geometry.isna() | records.geometry.is_empty)]
    far = located.assign(distance_m=located.distance(shapely.Point(at_m))).sort_values(
        ["distance_m", "site_id"]
    )
    to_callers = _site(far[far["public_access"].isin(TO_CALLERS)])
    unknown = _site(far[far["public_access"] == "unknown"])
    nearer = unknown and (not to_callers or unknown.distance_m < to_callers.distance_m)
    return Sites(len(records), to_callers, unknown if nearer else None)


def _site(by_distance: pd.DataFrame) -> Site | None:
    if by_distance.empty:
        return None
    first = by_distance.iloc[0]
    address = ", ".join(part for part in (first["address"], first["postcode"]) if part)
    doubt = first["in_period"] == "possibly"
    return Site(first["name"], address, first["public_access"], doubt, float(first["distance_m"]))


def zones_near(at_m: Point, on: date, within_m: float) -> tuple[Zone, ...]:
    """The People Zones in force that hold a place or lie near it, the nearest first."""
    records = standing("people_zones", on).records
    far = records.assign(distance_m=records.distance(shapely.Point(at_m)))
    near = far[far["distance_m"] <= within_m].sort_values(["distance_m", "zone_id"])
    return tuple(
        Zone(row.name, bool(row.approximate), row.in_period == "possibly", float(row.distance_m))
        for row in near[["name", "approximate", "in_period", "distance_m"]].itertuples(index=False)
    )


def concerns_of(npa_code: str, on: date) -> Concerns:
    """What was named in the twelve months to the month of the day, or of the last report."""
    have = services()
    layer = have.registry.get("street_safe")
    extent = layer.extent(have.workspace)
    if not npa_code or extent is None or extent.date_from > on:
        return Concerns(None, 0, 0, ())
    period = DateInterval.months_ending(min(extent.date_to, on), CONCERN_MONTHS)
    query = LayerQuery(layer.spec.id, Audience.STAFF, period=period, npas=(npa_code,))
    view = answer(layer, have.workspace, query, have.today)
    sure = view.records[view.records["in_period"] == "in"]
    named = pd.Series(
        [concern for text in sure["concerns"] for concern in text.split(LIST_SEPARATOR)],
        dtype=object,
    ).value_counts()
    ranked = sorted(((str(name), int(times)) for name, times in named.items()), key=_by_times)
    return Concerns(period, view.counts.surely, view.counts.possibly, tuple(ranked))


def standing(layer_id: str, on: date) -> View:
    """The view of what stands on a day, as staff see it."""
    have = services()
    query = LayerQuery(layer_id, Audience.STAFF, as_of=on)
    return answer(have.registry.get(layer_id), have.workspace, query, have.today)


def stops_before(on: date) -> gpd.GeoDataFrame:
    """The stops of visits that began, for all that is known of their dates, before a day."""
    have = services()
    query = LayerQuery("visits", Audience.STAFF)
    records = answer(have.registry.get("visits"), have.workspace, query, have.today).records
    return records[records["date_from"] < pd.Timestamp(on)]


def _by_times(named: tuple[str, int]) -> tuple[int, str]:
    return -named[1], named[0]
