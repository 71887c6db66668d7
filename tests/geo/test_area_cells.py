"""Cells over an area, squares, and clusters of cells that touch."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.area_cells import cells_over
from geo.clusters import Cluster, Near, clusters_of, nearest_places
from geo.errors import InvalidValue
from geo.grid import HexGrid
from geo.neighbours import within_band
from geo.square_grid import SquareGrid

AREA = shapely.union(shapely.Point(450_000, 300_000).buffer(9_000), shapely.box(0, 0, 2500, 2500))
GRIDS = (HexGrid(1000), SquareGrid(1000))


@pytest.mark.parametrize("grid", GRIDS)
def test_cells_are_those_of_which_most_lies_inside(grid) -> None:
    covered = cells_over(grid, AREA)
    for cell, share in zip(grid.polygons(covered.cells), covered.share, strict=True):
        assert share == pytest.approx(cell.intersection(AREA).area / cell.area)
    assert covered.share.min() >= 0.5
    everything = cells_over(grid, AREA, 1e-9)
    assert (everything.share * grid.area_m2).sum() == pytest.approx(AREA.area, rel=1e-6)
    assert {*map(tuple, covered.cells.tolist())} == {
        tuple(cell)
        for cell, share in zip(everything.cells.tolist(), everything.share, strict=True)
        if share >= 0.5
    }


@pytest.mark.parametrize("grid", GRIDS)
def test_counts_are_conserved(grid) -> None:
    random = np.random.default_rng(4)
    points = random.uniform((440_000, 290_000), (460_000, 310_000), (3000, 2))
    cells = grid.locate(points[:, 0], points[:, 1])
    covered = cells_over(grid, AREA)
    counted, left_out = covered.counted(cells, np.ones(len(cells)))
    assert counted.sum() + left_out == 3000
    with pytest.raises(ValueError, match="read-only"):
        covered.share[0] = 0
    shape = shapely.union_all(grid.polygons(covered.cells))
    assert counted.sum() == shapely.contains_xy(shape, points).sum()
    assert cells_over(grid, AREA).counted(np.zeros((0, 2), dtype=int), [])[0].sum() == 0


@given(
    st.sampled_from([HexGrid, SquareGrid]),
    st.floats(200, 4000),
    st.floats(0.01, 1),
    st.tuples(st.floats(0, 1000), st.floats(0, 1000), st.floats(500, 9000)),
)
def test_the_ground_of_the_cells_and_what_is_left_out_add_up_to_the_area(
    kind: type, width_m: float, least_share: float, disc: tuple[float, float, float]
) -> None:
    x, y, radius_m = disc
    area = shapely.Point(x, y).buffer(radius_m) - shapely.Point(x, y).buffer(radius_m / 3)
    covered = cells_over(kind(width_m), area, least_share)
    ground = covered.inside_m2
    assert ground.sum() + covered.left_out_m2 == pytest.approx(area.area, rel=1e-9)
    assert (ground <= covered.grid.area_m2 * (1 + 1e-12)).all()
    assert covered.at_edge == (covered.share < 1).sum()


def test_cells_too_small_to_lay_over_an_area_are_refused() -> None:
    with pytest.raises(InvalidValue, match="larger cells"):
        cells_over(HexGrid(5), AREA)


def test_a_cluster_is_named_by_the_place_nearest_to_its_peak() -> None:
    cells_m = np.array([(0, 0), (1000, 0), (9000, 0)])
    clusters = (Cluster(True, (0, 1), 1, 5.0), Cluster(False, (2,), 2, 1.0))
    places_m = [(-100, 0), (9300, 400), (1000, 60)]
    assert nearest_places(clusters, cells_m, places_m) == (Near(2, 60.0), Near(1, 500.0))
    assert nearest_places((), cells_m, places_m) == ()
    with pytest.raises(InvalidValue, match="Named places"):
        nearest_places(clusters, cells_m, np.zeros((0, 2)))


@given(st.integers(0, 2**31))
def test_clusters_are_the_connected_parts(seed: int) -> None:
    random = np.random.default_rng(seed)
    covered = cells_over(HexGrid(1000), shapely.box(0, 0, 12_000, 12_000))
    touching = within_band(covered.centres_m, covered.grid.touch_m)
    classes = random.integers(-3, 4, touching.size)
    z = classes + random.uniform(-0.4, 0.4, touching.size)
    found = clusters_of(classes, z, np.ones(touching.size), touching, 2)
    graph = networkx.from_scipy_sparse_array(touching.matrix)
    for hot in (True, False):
        of_kind = np.flatnonzero(classes >= 2 if hot else classes <= -2)
        parts = networkx.connected_components(graph.subgraph(of_kind.tolist()))
        ours = [each for each in found if each.hot == hot]
        assert {frozenset(each.cells) for each in ours} == {frozenset(part) for part in parts}
        for each in ours:
            assert each.total == len(each.cells)
            assert abs(z[each.peak]) == np.abs(z[list(each.cells)]).max()


def test_squares_hold_their_points_and_meet() -> None:
    grid = SquareGrid(500)
    points = np.random.default_rng(1).uniform(-3000, 3000, (500, 2))
    cells = grid.locate(points[:, 0], points[:, 1])
    assert shapely.intersects_xy(grid.polygons(cells), *points.T).all()
    assert np.abs(grid.centres(cells) - points).max() <= 250
    assert grid.cell_ids([(-1, 2)]).tolist() == ["s500_x-1_y2"]
    with pytest.raises(InvalidValue, match="1 of 1 have none"):
        grid.locate([float("nan")], [0])
    with pytest.raises(InvalidValue, match="above 0 metres"):
        SquareGrid(0)


@pytest.mark.parametrize(("grid", "around"), [(GRIDS[0], 6), (GRIDS[1], 8)])
def test_cells_touch_six_others_or_eight(grid, around: int) -> None:
    covered = cells_over(grid, shapely.box(0, 0, 20_000, 20_000))
    counts = within_band(covered.centres_m, grid.touch_m).counts
    assert counts.max() == around


def test_clusters_are_cells_that_touch_and_are_alike() -> None:
    grid = HexGrid(1000)
    cells = np.column_stack((np.arange(9), np.zeros(9, dtype=int)))
    touching = within_band(grid.centres(cells), grid.touch_m)
    classes = np.array([3, 2, 0, 1, 3, 3, -2, -3, 0])
    z = np.array([4.0, 3, 0, 2, 5, 6, -3, -4, 0])
    found = clusters_of(classes, z, np.arange(9.0), touching, 2)
    assert [(each.hot, each.cells, each.peak, each.total) for each in found] == [
        (True, (0, 1), 0, 1.0),
        (True, (4, 5), 5, 9.0),
        (False, (6, 7), 7, 13.0),
    ]
    assert clusters_of(classes, z, z, touching, 1)[0].cells == (3, 4, 5)
    assert clusters_of(np.zeros(9, dtype=int), z, z, touching, 1) == ()
    with pytest.raises(InvalidValue, match="each of 9 cells"):
        clusters_of(classes[:3], z, z, touching, 1)


def test_an_area_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidValue, match="not empty"):
        cells_over(HexGrid(1000), shapely.Polygon())
