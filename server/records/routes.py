"""The registers of the office: what is held, forms to add and change it, its history."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import geopandas as gpd
from flask import Blueprint, Response, abort, render_template, request
from werkzeug.wrappers import Response as Redirect

from layers import history, programme
from layers.errors import BadQuery
from layers.output import register_csv
from layers.schema import Field, in_words
from server.api import CSV
from server.confirming import confirmed
from server.records.days import last_days, next_days
from server.records.followups import follow_ups
from server.records.form import (
    DOUBT,
    FORM_ID,
    MARK,
    Form,
    called,
    given_values,
    open_form,
    returned_form,
    shown_cell,
    shown_value,
    typed_values,
)
from server.records.offices import OFFICES
from server.records.registers import REGISTERS, Register
from server.records.saving import attempt, held_record, mark_of, remove
from server.requests import given_params, refuse_params, with_query
from server.services import services

blueprint = Blueprint("records", __name__)

OVERVIEW: Final = "/visits/records"
OF_OFFICE: Final = "/<any(visits, estate):office>/records"
MOST_CHANGES: Final = 100
SAME_AGAIN: Final = ("date", "place", "visit_id")
STATUSES: Final = {"refused": 400, "doubtful": 400, "changed": 409}


@blueprint.get(OVERVIEW)
def overview() -> str:
    """What is held, what is late, and the days before and behind."""
    refuse_params()
    workspace, today = services().workspace, services().today
    late = [item for item in follow_ups(workspace, today) if item.overdue]
    return render_template(
        "records/overview.html",
        title="Records of visits",
        registers=[(each, len(programme.held(workspace, each.schema))) for each in REGISTERS],
        late=late,
        next_days=next_days(workspace, today),
        last_days=last_days(workspace, today),
    )


@blueprint.get(f"{OF_OFFICE}/changes")
def changes(office: str) -> str:
    """The newest changes of all registers of an office."""
    refuse_params()
    workspace, mine = services().workspace, OFFICES[office]
    found = [change for schema in mine.schemas for change in history.changes(workspace, schema)]
    newest = sorted(found, key=lambda change: change.at, reverse=True)[:MOST_CHANGES]
    parts = {schema.part for schema in mine.schemas}
    added = [row for row in workspace.store.imports() if row["part"] in parts and row["added"]]
    return render_template(
        "records/changes.html",
        title="Changes of the records"
        if mine.by_day
        else f"Changes of the records of {mine.about}",
        changes=newest,
        total=len(found),
        added=added[:MOST_CHANGES],
        paths={each.schema.part: each.path for each in mine.registers},
        plurals={schema.part: schema.plural for schema in mine.schemas},
        office=mine,
        shown=shown_value,
    )


@blueprint.get(f"{OF_OFFICE}/<register>.csv")
def csv(office: str, register: str) -> Response:
    """A register as CSV, as it can be imported again."""
    refuse_params()
    found = OFFICES[office].register(register)
    content = register_csv(found.schema, found.group.held(services().workspace, found.schema))
    response = Response(content.encode(), content_type=CSV)
    response.headers["Content-Disposition"] = f'attachment; filename="{register}.csv"'
    return response


@blueprint.get(f"{OF_OFFICE}/<register>")
def register_page(office: str, register: str) -> str:
    """The records of one register as a table, cut to what is chosen."""
    found = OFFICES[office].register(register)
    chosen = _chosen(found)
    held = found.group.held(services().workspace, found.schema)
    rows = _cut(held, chosen)
    columns = {field.name: field for field in found.schema.stored}
    (id_field,) = found.schema.id_fields
    return render_template(
        "records/register.html",
        title=found.title,
        register=found,
        office=OFFICES[office],
        held=len(held),
        columns=[found.label(name) for name in found.listed],
        rows=[
            (row[id_field], [shown_cell(columns[name], row) for name in found.listed])
            for row in rows.to_dict("records")
        ],
        filters=_filters(found, chosen) if len(held) else [],
        action=request.path,
    )


@blueprint.route(f"{OF_OFFICE}/<register>/new", methods=["GET", "POST"])
def new(office: str, register: str) -> str | Redirect | tuple[str, int]:
    """A form for a new record."""
    found = OFFICES[office].register(register)
    if request.method == "GET":
        fresh = secrets.token_urlsafe(16)
        return _form_page(found, "", open_form(found, given_values(found), form_id=fresh))
    return _sent(found, "")


@blueprint.route(f"{OF_OFFICE}/<register>/<path:record_id>", methods=["GET", "POST"])
def record(office: str, register: str, record_id: str) -> str | Redirect | tuple[str, int]:
    """A record to look at and to change, with the history of every change."""
    refuse_params()
    found = OFFICES[office].register(register)
    held = held_record(found, record_id)
    before = held or history.last_values(services().workspace, found.schema, record_id)
    if before is None:
        abort(404)
    if request.method == "GET":
        form = open_form(found, before, mark_of(held))
        return _form_page(found, record_id, form, removed=held is None)
    return _sent(found, record_id)


@blueprint.route(f"{OF_OFFICE}/<register>/remove/<path:record_id>", methods=["GET", "POST"])
def remove_record(office: str, register: str, record_id: str) -> str | Redirect | tuple[str, int]:
    """Ask whether a record is to be removed, and remove it."""
    refuse_params()
    found = OFFICES[office].register(register)
    held: Mapping[str, Any] | None = held_record(found, record_id)
    status = 200
    if request.method == "POST":
        tried = remove(found, record_id, request.form.get(MARK, ""))
        if tried.state == "saved":
            return confirmed(found.path, _removed_sentence(found, record_id))
        held, status = tried.held, 409
    if held is None:
        abort(404)
    page = render_template(
        "records/remove.html",
        title=f"Remove this {found.schema.singular}? {called(found, record_id, held)}",
        register=found,
        office=OFFICES[office],
        record_id=record_id,
        values=[
            (found.label(field.name), shown_value(field, held[field.name])) for field in found.typed
        ],
        mark=mark_of(held),
        changed=status == 409,
    )
    return page, status


def _sent(register: Register, record_id: str) -> Redirect | tuple[str, int]:
    """A form that was sent: kept, or shown again with all that was typed."""
    typed = typed_values(register)
    mark, doubt, form_id = (request.form.get(name, "") for name in (MARK, DOUBT, FORM_ID))
    tried = attempt(register, record_id, typed, mark, doubt, form_id)
    if tried.state == "saved":
        page = f"{register.path}/{quote(tried.record_id, safe='')}"
        return confirmed(page, _saved_sentence(register, tried.record_id, typed))
    form = returned_form(register, typed, tried)
    return _form_page(register, record_id, form), STATUSES[tried.state]


def _saved_sentence(register: Register, record_id: str, typed: Mapping[str, str]) -> str:
    """That a record was saved, and of an issue who may read it from now on."""
    said = f"{register.title}: {called(register, record_id, typed)} was saved."
    if typed.get("visibility") == "public":
        return f"{said} It is public once its day is over and its stop is published."
    return f"{said} Only staff may read it." if "visibility" in typed else said


def _removed_sentence(register: Register, record_id: str) -> str:
    name = _name(register, record_id)
    return f"{name} was removed. Its history is kept, and it can be put back."


def _name(register: Register, record_id: str) -> str:
    """What a record that is held, or was, is called."""
    last = history.last_values(services().workspace, register.schema, record_id)
    return called(register, record_id, held_record(register, record_id) or last or {})


def _form_page(register: Register, record_id: str, form: Form, removed: bool = False) -> str:
    workspace = services().workspace
    values = {control.name: control.value for control in form.controls}
    past = [
        change
        for change in history.changes(workspace, register.schema)
        if record_id and change.record_id == record_id
    ]
    # what is held, not what was typed: an unsaved form still is of the record that it changes
    name = _name(register, record_id) if record_id else ""
    office = next(each for each in OFFICES.values() if each.group is register.group)
    again = [(name, values[name]) for name in SAME_AGAIN if values.get(name)]
    return render_template(
        "records/form.html",
        title=f"{register.title}: {name or 'add'}",
        register=register,
        office=office,
        record_id=record_id,
        form=form,
        removed=removed,
        past=past,
        shown=shown_value,
        action=quote(request.path),
        day=(values.get("date") or values.get("visit_date", "")) if office.by_day else "",
        again_url=with_query(f"{register.path}/new", again)
        if office.by_day and "date" in values
        else "",
        told_url=_told_url(record_id, values) if register.schema is programme.ISSUES else "",
    )


def _told_url(issue_id: str, values: dict[str, str]) -> str:
    pairs = [("issue_id", issue_id), ("place", values["place"])]
    return with_query("/visits/records/feedback_given/new", pairs) if issue_id else ""


def _filterable(register: Register) -> list[Field]:
    return [field for field in register.typed if field.kind == "choice" and field.choices]


def _chosen(register: Register) -> dict[str, str]:
    """The values that the address chooses among.

    Raises:
        BadQuery: the register has no such field or value.
    """
    fields = {field.name: field for field in _filterable(register)}
    chosen = {}
    for name, values in given_params().items():
        known = fields[name].choices if name in fields else ()
        given = [value for value in values if value]
        if name not in fields or len(given) > 1 or not set(given) <= set(known):
            raise BadQuery(
                f"{register.title} can be chosen by "
                + "; ".join(f"{each.name} ({', '.join(each.choices)})" for each in fields.values())
                + f"; given {name}={', '.join(values)!r}."
                if fields
                else f"{register.title} cannot be chosen among; given {name!r}."
            )
        if given:
            chosen[name] = given[0]
    return chosen


def _cut(held: gpd.GeoDataFrame, chosen: dict[str, str]) -> gpd.GeoDataFrame:
    for name, value in chosen.items():
        held = held[held[name] == value]
    order = next((name for name in ("date", "visit_date") if name in held), None)
    return held.sort_values(order, ascending=False, kind="stable") if order else held


def _filters(register: Register, chosen: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": field.name,
            "label": register.label(field.name),
            "kind": "select",
            "value": chosen.get(field.name, ""),
            "options": [("", "All"), *((value, in_words(value)) for value in field.choices)],
            "hint": "",
        }
        for field in _filterable(register)
    ]
