"""What was raised on visits and what came of it, as far as it is published: a page and its CSV."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, render_template, request

from geo.dates import DateInterval
from layers import outcomes
from layers.errors import BadQuery
from layers.output import csv_text
from layers.query import LayerQuery
from layers.schema import in_words
from layers.view import View
from server import forms
from server.api import CSV
from server.rendered import rendered
from server.requests import given_params, with_query
from server.services import services

blueprint = Blueprint("outcomes", __name__)

PAGE: Final = "/visits/outcomes"
API: Final = "/api/visits/outcomes.csv"
COLUMNS: Final = (
    *("Date", "Place", "Theme", "What was raised", "Referred to", "How it stands"),
    "What came of it",
)


@blueprint.get(PAGE)
def page() -> str:
    """The published issues as a table."""
    query = _asked()
    view = _view(query)
    return render_template(
        "outcomes.html",
        title=view.layer.title,
        sentences=view.caption,
        columns=COLUMNS,
        rows=rows_of(view),
        filters=_fields(query),
        action=request.path,
        csv_url=with_query(API, query.params()),
    )


@blueprint.get(API)
def csv() -> Response:
    """The published issues as CSV."""
    query = _asked()
    have = services()
    version = outcomes.version(have.workspace, have.today)
    response = rendered(("outcomes", query), version, CSV, lambda: csv_text(_view(query)).encode())
    response.headers["Content-Disposition"] = 'attachment; filename="outcomes.csv"'
    return response


def rows_of(view: View) -> list[tuple[str, ...]]:
    """The published issues in words, a cell for each of the columns."""
    return [
        (
            DateInterval.parse(row["date"]).in_words(),
            row["place"],
            in_words(row["theme"]),
            row["issue"],
            in_words(row["referred_to"]),
            in_words(row["status"]),
            row["outcome"] or "Not known yet",
        )
        for row in view.records.to_dict("records")
    ]


def _asked() -> LayerQuery:
    params = given_params()
    for name in params:
        if name not in outcomes.PARAMS:
            raise BadQuery(
                f"What was raised can be asked for by {', '.join(outcomes.PARAMS)}; given {name!r}."
            )
    return outcomes.outcomes_query(services().workspace, params, services().today)


def _view(query: LayerQuery) -> View:
    return outcomes.outcomes(services().workspace, query, services().today)


def _fields(query: LayerQuery) -> list[dict[str, Any]]:
    own = [
        {
            "name": parameter.name,
            "label": parameter.title,
            "kind": "checkboxes",
            "values": list(query.own_values(parameter.name)),
            "options": [(option.value, option.label) for option in parameter.options],
            "hint": "",
        }
        for parameter in outcomes.SPEC.own
    ]
    return [*forms.time_fields(query), *own]
