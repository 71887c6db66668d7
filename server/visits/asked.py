"""What an address asks of the programme of visits: which of them, of when, how far one reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from geo.dates import DateInterval
from geo.rotation import Commitment
from layers.answer import answer, read_query, version_of
from layers.audience import Audience
from layers.errors import BadQuery
from layers.query import LayerQuery, single_value
from layers.view import View
from server.access import current_audience
from server.requests import with_query
from server.services import services
from server.visits.account import Account, account_of

COMMITMENT_PAGE: Final = "/visits/commitment"
REPORT_PAGE: Final = "/visits/report"
VISITS: Final = "visits"
DISTANCE_PARAM: Final = "distance_m"
DISTANCES_M: Final = (1000, 2000, 3000, 5000, 10_000)
DEFAULT_DISTANCE_M: Final = 3000
COUNTED: Final = ("community-day",)
"""The types of visit by which the commitment is kept, unless others are asked for."""

YEAR_BEGINS_IN: Final = 4
PARAMS: Final = ("from", "to", "type", "visitor", "initiated_by", DISTANCE_PARAM)

Pair = tuple[str, str]


class NoVisits(BadQuery):
    """Nothing is held of which an account could be made."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of the visits with its period, and how far a place visited reaches."""

    query: LayerQuery
    period: DateInterval
    distance_m: int

    def params(self) -> list[Pair]:
        """What is asked as address parameters, defaults written out."""
        return [*self.query.params(), (DISTANCE_PARAM, str(self.distance_m))]

    @property
    def on(self) -> date:
        """The day from which the account looks back: the period's last, or today."""
        return min(self.period.date_to, services().today)

    def visits(self) -> View:
        """The visits that are counted, of all dates."""
        have = services()
        layer = have.registry.get(VISITS)
        query = replace(self.query, period=None, period_given=False)
        return answer(layer, have.workspace, query, have.today)

    def account(self) -> Account:
        """The account of what is asked, made once as long as nothing of it changes."""
        have = services()
        layer = have.registry.get(VISITS)
        return have.workspace.remembered(
            ("account", self), version_of(layer, have.workspace, have.today), self._account
        )

    def _account(self) -> Account:
        ground = services().workspace.ground
        stops = self.visits().records
        return account_of(stops, ground, self.period, self.on, Commitment(), self.distance_m)


def asked(params: Mapping[str, list[str]]) -> Asked:
    """What the address of this request asks, for whoever asks: see `asked_for`."""
    return asked_for(params, current_audience())


def asked_for(params: Mapping[str, list[str]], audience: Audience) -> Asked:
    """Read address parameters; without a period, the year to March that holds the last visit.

    Raises:
        BadQuery: a parameter or value that cannot be used.
        NoVisits: no visit is held and no period is given.
    """
    for name in params:
        if name not in PARAMS:
            raise BadQuery(
                f"The account of visits can be asked for by {', '.join(PARAMS)}; given {name!r}."
            )
    mine = {name: values for name, values in params.items() if name != DISTANCE_PARAM}
    have = services()
    query = read_query(have.registry.get(VISITS), have.workspace, mine, audience, have.today)
    if query.period is None:
        raise NoVisits("No visit is held. Import visits, or give a period by from and to.")
    given = any(value.strip() for name in ("from", "to") for value in params.get(name, ()))
    period = query.period if given else year_of(query.period.date_to)
    query = replace(query, period=period, period_given=True, types=query.types or COUNTED)
    return Asked(query, period, _distance_m(params))


def this_year() -> dict[str, list[str]]:
    """The parameters of the year from April to March that holds today, for forms without visits."""
    return {name: [value] for name, value in period_params(year_of(services().today))}


def account_url(params: Mapping[str, list[str]]) -> str:
    """Where the account of the visits that a page shows is, as far as it can be asked so."""
    pairs = [(name, value) for name in PARAMS for value in params.get(name, ()) if value.strip()]
    return with_query(COMMITMENT_PAGE, pairs)


def period_params(period: DateInterval) -> list[Pair]:
    """A period as address parameters."""
    return [("from", period.date_from.isoformat()), ("to", period.date_to.isoformat())]


def year_of(day: date) -> DateInterval:
    """The year from April to March that holds a day."""
    first = day.year if day.month >= YEAR_BEGINS_IN else day.year - 1
    return DateInterval(date(first, YEAR_BEGINS_IN, 1), date(first + 1, YEAR_BEGINS_IN - 1, 31))


def _distance_m(params: Mapping[str, list[str]]) -> int:
    text = single_value(params, DISTANCE_PARAM)
    known = {str(distance): distance for distance in DISTANCES_M}
    if text and text not in known:
        raise BadQuery(
            f"{DISTANCE_PARAM} must be one of {', '.join(known)}, in metres; given {text!r}."
        )
    return known.get(text, DEFAULT_DISTANCE_M)
