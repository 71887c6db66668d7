"""One day of visits with its checklist, and the issues that still wait for an answer."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response as Redirect

from geo.dates import day_in_words
from layers import programme
from layers.checklist import stops_of
from layers.errors import BadQuery
from layers.query import single_value
from layers.schema import FIRST_YEAR, LAST_YEAR, in_words
from server.records.days import items_of, usual_checklist, wards_without_councillor
from server.records.followups import follow_ups
from server.records.form import date_in_words
from server.records.registers import register_of
from server.records.routes import OVERVIEW
from server.records.saving import add_all, attempt, held_record, mark_of
from server.requests import given_params, refuse_params, with_query
from server.services import services

blueprint = Blueprint("days", __name__)

DAYS: Final = "/visits/days"
PREPARATIONS: Final = programme.PREPARATIONS.part
RAISED: Final = f"{OVERVIEW}/{programme.ISSUES.part}/new"
SURVEYED: Final = f"{OVERVIEW}/{programme.SURVEYS.part}/new"


@blueprint.get("/visits/followups")
def followups() -> str:
    """Issues that are not closed, those whose answer is overdue first."""
    referred_to = _referred_to()
    every = follow_ups(services().workspace, services().today)
    shown = [item for item in every if referred_to in ("", item.referred_to)]
    return render_template(
        "records/followups.html",
        title="Follow-ups",
        items=shown,
        late=sum(item.overdue for item in shown),
        any_held=bool(every),
        on=day_in_words(services().today),
        filters=[
            {
                "name": "referred_to",
                "label": "Referred to",
                "kind": "select",
                "value": referred_to,
                "options": [("", "All"), *((to, in_words(to)) for to in programme.REFERRED_TO)],
                "hint": "",
            }
        ],
        action=request.path,
        in_words=in_words,
        date_in_words=date_in_words,
    )


def _referred_to() -> str:
    for name in request.args:
        if name != "referred_to":
            raise BadQuery(f"Follow-ups can be chosen by referred_to; given {name!r}.")
    value = single_value(given_params(), "referred_to")
    if value and value not in programme.REFERRED_TO:
        known = ", ".join(programme.REFERRED_TO)
        raise BadQuery(f"referred_to must be one of {known}; given {value!r}.")
    return value


@blueprint.get(DAYS)
def find() -> Redirect:
    """To the day that is asked for, or to the overview where none is."""
    for name in request.args:
        if name != "date":
            raise BadQuery(f"A day is asked for by date; given {name!r}.")
    text = single_value(given_params(), "date")
    if not text:
        return redirect(OVERVIEW)
    day = _day_of(text)
    if day is None:
        raise BadQuery(f"date must be a day as YYYY-MM-DD; given {text!r}.")
    return redirect(f"{DAYS}/{day}")


@blueprint.route(f"{DAYS}/<day>", methods=["GET", "POST"])
def day_page(day: str) -> str | Redirect:
    """A day's stops, its checklist, and what was raised on it."""
    refuse_params()
    found = _day_of(day)
    if found is None or found.isoformat() != day:
        abort(404)
    if request.method == "POST":
        return _acted(found)
    workspace, today = services().workspace, services().today
    stops = stops_of(workspace, found)
    issues = programme.held(workspace, programme.ISSUES)
    raised = issues[issues["date"] == day].to_dict("records")
    about = [("date", day)]
    return render_template(
        "records/day.html",
        title=f"{day_in_words(found)}: day of visits",
        day=day,
        over=found <= today,
        stops=[
            (
                stop,
                *(
                    with_query(path, [*about, ("place", stop.place), *_stop_pair(stop.visit_id)])
                    for path in (RAISED, SURVEYED)
                ),
            )
            for stop in stops
        ],
        items=items_of(workspace, found, today),
        usual=len(usual_checklist(workspace, found, stops)),
        wards=wards_without_councillor(workspace, stops),
        raised=raised,
        raised_url=with_query(RAISED, about),
        item_url=with_query(f"{OVERVIEW}/{PREPARATIONS}/new", [("visit_date", day)]),
        in_words=in_words,
        date_in_words=date_in_words,
        action=request.path,
    )


def _stop_pair(visit_id: str) -> list[tuple[str, str]]:
    return [("visit_id", visit_id)] if visit_id else []


def _acted(day: date) -> Redirect:
    """Make the usual checklist, or mark one item as done today."""
    if "usual" in request.form:
        workspace = services().workspace
        with workspace.importing():
            rows = usual_checklist(workspace, day, stops_of(workspace, day))
            added = add_all(register_of(PREPARATIONS), rows) if rows else 0
        flash(f"{added} {'item was' if added == 1 else 'items were'} added to the checklist.")
    else:
        flash(_done_today(request.form.get("done", "")))
    return redirect(f"{DAYS}/{day}", 303)


def _done_today(preparation_id: str) -> str:
    register, today = register_of(PREPARATIONS), services().today
    held = held_record(register, preparation_id)
    if held is None:
        abort(404)
    task = held["task"]
    if held["done"]:
        return f"‘{task}’ was done already, on {date_in_words(held['done'])}."
    typed = {field.name: str(held[field.name] or "") for field in register.typed}
    typed["done"] = today.isoformat()
    tried = attempt(register, preparation_id, typed, mark_of(held), doubt=None)
    if tried.state == "saved":
        return f"‘{task}’ was marked as done today."
    return f"‘{task}’ was not marked: somebody else changed it meanwhile. Look again."


def _day_of(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
