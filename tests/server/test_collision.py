"""Boxes and lines in each other's way, beside what shapely says of the same shapes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from server.pictures.collision import crossing, line_between, overlapping, striking, within

SEED = 20
NUMBER = 60


@pytest.fixture(scope="module")
def boxes() -> np.ndarray:
    corners = np.random.default_rng(SEED).uniform(0, 100, (NUMBER, 2))
    return np.hstack(
        (corners, corners + np.random.default_rng(SEED + 1).uniform(1, 30, (NUMBER, 2)))
    )


@pytest.fixture(scope="module")
def lines() -> np.ndarray:
    starts, ends = np.random.default_rng(SEED + 2).uniform(0, 100, (2, NUMBER, 2))
    return line_between(starts, ends)


def test_boxes_overlap_as_their_shapes_do(boxes: np.ndarray) -> None:
    shapes = shapely.box(*boxes.T)
    expected = shapely.area(shapely.intersection(shapes[:, None], shapes[None])) > 0
    assert 0.02 < expected.mean() < 0.5
    assert (overlapping(boxes[:, None], boxes) == expected).all()


def test_boxes_that_share_an_edge_do_not_overlap() -> None:
    assert not overlapping(np.array([0.0, 0, 10, 10]), np.array([10.0, 0, 20, 10]))


def test_points_lie_within_boxes_as_their_shapes_do(boxes: np.ndarray, lines: np.ndarray) -> None:
    expected = shapely.covers(shapely.box(*boxes.T), shapely.points(lines[:, None, 0]))
    assert expected.any()
    assert (within(lines[:, None, 0], boxes) == expected).all()
    assert within(boxes[:, :2], boxes).all()


def test_lines_cross_as_their_shapes_do(lines: np.ndarray) -> None:
    shapes = shapely.linestrings(lines)
    expected = shapely.crosses(shapes[:, None], shapes[None])
    assert 0.1 < expected.mean() < 0.9
    assert (crossing(lines[:, None], lines) == expected).all()
    assert not crossing(lines, lines[:, ::-1]).any()


def test_lines_strike_boxes_whose_diagonals_they_cross(
    boxes: np.ndarray, lines: np.ndarray
) -> None:
    left, top, right, bottom = boxes.T
    falling = shapely.linestrings(
        np.stack((np.stack((left, top), 1), np.stack((right, bottom), 1)), 1)
    )
    rising = shapely.linestrings(
        np.stack((np.stack((left, bottom), 1), np.stack((right, top), 1)), 1)
    )
    shapes = shapely.linestrings(lines)[:, None]
    expected = shapely.crosses(shapes, falling) | shapely.crosses(shapes, rising)
    assert expected.any()
    assert (striking(lines[:, None], boxes) == expected).all()
