"""Cells against map points: by hand, by what must hold, and by the real months."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import to_metres
from geo.errors import InvalidValue
from geo.fineness import MOST_IN_DOUBT, fineness
from geo.grid import HexGrid
from geo.square_grid import SquareGrid


def test_doubt_by_hand() -> None:
    points = [(10, 50), (60, 50), (90, 50), (130, 50), (1010, 50)]
    found = fineness(SquareGrid(100), points, [6, 2, 1, 1, 0])
    assert found.in_doubt == pytest.approx(0.1)  # the fourth alone has its next one elsewhere
    assert found.alone == pytest.approx(0.1)
    assert (found.records, found.map_points, found.occupied_cells) == (10, 5, 2)
    assert (found.spacing_m, found.points_per_cell) == (50, 3)
    assert not found.too_fine
    assert fineness(SquareGrid(20), points, [1] * 5).in_doubt == 1


def test_a_point_that_was_revised_by_some_metres_is_one() -> None:
    points = [(50, 50), (50, 50), (58, 56), (150, 50)]
    found = fineness(SquareGrid(100), points, [1, 1, 1, 1])
    assert (found.map_points, found.records) == (2, 4)
    assert found.in_doubt == 1


def test_a_revised_point_stands_between_its_places_however_often_each_is_given() -> None:
    points, far = [(95, 50), (107, 50)], (400, 50)
    once = fineness(SquareGrid(100), [*points, far], [1, 3, 1])
    often = fineness(SquareGrid(100), [points[0], *[points[1]] * 3, far], [1] * 5)
    assert astuple(often) == astuple(once)


@given(st.integers(0, 2**31), st.sampled_from([HexGrid, SquareGrid]))
def test_neither_the_order_of_points_nor_how_they_are_split_matter(seed: int, kind: type) -> None:
    random = np.random.default_rng(seed)
    points, records = random.uniform(0, 5000, (60, 2)), random.integers(0, 5, 60) + 1
    one = fineness(kind(500), points, records)
    each = random.permutation(np.repeat(points, records, axis=0))
    other = fineness(kind(500), each, np.ones(len(each)))
    assert astuple(other) == pytest.approx(astuple(one))


def test_larger_cells_leave_less_in_doubt() -> None:
    points = np.random.default_rng(1).uniform(0, 20_000, (4000, 2))
    doubt = [fineness(HexGrid(width), points, np.ones(4000)) for width in (100, 400, 1600, 6400)]
    shares = [each.in_doubt for each in doubt]
    assert shares == sorted(shares, reverse=True)
    assert [each.too_fine for each in doubt] == [True, True, False, False]
    # a step of d crosses the side of a cell of width w with chance 4 d / (pi w)
    assert shares[2] == pytest.approx(4 * 158 / (np.pi * 1600), rel=0.2)


@pytest.mark.real_data
def test_the_real_months_bear_400_metres_and_not_300(shared_data: Path) -> None:
    files = sorted((shared_data / "crime").glob("*-street.csv.gz"))
    frames = [pd.read_csv(file, usecols=["Longitude", "Latitude"]).dropna() for file in files]
    places = pd.concat(frames).value_counts().reset_index()
    points = np.column_stack(
        to_metres(places["Longitude"].to_numpy(), places["Latitude"].to_numpy())
    )
    doubt = {
        width: fineness(HexGrid(width), points, places["count"].to_numpy())
        for width in (250, 300, 400, 500)
    }
    shares = {width: round(each.in_doubt, 2) for width, each in doubt.items()}
    assert shares == {250: 0.36, 300: 0.30, 400: 0.24, 500: 0.20}
    assert [width for width, each in doubt.items() if each.too_fine] == [250, 300]
    assert doubt[500].most_in_doubt == MOST_IN_DOUBT


def test_what_cannot_be_reckoned_is_refused_in_words() -> None:
    grid = HexGrid(500)
    for records in ([1], [-1, 2], [0, 0], [1, float("nan")]):
        with pytest.raises(InvalidValue, match="for each of 2 map points"):
            fineness(grid, [(0, 0), (100, 0)], records)
    with pytest.raises(InvalidValue, match="more than 20 metres"):
        fineness(grid, [(0, 0), (5, 0)], [1, 1])
    with pytest.raises(InvalidValue, match="position"):
        fineness(grid, [(0, 0), (float("nan"), 0)], [1, 1])
