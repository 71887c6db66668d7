"""Figures of recorded crime as pages, exports and answers for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import orjson
from flask import Blueprint, Response, render_template, request

from layers.output import frame_csv
from server.api import CSV
from server.crime import coverage_words, rates_words
from server.crime.asked import OF_MONTHS, Asked, months_asked, rates_asked
from server.crime.coverage import months_account
from server.crime.form import fields_of
from server.crime.funnel_figure import funnel_figure
from server.crime.rates import rates_account
from server.pictures.svg import svg
from server.rendered import rendered
from server.requests import given_params, with_query

blueprint = Blueprint("crime_figures", __name__)

MONTHS: Final = "/crime/months"
MONTHS_API: Final = "/api/crime/months"
RATES: Final = "/crime/rates"
RATES_API: Final = "/api/crime/rates"
RATES_TITLE: Final = "Rates of recorded crime"


@blueprint.get(MONTHS)
def months_page() -> str:
    """Which months are held, whole and like the others."""
    what = months_asked(given_params())
    account = months_account(what)
    return render_template(
        "crime/months.html",
        title="Months of recorded crime",
        sentences=coverage_words.sentences(account),
        table=coverage_words.coverage_table(account),
        rule=coverage_words.RULE,
        events=[coverage_words.event_words(event) for event in account.events],
        filters=fields_of(what),
        action=request.path,
        csv_url=with_query(f"{MONTHS_API}.csv", what.params()),
        json_url=with_query(MONTHS_API, what.params()),
    )


@blueprint.get(MONTHS_API)
def months_json() -> Response:
    """How each month stands, as JSON."""
    what = months_asked(given_params())
    return _rendered(
        "months",
        what,
        "application/json",
        lambda: orjson.dumps(coverage_words.figures_of(months_account(what))),
    )


@blueprint.get(f"{MONTHS_API}.csv")
def months_csv() -> Response:
    """How each month stands, as CSV."""
    what = months_asked(given_params())
    return _csv(
        "months", what, lambda: frame_csv(coverage_words.frame_of(months_account(what))).encode()
    )


@blueprint.get(RATES)
def rates_page() -> str:
    """Rates by area with their limits, and the change from the year before."""
    what = rates_asked(given_params())
    account = rates_account(what)
    months = [pair for pair in what.params() if pair[0] in OF_MONTHS]
    return render_template(
        "crime/rates.html",
        title=RATES_TITLE,
        sentences=rates_words.sentences(account),
        table=rates_words.rates_table(account),
        method=rates_words.METHOD,
        figure_sentence=rates_words.figure_sentence(account),
        figure_url=with_query(f"{RATES}/funnel.svg", what.params()),
        events=[coverage_words.event_words(event) for event in account.events],
        filters=fields_of(what),
        action=request.path,
        months_url=with_query(MONTHS, months),
        csv_url=with_query(f"{RATES_API}.csv", what.params()),
        json_url=with_query(RATES_API, what.params()),
    )


@blueprint.get(f"{RATES}/funnel.svg")
def rates_figure() -> Response:
    """The funnel plot of the page."""
    what = rates_asked(given_params())

    def make() -> bytes:
        account = rates_account(what)
        title = rates_words.rates_table(account).title
        return svg(funnel_figure(account, title, rates_words.figure_sentence(account)))

    return _rendered("funnel", what, "image/svg+xml", make)


@blueprint.get(RATES_API)
def rates_json() -> Response:
    """Rates by area as JSON."""
    what = rates_asked(given_params())
    return _rendered(
        "rates",
        what,
        "application/json",
        lambda: orjson.dumps(rates_words.figures_of(rates_account(what))),
    )


@blueprint.get(f"{RATES_API}.csv")
def rates_csv() -> Response:
    """Rates by area as CSV."""
    what = rates_asked(given_params())

    def make() -> bytes:
        return frame_csv(rates_words.frame_of(rates_account(what))).encode()

    return _csv("rates", what, make)


def _csv(kind: str, what: Asked, make: Callable[[], bytes]) -> Response:
    response = _rendered(f"{kind}.csv", what, CSV, make)
    response.headers["Content-Disposition"] = f'attachment; filename="crime-{kind}.csv"'
    return response


def _rendered(kind: str, what: Asked, mimetype: str, make: Callable[[], bytes]) -> Response:
    return rendered(("crime", kind, what), what.version(), mimetype, make, same_for_all=True)
