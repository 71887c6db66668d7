"""What every layer can do; a new one is a module that does this and a line in the registry."""

from __future__ import annotations

from typing import Protocol

import geopandas as gpd

from boundaries.ground import Ground
from geo.dates import DateInterval
from layers.crime_cells import CellCounts
from layers.files import RawTable
from layers.query import LayerQuery
from layers.report import ImportReport
from layers.spec import LayerSpec, Legend
from layers.view import Counts, SideTable
from layers.workspace import Intake, Workspace


class Layer(Protocol):
    """One kind of thing that lies on the ground."""

    @property
    def spec(self) -> LayerSpec:
        """The constants of the layer."""

    def take(self, table: RawTable, workspace: Workspace, intake: Intake) -> ImportReport:
        """Import a file's rows as one transaction."""

    def version(self, workspace: Workspace) -> str:
        """Changes whenever what is held changes."""

    def held(self, workspace: Workspace) -> int:
        """Number of records held."""

    def records(self, workspace: Workspace, query: LayerQuery) -> gpd.GeoDataFrame:
        """Held records that could answer the query, placed on the ground, geometry EPSG:27700."""

    def extent(self, workspace: Workspace) -> DateInterval | None:
        """From the first to the last dated record; None without any."""

    def shape(
        self, filtered: gpd.GeoDataFrame, query: LayerQuery, ground: Ground
    ) -> gpd.GeoDataFrame:
        """Filtered records in the form that is shown, such as counts per cell."""

    def legend(self, shown: gpd.GeoDataFrame, query: LayerQuery) -> Legend:
        """The key to what is shown."""

    def remarks(
        self, filtered: gpd.GeoDataFrame, query: LayerQuery, counts: Counts, ground: Ground
    ) -> list[str]:
        """What a reader of this layer must know beside the common caption."""

    def gaps(self, workspace: Workspace, query: LayerQuery) -> list[str]:
        """What is not held of what was asked, so that nothing held is not read as nothing there."""

    def tables(
        self, filtered: gpd.GeoDataFrame, query: LayerQuery, ground: Ground
    ) -> tuple[SideTable, ...]:
        """Small tables that go with the map."""


class CountedInCells(Layer, Protocol):
    """A layer whose records are shown as counts by cell."""

    def cells(self, filtered: gpd.GeoDataFrame, query: LayerQuery) -> CellCounts:
        """Filtered records as counts per cell; ``shape`` gives the same as a frame."""
