"""Whether NPAs meet edge to edge and cover the districts: every gap and overlap, measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import shapely

from boundaries.sets import BoundarySet
from geo.crs import to_degrees
from geo.partition import gaps, overlaps


@dataclass(frozen=True, slots=True)
class Gap:
    """Ground that NPAs enclose and none claims, with a point in it (WGS84 degrees)."""

    area_m2: float
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """Ground that two NPAs claim at one moment."""

    left: str
    right: str
    area_m2: float


@dataclass(frozen=True, slots=True)
class Edges:
    """How NPAs and districts meet; areas in square metres on the British National Grid.

    ``npas_m2`` is what the present NPAs cover. ``difference_m2`` is the area that either the NPAs
    or the districts cover and the other does not, the largest of any span of days.
    """

    gaps: tuple[Gap, ...]
    overlaps: tuple[Overlap, ...]
    npas_m2: float
    districts_m2: float
    difference_m2: float

    def in_words(self) -> Iterator[str]:
        """The findings, one a line."""
        yield f"Gaps between NPAs: {len(self.gaps)}."
        for gap in self.gaps:
            yield f"  {gap.area_m2:,.2f} m2 at {gap.latitude:.5f}, {gap.longitude:.5f}"
        yield f"Overlaps between NPAs: {len(self.overlaps)}."
        for overlap in self.overlaps:
            yield f"  {overlap.area_m2:,.2f} m2 between {overlap.left} and {overlap.right}"
        yield (
            f"The NPAs cover {self.npas_m2 / 1e6:,.3f} square km, the districts "
            f"{self.districts_m2 / 1e6:,.3f}; {self.difference_m2:,.2f} m2 lie in one and not "
            "the other."
        )


def compare(npas: BoundarySet, districts: BoundarySet) -> Edges:
    """Every gap and overlap of the NPAs in each span of days, and their fit to the districts."""
    whole = _united(districts.frame)
    found_gaps: dict[Gap, None] = {}
    found_overlaps: dict[Overlap, None] = {}
    npas_m2 = difference_m2 = 0.0
    for era in npas.eras:
        frame = npas.frame.iloc[list(era.rows)]
        found_gaps |= dict.fromkeys(_gap(row) for row in gaps(frame).itertuples())
        found_overlaps |= dict.fromkeys(
            Overlap(str(row.left), str(row.right), float(row.area_m2))
            for row in overlaps(frame).itertuples()
        )
        covered = _united(frame)
        npas_m2 = float(covered.area)
        difference_m2 = max(difference_m2, float(covered.symmetric_difference(whole).area))
    return Edges(
        tuple(found_gaps), tuple(found_overlaps), npas_m2, float(whole.area), difference_m2
    )


def _united(frame: gpd.GeoDataFrame) -> shapely.Geometry:
    return shapely.union_all(frame.geometry.to_numpy())


def _gap(row: Any) -> Gap:
    point = shapely.point_on_surface(row.geometry)
    longitude, latitude = to_degrees(point.x, point.y)
    return Gap(float(row.area_m2), round(float(longitude), 6), round(float(latitude), 6))
