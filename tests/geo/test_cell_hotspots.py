"""From points to clusters: counts conserved, decisions said, planted spots found."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.area_cells import cells_over
from geo.cell_hotspots import cell_hot_spots
from geo.crs import to_metres
from geo.errors import InvalidValue
from geo.grid import HexGrid
from geo.hotspots import Significance, permutations_for
from geo.square_grid import SquareGrid

PROJECT = Path(__file__).resolve().parents[2]
AREA = shapely.Point(450_000, 300_000).buffer(9_000)


def events(seed: int, extra: int = 0) -> np.ndarray:
    """Points all over the area and beyond, and more of them in one place of it."""
    random = np.random.default_rng(seed)
    even = random.uniform((440_000, 290_000), (460_000, 310_000), (1500, 2))
    return np.concatenate((even, random.normal((452_000, 302_000), 700, (extra, 2))))


@pytest.mark.parametrize("kind", [HexGrid, SquareGrid])
def test_a_planted_place_is_one_hot_cluster_and_every_decision_is_kept(kind: type) -> None:
    cells = cells_over(kind(1000), AREA)
    test = permutations_for(len(cells.cells), 0.05)
    points_m = events(3, extra=300)
    found = cell_hot_spots(cells, points_m, 0.05, test=test)
    (cluster,) = [each for each in found.clusters if each.hot]
    assert np.hypot(*(cells.centres_m[cluster.peak] - (452_000, 302_000))) < 1500
    assert cluster.total == found.counts[list(cluster.cells)].sum()
    said = found.decisions
    assert (said.grid, said.cell_m) == ("hexagon" if kind is HexGrid else "square", 1000)
    assert (said.cells, said.cells_at_edge) == (found.spots.places, cells.at_edge)
    assert said.events + said.left_out_events == len(points_m)
    assert said.events == found.spots.values.sum() == found.counts.sum()
    assert said.band_m == kind(1000).touch_m
    assert said.neighbours_to == (6 if kind is HexGrid else 8)
    assert (said.method, said.permutations, said.seed) == (
        "permutation",
        test.permutations,
        test.seed,
    )
    assert (said.rate, said.fewest_named, said.enough) == (0.05, 1, True)
    assert said.left_out_m2 == cells.left_out_m2


def test_a_stated_band_is_used() -> None:
    cells = cells_over(HexGrid(1000), AREA)
    found = cell_hot_spots(cells, events(1), 0.1, band_m=2000)
    assert (found.decisions.band_m, found.decisions.neighbours_to) == (2000, 18)
    assert found.decisions.method == "analytic"


def test_the_roots_of_the_counts_can_be_tested() -> None:
    cells = cells_over(HexGrid(1000), AREA)
    points_m = events(3, extra=300)
    plain, roots = (
        cell_hot_spots(cells, points_m, 0.05, measure=measure) for measure in ("count", "root")
    )
    np.testing.assert_array_equal(plain.spots.values, plain.counts)
    np.testing.assert_array_equal(roots.spots.values, np.sqrt(roots.counts))
    assert roots.decisions.skewness < plain.decisions.skewness
    assert (roots.decisions.measure, roots.decisions.events) == ("root", plain.counts.sum())


@pytest.mark.real_data
def test_in_the_real_months_of_2022_roots_find_towns_that_counts_lose_beside_the_city(
    shared_data: Path,
) -> None:
    """Ten months of recorded crime in hexagons of a kilometre, by permutation at 5%."""
    files = sorted((shared_data / "crime").glob("2022-*-street.csv.gz"))
    frames = [pd.read_csv(file, usecols=["Longitude", "Latitude"]).dropna() for file in files]
    places = pd.concat(frames)
    points_m = np.column_stack(
        to_metres(places["Longitude"].to_numpy(), places["Latitude"].to_numpy())
    )
    areas = gpd.read_file(PROJECT / "boundaries" / "data" / "npas.geojson").to_crs(27700)
    cells = cells_over(HexGrid(1000), areas.union_all())
    assert len(cells.cells) == 2954
    test = permutations_for(len(cells.cells), 0.05)
    hot = {
        measure: [
            len(each.cells)
            for each in cell_hot_spots(cells, points_m, 0.05, test=test, measure=measure).clusters
            if each.hot
        ]
        for measure in ("count", "root")
    }
    assert hot == {"count": [11], "root": [75, 8, 3, 1]}


@settings(max_examples=20)
@given(st.integers(0, 2**31))
def test_the_order_of_events_changes_nothing(seed: int) -> None:
    cells = cells_over(HexGrid(1500), AREA)
    points_m, test = events(seed, 60), Significance("permutation", 199, 1)
    one = cell_hot_spots(cells, points_m, 0.1, test=test)
    other = cell_hot_spots(cells, np.random.default_rng(seed).permutation(points_m), 0.1, test=test)
    assert (one.decisions, one.clusters) == (other.decisions, other.clusters)


def test_no_events_give_no_hot_spots_and_too_little_to_read() -> None:
    found = cell_hot_spots(cells_over(HexGrid(1000), AREA), np.zeros((0, 2)), 0.05)
    assert (found.clusters, found.decisions.events, found.decisions.enough) == ((), 0, False)


def test_what_cannot_be_reckoned_is_refused_in_words() -> None:
    cells = cells_over(HexGrid(1000), AREA)
    with pytest.raises(InvalidValue, match=r"one of 0\.1, 0\.05, 0\.01"):
        cell_hot_spots(cells, events(1), 0.2)
    with pytest.raises(InvalidValue, match="above 0 metres"):
        cell_hot_spots(cells, events(1), 0.05, band_m=0)
    with pytest.raises(InvalidValue, match="1 of 1 have none"):
        cell_hot_spots(cells, [(float("nan"), 0)], 0.05)
