"""One view, many ways out: records, table, caption, legend, CSV and GeoJSON cannot disagree."""

from __future__ import annotations

import csv
import io
import re
from itertools import pairwise
from typing import Any

import orjson
import pandas as pd
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from layers import output
from layers.answer import cell_text
from layers.audience import Audience
from layers.classes import count_classes
from layers.registry import REGISTRY
from layers.spec import Legend
from layers.view import View
from tests.layers.desk import Desk

NPAS = ("NN", "NL", "NR", "NH", "NA", "NW", "NS", "NE", "NC")
WEST, SOUTH, EAST, NORTH = -1.65, 52.35, -0.40, 53.00
VIEWS = [
    ("visits", {"from_": "2020", "to": "2025"}),
    ("visits", {"npa": ["NA", "NL"], "type": "event"}),
    ("visits", {"npa": "NS"}),
    ("sites", {"as_of": "2024-01-01"}),
    ("sites", {"status": "closed", "from_": "2000"}),
    ("people_zones", {}),
    ("npas", {}),
    ("street_safe", {"from_": "2021", "to": "2023"}),
    ("crime", {"from_": "2022-09", "to": "2022-10", "by": "month"}),
    ("crime", {"type": "robbery", "npa": "NA"}),
]


@pytest.fixture(scope="module", params=VIEWS, ids=lambda item: "-".join([item[0], *item[1]]))
def asked(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return request.param


@pytest.fixture(scope="module", params=list(Audience))
def view(demo: Desk, asked: tuple[str, dict[str, Any]], request: pytest.FixtureRequest) -> View:
    layer, params = asked
    return demo.view(layer, request.param, **params)


def test_csv_and_geojson_have_the_same_rows_and_names(view: View):
    document = orjson.loads(output.geojson(view))
    rows = list(csv.DictReader(io.StringIO(output.csv_text(view))))
    assert document["numberMatched"] == document["numberReturned"] == len(rows) == len(view.records)
    names = [field.name for field in view.columns]
    schema = {field.name for field in REGISTRY.get(view.layer.id).spec.columns}
    assert set(names) <= schema
    for feature, row in zip(document["features"], rows, strict=True):
        assert list(feature["properties"]) == names
        assert list(row)[: len(names)] == names
        for name, value in feature["properties"].items():
            text = "" if value is None else str(value).lower() if value is True else str(value)
            assert row[name] == ("false" if value is False else text)


def test_geojson_is_as_the_standard_wants_it(view: View):
    document = orjson.loads(output.geojson(view))
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    assert document["query"] == [list(pair) for pair in view.query.params()]
    for feature in document["features"]:
        assert set(feature) == {"type", "geometry", "properties"}
        if feature["geometry"] is None:
            continue
        geometry = shapely.geometry.shape(feature["geometry"])
        assert geometry.is_valid
        west, south, east, north = geometry.bounds
        assert WEST <= west <= east <= EAST
        assert SOUTH <= south <= north <= NORTH
        for part in getattr(geometry, "geoms", [geometry]):
            if part.geom_type == "Polygon":
                assert part.exterior.is_ccw, "the outer ring runs against the clock"


def test_the_caption_agrees_with_the_counts(view: View):
    first = view.caption[0]
    said = re.match(r"(?:At least )?([\d,]+|No) ", first)
    assert said, first
    assert (0 if said[1] == "No" else int(said[1].replace(",", ""))) == view.counts.surely
    assert view.by_npa["surely"].sum() == view.counts.surely
    assert view.by_npa["possibly"].sum() == view.counts.possibly
    wanted = [code for code in NPAS if not view.query.npas or code in view.query.npas]
    assert list(view.by_npa["npa_code"])[: len(wanted)] == wanted
    if view.layer.weight == "":
        assert len(view.records) == view.counts.matched
    assert all(sentence.endswith(".") for sentence in view.caption)


def test_a_filter_of_npa_holds_only_that(view: View):
    wanted = set(view.query.npas)
    if wanted and view.layer.id != "crime":
        assert set(view.records["npa_code"]) <= wanted
    if wanted:
        elsewhere = view.by_npa[~view.by_npa["npa_code"].isin(wanted)]
        assert elsewhere["surely"].sum() == 0


def test_every_record_has_one_class_in_the_legend(view: View):
    legend = view.legend
    for value in view.records[legend.property]:
        met = classes_of(legend, value)
        assert len(met) == 1, (value, legend)
    labels = [item.label for item in legend.classes]
    assert len(labels) == len(set(labels))
    assert all(re.fullmatch("#[0-9A-F]{6}", item.colour) for item in legend.classes)


def classes_of(legend: Legend, value: object) -> list[str]:
    """The classes that a property's value meets, as the map reads them."""
    if pd.isna(value):
        return [item.label for item in legend.classes if item.value == ""]
    if isinstance(value, bool):
        value = str(value).lower()
    return [
        item.label
        for item in legend.classes
        if (item.value == value if item.value is not None else item.lower <= value <= item.upper)
    ]


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=60))
@example([1])
@example([5] * 30)
@example([0, 1, 2, 3, 4])
@example([9, 10, 11, 99, 100, 101])
def test_every_count_falls_into_exactly_one_class(counts: list[int]):
    classes = count_classes(pd.Series(counts))
    assert 1 <= len(classes) <= 5
    for count in counts:
        assert sum(item.lower <= count <= item.upper for item in classes) == 1
    edges = [(item.lower, item.upper) for item in classes]
    assert all(lower <= upper for lower, upper in edges)
    assert all(one[1] + 1 == two[0] for one, two in pairwise(edges))
    assert (edges[0][0], edges[-1][1]) == (min(counts), max(counts))
    assert len({item.colour for item in classes}) == len(classes)


def test_no_counts_no_classes():
    assert count_classes(pd.Series([], dtype="Int64")) == ()


@pytest.mark.parametrize(
    ("params", "phrase"),
    [
        ({"npa": ["NA", "NH"]}, "in Wigston and Harborough and Hinckley and Blaby"),
        ({"npa": "NW"}, "in West Leicester (approximate)"),
        ({"npa": "outside"}, "; outside the force area."),
        ({"npa": ["NA", "outside"]}, "in Wigston and Harborough or outside the force area"),
        ({"type": ["event", "surgery"]}, "type: Event and Surgery"),
        ({"initiated_by": "invitation"}, "initiated by: Invitation"),
        ({"bbox": "-1.5,52.5,-1,52.9"}, "within the box asked for"),
    ],
)
def test_filters_are_said_in_words(demo: Desk, params: dict[str, str], phrase: str):
    assert phrase in demo.view("visits", from_="2020", to="2025", **params).caption[0]


def test_filters_of_type_split_the_whole(demo: Desk):
    ask = {"from_": "2020", "to": "2025"}
    whole = demo.view("visits", **ask)
    kinds = [option.value for option in whole.layer.types]
    parts = [demo.view("visits", type=kind, **ask) for kind in kinds]
    assert sum(part.counts.surely for part in parts) == whole.counts.surely == 95
    for part, kind in zip(parts, kinds, strict=True):
        assert (part.records["visit_type"] == kind).all()
    reports = demo.view("street_safe", type="behavioural", from_="2021", to="2023").records
    assert reports["kind"].isin(["Behavioural", "Both"]).all()
    assert 0 < len(reports) < 643


def test_a_box_holds_what_lies_in_it(demo: Desk):
    box = (-1.2, 52.55, -1.0, 52.65)
    ask = {"from_": "2020", "to": "2025"}
    inside = demo.view("visits", bbox=",".join(map(str, box)), **ask)
    everywhere = demo.view("visits", **ask).records.to_crs("EPSG:4326")
    expected = everywhere[everywhere.within(shapely.box(*box))]["visit_id"]
    assert list(inside.records["visit_id"]) == list(expected)
    assert 10 < len(expected) < 95


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (pd.NA, ""), (float("nan"), ""), (True, "yes"), (1234, "1,234"), (2.5, "2.5")],
)
def test_a_cell_of_a_table_as_text(value: object, text: str):
    assert cell_text(value) == text
