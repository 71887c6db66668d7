"""Access where capacity matters: which floating catchment, and what a site's capacity is.

Capacity that is not known is never zero: a site without it is left out, so that what is counted is
the least that access can be, and every area in reach of such a site is said to have at least that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar, get_args

import numpy as np
import numpy.typing as npt

from geo.access import LUO_AND_QI, enhanced_floating_catchment, floating_catchment
from geo.costs import CostMatrix
from layers.errors import BadQuery
from layers.query import single_value
from server.estate.coverage.service import ServiceSites

CATCHMENT, CAPACITY = "catchment", "capacity"
PARAMS: Final = (CATCHMENT, CAPACITY)
REACH_MIN: Final = LUO_AND_QI[-1].most
"""Minutes, inclusive, to which a site serves, whichever catchment is asked for."""
FOR_RESIDENTS: Final = 100_000

Catchment = Literal["enhanced", "plain"]
Capacity = Literal["sites", "hours"]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
_Value = TypeVar("_Value", bound=str)

CATCHMENTS: Final[tuple[Catchment, ...]] = get_args(Catchment)
CAPACITIES: Final[tuple[Capacity, ...]] = get_args(Capacity)


@dataclass(frozen=True, slots=True)
class AccessBy:
    """How access is reckoned: E2SFCA or 2SFCA, with sites or their weekly hours as the capacity."""

    catchment: Catchment = "enhanced"
    capacity: Capacity = "sites"

    def params(self) -> list[tuple[str, str]]:
        """What is asked as address parameters."""
        return [(CATCHMENT, self.catchment), (CAPACITY, self.capacity)]


@dataclass(frozen=True, slots=True)
class AreaAccess:
    """Capacity in reach for 100,000 residents; None where nobody lives or nothing of it is known.

    With ``at_least`` a site of which the capacity is not known is in reach as well.
    """

    value: float | None
    at_least: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ServiceAccess:
    """Access of small areas to the sites that surely give a service.

    ``score`` is the known capacity in reach for each resident, ``doubtful`` says which small areas
    have a site in reach whose capacity is not known. ``unknown`` are those sites, by id, easting
    and northing; ``known`` is how many others there are.
    """

    score: FloatArray
    doubtful: BoolArray
    known: int
    unknown: frozenset[tuple[str, float, float]]

    def of(self, chosen: BoolArray, residents: npt.NDArray[np.int64]) -> AreaAccess:
        """The mean access of the residents of some of the small areas."""
        people = residents[chosen]
        total = people.sum()
        if not total:
            return AreaAccess(None)
        at_least = bool((self.doubtful[chosen] & (people > 0)).any())
        value = float(people @ self.score[chosen] / total * FOR_RESIDENTS)
        return AreaAccess(None if at_least and not value else value, at_least)

    def by_area(self) -> FloatArray:
        """Known capacity for 100,000 residents of each small area; not a number: not known."""
        nothing_known = self.doubtful & (self.score == 0)
        return np.where(nothing_known, np.nan, self.score * FOR_RESIDENTS)


def access_by(params: Mapping[str, Sequence[str]]) -> AccessBy:
    """Read how access is to be reckoned.

    Raises:
        BadQuery: a catchment or a capacity that there is not.
    """
    usual = AccessBy()
    return AccessBy(
        _one(params, CATCHMENT, CATCHMENTS, usual.catchment),
        _one(params, CAPACITY, CAPACITIES, usual.capacity),
    )


def service_access(
    minutes: CostMatrix, residents: npt.NDArray[np.int64], sites: ServiceSites, by: AccessBy
) -> ServiceAccess:
    """Access to the sites that surely give a service.

    Args:
        minutes: of the ways from small areas to all of ``sites``.
        residents: of the small areas.
        sites: surely giving sites first.
        by: the catchment and the capacity.
    """
    capacity = sites.hours_a_week if by.capacity == "hours" else np.ones(len(sites.ids))
    has = np.isfinite(capacity[: sites.surely])
    known, unknown = (np.flatnonzero(some).tolist() for some in (has, ~has))
    near = minutes.only(known)
    found = (
        floating_catchment(near, residents, capacity[known], REACH_MIN)
        if by.catchment == "plain"
        else enhanced_floating_catchment(near, residents, capacity[known])
    )
    return ServiceAccess(
        found.score,
        np.asarray((minutes.values[:, unknown] <= REACH_MIN).any(axis=1)),
        len(known),
        frozenset((sites.ids[number], *_point(sites, number)) for number in unknown),
    )


def _point(sites: ServiceSites, number: int) -> tuple[float, float]:
    east_m, north_m = sites.points_m[number]
    return float(east_m), float(north_m)


def _one(
    params: Mapping[str, Sequence[str]], name: str, values: tuple[_Value, ...], usual: _Value
) -> _Value:
    given = single_value(params, name) or usual
    found = next((value for value in values if value == given), None)
    if found is None:
        raise BadQuery(f"{name} must be one of {', '.join(values)}; given {given[:20]!r}.")
    return found
