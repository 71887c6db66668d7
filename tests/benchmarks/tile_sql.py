"""The SQL by which PostGIS makes a tile of the hexagons of `geo.grid`, as fast as we could get it.

- The cell is found by three floors instead of rounding in cube coordinates: the same cells, and a
  third of the arithmetic, which PostgreSQL repeats wherever a column is named.
- ``MATERIALIZED`` keeps the planner from drawing a hexagon for every point.
- Statistics on the expressions let it count in parallel.
- The box of a tile is a constant when the query is planned, so that it uses the index where the
  tile is small and reads all of the table where that is quicker.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from geo.grid import HexGrid
from layers.crime_intake import ASB, CRIME_TYPES
from tests.benchmarks.points import MONTHS, TYPES

KINDS: Final = tuple(label for _, label in sorted(CRIME_TYPES))
"""Labels in the order of their slugs, which settles which of two equally common types is named."""

_ASB: Final = dict(CRIME_TYPES)[ASB]

MADE: Final = f"""
CREATE TYPE kind AS ENUM ({", ".join(f"'{label}'" for label in KINDS)});
CREATE TABLE given (x float8, y float8, month date, kind kind);
"""

INDEXED: Final = (
    "CREATE TABLE crime AS SELECT ST_SetSRID(ST_MakePoint(x, y), 27700) AS geom, month, kind "
    "FROM given",
    "DROP TABLE given",
    "CREATE INDEX ON crime USING gist (geom)",
    "CREATE INDEX ON crime (month)",
    "CREATE INDEX ON crime (kind)",
)


@dataclass(frozen=True, slots=True)
class TileRequest:
    """One tile, and what it is filtered by: the position of a month and of a type, or None."""

    zoom: int
    x: int
    y: int
    month: int | None = None
    kind: int | None = None

    @property
    def where(self) -> str:
        """The filter as SQL."""
        month = "" if self.month is None else f" AND month = '{MONTHS[self.month]}-01'"
        kind = "" if self.kind is None else f" AND kind = '{labels_by_position()[self.kind]}'"
        return month + kind

    @property
    def envelope(self) -> str:
        """The tile's square in EPSG:3857 as SQL."""
        return f"ST_TileEnvelope({self.zoom}, {self.x}, {self.y})"


def labels_by_position() -> tuple[str, ...]:
    """Labels in the order of `tests.benchmarks.points.TYPES`."""
    labels = dict(CRIME_TYPES)
    return tuple(labels[slug] for slug in TYPES)


def counted(grid: HexGrid) -> tuple[str, ...]:
    """Statements for statistics, and for tables of cells and of counts per cell, month and type."""
    a, r = _cell(grid)
    return (
        f"CREATE STATISTICS cells_of_points (ndistinct) ON ({a}), ({r}), kind FROM crime",
        f"CREATE TABLE counts AS SELECT a - r AS q, r, month, kind, n FROM (SELECT {a} AS a, "
        f"{r} AS r, month, kind, count(*)::int AS n FROM crime GROUP BY 1, 2, 3, 4) AS found",
        f"CREATE TABLE cells AS SELECT q, r, {_outline(grid)} AS geom "
        "FROM (SELECT DISTINCT q, r FROM counts) AS found",
        "CREATE INDEX ON counts (q, r)",
        "CREATE INDEX ON counts (month)",
        "CREATE INDEX ON cells USING gist (geom)",
        "VACUUM ANALYZE",
    )


def binned(tile: TileRequest, grid: HexGrid) -> str:
    """A tile whose points are counted now."""
    a, r = _cell(grid)
    reach_m = 2 * grid.side_m
    box = f"ST_Expand(ST_Transform(ST_Segmentize({tile.envelope}, 5000), 27700), {reach_m!r})"
    return f"""
WITH counted AS MATERIALIZED (
  SELECT a - r AS q, r, kind, n FROM (
    SELECT {a} AS a, {r} AS r, kind, count(*)::int AS n
    FROM crime WHERE geom && {box}{tile.where} GROUP BY 1, 2, kind) AS found),
cells AS MATERIALIZED ({_FIGURES} GROUP BY q, r),
drawn AS MATERIALIZED (SELECT *, {_outline(grid)} AS geom FROM cells)
{_encoded(tile, grid)}"""


def from_counts(tile: TileRequest, grid: HexGrid) -> str:
    """A tile of counts and hexagons that are kept."""
    return f"""
WITH counted AS MATERIALIZED (
  SELECT q, r, kind, sum(n)::int AS n
  FROM (SELECT q, r FROM cells WHERE geom && {tile.envelope}) AS shown
  JOIN counts USING (q, r) WHERE true{tile.where} GROUP BY q, r, kind),
summed AS MATERIALIZED ({_FIGURES} GROUP BY q, r),
drawn AS (SELECT summed.*, geom FROM summed JOIN cells USING (q, r))
{_encoded(tile, grid)}"""


_FIGURES: Final = f"""
  SELECT q, r, sum(n)::int AS records,
    coalesce(sum(n) FILTER (WHERE kind <> '{_ASB}'), 0)::int AS crimes,
    coalesce(sum(n) FILTER (WHERE kind = '{_ASB}'), 0)::int AS anti_social_behaviour,
    (array_agg(kind ORDER BY n DESC, kind))[1]::text AS most_common
  FROM counted"""


def _encoded(tile: TileRequest, grid: HexGrid) -> str:
    return f"""
SELECT ST_AsMVT(shown, 'crime', 4096, 'shape') FROM (
  SELECT ST_AsMVTGeom(geom, {tile.envelope}, 4096, 256, false) AS shape,
    'h{grid.across_flats_m:g}_q' || q || '_r' || r AS cell_id,
    records, crimes, anti_social_behaviour, most_common
  FROM drawn WHERE geom && {tile.envelope}) AS shown"""


def _cell(grid: HexGrid) -> tuple[str, str]:
    """The axial sum ``q + r`` and ``r`` of the hexagon that holds ``geom``."""
    across, up = 1 / grid.across_flats_m, math.sqrt(3) / grid.across_flats_m
    x, y = f"ST_X(geom) * {across!r}::float8", f"ST_Y(geom) * {up!r}::float8"
    rising = f"floor({x} + {y} + 1)"
    q_and_r = f"floor((floor(ST_X(geom) * {2 * across!r}::float8 + 1) + {rising}) / 3)::int"
    return q_and_r, f"floor(({rising} + floor({y} - {x} + 1)) / 3)::int"


def _outline(grid: HexGrid) -> str:
    """The hexagon ``q, r`` in EPSG:3857, from the lattice of half widths and half sides."""
    half_m, quarter_m = f"{grid.across_flats_m / 2!r}::float8", f"{grid.side_m / 2!r}::float8"
    ring = ((0, -2), (1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1), (0, -2))
    corners = ", ".join(
        f"ST_MakePoint((2 * q + r + {east}) * {half_m}, (3 * r + {north}) * {quarter_m})"
        for east, north in ring
    )
    polygon = f"ST_MakePolygon(ST_MakeLine(ARRAY[{corners}]))"
    return f"ST_Transform(ST_SetSRID({polygon}, 27700), 3857)"
