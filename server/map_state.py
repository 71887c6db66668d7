"""What a map shows beside its query: the part of it in view and what is switched on.

It is kept in the page's address, so that an address restores the map, and the server can draw the
same view that the browser shows.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from geo.dates import DateInterval
from geo.errors import InvalidDate
from layers.errors import BadQuery
from layers.query import single_value
from server.map_marks import drawn_text, measured_text, place_text

STATE_PARAMS: Final = ("view", "on", "open", "month", "draw", "measure", "place")
"""One of ``draw`` and ``measure`` is given at most: a map has one tool in use."""
MIN_ZOOM: Final = 7.0
MAX_ZOOM: Final = 18.0
_RECORD: Final = re.compile(r"[a-z_]+:\S.{0,199}")
_MONTH: Final = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True)
class MapView:
    """The part of the ground in view: a Leaflet zoom and the centre in WGS84 degrees."""

    zoom: float
    latitude: float
    longitude: float

    @classmethod
    def parse(cls, text: str) -> MapView:
        """Read ``zoom/latitude/longitude``.

        Raises:
            BadQuery: not three finite numbers in range.
        """
        try:
            zoom, latitude, longitude = (float(part) for part in text.split("/"))
        except ValueError:
            zoom = latitude = longitude = math.nan
        if not (MIN_ZOOM <= zoom <= MAX_ZOOM and abs(latitude) <= 85 and abs(longitude) <= 180):
            raise BadQuery(
                f"view must be zoom/latitude/longitude, with a zoom from {MIN_ZOOM:g} to "
                f"{MAX_ZOOM:g} and a place in degrees; given {text!r}."
            )
        return cls(round(zoom, 2), round(latitude, 5), round(longitude, 5))

    def __str__(self) -> str:
        return f"{self.zoom:.4g}/{self.latitude:.5f}/{self.longitude:.5f}"


@dataclass(frozen=True, slots=True)
class MapState:
    """How a map is looked at.

    Without a ``view`` the whole force area is in view; without ``on`` the page's own choice of
    layers is switched on. ``open`` names a record as ``layer:id`` whose popup is open; ``month``
    is the one that the slider stands at, ``YYYY-MM``. ``draw`` is an area that somebody drew,
    ``measure`` a line that was measured, ``place`` one that was searched for and found.
    """

    view: MapView | None = None
    on: tuple[str, ...] | None = None
    open: str = ""
    month: str = ""
    draw: str = ""
    measure: str = ""
    place: str = ""

    @classmethod
    def parse(cls, params: Mapping[str, Sequence[str]], layer_ids: Sequence[str]) -> MapState:
        """Read the state from address parameters; other parameters are left alone.

        Args:
            params: all parameters of the address with their values.
            layer_ids: what can be switched on there; ``on=none`` switches all off.

        Raises:
            BadQuery: a value that cannot be used.
        """
        given = {name: single_value(params, name) for name in STATE_PARAMS}
        if given["draw"] and given["measure"]:
            raise BadQuery("draw and measure cannot be given together. Leave one of them out.")
        return cls(
            view=MapView.parse(given["view"]) if given["view"] else None,
            on=_switched_on(given["on"], layer_ids),
            open=_record(given["open"]),
            month=_month(given),
            draw=drawn_text(given["draw"]),
            measure=measured_text(given["measure"]),
            place=place_text(given["place"]),
        )

    def params(self) -> list[tuple[str, str]]:
        """The state as address parameters; what is not set is left out."""
        on = "" if self.on is None else ",".join(self.on) or "none"
        view = str(self.view) if self.view else ""
        values = (view, on, self.open, self.month, self.draw, self.measure, self.place)
        return [(name, text) for name, text in zip(STATE_PARAMS, values, strict=True) if text]

    def without_marks(self) -> MapState:
        """The state without what the page's own scripts draw, wherever the map's is from."""
        return replace(self, draw="", measure="", place="")

    def shows(self, layer_id: str, switched_on: bool) -> bool:
        """Whether a layer is switched on, given whether the page does so by itself."""
        return switched_on if self.on is None else layer_id in self.on


def _switched_on(text: str, layer_ids: Sequence[str]) -> tuple[str, ...] | None:
    if not text:
        return None
    names = () if text == "none" else tuple(dict.fromkeys(text.split(",")))
    for name in names:
        if name not in layer_ids:
            raise BadQuery(
                f"on must be none, or some of {', '.join(layer_ids)} with commas between; "
                f"given {name!r}."
            )
    return names


def _record(text: str) -> str:
    if text and not _RECORD.fullmatch(text):
        raise BadQuery(f"open must name a record as layer:id; given {text!r}.")
    return text


def _month(given: Mapping[str, str]) -> str:
    text = given["month"]
    if not text:
        return ""
    try:
        DateInterval.parse(text)
    except InvalidDate as error:
        raise BadQuery(f"month: {error}") from error
    if not _MONTH.fullmatch(text):
        raise BadQuery(f"month must be a year and a month, such as 2022-03; given {text!r}.")
    return text
