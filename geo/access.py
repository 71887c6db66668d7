"""Access where capacity matters: floating catchment areas in two steps, plain and enhanced.

Step one shares the capacity of each site among the residents of its catchment; step two adds up,
for each demand point, the shares of all sites in reach. The plain form counts everyone in the
catchment alike (Luo and Wang 2003, Environment and Planning B 30(6):865-884), the enhanced one
less in the outer bands (Luo and Qi 2009, Health and Place 15:1100-1107). Residents times access
adds up to the capacity of the sites that anybody reaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.costs import CostMatrix, FloatArray, counts
from geo.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Band:
    """Costs above those of the band before, up to ``most`` inclusive, and what they weigh."""

    most: float
    weight: float


LUO_AND_QI: Final = (Band(10, 1.0), Band(20, 0.68), Band(30, 0.22))
"""Minutes and weights of Luo and Qi 2009, the ones that fall off slowly."""


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """Capacity for each resident: of each demand point in reach, and of each site.

    ``score`` is 0 where no site is in reach. ``ratio`` is not a number where nobody is in reach of
    the site; its capacity is in ``unused``.
    """

    score: FloatArray
    ratio: FloatArray
    unused: float


def floating_catchment(
    costs: CostMatrix, residents: npt.ArrayLike, capacity: npt.ArrayLike, catchment: float
) -> Access:
    """Access by two-step floating catchment area (2SFCA).

    Args:
        costs: of the way, in the measure of ``catchment``.
        residents: of each demand point.
        capacity: of each site, such as desks, hours a week or square metres.
        catchment: the cost, inclusive, to which a site serves; infinite for any way there is.

    Raises:
        InvalidValue: residents, capacities or a catchment that are not known or below 0.
    """
    if not catchment >= 0:
        raise InvalidValue(f"A catchment of 0 or more is needed; given {catchment!r}.")
    return _access(costs, residents, capacity, (Band(catchment, 1.0),))


def enhanced_floating_catchment(
    costs: CostMatrix,
    residents: npt.ArrayLike,
    capacity: npt.ArrayLike,
    bands: Sequence[Band] = LUO_AND_QI,
) -> Access:
    """Access by enhanced two-step floating catchment area (E2SFCA).

    Args:
        costs: of the way; the bands that are the default are minutes.
        residents: of each demand point.
        capacity: of each site.
        bands: the nearest first; beyond the last nobody is served.

    Raises:
        InvalidValue: residents or capacities that are not known or below 0, bands that do not
            rise, a weight below 0, or distances with bands in minutes.
    """
    bands = tuple(bands)
    if bands == LUO_AND_QI and costs.measure != "minutes":
        raise InvalidValue(
            "The bands of Luo and Qi are minutes; given distances. State bands in metres, or "
            "reckon minutes from the distances."
        )
    most = [band.most for band in bands]
    if not bands or most != sorted(set(most)) or not all(band.weight >= 0 for band in bands):
        raise InvalidValue(
            f"Bands are needed that rise, with weights of 0 or more; given {list(bands)}."
        )
    return _access(costs, residents, capacity, bands)


def _access(
    costs: CostMatrix, residents: npt.ArrayLike, capacity: npt.ArrayLike, bands: tuple[Band, ...]
) -> Access:
    people = counts(residents, costs.people, "Residents of demand points")
    supply = counts(capacity, costs.sites, "Capacities of sites")
    weights = np.array([*(band.weight for band in bands), 0.0])
    upto = np.array([band.most for band in bands])
    weight = weights[np.searchsorted(upto, costs.values, side="left")]
    weight[~np.isfinite(costs.values)] = 0.0
    asked = people @ weight
    ratio = np.full(costs.sites, np.nan)
    np.divide(supply, asked, out=ratio, where=asked > 0)
    score = weight @ np.where(asked > 0, ratio, 0.0)
    return Access(score, ratio, float(supply[asked <= 0].sum()))
