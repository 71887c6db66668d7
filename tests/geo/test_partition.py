from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import InvalidFrame, InvalidValue
from geo.partition import dissolve, gaps, generalise, overlaps, repair


def framed(shapes: list[object], **columns: list[str]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:27700")


def ragged_neighbours() -> list[shapely.Polygon]:
    """Two areas that share a winding edge of 400 vertices."""
    along = np.linspace(0, 10_000, 400)
    edge = np.column_stack((200 * np.sin(along / 300) + 30 * np.cos(along / 17), along))
    west = shapely.Polygon(np.vstack((edge, [[-5_000, 10_000], [-5_000, 0]])))
    east = shapely.Polygon(np.vstack((edge, [[5_000, 10_000], [5_000, 0]])))
    return [west, east]


def test_a_bow_tie_is_repaired_into_its_two_triangles() -> None:
    bow_tie = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    square = shapely.box(20, 0, 30, 10)
    repaired = repair([bow_tie, square])
    assert repaired.was_invalid.tolist() == [True, False]
    assert shapely.is_valid(repaired.geometries).all()
    assert shapely.area(repaired.geometries).tolist() == [50.0, 100.0]
    assert repaired.geometries[1] is square


def test_a_spike_is_dropped_and_only_polygons_remain() -> None:
    spiked = shapely.Polygon([(0, 0), (10, 0), (10, 5), (20, 5), (10, 5), (10, 10), (0, 10)])
    (repaired,) = repair([spiked]).geometries
    assert repaired.geom_type == "Polygon"
    assert repaired.area == 100.0


@pytest.mark.parametrize("shape", [shapely.Point(0, 0), None, shapely.Polygon()])
def test_what_has_no_extent_is_refused(shape: object) -> None:
    with pytest.raises(InvalidFrame, match="Leave"):
        repair([shape])


def test_dissolving_keeps_area_and_first_order() -> None:
    shapes = [shapely.box(n, 0, n + 1, 1) for n in range(4)]
    whole = dissolve(framed(shapes, code=["Z", "A", "Z", "A"]), by="code")
    assert whole["code"].tolist() == ["Z", "A"]
    assert whole.area.tolist() == [2.0, 2.0]
    assert whole.geometry[0].equals(shapely.union(shapes[0], shapes[2]))


def test_every_overlap_is_found_with_its_area_and_touching_is_none() -> None:
    shapes = [shapely.box(0, 0, 10, 10), shapely.box(8, 0, 20, 10), shapely.box(20, 0, 30, 10)]
    found = overlaps(framed(shapes, code=["A", "B", "C"]))
    assert found[["left", "right", "area_m2"]].values.tolist() == [["A", "B", 20.0]]
    assert found.geometry[0].equals(shapely.box(8, 0, 10, 10))


def test_enclosed_ground_is_a_gap_and_an_open_bay_is_not() -> None:
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 7))
    left, right = (ring.intersection(shapely.box(a, 0, a + 5, 10)) for a in (0, 5))
    bay = right.difference(shapely.box(9, 1, 10, 2))
    found = gaps(framed([left, bay], code=["A", "B"]))
    assert found["area_m2"].tolist() == [6.0]


def test_an_island_in_a_hole_leaves_a_gap_only_where_nobody_is() -> None:
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(2, 2, 8, 8))
    island = shapely.box(3, 3, 5, 5)
    assert gaps(framed([ring, island], code=["A", "B"]))["area_m2"].tolist() == [32.0]


def test_neighbours_keep_their_shared_edge_when_generalised() -> None:
    before = ragged_neighbours()
    after = generalise(before, 100)
    assert shapely.get_num_coordinates(after).sum() < shapely.get_num_coordinates(before).sum() / 3
    assert shapely.coverage_is_valid(after)
    frame = framed(list(after), code=["A", "B"])
    assert overlaps(frame).empty
    assert gaps(frame).empty
    assert shapely.area(after).sum() == pytest.approx(shapely.area(before).sum())


@pytest.mark.parametrize("tolerance_m", [-1.0, float("nan")])
def test_a_tolerance_below_nothing_is_refused(tolerance_m: float) -> None:
    with pytest.raises(InvalidValue, match="0 metres or more"):
        generalise(ragged_neighbours(), tolerance_m)


@pytest.mark.parametrize("measure", [overlaps, gaps])
def test_degrees_are_refused(measure: object) -> None:
    frame = framed([shapely.box(-1, 52, 0, 53)], code=["A"]).set_crs(
        "EPSG:4326", allow_override=True
    )
    with pytest.raises(InvalidFrame, match="EPSG:27700"):
        measure(frame)  # type: ignore[operator]
