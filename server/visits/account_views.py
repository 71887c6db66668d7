"""What the map of the account of visits shows: the areas, and the wards without a stop."""

from __future__ import annotations

from typing import Final

from layers.view import View
from server.access import current_audience
from server.visits import commitment, unvisited
from server.visits.asked import Asked

SHOWN_AT_FIRST: Final = (commitment.SPEC.id,)
"""The areas alone: the marks of the wards, which may be a hundred and more, would hide them."""


def account_views(what: Asked) -> tuple[View, View]:
    """The areas with how they stand and the wards without a stop, of one account."""
    account, audience = what.account(), current_audience()
    return commitment.view_of(what, account, audience), unvisited.view_of(what, account, audience)
