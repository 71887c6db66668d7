"""The cells of a view as vector tiles: the same cells and counts as its table and its export."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import mercator_to_metres, metres_to_mercator, to_metres
from geo.mercator import Tile
from geo.mvt import Coded, Values, encode_polygons
from layers.answer import answer, filtered_records, version_of
from layers.crime import grid_of
from layers.crime_cells import CellCounts
from layers.position import UK_LATITUDE, UK_LONGITUDE
from layers.protocol import CountedInCells
from layers.query import LayerQuery
from layers.schema import Field
from layers.spec import LayerSpec
from layers.view import View
from layers.workspace import Workspace

FloatArray = npt.NDArray[np.float64]

CORNERS: Final = 6
EDGE_POINTS: Final = 17


@dataclass(frozen=True, slots=True, eq=False)
class CellTiles:
    """Hexagons ready to be cut into tiles.

    ``x_m`` and ``y_m`` are the corners in metres of EPSG:3857, a row of six a cell. A cell is in
    every tile that it shares ground with, whole and with the same number of ``ids`` and the same
    count, so that tiles meet.
    """

    name: str
    ids: npt.NDArray[np.int64]
    x_m: FloatArray
    y_m: FloatArray
    attributes: Mapping[str, Values]

    @classmethod
    def of(cls, view: View) -> CellTiles:
        """The cells of a view that has one row for each."""
        query, records = view.query, view.records
        outlines = records.geometry.to_numpy()
        corners = shapely.get_coordinates(outlines).reshape(-1, CORNERS + 1, 2)[:, :CORNERS]
        grid, centres = grid_of(query), corners.mean(axis=1)
        ids = grid.cell_numbers(grid.locate(centres[:, 0], centres[:, 1]))
        x_m, y_m = metres_to_mercator(corners[..., 0], corners[..., 1])
        attributes = {field.name: _values(field, records[field.name]) for field in view.columns}
        return cls(query.layer, ids, x_m, y_m, attributes)

    @classmethod
    def of_counts(
        cls, spec: LayerSpec, counts: CellCounts, approximate_npas: Collection[str]
    ) -> CellTiles:
        """The same cells, from their counts, with what a view says of them."""
        codes = counts.columns["npa_code"]
        assert isinstance(codes, Coded)
        marks = np.array([*(code in approximate_npas for code in codes.texts), False])
        held = {**counts.columns, "npa_approximate": marks[codes.codes]}
        corners = counts.grid.rings(counts.pairs)[:, :CORNERS]
        x_m, y_m = metres_to_mercator(corners[..., 0], corners[..., 1])
        attributes = {
            field.name: _as_written(held[field.name])
            for field in spec.columns
            if field.name in held
        }
        return cls(spec.id, counts.grid.cell_numbers(counts.pairs), x_m, y_m, attributes)

    @property
    def rows(self) -> int:
        """Number of cells."""
        return len(self.x_m)

    def tile(self, tile: Tile) -> bytes:
        """One tile, empty where no cell lies."""
        west, south, east, north = tile.bounds
        chosen = np.flatnonzero(
            (self.x_m.max(axis=1, initial=-np.inf) >= west)
            & (self.x_m.min(axis=1, initial=np.inf) <= east)
            & (self.y_m.max(axis=1, initial=-np.inf) >= south)
            & (self.y_m.min(axis=1, initial=np.inf) <= north)
        )
        rings = np.stack(tile.to_units(self.x_m[chosen], self.y_m[chosen]), axis=2)
        attributes = {name: _taken(values, chosen) for name, values in self.attributes.items()}
        return encode_polygons(self.name, rings, self.ids[chosen], attributes)


def tile_of(
    layer: CountedInCells, workspace: Workspace, query: LayerQuery, tile: Tile, today: date
) -> bytes:
    """The tile of a query: what its view has there.

    Where the view was answered, as for the page of a map, the tile is cut from it; else only the
    cells near the tile are added up.
    """
    version = version_of(layer, workspace, today)
    if workspace.remembers((layer, query), version):
        cells = workspace.remembered(
            ("tiles", layer, query),
            version,
            lambda: CellTiles.of(answer(layer, workspace, query, today)),
        )
        return cells.tile(tile)
    near = replace(query, around=grid_of(query).around(*_box_m(tile)))
    counts = layer.cells(filtered_records(layer, workspace, near, today), near)
    return CellTiles.of_counts(layer.spec, counts, workspace.ground.approximate_npas).tile(tile)


def _box_m(tile: Tile) -> tuple[float, float, float, float]:
    """A box in EPSG:27700 round a tile, whose edges are curves there.

    Only its part near positions that can be: far from them the grid ends.
    """
    corners = metres_to_mercator(*to_metres(UK_LONGITUDE, UK_LATITUDE))
    (first_x, last_x), (first_y, last_y) = (np.sort(ends) for ends in corners)
    west, east = np.clip((tile.bounds[0], tile.bounds[2]), first_x, last_x)
    south, north = np.clip((tile.bounds[1], tile.bounds[3]), first_y, last_y)
    along, up = np.linspace(west, east, EDGE_POINTS), np.linspace(south, north, EDGE_POINTS)
    x = np.concatenate([along, along, np.full(EDGE_POINTS, west), np.full(EDGE_POINTS, east)])
    y = np.concatenate([np.full(EDGE_POINTS, south), np.full(EDGE_POINTS, north), up, up])
    easting_m, northing_m = mercator_to_metres(x, y)
    return easting_m.min(), northing_m.min(), easting_m.max(), northing_m.max()


def _values(field: Field, column: pd.Series) -> Values:
    """A column as a tile holds it: counts as numbers, all else as it is written in an export."""
    if field.kind in ("integer", "number"):
        return np.asarray(column)
    if field.kind == "boolean":
        return np.asarray(column, dtype=bool)
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    codes, texts = pd.factorize(column)
    return Coded(codes, tuple(str(text) for text in texts))


def _as_written(values: Values) -> Values:
    """A column of counts as a tile holds it: days as they are written in an export."""
    if isinstance(values, Coded) or values.dtype.kind != "M":
        return values
    days, codes = np.unique(values, return_inverse=True)
    return Coded(codes, tuple(np.datetime_as_string(days, unit="D").tolist()))


def _taken(values: Values, chosen: npt.NDArray[np.intp]) -> Values:
    if isinstance(values, Coded):
        held = values.codes[chosen]
        codes, used = pd.factorize(held)
        texts = tuple(values.texts[code] if code >= 0 else "" for code in used.tolist())
        return Coded(np.where(held >= 0, codes, -1), texts)
    taken: npt.NDArray[Any] = values[chosen]
    return taken
