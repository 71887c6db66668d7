"""Legends that can be read in grey, without red, green or blue, and that tell nothing from zero."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from layers.audience import Audience
from layers.classes import NO_DATA, NOTHING_COUNTED, SEQUENTIAL, ZERO, count_classes
from layers.registry import REGISTRY
from layers.spec import Legend, Shape, StyleClass
from layers.view import View
from tests.layers.desk import Desk

AREAS = ("area", "dashed", "hatched")
APART = 10.0
"""Of 100 steps of lightness, or of colour difference: seen at a glance on a map."""

WITHOUT = {
    "red (protanopia)": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "green (deuteranopia)": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "blue (tritanopia)": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""Linear red, green and blue as people without one kind of cone see them, at severity 1.0.

G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, 2009, "A physiologically-based model for
simulation of color vision deficiency", IEEE Transactions on Visualization and Computer Graphics
15(6), 1291-1298, https://doi.org/10.1109/TVCG.2009.113 (the matrices of its supplement).
"""

TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
"""From linear sRGB to CIE XYZ, white D65 (IEC 61966-2-1)."""

ASKED: list[tuple[str, dict[str, Any]]] = [
    *((layer, {}) for layer in REGISTRY.ids),
    ("visits", {"from_": "2020", "to": "2025"}),
    ("sites", {"public_access": "unknown"}),
    ("street_safe", {"from_": "2021", "to": "2023"}),
    ("street_safe", {"from_": "2021-10", "to": "2021-12"}),
    ("crime", {"cell_m": "500"}),
    ("crime", {"cell_m": "2000", "by": "month"}),
    ("crime", {"type": "robbery", "npa": "NR", "from_": "2022-10", "to": "2022-10"}),
    ("crime", {"from_": "1999", "to": "1999"}),
]


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """CIE L*, a* and b* of linear sRGB."""
    ratios = TO_XYZ @ np.clip(light, 0, 1) / TO_XYZ.sum(axis=1)
    bent = np.where(ratios > (6 / 29) ** 3, np.cbrt(ratios), ratios / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = bent
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def lightness(colour: str) -> float:
    return float(lab(linear(colour))[0])


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """CIE94 for graphic arts, never more than the straight distance of CIE76."""
    chroma = [float(np.hypot(*colour[1:])) for colour in (one, other)]
    between = float(np.sqrt(chroma[0] * chroma[1]))
    d_light, d_a, d_b = one - other
    d_chroma = chroma[0] - chroma[1]
    d_hue_squared = max(d_a**2 + d_b**2 - d_chroma**2, 0.0)
    return float(
        np.sqrt(
            d_light**2
            + (d_chroma / (1 + 0.045 * between)) ** 2
            + d_hue_squared / (1 + 0.015 * between) ** 2
        )
    )


def confused_in_grey(legend: Legend) -> list[tuple[str, str]]:
    return [
        (one.label, two.label)
        for one, two in combinations(legend.classes, 2)
        if one.shape == two.shape and abs(lightness(one.colour) - lightness(two.colour)) < APART
    ]


def confused_without(cone: str, legend: Legend) -> list[tuple[str, str]]:
    seen = {
        item.label: lab(np.array(WITHOUT[cone]) @ linear(item.colour)) for item in legend.classes
    }
    return [
        (one.label, two.label)
        for one, two in combinations(legend.classes, 2)
        if one.shape == two.shape and difference(seen[one.label], seen[two.label]) < APART
    ]


@pytest.fixture(params=ASKED, ids=lambda asked: "-".join([asked[0], *asked[1]]))
def asked(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return request.param


@pytest.fixture(params=list(Audience))
def view(demo: Desk, asked: tuple[str, dict[str, Any]], request: pytest.FixtureRequest) -> View:
    layer, params = asked
    return demo.view(layer, request.param, **params)


def test_the_measure_of_colours_is_right():
    assert [round(lightness(colour)) for colour in ("#000000", "#FFFFFF")] == [0, 100]
    assert lightness("#777777") == pytest.approx(50.03, abs=0.01)
    red, green, blue = (lab(linear(colour)) for colour in ("#FF0000", "#00FF00", "#0000FF"))
    assert red == pytest.approx([53.24, 80.09, 67.20], abs=0.02)
    assert green == pytest.approx([87.73, -86.18, 83.18], abs=0.02)
    assert blue == pytest.approx([32.30, 79.19, -107.86], abs=0.02)
    assert difference(red, green) < np.linalg.norm(red - green)
    assert difference(red, red) == 0
    for matrix in WITHOUT.values():
        assert np.sum(matrix, axis=1) == pytest.approx([1, 1, 1], abs=2e-6), "grey stays grey"


def test_the_test_finds_confused_colours():
    def legend(*colours: str) -> Legend:
        return Legend("", "", tuple(StyleClass(c, c, "area") for c in colours))

    assert not confused_in_grey(legend(*SEQUENTIAL, ZERO))
    assert confused_in_grey(legend("#28A197", "#F46A25"))
    assert confused_without("red (protanopia)", legend("#7A6A00", "#2C7A00"))
    assert confused_without("green (deuteranopia)", legend("#A65E2E", "#7D6E28"))
    assert confused_without("blue (tritanopia)", legend("#2A6FBB", "#007F84"))
    assert not confused_without("blue (tritanopia)", legend("#A65E2E", "#FFFFFF"))


def test_classes_are_told_apart_in_grey(view: View):
    assert confused_in_grey(view.legend) == []


def marker_classes(view: View) -> list[StyleClass]:
    """The classes of a view that a map draws as markers."""
    return [item for item in view.legend.classes if item.lower is None and item.shape not in AREAS]


@pytest.mark.parametrize("audience", list(Audience))
def test_no_two_kinds_of_marker_have_one_shape_whatever_their_layer(demo: Desk, audience: Audience):
    drawn = {
        (layer, item.label): item.shape
        for layer in REGISTRY.ids
        for item in marker_classes(demo.view(layer, audience))
    }
    assert len(drawn) == {Audience.PUBLIC: 9, Audience.STAFF: 12}[audience]
    assert len(set(drawn.values())) == len(drawn), drawn


def test_every_shape_means_something(demo: Desk):
    views = [demo.view(layer, audience) for layer in REGISTRY.ids for audience in Audience]
    assert {item.shape for view in views for item in view.legend.classes} == set(get_args(Shape))


@pytest.mark.parametrize("cone", WITHOUT)
def test_classes_are_told_apart_without_a_kind_of_cone(view: View, cone: str):
    assert confused_without(cone, view.legend) == []


def test_a_legend_says_what_it_classes_and_each_class_what_it_is(view: View):
    assert view.legend.title
    labels = [item.label for item in view.legend.classes]
    assert all(labels)
    assert len(set(labels)) == len(labels)
    assert view.legend.classes


def test_classes_of_counts_leave_no_count_between_them(view: View):
    counted = [item for item in view.legend.classes if item.lower is not None]
    if not counted:
        return
    if counted[0].upper == 0:
        counted = counted[1:]
    assert all(item.lower > 0 for item in counted), "zero is in none of them"
    for one, two in pairwise(counted):
        assert one.upper + 1 == two.lower
    shown = view.records[view.legend.property].dropna()
    some = shown[shown > 0]
    if len(some):
        assert counted[0].lower <= some.min()
        assert counted[-1].upper == some.max()


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=80))
@example([0])
@example([0, 0, 1])
@example([0, *range(6, 40)])
@example([*range(1, 90)])
def test_zero_is_a_class_by_itself_and_every_count_is_in_one(counts: list[int]):
    classes = count_classes(pd.Series(counts))
    assert 1 <= len(classes) <= 5
    for count in counts:
        (met,) = [item for item in classes if item.lower <= count <= item.upper]
        assert (met.upper == 0) is (count == 0)
    assert (classes[0].lower == 0) is (0 in counts)
    assert confused_in_grey(Legend("", "", classes)) == []
    darker = [lightness(item.colour) for item in classes]
    assert darker == sorted(darker, reverse=True), "more is darker"


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize(
    "asked",
    [{"from_": "1999", "to": "1999"}, {"from_": "1970", "to": "1999"}, {"npa": "NA", "to": "2001"}],
)
def test_where_nothing_is_held_the_key_says_so(
    demo: Desk, asked: dict[str, str], audience: Audience
):
    view = demo.view("crime", audience, **asked)
    assert view.legend.classes == (NO_DATA,)
    assert "not zero" in NO_DATA.label
    assert "does not mean zero" in view.legend.note
    assert NO_DATA.shape != NOTHING_COUNTED.shape


def test_nothing_held_at_all_is_no_data(desk: Desk):
    assert desk.view("crime").legend.classes == (NO_DATA,)


@pytest.mark.parametrize(
    "asked",
    [
        {"from_": "2022-10", "to": "2022-10", "npa": "outside"},
        {"from_": "2020-10", "to": "2020-11", "npa": "outside"},
        {"from_": "2000", "to": "2020-11", "npa": "outside"},
        {"area": "0,51 0.1,51 0.1,51.1"},
    ],
)
def test_where_records_are_held_but_none_is_meant_the_key_says_zero(
    demo: Desk, asked: dict[str, str]
):
    view = demo.view("crime", Audience.PUBLIC, **asked)
    assert view.records.empty
    assert view.legend.classes == (NOTHING_COUNTED,)
    assert (NOTHING_COUNTED.lower, NOTHING_COUNTED.upper) == (0, 0)


def test_a_month_that_is_missing_among_others_does_not_hide_the_counts(demo: Desk):
    view = demo.view("crime", from_="2020-10", to="2020-11")
    assert view.gaps
    assert len(view.legend.classes) == 6
    assert NO_DATA not in view.legend.classes


@pytest.mark.parametrize(
    ("period", "counted", "label"),
    [
        (("2022-01", "2022-12"), "reports", "Withheld"),
        (("2023-02", "2023-02"), "reports_possibly", "Withheld"),
        (("2019-01", "2019-12"), "reports", "Not published: not zero"),
    ],
)
def test_a_published_figure_is_never_in_the_class_of_those_held_back(
    demo: Desk, period: tuple[str, str], counted: str, label: str
):
    """A month within a quarter has no count of its own, and that of the quarter is published."""
    view = demo.view("street_safe", Audience.PUBLIC, from_=period[0], to=period[1])
    assert view.legend.property == counted
    hatched = [item.label for item in view.legend.classes if item.shape == "hatched"]
    assert hatched == [label]
    if len(view.records):
        classes = [item for item in view.legend.classes if item.lower is not None]
        shown = view.records[counted].dropna()
        assert len(shown)
        assert min(item.lower for item in classes) <= shown.min()
        assert max(item.upper or shown.max() for item in classes) >= shown.max()
