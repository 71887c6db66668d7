"""The ground by how far it is from a site: a band for each distance, and what lies beyond.

Where ways are straight lines made longer by a factor, the ground within a distance of a site is a
disc around it, whose radius is the distance divided by the factor.
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import BRITISH_NATIONAL_GRID
from layers.classes import SEQUENTIAL
from layers.errors import BadQuery
from layers.schema import Field
from layers.spec import LayerSpec, Legend, StyleClass
from layers.view import View
from server.estate.coverage import words
from server.estate.coverage.account import CoverageAccount
from server.estate.coverage.asked import Ways
from server.estate.coverage.view import view_for
from server.services import services

BEYOND: Final = "beyond"
SEGMENTS: Final = 32
"""Of a quarter of a disc: its edge is then drawn to within a thousandth of its radius."""

BANDS: Final = LayerSpec(
    id="coverage_bands",
    page="estate",
    title="Distance from a site",
    singular="band",
    plural="bands",
    summary="The ground by how far it is from the nearest site that surely gives a service.",
    schemas=(),
    columns=(
        Field("band_in_words", "Distance along the way, estimated", computed=True),
        Field("band", "Band", "choice", computed=True),
        Field("residents", "Residents (Census 2021)", "integer", computed=True),
        Field("share_percent", "Part of all residents (%)", "number", computed=True),
    ),
    popup=("band_in_words", "residents", "share_percent"),
    time="standing",
)


def has_bands(ways: Ways) -> bool:
    """Whether the ground within a distance is made of discs."""
    return ways.by == "straight"


def bands_view(account: CoverageAccount) -> View:
    """The bands from near to far, with the residents whose small area has its point in them.

    Raises:
        BadQuery: ways are not measured by straight lines.
    """
    if not has_bands(account.asked.ways):
        raise BadQuery(
            "Bands are drawn as discs, which ways by straight lines make; given by="
            f"{account.asked.ways.by}. Ask by straight, or for the small areas."
        )
    distances_m, total = account.asked.distances_m, account.sure.total
    within = [*total.within, total.residents]
    residents = [round(after - before) for before, after in zip([0, *within], within, strict=False)]
    frame = pd.DataFrame(
        {
            "band_in_words": [entry.label for entry in _classes(distances_m)],
            "band": [*(str(metres) for metres in distances_m), BEYOND],
            "residents": pd.array(residents if account.held else [None] * len(residents), "Int64"),
            "share_percent": [
                round(100 * number / total.residents, 1) if total.residents else None
                for number in residents
            ],
        }
    )
    outlines = _outlines(account)
    records = gpd.GeoDataFrame(frame, geometry=outlines, crs=BRITISH_NATIONAL_GRID)
    drawn = records[~records.geometry.is_empty].reset_index(drop=True)
    return view_for(BANDS, account, drawn, legend_of(account))


def legend_of(account: CoverageAccount) -> Legend:
    """The bands, dark where a site is near."""
    classes = _classes(account.asked.distances_m)
    return Legend(
        f"Ground by distance to the nearest {account.asked.service.site}",
        "band",
        classes if account.sites.surely else (classes[-1],),
        "Along the way, estimated. Sites that may give the service are not counted here.",
    )


def _classes(distances_m: tuple[int, ...]) -> tuple[StyleClass, ...]:
    lowers = (0, *distances_m)
    colours = SEQUENTIAL[::-1][: len(distances_m)]
    near = (
        StyleClass(
            f"{words.kilometres(lower)} to {words.kilometres(upper)}"
            if lower
            else (f"Within {words.kilometres(upper)}"),
            colour,
            "filled",
            str(upper),
        )
        for lower, upper, colour in zip(lowers, distances_m, colours, strict=False)
    )
    beyond = f"Farther than {words.kilometres(distances_m[-1])}"
    return (*near, StyleClass(beyond, "#3D3D3D", "hatched", BEYOND))


def _outlines(account: CoverageAccount) -> list[shapely.Geometry]:
    """The bands cut to the force area; one in which there is no ground is empty."""
    ground = services().workspace.ground
    rest = shapely.union_all(ground.districts.display.geometry.to_numpy())
    points = shapely.points(account.sites.points_m[account.sites.sure])
    outlines = []
    for metres in account.asked.distances_m:
        radius_m = metres / account.asked.ways.route_factor
        discs = shapely.union_all(shapely.buffer(points, radius_m, quad_segs=SEGMENTS))
        outlines.append(_areas(shapely.intersection(rest, discs)))
        rest = shapely.difference(rest, discs)
    return [*outlines, _areas(rest)]


def _areas(outline: shapely.Geometry) -> shapely.Geometry:
    """The polygons of an outline, without the points and lines where two only touch."""
    parts = shapely.get_parts(outline)
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
