"""The pages of the estate and their twins in the API."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final

import orjson
from flask import Blueprint, Response, render_template, request

from geo.dates import day_in_words
from layers.estate import estate_on, held_sites
from layers.estate_money import (
    project_sums,
    projects_of,
    section_106_of,
    section_106_sums,
)
from layers.estate_reconciled import reconciled
from layers.estate_registers import ESTATE, PROJECTS, SECTION_106, published
from layers.estate_strategy import strategy_on
from layers.land_list import land_list
from layers.output import frame_csv, register_csv
from layers.schema import Schema, in_words
from server import forms
from server.access import current_audience
from server.api import CSV, version_of_layer
from server.estate import tables, words
from server.estate.answers import register_answer, strategy_answer
from server.estate.asked import AS_OF, COMPARE_PARAM, Asked, asked, asked_day
from server.records.form import date_in_words
from server.records.offices import ESTATE as OFFICE
from server.rendered import rendered
from server.requests import given_params, refuse_params, with_query
from server.services import services

blueprint = Blueprint("estate", __name__)

REGISTER: Final = "/estate/register"
PROGRAMME: Final = "/estate/programme"
STRATEGY: Final = "/estate/strategy"
API: Final = "/api/estate"
JSON: Final = "application/json"


@blueprint.get(REGISTER)
def register() -> str:
    """The sites of a day, what is missing of them, and what changed since another day."""
    what = asked(given_params())
    have, view = services(), what.view()
    query = what.query.params()
    found = reconciled(have.workspace, current_audience(), have.today)
    every = held_sites(have.workspace, current_audience(), have.today)
    return render_template(
        "estate/register.html",
        title="Register of the estate",
        sentences=view.caption,
        reconciled=tables.reconciled_table(found),
        reconciled_sentences=words.reconciled_sentences(found, len(every), current_audience()),
        sites=tables.sites_table(view),
        locations=tables.locations_table(view),
        not_standing=tables.not_standing_table(what.not_standing(every)),
        day=day_in_words(what.day),
        other=day_in_words(what.other) if what.other else "",
        days=[day_in_words(day) for day in sorted((what.day, what.other or what.day))],
        changes=tables.changes_table(what.changes()),
        filters=_filters(what),
        action=request.path,
        picture_url=with_query("/maps/estate/picture.svg", query),
        map_url=with_query("/maps/estate", query),
        csv_url=with_query(f"/api/layers/{ESTATE}.csv", query),
        geojson_url=with_query(f"/api/layers/{ESTATE}.geojson", query),
        land_url=with_query(f"{API}/land.csv", [(AS_OF, what.day.isoformat())]),
        json_url=with_query(f"{API}/register", what.params()),
    )


@blueprint.get(f"{API}/register")
def register_json() -> Response:
    """The same as JSON."""
    what = asked(given_params())
    return _rendered(("register", what), JSON, lambda: orjson.dumps(register_answer(what)))


@blueprint.get(f"{API}/land.csv")
def land() -> Response:
    """The sites of a day as the list of land and buildings of the transparency code."""
    day = asked_day(given_params())

    def make() -> bytes:
        have = services()
        sites = estate_on(have.workspace, day, current_audience(), have.today)
        return frame_csv(land_list(sites, day.isoformat())).encode()

    return _download(_rendered(("land", day), CSV, make), "land.csv")


@blueprint.get(PROGRAMME)
def programme_page() -> str:
    """The capital programme and the Section 106 list, as the Panel wants them at each meeting."""
    refuse_params()
    have, audience = services(), current_audience()
    projects = projects_of(have.workspace, audience, have.today)
    items = section_106_of(have.workspace, audience, have.today)
    return render_template(
        "estate/programme.html",
        title="Programme of the estate",
        on=day_in_words(have.today),
        sentences=words.programme_sentences(projects),
        projects=projects,
        sums=tables.project_sums_table(project_sums(projects)),
        items_sentences=words.section_106_sentences(items),
        items=items,
        items_sums=tables.section_106_sums_table(section_106_sums(items)),
        projects_url=f"{API}/projects.csv",
        items_url=f"{API}/section_106.csv",
        records=OFFICE.group.held_at,
        pounds=words.pounds,
        deadline=words.deadline_words,
        in_words=in_words,
        date_in_words=date_in_words,
    )


@blueprint.get(f"{API}/projects.csv")
def projects_csv() -> Response:
    """The capital projects as CSV."""
    return _register_csv(PROJECTS, "projects.csv")


@blueprint.get(f"{API}/section_106.csv")
def section_106_csv() -> Response:
    """The Section 106 items as CSV."""
    return _register_csv(SECTION_106, "section_106.csv")


@blueprint.get(STRATEGY)
def strategy() -> str:
    """The estate of a day beside its strategy."""
    day = asked_day(given_params())
    have = services()
    found = strategy_on(have.workspace, day, current_audience(), have.today)
    return render_template(
        "estate/strategy.html",
        title="Check against the strategy",
        sentences=words.strategy_sentences(found),
        strategy=found,
        day=day_in_words(day),
        states=words.STATES,
        label=have.workspace.ground.npa_label,
        filters=[forms.date_field(AS_OF, "As of", day.isoformat(), "What stood on this day.")],
        action=request.path,
        json_url=with_query(f"{API}/strategy", [(AS_OF, day.isoformat())]),
        register_url=with_query(REGISTER, [(AS_OF, day.isoformat())]),
        pounds=words.pounds,
        in_words=in_words,
        date_in_words=date_in_words,
    )


@blueprint.get(f"{API}/strategy")
def strategy_json() -> Response:
    """The same as JSON."""
    day = asked_day(given_params())

    def make() -> bytes:
        have = services()
        found = strategy_on(have.workspace, day, current_audience(), have.today)
        return orjson.dumps(strategy_answer(found))

    return _rendered(("strategy", day), JSON, make)


@blueprint.get("/estate/records")
def records() -> str:
    """The registers of the estate, for staff."""
    refuse_params()
    workspace = services().workspace
    return render_template(
        "estate/records.html",
        title="Records of the estate",
        office=OFFICE,
        registers=[(each, len(workspace.store.held(each.schema, ()))) for each in OFFICE.registers],
    )


def _filters(what: Asked) -> list[dict[str, Any]]:
    """The controls of the layer's page, and the day with which its day is compared."""
    first, *others = forms.filter_fields(services().registry.get(ESTATE).spec, what.query)
    value = what.other.isoformat() if what.other else ""
    hint = "Left blank, one day is shown."
    return [first, forms.date_field(COMPARE_PARAM, "Compare with", value, hint), *others]


def _register_csv(schema: Schema, name: str) -> Response:
    refuse_params()

    def make() -> bytes:
        records = published(services().workspace, schema, current_audience())
        return register_csv(schema, records).encode()

    return _download(_rendered((name,), CSV, make), name)


def _rendered(key: tuple[Hashable, ...], mimetype: str, make: Callable[[], bytes]) -> Response:
    """An answer that is kept until anything of the estate changes, or the day does."""
    version = version_of_layer(services().registry.get(ESTATE))
    return rendered(("estate", *key), version, mimetype, make)


def _download(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
