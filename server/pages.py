"""The pages: each is made from the views of one query and says so in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
from flask import Blueprint, Response, abort, redirect, render_template, request

from layers.answer import cell_text
from layers.schema import Field, in_words
from layers.view import View
from server import forms
from server.about import about_context
from server.access import end_staff, grant_staff, is_loopback
from server.compare.asked import compare_url
from server.glance import glance_context
from server.map_links import map_links
from server.map_pages import as_mapped, page_script, script_url, state_of
from server.map_state import STATE_PARAMS
from server.maps import MAP_ELEMENT_ID
from server.page_context import attributions
from server.rendered import rendered
from server.requests import (
    HOME_PAGE,
    given_params,
    layer_url,
    map_page_spec,
    page_number,
    page_queries,
    page_version,
    page_views,
    refuse_params,
    view_of,
    with_query,
)
from server.services import services
from server.timeline import timeline_of
from server.visits.asked import VISITS, account_url

blueprint = Blueprint("pages", __name__)

FIRST_ROWS: Final = 10
ROWS_A_PAGE: Final = 50
NPA_MARK: Final = "npa_approximate"
WITHHELD_FIELDS: Final = ("reports", "reports_possibly")


@blueprint.get("/")
def home() -> str:
    """The Neighbourhood Policing Areas at a glance."""
    return render_template(
        "home.html",
        **glance_context(given_params(without=STATE_PARAMS), state_of(HOME_PAGE, given_params())),
    )


@blueprint.get("/maps/<page>")
def map_page(page: str) -> str:
    """A map with its caption, legend, tables and downloads."""
    spec, params = map_page_spec(page), given_params(without=STATE_PARAMS)
    if spec is HOME_PAGE:
        abort(404)
    views = page_views(spec, params)
    state = state_of(spec, given_params())
    single = len(views) == 1
    return render_template(
        "map.html",
        title=spec.title,
        sections=[
            _section(view, state.shows(view.layer.id, view.layer.id in spec.switched_on))
            for view in views
        ],
        filters=forms.filter_fields(views[0].layer, views[0].query)
        if single
        else forms.common_fields(params),
        map={
            "script_url": script_url(spec, params, state),
            "element_id": MAP_ELEMENT_ID,
            "links": map_links(spec, params, state, views),
            "tiled": any(
                view.layer.box_by_cells
                and state.shows(view.layer.id, view.layer.id in spec.switched_on)
                for view in views
            ),
            "timeline": timeline_of(views),
        },
        compare_url=compare_url(spec, views),
        account_url=account_url(params) if spec.layer_ids == (VISITS,) else "",
        action=request.path,
    )


@blueprint.get("/maps/<page>/map.js")
def map_script(page: str) -> Response:
    """The script that draws a page's map; it holds no data."""
    spec, params = map_page_spec(page), given_params(without=STATE_PARAMS)
    queries, state = tuple(page_queries(spec, params)), state_of(spec, given_params())
    have = services()

    def make() -> bytes:
        return page_script(spec, page_views(spec, params), state).encode()

    key = ("script", spec, queries, state, tuple(attributions()))
    version = f"{page_version(spec)} {have.workspace.ground.fingerprint}"
    return rendered(key, version, "text/javascript; charset=utf-8", make)


@blueprint.get("/layers/<layer_id>")
def layer_page(layer_id: str) -> str:
    """A layer's records as a table, a page at a time."""
    layer = services().registry.get(layer_id)
    view = view_of(layer, given_params(without=("page",)))
    pages = _paging(view, page_number(given_params()))
    records = view.records.iloc[pages["first"] - 1 : pages["last_row"]]
    spec = view.layer
    mapped = spec.id != "npas"
    return render_template(
        "layer.html",
        title=f"{spec.title}: table",
        view=view,
        columns=_titles(view.columns),
        rows=_rows(records, view.columns),
        pages=pages,
        csv_url=layer_url(view, ".csv"),
        geojson_url=layer_url(view, ".geojson"),
        map_url=with_query(f"/maps/{spec.page}", view.query.params()) if mapped else "/",
        filters=forms.filter_fields(spec, view.query),
        action=request.path,
    )


@blueprint.get("/about-the-data")
def about() -> str:
    """Sources, licences, what is held, and how figures are made."""
    refuse_params()
    return render_template("about.html", title="About the data", **about_context())


@blueprint.get("/accessibility")
def accessibility() -> str:
    """How accessible the service is, what was tested, and how to report what is not."""
    refuse_params()
    contact = services().settings.contact
    return render_template("accessibility.html", title="Accessibility statement", contact=contact)


@blueprint.get("/staff/<token>")
def staff_link(token: str) -> Response:
    """Make this browser staff for a working day, if the link is right and new."""
    link = services().staff_link
    if link is None or not is_loopback(request.host):
        abort(404)
    if request.method == "HEAD":  # a program's look ahead must not use the link up
        return Response()
    if not link.redeem(token):
        abort(403)
    grant_staff(services().clock())
    return redirect("/")  # type: ignore[return-value]


@blueprint.get("/leave-staff")
def leave_staff() -> Response:
    """Go back to the public view."""
    end_staff()
    return redirect("/")  # type: ignore[return-value]


def _section(view: View, switched_on: bool) -> dict[str, Any]:
    """One layer's part of a map page: its first rows with the columns that popups show."""
    fields = [field for name in view.layer.popup for field in view.columns if field.name == name]
    return {
        "view": view,
        "switched_on": switched_on,
        "legend": as_mapped(view).legend,
        "csv_url": layer_url(view, ".csv"),
        "geojson_url": layer_url(view, ".geojson"),
        "table_url": with_query(f"/layers/{view.layer.id}", view.query.params()),
        "table_rows": _rows(view.records.head(FIRST_ROWS), fields),
        "table_columns": _titles(fields),
        "total_rows": len(view.records),
    }


def _titles(fields: Sequence[Field]) -> list[str]:
    return [field.title for field in fields if field.name != NPA_MARK]


def _rows(records: pd.DataFrame, fields: Sequence[Field]) -> list[list[str]]:
    """Records as text: choices as words, the mark of an approximate NPA at its name."""
    columns = []
    for field in fields:
        if field.name == NPA_MARK:
            continue
        texts = [cell_text(value) for value in records[field.name]]
        if field.name in WITHHELD_FIELDS:
            texts = [text or "none published" for text in texts]
        if field.kind in ("choice", "choices"):
            texts = ["; ".join(in_words(part) for part in text.split("; ")) for text in texts]
        if field.name == "npa_name":
            marked = records[NPA_MARK]
            texts = [f"{t} (approximate)" if m else t for t, m in zip(texts, marked, strict=True)]
        columns.append(texts)
    return [list(row) for row in zip(*columns, strict=True)]


def _paging(view: View, page: int) -> dict[str, Any]:
    total = len(view.records)
    last = max(1, -(-total // ROWS_A_PAGE))
    current = min(page, last)
    first = (current - 1) * ROWS_A_PAGE + 1

    def url(number: int) -> str:
        return with_query(request.path, [*view.query.params(), ("page", str(number))])

    return {
        "current": current,
        "last": last,
        "previous_url": url(current - 1) if current > 1 else "",
        "next_url": url(current + 1) if current < last else "",
        "first": first,
        "last_row": min(first + ROWS_A_PAGE - 1, total),
        "total": total,
    }
