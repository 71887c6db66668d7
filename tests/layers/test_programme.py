"""The office's own registers: taken like a file, changed and taken out with the old value kept."""

from __future__ import annotations

from datetime import datetime

import pytest

from layers import programme
from layers.files import RawRow, RawTable
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace

NOW = datetime(2025, 4, 1, 9, 0)
ISSUE = {"issue_id": "I1", "date": "2025-03-12", "place": "Anywhere", "theme": "other"}


@pytest.fixture
def workspace(tmp_path):
    have = Workspace.open(tmp_path, REGISTRY.schemas)
    yield have
    have.close()


def taken(workspace, schema, **cells):
    table = RawTable("form", tuple(cells), (RawRow(1, cells),), has_geometry=False)
    return programme.take(table, schema, workspace, Intake(NOW))


def test_every_change_is_kept_with_its_time_and_the_value_before(workspace):
    taken(workspace, programme.ISSUES, **ISSUE, issue="Speeding")
    taken(workspace, programme.ISSUES, **ISSUE, issue="Speeding by the school")
    assert list(programme.held(workspace, programme.ISSUES)["issue"]) == ["Speeding by the school"]
    (before,) = workspace.store.history(programme.ISSUES)
    assert (before["replaced_at"], before["record_id"]) == (NOW, "I1")
    assert before["content"]["issue"] == "Speeding"


def test_what_is_taken_out_stays_in_the_history(workspace):
    taken(workspace, programme.ISSUES, **ISSUE, issue="Speeding")
    version = workspace.store.version(programme.PROGRAMME)
    assert workspace.store.remove(programme.ISSUES, ("I1",), NOW, programme.PROGRAMME)
    assert programme.held(workspace, programme.ISSUES).empty
    assert workspace.store.version(programme.PROGRAMME) != version
    assert [row["content"]["issue"] for row in workspace.store.history(programme.ISSUES)] == [
        "Speeding"
    ]
    assert not workspace.store.remove(programme.ISSUES, ("I1",), NOW, programme.PROGRAMME)


def test_what_was_raised_is_for_staff_unless_it_is_marked_public(workspace):
    taken(workspace, programme.ISSUES, **ISSUE, issue="Speeding")
    assert list(programme.held(workspace, programme.ISSUES)["visibility"]) == ["staff"]


def test_no_register_asks_for_the_name_of_a_member_of_the_public():
    named = {
        schema.part
        for schema in programme.REGISTERS
        for field in schema.fields
        if field.name == "name"
    }
    assert named == {"candidate_places", "councillors"}


@pytest.mark.parametrize("text", ["Speed\x01ing", "Speed\x08ing", "\x0bSpeeding here\x7f!"])
def test_a_control_character_is_refused_with_its_row(workspace, text):
    report = taken(workspace, programme.ISSUES, **ISSUE, issue=text)
    assert report.rejected == 1
    assert "control character" in report.issues[0].reason
    assert programme.held(workspace, programme.ISSUES).empty


def test_lines_of_a_text_are_kept(workspace):
    report = taken(workspace, programme.ISSUES, **ISSUE, issue="Speeding\nby the school")
    assert report.rejected == 0
