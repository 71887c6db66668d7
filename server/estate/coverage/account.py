"""The account of coverage: residents by how near they are to the sites that give a service.

It is made twice: from the sites that surely give the service on the day, and from those together
with the ones that may. So an area is never called unserved because a value is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from boundaries.small_areas import GROUPINGS, NPA, SmallAreas, small_areas
from geo.costs import CostMatrix, straight_lines
from geo.coverage import Coverage, People, Served
from layers.errors import BadQuery
from layers.ways import road_ways, travel_times
from server.estate.coverage.access import AreaAccess, ServiceAccess, service_access
from server.estate.coverage.asked import Asked, Ways
from server.estate.coverage.service import ServiceSites, sites_giving
from server.services import services

GONE: Final = (
    "The {} of this workspace cannot be read. Add them again with 'patchmap boundaries add {} "
    "FILE', or ask by straight."
)

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AreaCoverage:
    """How near the residents of one area are; a share of them for each threshold asked for.

    ``sure`` counts the sites that surely give the service, ``possible`` those that may as well;
    ``*_minutes`` are the same by minutes. ``access`` is the mean capacity in reach of residents, by
    floating catchments.
    """

    label: str
    sure: Served
    possible: Served
    sure_minutes: Served
    possible_minutes: Served
    access: AreaAccess


@dataclass(frozen=True, slots=True, eq=False)
class CoverageAccount:
    """Coverage of one service on a day, in metres along the way and in minutes, sure and possible.

    ``access`` is by floating catchments.
    """

    asked: Asked
    areas: SmallAreas
    sites: ServiceSites
    sure: Coverage
    possible: Coverage
    sure_minutes: Coverage
    possible_minutes: Coverage
    access: ServiceAccess

    @property
    def rows(self) -> int:
        """For how much memory it counts: its small areas."""
        return len(self.areas.codes)

    @property
    def total(self) -> AreaCoverage:
        """The whole force area."""
        everyone = np.ones(len(self.areas.codes), dtype=bool)
        return AreaCoverage(
            "",
            self.sure.total,
            self.possible.total,
            self.sure_minutes.total,
            self.possible_minutes.total,
            self._access(everyone),
        )

    @property
    def held(self) -> bool:
        """Whether any small area is held; where none is, no number of residents is known."""
        return bool(self.areas.codes)

    def by(self, grouping: str) -> dict[str, AreaCoverage]:
        """The areas of one of the groupings of small areas, by label."""
        return {row.label: row for row in self._by(grouping)}

    def every(self, grouping: str) -> dict[str, AreaCoverage | None]:
        """The same with every Neighbourhood Policing Area (NPA) among them.

        None where no small area of it is held, so that nothing is known of its residents.
        """
        found, npas = self.by(grouping), services().workspace.ground.npa_codes
        labels = sorted({*found, *npas}) if grouping == NPA else found
        return {label: found.get(label) for label in labels}

    @property
    def measured(self) -> Coverage:
        """By what the nearest site is told: by minutes where a table gives them, else by metres."""
        return self.sure_minutes if self.asked.ways.by == "table" else self.sure

    def nearest_residents(self) -> list[int]:
        """For how many residents each site is the nearest of those that surely give the service."""
        nearest, residents = self.measured.nearest, self.areas.residents
        served = nearest >= 0
        counted = np.bincount(nearest[served], residents[served], minlength=len(self.sites.ids))
        return [int(number) for number in counted]

    def _by(self, grouping: str) -> Iterator[AreaCoverage]:
        labels = np.array(self.areas.labels[grouping])
        for label, sure in self.sure.groups[grouping].items():
            yield AreaCoverage(
                label,
                sure,
                self.possible.groups[grouping][label],
                self.sure_minutes.groups[grouping][label],
                self.possible_minutes.groups[grouping][label],
                self._access(labels == label),
            )

    def _access(self, chosen: npt.NDArray[np.bool_]) -> AreaAccess:
        return self.access.of(chosen, self.areas.residents)


def coverage_account(asked: Asked) -> CoverageAccount:
    """The account of what is asked, made once as long as nothing of it changes."""
    return services().workspace.remembered(
        ("coverage", asked), asked.version(), lambda: account_of(asked, asked.sites())
    )


def areas_of_ground() -> SmallAreas:
    """The small areas of the present ground."""
    workspace = services().workspace
    return workspace.derived("small areas", "", lambda: small_areas(workspace.ground))


def ways_to(
    areas: SmallAreas, points_m: FloatArray, ways: Ways, site_ids: tuple[str, ...] = ()
) -> tuple[CostMatrix, CostMatrix]:
    """The ways from small areas to sites, in metres and in minutes.

    A table of minutes knows sites by their ids alone, which must then be given.

    Raises:
        BadQuery: what ways are to be measured by is not held any more, or is damaged.
    """
    if ways.by == "roads":
        roads = road_ways(services().workspace)
        if roads is None:
            raise BadQuery(GONE.format("roads", "roads"))
        return roads.costs(points_m)
    metres = straight_lines(areas.points_m, points_m, ways.route_factor)
    if ways.by == "table":
        table = travel_times(services().workspace)
        if table is None:
            raise BadQuery(GONE.format("travel times", "travel-times"))
        return metres, table.minutes(site_ids)
    return metres, metres.minutes(np.where(areas.urban, ways.urban_kmh, ways.rural_kmh))


def account_of(
    asked: Asked, estate: gpd.GeoDataFrame, areas: SmallAreas | None = None
) -> CoverageAccount:
    """The account of an estate, as `layers.estate.estate_on` gives it, or changed in a scenario.

    ``areas`` are where residents live; without them, the small areas of the present ground.
    """
    areas = areas or areas_of_ground()
    sites = sites_giving(asked.service, estate)
    metres, minutes = ways_to(areas, sites.points_m, asked.ways, sites.ids)
    by_metres, by_minutes = (people_of(areas, near) for near in (asked.distances_m, asked.minutes))
    sure = range(sites.surely)
    return CoverageAccount(
        asked,
        areas,
        sites,
        by_metres.served(metres.only(sure)),
        by_metres.served(metres),
        by_minutes.served(minutes.only(sure)),
        by_minutes.served(minutes),
        service_access(minutes, areas.residents, sites, asked.access),
    )


def people_of(areas: SmallAreas, thresholds: Sequence[int]) -> People:
    """The residents of small areas with every grouping, ready to be counted by thresholds."""
    return People(areas.residents, thresholds, {name: areas.labels[name] for name in GROUPINGS})
