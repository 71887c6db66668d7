"""What a paper on the visits is made from: the views and the account that feed the pages too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import pandas as pd

from geo.dates import DateInterval, days_in_month, shift_months
from layers.answer import answer
from layers.audience import Audience
from layers.query import LayerQuery
from layers.schema import Field
from layers.view import View
from layers.visited import at_places
from server.pictures.records import NUMBER_COLUMN
from server.services import services
from server.visits.account import Account
from server.visits.asked import VISITS, Asked
from server.visits.commitment import view_of

NUMBER: Final = Field(NUMBER_COLUMN, "Number on the map", "integer", computed=True)


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """The visits of a period for an audience, and how they stand to the commitment.

    ``visits`` holds the stops of every type, numbered by place; ``asked`` and ``account`` count
    those by which the commitment is kept. ``before`` is the account of the period of equal length
    before.
    """

    audience: Audience
    asked: Asked
    account: Account
    visits: View
    commitment: View
    before: Account

    @property
    def period(self) -> DateInterval:
        """The period of the paper."""
        return self.account.period


def material_of(asked: Asked, audience: Audience) -> Material:
    """Gather what a paper is made from."""
    account = asked.account()
    return Material(
        audience=audience,
        asked=asked,
        account=account,
        visits=_visits(asked.period, audience),
        commitment=view_of(asked, account, audience),
        before=replace(asked, period=period_before(asked.period)).account(),
    )


def period_before(period: DateInterval) -> DateInterval:
    """The period of equal length that ends the day before: of as many months if it is of whole.

    >>> period_before(DateInterval.parse("2024")).in_words()
    'January 2023 to December 2023'
    """
    one = timedelta(days=1)
    end = period.date_from - one
    last = period.date_to
    if period.date_from.day == 1 and last.day == days_in_month(last.year, last.month):
        return DateInterval(shift_months(period.date_from, -len(period.months())), end)
    return DateInterval(end - (last - period.date_from), end)


def _visits(period: DateInterval, audience: Audience) -> View:
    """The stops of a period, of every type, by the number of their place."""
    have = services()
    query = LayerQuery(VISITS, audience, period=period, period_given=True)
    view = answer(have.registry.get(VISITS), have.workspace, query, have.today)
    return numbered(view, have.workspace.ground.npa_codes)


def numbered(view: View, npa_codes: tuple[str, ...]) -> View:
    """A view of stops in the order of areas and places, each place with one number.

    A place is a point on the ground, to the metre; numbers run from area to area, in each from
    name to name. A stop without a position, or known by its district alone, has no number.
    """
    stops = view.records
    order = {code: number for number, code in enumerate(npa_codes)}
    keys = pd.DataFrame(
        {
            "area": [order.get(code, len(order)) for code in stops["npa_code"]],
            "place": [str(place).casefold() for place in stops["place"]],
            "from": stops["date_from"],
            "id": stops["visit_id"],
        },
        index=stops.index,
    )
    stops = stops.loc[keys.sort_values(keys.columns.tolist()).index]
    numbers: dict[tuple[int, int], int] = {}
    column: list[int | None] = []
    for point, is_place in zip(stops.geometry, at_places(stops), strict=True):
        if not is_place:
            column.append(None)
            continue
        column.append(numbers.setdefault((round(point.x), round(point.y)), len(numbers) + 1))
    stops = stops.assign(**{NUMBER_COLUMN: pd.array(column, dtype="Int64")})
    stops = stops.sort_values(NUMBER_COLUMN, kind="stable", na_position="last")
    stops = stops.reset_index(drop=True)
    return replace(view, records=stops, columns=(NUMBER, *view.columns))
