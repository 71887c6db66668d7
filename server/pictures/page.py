"""The picture of a page's map, as whoever asks may see it."""

from __future__ import annotations

from typing import Final

from layers.audience import Audience
from layers.view import View
from server.access import current_audience
from server.map_pages import GROUND_LAYERS
from server.map_state import MapState
from server.page_context import attributions
from server.pictures.picture import Picture
from server.services import services

STAFF_NOTICE: Final = "Staff view: not for publication."


def picture_of(
    title: str, layers: tuple[View, ...], state: MapState, notices: tuple[str, ...] = ()
) -> Picture:
    """These layers over the ground that the map's state has switched on, in its view."""
    staff = current_audience() is Audience.STAFF
    return Picture(
        title=title,
        layers=layers,
        ground=services().workspace.ground,
        ground_on=tuple(
            ground.id for ground in GROUND_LAYERS if state.shows(ground.id, ground.switched_on)
        ),
        view=state.view,
        notices=(*[STAFF_NOTICE] * staff, *notices),
        attribution=tuple(attributions()),
    )
