"""Saved scenarios as a list, side by side, as JSON and as CSV; all of it is for staff."""

from __future__ import annotations

from typing import Any, Final

import orjson
from flask import Blueprint, Response, render_template

from layers.errors import BadQuery
from layers.output import frame_csv
from server.api import CSV
from server.estate.scenarios.comparison import frame_of, table_of, unlike
from server.estate.scenarios.saved import WHAT_IF, Saved, chosen_of, register, saved_scenarios
from server.estate.what_if.account import WhatIf
from server.estate.what_if.figures import figures_of
from server.requests import given_params, with_query

blueprint = Blueprint("scenarios", __name__)

PAGE: Final = "/estate/scenarios"
API: Final = "/api/estate/scenarios"
TITLE: Final = "Saved scenarios"
CHOSEN: Final = "scenario"


@blueprint.get(PAGE)
def page() -> str:
    """What is saved, and what is ticked side by side."""
    saved = saved_scenarios()
    ids = _asked()
    chosen = chosen_of(saved, ids)
    found = _found(chosen)
    pairs = [(CHOSEN, one.scenario_id) for one in chosen]
    return render_template(
        "scenarios.html",
        title=TITLE,
        saved=saved,
        chosen=[one.scenario_id for one in chosen],
        problems=[one for one in chosen if one.problem],
        compared=[(one, what.scenario.changes) for one, what in found],
        table=table_of(found) if found else None,
        unlike=unlike([what for _, what in found]),
        parameter=CHOSEN,
        action=PAGE,
        what_if_url=WHAT_IF,
        changes_url=register().path,
        csv_url=with_query(f"{API}.csv", pairs),
        json_url=with_query(API, pairs),
    )


@blueprint.get(API)
def api() -> Response:
    """Scenarios with all their figures, those that are asked for or every one, as JSON."""
    chosen = _chosen()
    found = {one.scenario_id: what for one, what in _found(chosen)}
    answer = {
        "scenarios": [_figures(one, found.get(one.scenario_id)) for one in chosen],
        "notes": unlike(list(found.values())),
    }
    return Response(orjson.dumps(answer), mimetype="application/json")


@blueprint.get(f"{API}.csv")
def csv() -> Response:
    """A row a scenario and measure, as CSV."""
    content = frame_csv(frame_of(_found(_chosen())))
    response = Response(content.encode(), content_type=CSV)
    response.headers["Content-Disposition"] = 'attachment; filename="scenarios.csv"'
    return response


def _figures(one: Saved, found: WhatIf | None) -> dict[str, Any]:
    return {
        "scenario_id": one.scenario_id,
        "name": one.name,
        "note": one.note,
        "page": one.link,
        "problem": one.problem or None,
        "figures": figures_of(found) if found else None,
    }


def _chosen() -> list[Saved]:
    saved, ids = saved_scenarios(), _asked()
    return chosen_of(saved, ids) if ids else saved


def _found(chosen: list[Saved]) -> list[tuple[Saved, WhatIf]]:
    return [(one, what) for one in chosen if (what := one.found()) is not None]


def _asked() -> list[str]:
    """The ids that are ticked."""
    given = given_params()
    for name in given:
        if name != CHOSEN:
            raise BadQuery(f"Saved scenarios can be asked for by {CHOSEN}; given {name!r}.")
    return [value.strip() for value in given.get(CHOSEN, []) if value.strip()]
