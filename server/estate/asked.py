"""What an address asks of the estate: which sites, on which day, held against which other day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import geopandas as gpd

from layers.answer import answer
from layers.audience import Audience
from layers.errors import BadQuery
from layers.estate import SiteChange, changes_between, estate_on
from layers.estate_registers import ESTATE
from layers.query import LayerQuery, interval_value
from layers.site_schema import ACCESS
from layers.view import View
from server.access import current_audience
from server.requests import query_of
from server.services import services

COMPARE_PARAM: Final = "compare_to"
AS_OF: Final = "as_of"
PARAMS: Final = (AS_OF, COMPARE_PARAM, "npa", "type", "public_access", "status", "tenure")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of sites on a day, and the other day with which that is compared."""

    query: LayerQuery
    day: date
    other: date | None

    def params(self) -> list[Pair]:
        """What is asked as address parameters, defaults written out."""
        compared = [(COMPARE_PARAM, self.other.isoformat())] if self.other else []
        return [*self.query.params(), *compared]

    def view(self) -> View:
        """The sites that are asked for, as the layer's map and table have them."""
        have = services()
        return answer(have.registry.get(ESTATE), have.workspace, self.query, have.today)

    def not_standing(self, held: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Those of all held sites that did not stand on the day, whatever else is asked."""
        have = services()
        stood = estate_on(have.workspace, self.day, self.query.audience, have.today)
        return held[~held["site_id"].isin(stood["site_id"])]

    def changes(self) -> tuple[SiteChange, ...]:
        """What changed between the two days, of the sites of the areas and types asked for.

        Access, status and tenure choose nothing here: a site whose access changed would seem to
        have opened or closed.
        """
        if self.other is None:
            return ()
        have = services()
        first, last = (
            estate_on(have.workspace, day, self.query.audience, have.today)
            for day in sorted((self.day, self.other))
        )
        wanted = {*self._wanted(first), *self._wanted(last)}
        return tuple(each for each in changes_between(first, last) if each.site_id in wanted)

    def _wanted(self, sites: gpd.GeoDataFrame) -> list[str]:
        keep = sites["site_id"].notna()
        if self.query.npas:
            keep &= sites["npa_code"].isin(self.query.npas)
        if self.query.types:
            keep &= sites["site_type"].isin(self.query.types)
        return list(sites.loc[keep, "site_id"])


def asked(params: Mapping[str, list[str]]) -> Asked:
    """Read address parameters; the day is today unless one is given.

    Everybody is shown every access unless some are chosen: a register leaves nothing out.

    Raises:
        BadQuery: a parameter or value that cannot be used.
    """
    for name in params:
        if name not in PARAMS:
            raise BadQuery(
                f"The register of the estate can be asked for by {', '.join(PARAMS)}; "
                f"given {name!r}."
            )
    mine = {name: values for name, values in params.items() if name != COMPARE_PARAM}
    if current_audience() is Audience.PUBLIC and not any(mine.get("public_access", [])):
        mine["public_access"] = list(ACCESS)
    query = query_of(services().registry.get(ESTATE), mine)
    other = interval_value(params, COMPARE_PARAM)
    return Asked(query, query.as_of or services().today, other.date_to if other else None)


def asked_day(params: Mapping[str, list[str]]) -> date:
    """The one day that an address asks for; today unless it is given.

    Raises:
        BadQuery: another parameter, or no day.
    """
    for name in params:
        if name != AS_OF:
            raise BadQuery(f"This can be asked for by {AS_OF}; given {name!r}.")
    day = interval_value(params, AS_OF)
    return day.date_to if day else services().today
