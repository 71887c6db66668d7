"""Adding a layer is a module and an entry: no other layer is touched or need know of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import orjson
import pytest

from geo.dates import DateInterval
from layers import output
from layers.answer import answer
from layers.audience import Audience
from layers.errors import UnknownLayer
from layers.files import read_table
from layers.publication import Everything
from layers.query import LayerQuery, everything
from layers.register_layer import RegisterLayer, day_column
from layers.registry import REGISTRY
from layers.schema import Field, Schema
from layers.spec import DATE_COLUMNS, MEMBERSHIP_COLUMN, NPA_COLUMNS, LayerSpec, Legend, StyleClass
from layers.workspace import Intake, Workspace
from tests.layers.desk import AT, TODAY, Desk

SCHEMA = Schema(
    part="cameras",
    singular="camera",
    plural="cameras",
    fields=(
        Field("camera_id", "Camera", "code", required=True),
        Field("date", "Put up", "date", required=True),
    ),
    id_fields=("camera_id",),
    position="point-required",
)


class Cameras(RegisterLayer):
    """A layer made up for this test."""

    spec = LayerSpec(
        id="cameras",
        page="cameras",
        title="Cameras",
        singular="camera",
        plural="cameras",
        summary="Where cameras are.",
        schemas=(SCHEMA,),
        columns=(*SCHEMA.fields, *NPA_COLUMNS, *DATE_COLUMNS, MEMBERSHIP_COLUMN),
        popup=("camera_id", "npa_name"),
        time="dated",
        publication=Everything(),
    )

    def derive(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        days = [DateInterval.parse(text) for text in frame["date"]]
        return frame.assign(
            date_from=day_column([day.date_from for day in days]),
            date_to=day_column([day.date_to for day in days]),
        )

    def legend(self, shown: gpd.GeoDataFrame, query: LayerQuery) -> Legend:
        return Legend("Camera", "in_period", (StyleClass("Camera", "#12436D", "circle", "in"),))


EXTENDED = REGISTRY.register(Cameras())


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace.open(tmp_path / "workspace", EXTENDED.schemas)
    yield made
    made.close()


def test_registering_gives_a_new_registry():
    assert EXTENDED.ids == (*REGISTRY.ids, "cameras")
    assert "cameras" not in REGISTRY.ids
    assert list(EXTENDED)[:-1] == list(REGISTRY)


def test_a_layer_that_is_not_there_is_refused_by_name():
    with pytest.raises(UnknownLayer, match=r"one of npas, crime, .*; given 'cameras'"):
        REGISTRY.get("cameras")


def test_a_new_layer_imports_answers_and_exports(workspace: Workspace, tmp_path: Path):
    file = tmp_path / "cameras.csv"
    file.write_text("camera_id,date,lat,lon\nNA,2022-01-05,52.598,-1.08\nC2,2022,,\n")
    cameras = EXTENDED.get("cameras")
    report = cameras.take(read_table(file), workspace, Intake(AT))
    assert (report.added, report.rejected) == (1, 1)
    query = everything(cameras.spec, Audience.PUBLIC)
    (feature,) = orjson.loads(output.geojson(answer(cameras, workspace, query, TODAY)))["features"]
    assert feature["properties"]["camera_id"] == "NA"
    assert feature["properties"]["npa_code"] == "NA"


def test_the_other_layers_hold_and_answer_as_before(workspace: Workspace, tmp_path: Path):
    before = [layer.version(workspace) for layer in REGISTRY]
    file = tmp_path / "cameras.csv"
    file.write_text("camera_id,date,lat,lon\nC1,2022-01-05,52.598,-1.08\n")
    EXTENDED.get("cameras").take(read_table(file), workspace, Intake(AT))
    assert [layer.version(workspace) for layer in REGISTRY] == before
    desk = Desk(workspace, tmp_path)
    assert {layer.spec.id: desk.view(layer).counts.matched for layer in REGISTRY} == {
        **dict.fromkeys(REGISTRY.ids, 0),
        "npas": 9,
    }


def test_an_old_workspace_gains_the_new_layer(desk: Desk):
    desk.take("visits", "a.csv", "visit_id,date,place,visit_type\nV1,2022,A,event\n")
    again = Workspace.open(desk.workspace.path, EXTENDED.schemas)
    assert EXTENDED.get("cameras").held(again) == 0
    assert EXTENDED.get("visits").held(again) == 1
    again.close()


def test_layers_speak_the_same_names():
    for layer in REGISTRY:
        spec = layer.spec
        names = [field.name for field in spec.columns]
        assert len(names) == len(set(names))
        assert set(spec.popup) <= set(names)
        assert {"npa_code", "npa_name", "npa_approximate", "date_from", "date_to"} <= set(names)
        assert spec.type_column == "" or spec.types
        assert all(name == name.lower() and " " not in name for name in names)
