"""Where two periods of a layer are compared: the page, its maps, their pictures, its table."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, Response, abort, render_template, request

from layers.view import View
from server import forms
from server.compare import words
from server.compare.asked import OTHER_PERIOD, Asked, asked
from server.compare.comparison import Comparison, Count, Row, Side, compare
from server.compare.periods import Basis
from server.map_pages import page_script
from server.pictures.drawing import draw
from server.pictures.page import picture_of
from server.pictures.picture import SIZE_PARAM, size_of
from server.rendered import conditional
from server.requests import MapPageSpec, with_query
from server.services import services

blueprint = Blueprint("compare", __name__)

SIDES: Final = ("left", "right")
"""The maps of the page by their ids, that of the earlier period first."""

CSV_HEADER: Final = (
    "npa_code",
    "npa_name",
    *(
        f"{side}{part}"
        for side in ("earlier", "later")
        for part in ("_from", "_to", "", "_possibly", "_withheld")
    ),
    "difference",
    "difference_per",
    "percent",
    "no_difference_because",
)


@blueprint.get("/maps/<page>/compare")
def page(page: str) -> str:
    """A layer in two periods: two maps, their captions, and a table of the difference."""
    what = asked(page)
    views = what.views()
    comparison = _compared(views)
    query = what.one.params()
    return render_template(
        "compare.html",
        title=f"{what.spec.title}: two periods compared",
        sentences=words.sentences(comparison),
        maps=[_map(what, number, view) for number, view in enumerate(views)],
        legend=views[0].legend,
        table=_table(comparison),
        filters=_fields(what),
        action=request.path,
        page_url=what.url(extra=tuple(what.state.params())),
        csv_url=what.url(".csv"),
        map_url=with_query(f"/maps/{what.spec.page}", query),
    )


@blueprint.get("/maps/<page>/compare.csv")
def table(page: str) -> Response:
    """The table of the page as CSV, its last row the total."""
    what = asked(page)
    response = Response(csv_of(_compared(what.views())), content_type="text/csv; charset=utf-8")
    name = f"{what.layer.spec.id}-compared.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return conditional(response)


@blueprint.get("/maps/<page>/compare/<side>.js")
def script(page: str, side: str) -> Response:
    """The script that draws one of the two maps; it holds no data."""
    what = asked(page)
    view = what.views()[_number(side)]
    text = page_script(_titled(what.spec, view), [view], what.state, map_id=side)
    return conditional(Response(text, mimetype="text/javascript"))


@blueprint.get("/maps/<page>/compare/<side>.svg")
def picture(page: str, side: str) -> Response:
    """One of the two maps as the server draws it, with the legend of both."""
    what = asked(page, beside=(SIZE_PARAM,))
    size = size_of(request.args.to_dict(flat=False))
    view = what.views()[_number(side)]
    shown = what.state.shows(view.layer.id, True)
    title = _titled(what.spec, view).title
    drawn = picture_of(title, (view,) if shown else (), what.state)
    return conditional(Response(draw(drawn, size, "svg"), mimetype="image/svg+xml"))


def csv_of(comparison: Comparison) -> str:
    """The comparison with one header row; what is not known or withheld whole is empty."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(CSV_HEADER)
    for row in (*comparison.rows, comparison.total):
        change, basis = row.change, comparison.basis
        writer.writerow(
            [
                row.npa_code,
                row.npa_name,
                *_cells(comparison.earlier, row.earlier),
                *_cells(comparison.later, row.later),
                "" if change.amount is None else f"{change.amount:.{2 if basis.per else 0}f}",
                basis.per,
                "" if change.percent is None else f"{change.percent:.1f}",
                change.reason,
            ]
        )
    return stream.getvalue()


def _cells(side: Side, count: Count) -> list[str]:
    """A period's part of a row: its ends, its counts, and how many figures are withheld."""
    surely, possibly = (
        "" if not count.held or (withheld and not number) else str(number)
        for number, withheld in (
            (count.surely, count.withheld),
            (count.possibly, count.withheld_possibly),
        )
    )
    withheld = str(count.withheld + count.withheld_possibly)
    ends = (side.period.date_from.isoformat(), side.period.date_to.isoformat())
    return [*ends, surely, possibly, withheld]


def _compared(views: tuple[View, View]) -> Comparison:
    return compare(*views, services().workspace.ground.force.npas_since)


def _number(side: str) -> int:
    if side not in SIDES:
        abort(404)
    return SIDES.index(side)


def _titled(spec: MapPageSpec, view: View) -> MapPageSpec:
    return replace(spec, title=f"{spec.title}, {view.query.time_in_words()}")


def _map(what: Asked, number: int, view: View) -> dict[str, Any]:
    side, state = SIDES[number], tuple(what.state.params())
    return {
        "side": side,
        "element_id": f"map_{side}",
        "heading": view.query.time_in_words(),
        "caption": view.caption,
        "script_url": what.url(f"/{side}.js", state),
        "picture_url": what.url(f"/{side}.svg", state),
    }


def _table(comparison: Comparison) -> dict[str, Any]:
    """The table as text: rows by area, the total last, and which of its columns are needed."""
    basis = comparison.basis
    sides = (comparison.earlier, comparison.later)
    return {
        "plural": comparison.layer.plural[:1].upper() + comparison.layer.plural[1:],
        "periods": [side.period.in_words() for side in sides],
        "possibly": any(side.count.possibly or side.count.withheld_possibly for side in sides),
        "per": words.per_in_words(basis),
        "rows": [_row(row, basis) for row in comparison.rows],
        "total": _row(comparison.total, basis),
    }


def _row(row: Row, basis: Basis) -> dict[str, Any]:
    counts = ((row.earlier, basis.earlier), (row.later, basis.later))
    return {
        "code": row.npa_code,
        "name": row.npa_name,
        "counts": [
            {
                "surely": words.count_text(count),
                "possibly": words.possibly_text(count),
                "average": words.average_text(count, length) if basis.per else "",
            }
            for count, length in counts
        ],
        "change": words.change_text(row.change, basis),
        "change_in_words": words.change_in_words(row.change, basis),
        "reason": row.change.reason,
    }


def _fields(what: Asked) -> list[dict[str, Any]]:
    """The controls of the layer's page, with the other period after the first."""
    fields = forms.filter_fields(what.layer.spec, what.one)
    named = {field["name"]: field for field in fields}
    first, last = named.pop("from"), named.pop("to")
    rest = [field for name, field in named.items() if name not in what.layer.spec.map_adds_up]
    others = [
        {**field, "name": name, "value": value, "label": label}
        for field, (name, value), label in zip(
            (first, last),
            what.pairs()[-len(OTHER_PERIOD) :],
            ("Compared with, from", "Compared with, to"),
            strict=True,
        )
    ]
    return [first | {"label": "Period, from"}, last | {"label": "Period, to"}, *others, *rest]
