"""The planner: its page, its map and exports, and the forms by which days are agreed."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from geo.dates import day_in_words
from geo.errors import InvalidDate
from geo.planning import NoPlan
from layers.errors import BadQuery
from layers.output import csv_text
from layers.output import geojson as geojson_of
from layers.schema import parse_date
from layers.view import View
from server.api import CSV, GEOJSON, json_answer
from server.confirming import confirmed
from server.map_pages import GROUND_LAYERS, computed_layer, script_of
from server.map_state import STATE_PARAMS, MapState
from server.maps import MAP_ELEMENT_ID
from server.pictures.drawing import draw
from server.pictures.page import picture_of
from server.pictures.picture import SIZE_PARAM, size_of
from server.requests import given_params, with_query
from server.services import services
from server.visits.asked import VISITS
from server.visits.plan import done, words
from server.visits.plan.agreed import agreed_days
from server.visits.plan.answers import agree, allow_again, call_off, decline, move, standing
from server.visits.plan.as_json import as_json
from server.visits.plan.asked import PLAN_PAGE, PlanAsked, plan_asked
from server.visits.plan.diary import calendar_of
from server.visits.plan.fields import plan_fields
from server.visits.plan.planner import Planned, plan_of
from server.visits.plan.reasons import reason_for
from server.visits.plan.stops import DECLINED, planned_stops, unsettled_stops
from server.visits.plan.tables import (
    agreed_rows,
    declined_rows,
    npa_table,
    proposal_rows,
    unsettled_rows,
    weights_table,
)
from server.visits.plan.view import LEGEND, SPEC, view_of

blueprint = Blueprint("plan", __name__)

PAGE: Final = PLAN_PAGE
LAYER_IDS: Final = (SPEC.id, *(ground.id for ground in GROUND_LAYERS))


@blueprint.get(PAGE)
def plan() -> Any:
    """Where to go next, what is agreed, and what speaks for and against each day."""
    params = given_params(without=STATE_PARAMS)
    try:
        asked = plan_asked(params, services().today)
    except BadQuery as error:
        pairs = [(name, value) for name, values in params.items() for value in values]
        return _page(None, None, plan_fields(pairs, str(error)), str(error)), 400
    try:
        return _page(asked, plan_of(services(), asked), plan_fields(asked.params()))
    except NoPlan as error:
        return _page(asked, None, plan_fields(asked.params()), str(error))


@blueprint.get("/api/visits/plan")
def api() -> Response:
    """The plan as JSON.

    Raises:
        BadQuery: a parameter or value that cannot be used, or there is no plan for them.
    """
    have, asked = services(), _asked()
    try:
        planned = plan_of(have, asked)
    except NoPlan as error:
        raise BadQuery(str(error)) from error
    days = agreed_days(have, asked)
    return json_answer(as_json(planned, days, have.workspace.ground, _caption(planned)))


@blueprint.get(f"{PAGE}/map.js")
def script() -> Response:
    """The script that draws the page's map; it holds no data."""
    layer = computed_layer(
        _view(), with_query(f"{PAGE}/stops.geojson", _asked().params()), switched_on=True
    )
    return Response(script_of(SPEC.title, (layer,), _state()), mimetype="text/javascript")


@blueprint.get(f"{PAGE}/picture.svg")
def picture() -> Response:
    """The page's map as the server draws it."""
    state, size = _state(), size_of(given_params())
    layers = (_view(),) if state.shows(SPEC.id, True) else ()
    return Response(
        draw(picture_of(SPEC.title, layers, state), size, "svg"), mimetype="image/svg+xml"
    )


@blueprint.get(f"{PAGE}/stops.geojson")
def geojson() -> Response:
    """The stops of the plan, as a GeoJSON FeatureCollection."""
    return Response(geojson_of(_view()), mimetype=GEOJSON)


@blueprint.get(f"{PAGE}/stops.csv")
def csv() -> Response:
    """The stops of the plan, as CSV."""
    return _file(csv_text(_view()).encode(), CSV, "planned-visits.csv")


@blueprint.get(f"{PAGE}/days.ics")
def diary() -> Response:
    """The days that are agreed, for a diary."""
    have, asked = services(), _asked()
    days = agreed_days(have, asked)
    body = calendar_of(days, have.workspace.ground, have.clock())
    return _file(body, "text/calendar", "community-days.ics")


@blueprint.post(f"{PAGE}/proposals")
def answer_proposal() -> AnyResponse:
    """Agree to a proposal, for its own date or another, or decline it."""
    have, asked, day = services(), _asked(), _date("day")
    with standing(have, asked, day, request.form.get("places", "")) as proposal:
        if request.form.get("answer") == "decline":
            decline(have, proposal)
            said = done.declined(proposal.places, day)
        else:
            on = _date("on")
            if not asked.period.date_from <= on <= asked.period.date_to:
                raise BadQuery(
                    f"The day must lie in the plan's period, {asked.period.in_words()}; given "
                    f"{day_in_words(on)}. Plan another period for it."
                )
            reason = words.why(proposal, have.workspace.ground, asked)
            if on != proposal.date:
                reason = reason_for(have, asked, proposal.points_m, on, {})
            agree(have, proposal, on, reason)
            said = done.agreed(proposal.places, on)
    return _back(asked, said)


@blueprint.post(f"{PAGE}/days")
def change_day() -> AnyResponse:
    """Move an agreed day, or call it off."""
    have, asked, visitor = services(), _asked(), request.form.get("visitor", "")
    day = _date("day")
    if request.form.get("answer") == "call-off":
        return _back(asked, done.called_off(call_off(have, day, visitor), day))
    on = _date("on")
    return _back(asked, done.moved(move(have, asked, day, visitor, on), day, on))


@blueprint.post(f"{PAGE}/declined")
def take_back() -> AnyResponse:
    """Let a place that was declined be proposed again."""
    asked = _asked()
    place, day = allow_again(services(), request.form.get("plan_id", ""))
    return _back(asked, done.allowed_again(place, day))


def _page(
    asked: PlanAsked | None,
    planned: Planned | None,
    fields: list[dict[str, Any]],
    refusal: str = "",
) -> str:
    have, pairs = services(), asked.params() if asked else []
    ground = have.workspace.ground
    state = _state() if asked else MapState()
    drawn = [*pairs, *state.params()]
    return render_template(
        "plan.html",
        title="Where to go next",
        refusal=refusal,
        fields=fields,
        action=PAGE,
        query=with_query("", pairs),
        sentences=_caption(planned) if planned else (),
        proposals=proposal_rows(planned, ground) if planned else (),
        npas=npa_table(planned, ground) if planned else None,
        weights=weights_table(planned, ground) if planned else None,
        agreed=agreed_rows(agreed_days(have, asked), ground) if asked else (),
        unsettled=unsettled_rows(unsettled_stops(have)),
        declined=declined_rows(planned_stops(have, DECLINED)),
        legend=LEGEND,
        map={
            "script_url": with_query(f"{PAGE}/map.js", drawn),
            "element_id": MAP_ELEMENT_ID,
            "picture_url": with_query(f"{PAGE}/picture.svg", drawn),
            "search_fields": [("page", SPEC.page)],
        }
        if planned
        else None,
    )


def _asked() -> PlanAsked:
    return plan_asked(given_params(without=(*STATE_PARAMS, SIZE_PARAM)), services().today)


def _state() -> MapState:
    return MapState.parse(given_params(), LAYER_IDS)


def _view() -> View:
    have, asked = services(), _asked()
    planned, ground = plan_of(have, asked), have.workspace.ground
    days = agreed_days(have, asked)
    return view_of(asked, planned.proposals, days, ground, _caption(planned))


def _caption(planned: Planned) -> tuple[str, ...]:
    """What the plan says, and what is said of the visits everywhere."""
    workspace = services().workspace
    said = words.sentences(planned, workspace.ground, services().today)
    return (*said, *workspace.notices.get(VISITS, []))


def _date(name: str) -> date:
    """A date of a form.

    Raises:
        BadQuery: it is none.
    """
    text = request.form.get(name, "")
    try:
        when = parse_date(text)
    except InvalidDate as error:
        raise BadQuery(f"The date of the day: {error}") from error
    if not when.is_day:
        raise BadQuery(f"The date must be a day as YYYY-MM-DD; given {text!r}.")
    return when.date_from


def _back(asked: PlanAsked, said: str) -> AnyResponse:
    return confirmed(with_query(PAGE, asked.params()), said)


def _file(body: bytes, mimetype: str, name: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
