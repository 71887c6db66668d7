"""Ways along roads: a graph of road lines, people and sites put on it, shortest ways between.

Lines meet where their ends do; those that cross elsewhere, such as a bridge, do not. People and
sites are put on the nearest line, which is cut there, and the straight way to it is added at both
ends. Shortest ways are found by SciPy (Dijkstra 1959), once from each site against the direction
of travel, so that a road of one direction counts for people on their way to the site.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from geo.costs import CostMatrix, FloatArray, Measure, points
from geo.crs import is_metric
from geo.errors import InvalidFrame, InvalidValue
from geo.route import SPEED_KMH
from geo.weighted import IntArray

ACCESS_KMH: Final = 4.8
"""Walking, for the way between a point and its road."""
JOIN_M: Final = 0.5
"""Ends of lines so near one another are one place."""


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """From node to node, with what it costs to go either way; infinite where nobody may."""

    start: IntArray
    end: IntArray
    along: FloatArray
    against: FloatArray


class RoadNetwork:
    """Road lines as a graph, for costs in metres or minutes from people to sites."""

    def __init__(
        self,
        roads: gpd.GeoDataFrame,
        speed_kmh: str | None = None,
        oneway: str | None = None,
        join_m: float = JOIN_M,
    ) -> None:
        """Take the lines of a frame in EPSG:27700 and join their ends.

        Args:
            roads: lines, each a road from one junction to another.
            speed_kmh: the column of the speed in km/h; without one every road has the default.
            oneway: the column of the direction: 1 only as the line is drawn, -1 only against it,
                0 both ways; without one every road goes both ways.
            join_m: ends of lines no farther apart than this are one junction.

        Raises:
            InvalidFrame: no lines, another coordinate reference system, or a column that is
                missing or holds other values.
        """
        lines, of = _lines(roads)
        self._lines = lines
        self._length_m = shapely.length(lines)
        self._speed_kmh = _column(roads, speed_kmh, SPEED_KMH)[of]
        direction = _column(roads, oneway, 0.0)[of]
        if not np.all(self._speed_kmh > 0) or not np.isin(direction, (-1, 0, 1)).all():
            raise InvalidFrame(
                "Roads need speeds above 0 km/h and directions of 1 (as drawn), -1 (against) or 0 "
                "(both); given others. Fill what is not known."
            )
        self._along, self._against = direction >= 0, direction <= 0
        self._nodes, self._start, self._end = _junctions(lines, join_m)
        self._tree, self._join_m = shapely.STRtree(lines), join_m

    def costs(
        self,
        people_m: npt.ArrayLike,
        sites_m: npt.ArrayLike,
        measure: Measure = "distance_m",
        access_kmh: float = ACCESS_KMH,
    ) -> CostMatrix:
        """The cost of the shortest way from people to sites, infinite where no road leads there.

        Args:
            people_m: eastings and northings in EPSG:27700, as an ``(n, 2)`` array.
            sites_m: the same of the sites.
            measure: metres, or minutes at the speeds of the roads.
            access_kmh: the speed of the straight way to and from the road, for minutes.

        Raises:
            InvalidValue: not pairs of finite coordinates, or a speed that is not above 0.
        """
        if not access_kmh > 0:
            raise InvalidValue(f"A speed above 0 km/h is needed; given {access_kmh!r}.")
        people, sites = points(people_m), points(sites_m)
        both = np.vstack((people, sites))
        line, place_m, access = self._on_roads(both)
        pace = np.ones(len(self._lines))
        if measure == "minutes":
            pace, access = 60 / (1000 * self._speed_kmh), access * 60 / (1000 * access_kmh)
        edges, node = self._cut(line, place_m, pace)
        graph = _reversed_graph(edges, self._nodes + len(both))
        found = np.empty((len(people), len(sites)))
        if found.size:
            ways = dijkstra(graph, indices=node[len(people) :])
            found = ways[:, node[: len(people)]].T
        found = found + access[: len(people), None] + access[None, len(people) :]
        return CostMatrix(found, measure, "road network")

    def _on_roads(self, where_m: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
        """The nearest line of each point, how far along it, and how far from it, in metres."""
        spots = shapely.points(where_m)
        line = self._tree.nearest(spots)
        place_m = shapely.line_locate_point(self._lines[line], spots)
        return line, place_m, shapely.distance(self._lines[line], spots)

    def _cut(
        self, line: IntArray, place_m: FloatArray, pace: FloatArray
    ) -> tuple[_Edges, IntArray]:
        """The lines cut where points lie, and the node of each point: at an end its junction."""
        lines, cuts = len(self._lines), np.arange(len(line)) + self._nodes
        every = np.arange(lines)
        of = np.concatenate((every, line, every))
        at_m = np.concatenate((np.zeros(lines), place_m, self._length_m))
        node = np.concatenate((self._start, cuts, self._end))
        rank = np.repeat((0, 1, 2), (lines, len(line), lines))
        order = np.lexsort((rank, at_m, of))
        of, at_m, node = of[order], at_m[order], node[order]
        same = of[1:] == of[:-1]
        cost = np.maximum(at_m[1:] - at_m[:-1], 0.0)[same] * pace[of[:-1][same]]
        along = np.where(self._along[of[:-1][same]], cost, np.inf)
        against = np.where(self._against[of[:-1][same]], cost, np.inf)
        at_start, at_end = place_m <= self._join_m, self._length_m[line] - place_m <= self._join_m
        where = np.where(at_start, self._start[line], np.where(at_end, self._end[line], cuts))
        return _Edges(node[:-1][same], node[1:][same], along, against), where


def pieces(lines: npt.NDArray[Any], join_m: float = JOIN_M) -> IntArray:
    """The number of the piece each line is in: lines whose ends meet, on and on, are one piece.

    Args:
        lines: single lines in EPSG:27700.
        join_m: ends no farther apart than this are one junction.
    """
    nodes, start, end = _junctions(lines, join_m)
    links = sparse.coo_array((np.ones(len(start)), (start, end)), shape=(nodes, nodes))
    _, piece = connected_components(links, directed=False)
    found: IntArray = piece[start].astype(np.int64)
    return found


def _junctions(lines: npt.NDArray[Any], join_m: float) -> tuple[int, IntArray, IntArray]:
    """How many junctions there are, and those at which each line starts and ends."""
    ends_m = np.vstack([shapely.get_coordinates(shapely.get_point(lines, i)) for i in (0, -1)])
    nodes, node = _joined(ends_m, join_m)
    return nodes, node[: len(lines)], node[len(lines) :]


def _lines(roads: gpd.GeoDataFrame) -> tuple[npt.NDArray[Any], IntArray]:
    """The single lines of a frame, and the row each is of."""
    if not is_metric(roads.crs):
        raise InvalidFrame(f"Roads are needed in EPSG:27700; given {roads.crs}. Reproject them.")
    parts, of = shapely.get_parts(roads.geometry.to_numpy(), return_index=True)
    is_line = (shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & (
        shapely.length(parts) > 0
    )
    if not len(parts) or not is_line.all():
        raise InvalidFrame(
            f"Roads are needed as lines with a length; given {len(parts)} parts of which "
            f"{int((~is_line).sum())} are none."
        )
    return parts, of.astype(np.int64)


def _column(roads: gpd.GeoDataFrame, name: str | None, otherwise: float) -> FloatArray:
    if name is None:
        return np.full(len(roads), otherwise)
    if name not in roads.columns:
        raise InvalidFrame(f"Roads need the column {name!r}; given {list(roads.columns)}.")
    return np.asarray(roads[name], dtype=np.float64)


def _joined(ends_m: FloatArray, join_m: float) -> tuple[int, IntArray]:
    """How many places the ends are, and the number of each: near ones are one place."""
    pairs = cKDTree(ends_m).query_pairs(join_m, output_type="ndarray")
    links = sparse.coo_array((np.ones(len(pairs)), pairs.T), shape=(len(ends_m), len(ends_m)))
    number, node = connected_components(links, directed=False)
    return int(number), node.astype(np.int64)


def _reversed_graph(edges: _Edges, nodes: int) -> sparse.csr_array:
    """What it costs to come to a node (row) from another, the cheapest of parallel ways."""
    to = np.concatenate((edges.end, edges.start))
    come = np.concatenate((edges.start, edges.end))
    cost = np.concatenate((edges.along, edges.against))
    way = np.isfinite(cost) & (to != come)
    to, come, cost = to[way], come[way], cost[way]
    order = np.lexsort((cost, come, to))
    to, come, cost = to[order], come[order], cost[order]
    first = np.ones(len(to), dtype=bool)
    first[1:] = (to[1:] != to[:-1]) | (come[1:] != come[:-1])
    return sparse.csr_array((cost[first], (to[first], come[first])), shape=(nodes, nodes))
