"""The registers: one import is one transaction, and a replaced record keeps its old content."""

from __future__ import annotations

from typing import Any

import pytest

from layers.errors import MissingColumns, RejectedRows
from layers.estate_registers import PROJECTS
from layers.files import read_table
from layers.registry import REGISTRY
from layers.visits import SCHEMA
from layers.workspace import Intake, Workspace
from tests.layers.desk import AT, Desk

HEAD = "visit_id,date,place,visit_type,stated_npa,latitude,longitude\n"
OADBY = "V1,2022-03-05,Oadby,event,NA,52.598,-1.080\n"
WIGSTON = "V2,2022-04-09,Wigston,surgery,NA,52.583,-1.106\n"


def held(desk: Desk) -> list[dict[str, Any]]:
    return desk.workspace.store.frame(SCHEMA).drop(columns="geometry").to_dict("records")


def version(desk: Desk) -> str:
    return REGISTRY.get("visits").version(desk.workspace)


def test_an_update_keeps_the_old_content(desk: Desk):
    desk.take("visits", "a.csv", HEAD + OADBY + WIGSTON)
    before = version(desk)
    report = desk.take("visits", "b.csv", HEAD + OADBY.replace("05", "06") + WIGSTON)
    assert (report.updated, report.unchanged) == (1, 1)
    assert version(desk) != before
    (old,) = desk.workspace.store.history(SCHEMA)
    assert (old["record_id"], old["replaced_at"]) == ("V1", AT)
    assert (old["content"]["date"], old["content"]["stated_npa"]) == ("2022-03-05", "NA")
    assert old["content"]["geometry_wkt"].startswith("POINT (462")
    assert [row["date"] for row in held(desk)] == ["2022-03-06", "2022-04-09"]


def test_a_moved_point_is_an_update(desk: Desk):
    desk.take("visits", "a.csv", HEAD + OADBY)
    assert desk.take("visits", "a.csv", HEAD + OADBY.replace("52.598", "52.599")).updated == 1


def test_what_is_not_in_a_later_file_stays(desk: Desk):
    desk.take("visits", "a.csv", HEAD + OADBY)
    desk.take("visits", "b.csv", HEAD + WIGSTON)
    assert [row["visit_id"] for row in held(desk)] == ["V1", "V2"]


def test_the_same_id_with_other_content_is_rejected_in_one_file(desk: Desk):
    report = desk.take("visits", "a.csv", HEAD + OADBY + WIGSTON.replace("V2", "V1"))
    assert (report.added, report.rejected) == (1, 1)
    (issue,) = (item for item in report.issues if item.severity == "rejected")
    assert (issue.row, issue.column, issue.value) == (3, "visit_id", "V1")
    assert "row 2 with other content" in issue.reason
    assert [row["place"] for row in held(desk)] == ["Oadby"]


def test_the_same_row_twice_in_one_file_is_one_record(desk: Desk):
    report = desk.take("visits", "a.csv", HEAD + OADBY + OADBY)
    assert (report.rows, report.added, report.unchanged) == (2, 1, 1)
    again = desk.take("visits", "a.csv", HEAD + (OADBY + OADBY).replace("05", "07"))
    assert (again.updated, again.unchanged) == (1, 1)
    assert len(desk.workspace.store.history(SCHEMA)) == 1


def test_strict_takes_nothing_when_one_row_is_rejected(desk: Desk):
    desk.take("visits", "a.csv", HEAD + OADBY)
    before, log = held(desk), desk.workspace.store.imports()
    bad = HEAD + OADBY.replace("05", "06") + WIGSTON.replace("NA", "NQ")
    with pytest.raises(RejectedRows, match=r"1 of 2 in b.csv are not, the first being row 3"):
        desk.take("visits", "b.csv", bad, strict=True)
    assert (held(desk), desk.workspace.store.imports()) == (before, log)
    assert desk.take("visits", "c.csv", HEAD + OADBY + WIGSTON, strict=True).added == 1


def test_strict_crime_replaces_no_month(desk: Desk):
    desk.take("crime", "a.csv", "Month,Crime type\n2022-01,Drugs\n")
    with pytest.raises(RejectedRows):
        desk.take("crime", "b.csv", "Month,Crime type\n2022-01,Robbery\n2022-1,Drugs", strict=True)
    assert desk.workspace.crime.read("2022-01")["crime_type"].tolist() == ["drugs"]


@pytest.mark.parametrize("broken", ["layers.store.Store._log", "layers.store.history_row"])
def test_an_error_on_the_way_leaves_everything_as_it_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, broken: str
):
    desk.take("visits", "a.csv", HEAD + OADBY)
    before, log, stamp = held(desk), desk.workspace.store.imports(), version(desk)

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(broken, fail)
    with pytest.raises(OSError, match="the disk is full"):
        desk.take("visits", "b.csv", HEAD + WIGSTON + OADBY.replace("05", "06"))
    monkeypatch.undo()
    assert (held(desk), desk.workspace.store.imports(), version(desk)) == (before, log, stamp)
    assert desk.workspace.store.history(SCHEMA) == []
    assert desk.take("visits", "b.csv", HEAD + WIGSTON + OADBY.replace("05", "06")).added == 1


def test_a_file_without_needed_columns_is_refused_and_told_what_each_kind_needs(desk: Desk):
    with pytest.raises(MissingColumns) as refusal:
        desk.take("sites", "a.csv", "place,when\nA,B\n")
    for said in ("site_id, name, site_type", "project_id, project", "It has: place, when"):
        assert said in str(refusal.value)


def test_every_import_is_logged_with_its_counts(desk: Desk):
    desk.take("visits", "a.csv", HEAD + OADBY + WIGSTON.replace("NA", "NQ"))
    desk.take("sites", "p.csv", "project_id,project\nP,A\n")
    newest, first = desk.workspace.store.imports()
    assert (newest["layer"], newest["part"], newest["added"]) == ("sites", PROJECTS.part, 1)
    assert (first["file"], first["rows"], first["added"], first["rejected"]) == ("a.csv", 2, 1, 1)
    assert first["imported_at"] == AT


def test_a_workspace_opened_again_holds_the_same(desk: Desk):
    desk.take("visits", "a.csv", HEAD + OADBY + "V3,2022,Nowhere,event,,,\n")
    before = held(desk)
    again = Workspace.open(desk.workspace.path, REGISTRY.schemas)
    try:
        assert again.store.frame(SCHEMA).drop(columns="geometry").to_dict("records") == before
        table = read_table(desk.files / "a.csv")
        assert REGISTRY.get("visits").take(table, again, Intake(AT)).unchanged == 2
        assert again.store.faults() == []
    finally:
        again.close()
