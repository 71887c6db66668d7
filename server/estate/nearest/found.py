"""The police bases near a place, as the public may know them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd
import shapely

from boundaries.place import Place
from geo.route import ROUTE_FACTOR
from layers.audience import Audience
from layers.estate import estate_on
from layers.estate_reconciled import access_of
from server.points import metres_of
from server.services import services

OPEN: Final = "open"
BY_APPOINTMENT: Final = "by-appointment"
MOST_OTHERS: Final = 3


@dataclass(frozen=True, slots=True)
class Base:
    """A police base and how far it is: straight, and along the way by estimate.

    ``access`` is that of the public; ``hours`` are in words and empty where they are not known.
    ``in_doubt``: it may not stand today, as far as is known of it.
    """

    site_id: str
    name: str
    address: str
    access: str
    hours: str
    in_doubt: bool
    straight_m: float

    @property
    def way_m(self) -> float:
        """How far it is along the way, estimated."""
        return self.straight_m * ROUTE_FACTOR


@dataclass(frozen=True, slots=True)
class Nearest:
    """What is near a place on a day.

    ``to_call_in`` is the nearest base that surely is open to callers, ``to_book`` one by
    appointment if it is nearer; ``others`` are nearer than either and of unknown access.
    """

    place: Place
    on: date
    to_call_in: Base | None
    to_book: Base | None
    others: tuple[Base, ...]


def nearest_to(place: Place) -> Nearest:
    """The bases nearest to a place, as they stand today."""
    have = services()
    estate = estate_on(have.workspace, have.today, Audience.PUBLIC, have.today)
    located = estate[~(estate.geometry.isna() | estate.geometry.is_empty)]
    far = located.assign(
        straight_m=located.distance(shapely.Point(metres_of(place))), can=access_of(located)
    ).sort_values(["straight_m", "site_id"])
    surely = far[far["can"] == "yes"]
    to_call_in = _first(surely[surely["public_access"] == OPEN])
    to_book = _first(surely[surely["public_access"] == BY_APPOINTMENT])
    if to_call_in and to_book and to_book.straight_m >= to_call_in.straight_m:
        to_book = None
    bounds = [base.straight_m for base in (to_call_in, to_book) if base]
    unknown = far[far["can"] == "unknown"]
    nearer = unknown[unknown["straight_m"] < min(bounds)] if bounds else unknown
    others = tuple(_base(row) for _, row in nearer.head(MOST_OTHERS).iterrows())
    return Nearest(place, have.today, to_call_in, to_book, others)


def _first(by_distance: pd.DataFrame) -> Base | None:
    return None if by_distance.empty else _base(by_distance.iloc[0])


def _base(row: pd.Series) -> Base:
    return Base(
        str(row["site_id"]),
        str(row["name"]),
        ", ".join(part for part in (row["address"], row["postcode"]) if part),
        str(row["public_access"]),
        str(row["hours_in_words"]),
        row["in_period"] != "in",
        float(row["straight_m"]),
    )
