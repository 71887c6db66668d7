"""A box or a drawn area means the same however far it reaches."""

from __future__ import annotations

import pytest
import shapely

from geo.crs import geometries_to_metres
from layers.drawn_area import BBox, DrawnArea
from layers.position import UK_LATITUDE, UK_LONGITUDE

INLAND = shapely.Point(-1.13, 52.63)
CORNERS = [
    shapely.Point(longitude, latitude) for longitude in UK_LONGITUDE for latitude in UK_LATITUDE
]


@pytest.mark.parametrize(
    "box", ["-180,-90,180,90", "-179.9,-89.9,179.9,89.9", "-90,0,90,80", "-20,40,20,70"]
)
def test_a_box_that_reaches_far_holds_every_position(box: str) -> None:
    metric = BBox.parse(box).polygon_m()
    assert shapely.is_valid(metric)
    for place in geometries_to_metres([INLAND, *CORNERS]):
        assert metric.distance(place) < 1


@pytest.mark.parametrize("box", ["-154.8,0,179.9,35", "10,50,20,60", "-180,62,180,90"])
def test_a_box_that_lies_elsewhere_holds_none(box: str) -> None:
    assert BBox.parse(box).polygon_m().is_empty


def test_a_far_corner_cuts_nothing_off() -> None:
    area = DrawnArea.parse("-180,-80 180,-80 0,85").polygon_m()
    (place,) = geometries_to_metres([INLAND])
    assert area.contains(place)
    assert DrawnArea.parse("20,40 30,40 30,50").polygon_m().is_empty


def test_a_box_within_is_left_as_it_is() -> None:
    box = shapely.box(-1.2, 52.6, -1.0, 52.7)
    (metric,) = geometries_to_metres([box.segmentize(0.2 / 32)])
    assert BBox.parse("-1.2,52.6,-1.0,52.7").polygon_m().equals(metric)
