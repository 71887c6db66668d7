"""What a reader leaves on a map: an area drawn, a line measured and a place found.

Each is kept in the page's address as text, which is checked here and drawn by the page's script.
A place is named as the search names it: its name, and in brackets what it is and where. The words
that the page shows come from the search again, so an address can put no others on a map.
"""

from __future__ import annotations

import math
import re
from typing import Final

from boundaries.place import KIND_IN_WORDS
from layers.drawn_area import DECIMALS, MOST_CORNERS, DrawnArea
from layers.errors import BadQuery

LONGEST_LABEL: Final = 300
_LABEL: Final = re.compile(rf"\S.* \((?:{'|'.join(KIND_IN_WORDS.values())})(?:, .+)?\)")


def drawn_text(text: str) -> str:
    """An area somebody drew, ``lon,lat lon,lat lon,lat ...``; empty for none.

    Raises:
        BadQuery: not an area that figures can be had of.
    """
    try:
        return str(DrawnArea.parse(text)) if text else ""
    except BadQuery as error:
        raise BadQuery(f"draw: {error}") from error


def measured_text(text: str) -> str:
    """A line somebody measured, ``lon,lat lon,lat ...``; empty for none.

    Raises:
        BadQuery: fewer than two points, too many, or not places in degrees.
    """
    pairs = text.split()
    if pairs and not 2 <= len(pairs) <= MOST_CORNERS:
        raise BadQuery(
            f"measure must have 2 to {MOST_CORNERS} points, each longitude,latitude in degrees, "
            f"with blanks between them; given {len(pairs)}."
        )
    return " ".join(_point(pair) for pair in pairs)


def place_text(text: str) -> str:
    """A place as the search names it, such as ``Church End (settlement, Upshire)``.

    Raises:
        BadQuery: not named so.
    """
    if text and not (len(text) <= LONGEST_LABEL and _LABEL.fullmatch(text)):
        raise BadQuery(
            "place must name a place as the search does, such as Church End (settlement, "
            f"Upshire); given {text[:60]!r}."
        )
    return text


def _point(pair: str) -> str:
    try:
        longitude, latitude = (float(part) for part in pair.split(","))
    except ValueError:
        longitude = latitude = math.nan
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise BadQuery(
            "measure must be points of longitude,latitude in degrees with blanks between them, "
            f"such as -1.1,52.6 -1.0,52.7; given {pair[:60]!r}."
        )
    return f"{longitude:.{DECIMALS}f},{latitude:.{DECIMALS}f}"
