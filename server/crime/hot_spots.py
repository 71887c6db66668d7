"""Hot and cold spots of recorded crime: the counts of cells tested, and the clusters named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.area_cells import AreaCells, cells_over
from geo.cell_hotspots import CellHotSpots, cell_hot_spots
from geo.clusters import Cluster, nearest_places
from geo.grid import HexGrid
from geo.hotspots import permutations_for
from layers.answer import filtered_records, read_query
from layers.area_counts import CRIME
from layers.audience import Audience
from layers.crime_cells import CellCounts
from layers.crime_intake import ASB, CRIME_TYPES
from layers.events import Event
from server.crime.coverage import bending
from server.crime.hot_spots_asked import HotSpotsAsked
from server.requests import cells_layer
from server.services import services

LAYER: Final = "crime"
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NamedCluster:
    """Cells that touch and are all hot or all cold, with the settlement nearest to the strongest.

    ``score`` is Gi* of the strongest cell, ``distance_m`` from its centre to the settlement.
    """

    cluster: Cluster
    name: str
    distance_m: float
    score: float

    @property
    def records(self) -> int:
        """The records in its cells."""
        return round(self.cluster.total)


@dataclass(frozen=True, slots=True, eq=False)
class HotSpotsAccount:
    """What was found in the months that are held of those asked for; none where none is held.

    ``notices`` are what must be said of the records wherever they are shown.
    """

    asked: HotSpotsAsked
    held: tuple[str, ...]
    found: CellHotSpots | None
    clusters: tuple[NamedCluster, ...]
    events: tuple[Event, ...]
    notices: tuple[str, ...]

    @property
    def rows(self) -> int:
        """For how much memory it counts."""
        return self.found.decisions.cells if self.found else 0

    def of_kind(self, hot: bool) -> tuple[NamedCluster, ...]:
        """The hot clusters or the cold ones, those with most cells first."""
        return tuple(each for each in self.clusters if each.cluster.hot is hot)


def hot_spots_account(asked: HotSpotsAsked) -> HotSpotsAccount:
    """The hot and cold spots that were asked for, kept as long as nothing of them changes."""
    return services().workspace.remembered(
        ("hot spots", asked), asked.of.version(), lambda: _account(asked)
    )


def _account(asked: HotSpotsAsked) -> HotSpotsAccount:
    workspace = services().workspace
    in_store = set(workspace.crime.months())
    held = tuple(month for month in asked.of.months if month in in_store)
    events = bending(asked.of.period)
    notices = tuple(workspace.notices.get(LAYER, ()))
    if not held:
        return HotSpotsAccount(asked, held, None, (), events, notices)
    cells, counted = _cells(asked.cell_m), _counted(asked)
    found = cell_hot_spots(
        cells,
        counted.grid.centres(counted.pairs),
        asked.rate,
        test=permutations_for(len(cells.cells), asked.rate),
        measure=asked.measure,
        events=np.asarray(counted.columns["records"], dtype=np.float64),
    )
    return HotSpotsAccount(asked, held, found, _named(found), events, notices)


def _cells(cell_m: int) -> AreaCells:
    """The hexagons of the force area."""
    workspace = services().workspace
    ground = workspace.ground

    def compute() -> AreaCells:
        outlines = ground.districts.display.geometry.to_numpy()
        return cells_over(HexGrid(cell_m), shapely.union_all(outlines))

    return workspace.derived(("cells of the area", cell_m), ground.fingerprint, compute)


def _counted(asked: HotSpotsAsked) -> CellCounts:
    """The records of the months and the type by cell, as everybody may see them."""
    have, layer = services(), cells_layer(LAYER)
    kind, months = asked.of.kind, asked.of.months
    params = {
        "from": [months[0]],
        "to": [months[-1]],
        "type": [slug for slug, _ in CRIME_TYPES if slug != ASB] if kind == CRIME else [kind],
        "cell_m": [str(asked.cell_m)],
    }
    query = read_query(layer, have.workspace, params, Audience.PUBLIC, have.today)
    return layer.cells(filtered_records(layer, have.workspace, query, have.today), query)


def _named(found: CellHotSpots) -> tuple[NamedCluster, ...]:
    settlements = services().workspace.ground.settlements
    if not found.clusters or settlements.empty:
        return ()
    places: FloatArray = settlements[["easting_m", "northing_m"]].to_numpy(dtype=np.float64)
    near = nearest_places(found.clusters, found.cells.centres_m, places)
    names = settlements["name"].tolist()
    return tuple(
        NamedCluster(
            cluster, names[place.place], place.distance_m, float(found.spots.z[cluster.peak])
        )
        for cluster, place in zip(found.clusters, near, strict=True)
    )
