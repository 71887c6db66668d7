"""Ways along roads, against ways worked out by hand and by another library's algorithm."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely

from geo.costs import straight_lines
from geo.errors import InvalidFrame, InvalidValue
from geo.network import RoadNetwork

SQUARE = {
    "south": [(0, 0), (1000, 0)],
    "east": [(1000, 0), (1000, 1000)],
    "north": [(1000, 1000), (0, 1000)],
    "west": [(0, 1000), (0, 0)],
    "island": [(5000, 0), (5000, 1000)],
}
"""A square of roads of a kilometre each, drawn anticlockwise, and a road that nothing leads to."""


def roads(lines=SQUARE, **columns) -> gpd.GeoDataFrame:
    geometry = [shapely.LineString(line) for line in lines.values()]
    return gpd.GeoDataFrame(columns, geometry=geometry, crs="EPSG:27700")


def test_ways_round_the_square_by_hand():
    """From the middle of the south side, 100 m off the road, to four places."""
    sites = [[0, 500], [1000, 750], [700, 1000], [900, 0]]
    found = RoadNetwork(roads()).costs([[500, -100]], sites)
    assert found.values.tolist() == [[1100.0, 1350.0, 1900.0, 500.0]]
    assert (found.measure, found.method, found.route_factor) == (
        "distance_m",
        "road network",
        None,
    )


def test_a_place_beside_the_road_adds_its_own_way():
    found = RoadNetwork(roads()).costs([[500, -100]], [[900, 30]])
    assert found.values[0, 0] == pytest.approx(100 + 400 + 30)


def test_roads_of_one_direction_count_for_people_on_their_way_to_the_site():
    """Anticlockwise only: a site just behind is nearly all the way round."""
    oneway = RoadNetwork(roads(oneway=[1, 1, 1, 1, 0]), oneway="oneway")
    assert oneway.costs([[500, 0]], [[400, 0]]).values[0, 0] == pytest.approx(3900)
    assert oneway.costs([[400, 0]], [[500, 0]]).values[0, 0] == pytest.approx(100)
    other = RoadNetwork(roads(oneway=[-1, -1, -1, -1, 0]), oneway="oneway")
    assert other.costs([[500, 0]], [[400, 0]]).values[0, 0] == pytest.approx(100)
    assert other.costs([[400, 0]], [[500, 0]]).values[0, 0] == pytest.approx(3900)


def test_where_no_road_leads_there_is_no_way():
    found = RoadNetwork(roads()).costs([[500, 0], [5000, 200]], [[0, 500], [5000, 900]]).values
    assert found.tolist() == [[1000.0, np.inf], [np.inf, 700.0]]


def test_minutes_follow_the_speeds_of_roads():
    """South at 60 km/h, the others at 30: the way round by the fast road may be longer."""
    fast = RoadNetwork(roads(kmh=[60, 30, 30, 30, 30]), speed_kmh="kmh")
    found = fast.costs([[500, -80]], [[1000, 500]], "minutes", access_kmh=4.8)
    assert found.values[0, 0] == pytest.approx(1.0 + 0.5 + 1.0)
    assert found.measure == "minutes"


def test_of_two_roads_between_the_same_places_the_shorter_counts():
    detour = {**SQUARE, "bow": [(0, 0), (500, -800), (1000, 0)]}
    found = RoadNetwork(roads(detour)).costs([[0, 0]], [[1000, 0]])
    assert found.values[0, 0] == pytest.approx(1000)


def test_roads_that_cross_without_meeting_are_no_junction():
    bridge = {"under": [(0, 0), (1000, 0)], "over": [(500, -500), (500, 500)]}
    assert np.isinf(RoadNetwork(roads(bridge)).costs([[0, 0]], [[500, 500]]).values[0, 0])


def test_ends_that_nearly_meet_are_joined():
    gap = {"one": [(0, 0), (500, 0)], "two": [(500.3, 0), (1000, 0)]}
    assert RoadNetwork(roads(gap)).costs([[0, 0]], [[1000, 0]]).values[0, 0] == pytest.approx(999.7)
    apart = RoadNetwork(roads(gap), join_m=0.1).costs([[0, 0]], [[1000, 0]])
    assert np.isinf(apart.values[0, 0])


@pytest.mark.parametrize("seed", range(5))
def test_random_networks_agree_with_another_library(seed):
    """People and sites at junctions, a third of the roads one way, against networkx."""
    rng = np.random.default_rng(seed)
    junctions = rng.uniform(0, 5000, (40, 2)).round()
    pairs = [p for p in rng.integers(0, 40, (90, 2)).tolist() if p[0] != p[1]]
    direction = rng.choice([-1, 0, 0, 0, 1, 0], len(pairs))
    lines = {str(k): junctions[pair] for k, pair in enumerate(pairs)}
    graph = nx.DiGraph()
    graph.add_nodes_from(range(40))
    for (a, b), way in zip(pairs, direction, strict=True):
        length = float(np.hypot(*(junctions[a] - junctions[b])))
        if way >= 0:
            graph.add_edge(a, b, length=length)
        if way <= 0:
            graph.add_edge(b, a, length=length)
    used = sorted({node for pair in pairs for node in pair})
    people, sites = used[:20], used[20:26]
    network = RoadNetwork(roads(lines, oneway=direction), oneway="oneway")
    found = network.costs(junctions[people], junctions[sites]).values
    for row, a in enumerate(people):
        reached = nx.single_source_dijkstra_path_length(graph, a, weight="length")
        wanted = [reached.get(b, np.inf) for b in sites]
        np.testing.assert_allclose(found[row], wanted, atol=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_no_way_is_shorter_than_the_straight_line_and_all_are_even(seed):
    rng = np.random.default_rng(seed)
    where = rng.uniform(-200, 1200, (12, 2))
    found = RoadNetwork(roads()).costs(where, where).values
    assert (found + 1e-6 >= straight_lines(where, where, 1).values).all()
    np.testing.assert_allclose(found, found.T)


def test_several_lines_of_one_road_are_taken_apart():
    whole = shapely.MultiLineString([SQUARE["south"], SQUARE["east"]])
    frame = gpd.GeoDataFrame({"oneway": [1]}, geometry=[whole], crs="EPSG:27700")
    network = RoadNetwork(frame, oneway="oneway")
    assert network.costs([[0, 0]], [[1000, 1000]]).values[0, 0] == 2000
    assert np.isinf(network.costs([[1000, 1000]], [[0, 0]]).values[0, 0])


def test_without_people_or_sites_the_table_is_empty():
    assert RoadNetwork(roads()).costs([], [[0, 0]]).values.shape == (0, 1)
    assert RoadNetwork(roads()).costs([[0, 0]], []).values.shape == (1, 0)


def test_what_is_no_road_is_refused():
    with pytest.raises(InvalidFrame, match="needed in EPSG:27700"):
        RoadNetwork(roads().to_crs("EPSG:4326"))
    with pytest.raises(InvalidFrame, match="lines with a length"):
        RoadNetwork(gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs="EPSG:27700"))
    with pytest.raises(InvalidFrame, match="lines with a length"):
        RoadNetwork(gpd.GeoDataFrame(geometry=[], crs="EPSG:27700"))
    with pytest.raises(InvalidFrame, match="need the column 'kmh'"):
        RoadNetwork(roads(), speed_kmh="kmh")
    with pytest.raises(InvalidFrame, match="speeds above 0"):
        RoadNetwork(roads(kmh=[30, 0, 30, 30, 30]), speed_kmh="kmh")
    with pytest.raises(InvalidFrame, match="directions of 1"):
        RoadNetwork(roads(oneway=[2, 0, 0, 0, 0]), oneway="oneway")
    with pytest.raises(InvalidValue, match="above 0 km/h"):
        RoadNetwork(roads()).costs([[0, 0]], [[0, 0]], "minutes", access_kmh=0)
