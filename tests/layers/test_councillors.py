"""Councillors: told apart in any script, with a ward that is held and an address of its form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from layers import programme
from layers.councillors import councillor_id, is_email
from layers.files import RawRow, RawTable
from layers.registry import REGISTRY
from layers.report import ImportReport
from layers.workspace import Intake, Workspace

NOW = datetime(2025, 4, 1, 9, 0)
MILL = {"council": "Anywhere Council", "ward": "Mill"}
NAMES = ("李明", "王芳", "Ольга Ли", "Ольга Лю", "Zoë Lee", "Zoé Lee", "Zo Lee", "ਜਸਵੀਰ", "ਜਸਵੰਤ")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    have = Workspace.open(tmp_path, REGISTRY.schemas)
    yield have
    have.close()


def taken(workspace: Workspace, *rows: dict[str, str]) -> ImportReport:
    header = tuple(dict.fromkeys(name for row in rows for name in row))
    raw = tuple(RawRow(number, row) for number, row in enumerate(rows, start=1))
    table = RawTable("councillors.csv", header, raw, has_geometry=False)
    return programme.take(table, programme.COUNCILLORS, workspace, Intake(NOW))


def test_names_in_any_script_have_ids_of_their_own_that_stay(workspace: Workspace) -> None:
    rows = [{"name": name, **MILL} for name in NAMES]
    first = taken(workspace, *rows)
    assert (first.added, first.rejected) == (len(NAMES), 0), first.text()
    again = taken(workspace, *reversed(rows))
    assert (again.added, again.updated, again.unchanged) == (0, 0, len(NAMES))


def test_an_id_is_of_plain_letters_and_does_not_depend_on_how_a_letter_is_typed() -> None:
    composed = councillor_id({"name": "Zo\u00eb  Lee", **MILL})
    assert composed == councillor_id({"name": "ZOE\u0308 lee", **MILL})
    assert composed.startswith("anywhere-council-mill-zo-lee-")
    assert composed.isascii()
    assert councillor_id({"name": "P. O\u2019Neill", **MILL}) == "anywhere-council-mill-p-o-neill"


def test_a_ward_code_is_one_that_is_held(workspace: Workspace) -> None:
    held = str(workspace.ground.wards["code"].iloc[0])
    right = {"name": "A. Lee", **MILL, "ward_code": held}
    wrong = {"name": "B. Poe", **MILL, "ward_code": "E05999999"}
    blank = {"name": "C. Ray", **MILL, "ward_code": ""}
    report = taken(workspace, right, wrong, blank)
    assert (report.added, report.rejected) == (2, 1)
    (issue,) = report.issues
    assert (issue.row, issue.column, issue.severity) == (2, "ward_code", "rejected")
    assert "No ward of this force area has the code 'E05999999'" in issue.reason


def test_a_ward_code_is_taken_with_a_note_where_no_wards_are_held(workspace: Workspace) -> None:
    bare = workspace.ground.wards.iloc[:0]
    workspace.ground = replace(workspace.ground, wards=bare)
    report = taken(workspace, {"name": "A. Lee", **MILL, "ward_code": "E05999999"})
    assert (report.added, report.rejected) == (1, 0)
    (issue,) = report.issues
    assert issue.severity == "warned"
    assert "No wards are held here" in issue.reason


@pytest.mark.parametrize(
    "text",
    [
        "a.lee@council.example",
        "o'neill+ward@x-y.gov.uk",
        "a@b.co",
        "a@büro.example",
        "a@b.xn--p1ai",
    ],
)
def test_an_address_that_can_be_one_is_taken(workspace: Workspace, text: str) -> None:
    assert is_email(text)
    assert taken(workspace, {"name": "A. Lee", **MILL, "email": text}).added == 1


@pytest.mark.parametrize(
    "text",
    ["a.lee", "@council.example", "a.lee@", "a.lee@council", "a lee@council.example",
     "a@@council.example", "a@b@council.example", "a@council..example", "a@-council.example",
     "a@council-.example", "a@council.example.", "a.@council.example", "A <a@council.example>",
     "a@council.example, b@council.example", "a@[10.0.0.1]", "(a)b@council.example"],
)  # fmt: skip
def test_what_can_be_no_address_is_refused(workspace: Workspace, text: str) -> None:
    report = taken(workspace, {"name": "A. Lee", **MILL, "email": text})
    assert (report.added, report.rejected) == (0, 1)
    assert "One email address such as office@example.org" in report.issues[0].reason
