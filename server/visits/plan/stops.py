"""The office's planned stops as the planner reads them, by what became of each."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np

from geo.dates import DateInterval
from layers.programme import PLANNED_STOPS, held
from server.services import Services

AGREED: Final = "planned"
DECLINED: Final = "declined"
CALLED_OFF: Final = "cancelled"


def planned_stops(
    have: Services, status: str, within: DateInterval | None = None
) -> gpd.GeoDataFrame:
    """Planned stops of one status whose day is settled, with that ``day`` as a date.

    Args:
        within: only those of these days; all by default.
    """
    frame = held(have.workspace, PLANNED_STOPS)
    dates = [DateInterval.parse(text) for text in frame["date"]]
    chosen = np.array(
        [
            date.is_day and (within is None or date.membership(within) == "in") and state == status
            for date, state in zip(dates, frame["status"], strict=True)
        ],
        dtype=bool,
    )
    return frame.assign(day=[date.date_from for date in dates])[chosen]


def unsettled_stops(have: Services) -> list[tuple[str, DateInterval]]:
    """Agreed stops whose day is not settled, by place, with the time within which it lies."""
    frame = held(have.workspace, PLANNED_STOPS)
    agreed = frame[(frame["status"] == AGREED).to_numpy()]
    dates = (DateInterval.parse(text) for text in agreed["date"])
    return [
        (place, date) for place, date in zip(agreed["place"], dates, strict=True) if not date.is_day
    ]
