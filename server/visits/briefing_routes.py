"""The briefing for a place and a day: the sheet, and its small map. For staff alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from flask import Blueprint, Response, render_template, request

from geo.dates import day_in_words
from layers.errors import BadQuery
from layers.query import single_value
from server.api import json_answer
from server.page_context import attributions
from server.pictures.drawing import draw
from server.pictures.picture import SIZE_PARAM
from server.requests import given_params, with_query
from server.services import services
from server.visits import briefing_words as words
from server.visits.asked import COMMITMENT_PAGE
from server.visits.briefing import Briefing, briefing_of
from server.visits.briefing_asked import BRIEFING_PAGE, Asked, asked, fields, params_for
from server.visits.briefing_json import as_json
from server.visits.briefing_map import SIZES, picture_of_place
from server.visits.briefing_record import Issue, Planned

blueprint = Blueprint("briefing", __name__)

PICTURE: Final = f"{BRIEFING_PAGE}/picture.svg"
MOST_SHOWN: Final = 3
"""Entries of a list, so that the sheet stays one page; it says how many more are held."""

T = TypeVar("T")


@blueprint.get(BRIEFING_PAGE)
def page() -> str:
    """The sheet for a place and a day; without a place, the form that asks for one."""
    params = given_params()
    what = asked(params)
    if what is None:
        return render_template(
            "briefing.html",
            title="Briefing for a visit",
            filters=fields(params),
            action=request.path,
            sheet=None,
            nothing=not any(_held(layer) for layer in words.SHOWN),
        )
    briefing = briefing_of(what.place, what.on)
    return render_template(
        "briefing.html",
        title=words.title_of(briefing),
        filters=fields({name: [value] for name, value in what.params()}),
        action=request.path,
        sheet=_sheet(what, briefing),
    )


@blueprint.get("/api/visits/briefing")
def api() -> Response:
    """The figures of the sheet as JSON.

    Raises:
        BadQuery: no place is named.
    """
    what = asked(given_params())
    if what is None:
        raise BadQuery("A briefing is of a place: give its name by place.")
    return json_answer(as_json(briefing_of(what.place, what.on)))


@blueprint.get(PICTURE)
def picture() -> Response:
    """The place and its surroundings as the server draws them.

    Raises:
        BadQuery: no place is named, or the size is none of those there are.
    """
    what = asked(given_params(without=(SIZE_PARAM,)))
    if what is None:
        raise BadQuery("The map of a briefing is of a place: give its name by place.")
    name = single_value(given_params(), SIZE_PARAM)
    if name not in SIZES:
        raise BadQuery(f"size can be narrow, or be left out; given {name!r}.")
    drawn = draw(picture_of_place(briefing_of(what.place, what.on)), SIZES[name], "svg")
    return Response(drawn, content_type="image/svg+xml")


def _held(layer_id: str) -> int:
    return services().registry.get(layer_id).held(services().workspace)


def _sheet(what: Asked, briefing: Briefing) -> dict[str, Any]:
    return {
        "place": what.place.label,
        "others": [
            (with_query(BRIEFING_PAGE, params_for(place, what.on)), place.label)
            for place in what.others
        ],
        "facts": words.facts(briefing),
        "picture_url": with_query(PICTURE, what.params()),
        "narrow_url": with_query(PICTURE, [*what.params(), (SIZE_PARAM, "narrow")]),
        "picture_in_words": f"Map of {what.place.name} and what is near it. {_in_words(briefing)}",
        "crime_sentences": words.crime_sentences(briefing),
        "crime_rows": words.crime_rows(briefing.crime) if briefing.crime else [],
        "near": words.NEAR_WORDS,
        "npa": briefing.where.npa if briefing.crime and briefing.crime.in_npa else "",
        "concerns": words.concern_words(briefing.concerns, briefing.where.npa),
        "lists": _lists(briefing),
        "made_on": day_in_words(briefing.made_on),
        "marking": services().settings.marking,
        "sources": [*words.sources(briefing, services().workspace), *attributions()],
        "account_url": COMMITMENT_PAGE,
    }


def _lists(briefing: Briefing) -> list[dict[str, Any]]:
    record = briefing.record
    stops, issues = record.stops_held, record.issues_held

    def raised(issue: Issue) -> str:
        return words.issue_words(issue, briefing, follow_up=False)

    def follow_up(issue: Issue) -> str:
        return words.issue_words(issue, briefing, follow_up=True)

    def stop_planned(stop: Planned) -> str:
        return words.planned_words(stop, record)

    around, elsewhere = f"Visits within {words.NEAR_WORDS}", "Last visits elsewhere in the NPA"
    planned = f"Planned for {day_in_words(briefing.on)}"
    open_ones = "Follow-ups still open, here and in the NPA"
    return [
        _list(planned, record.planned, stop_planned, words.none_held("plan", 0)),
        _list(around, record.near, words.stop_words, words.none_held("visit", stops)),
        _list(elsewhere, record.in_npa, words.stop_words, words.none_held("visit", stops)),
        _list("Raised here", record.raised_here, raised, words.none_held("issue", issues)),
        _list(open_ones, record.open_issues, follow_up, words.none_held("issue", issues)),
    ]


def _in_words(briefing: Briefing) -> str:
    return " ".join(f"{term}: {known}." for term, known in words.facts(briefing))


def _list(
    title: str, entries: Sequence[T], in_words: Callable[[T], str], none: str
) -> dict[str, Any]:
    shown = entries[:MOST_SHOWN]
    return {
        "title": title,
        "entries": [in_words(entry) for entry in shown],
        "more": words.more_words(len(shown), len(entries)),
        "none": none,
    }
