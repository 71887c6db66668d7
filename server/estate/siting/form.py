"""The form with which siting is asked for."""

from __future__ import annotations

from typing import Any

from server.estate.coverage.form import coverage_fields
from server.estate.coverage.words import kilometres
from server.estate.growth import HOMES, growth_fields, homes_in_words, homes_value
from server.estate.siting.asked import (
    CANDIDATES,
    EXCLUDED,
    KEEP,
    KEEP_EXISTING,
    LEFT_OUT,
    MOST_SITES,
    NUMBER,
    PROBLEM,
    PROBLEMS,
    REQUIRED,
    START_ANEW,
    WITHIN,
    WITHIN_M,
    Asked,
)
from server.estate.siting.words import AIMS
from server.points import name_of
from server.requests import with_query

SOURCES = (("settlements", "Towns and villages"), ("wards", "Wards"), ("own", "Our own list"))


def siting_fields(what: Asked, page: str) -> list[dict[str, Any]]:
    """The controls of a page, holding what is asked; planned homes have a way without each."""
    slug = next(slug for slug, problem in PROBLEMS.items() if problem == what.problem)
    keep = KEEP_EXISTING if what.keeps_existing else START_ANEW
    numbers = [(str(number), str(number)) for number in range(1, MOST_SITES + 1)]
    return [
        _select(
            PROBLEM,
            "Best is",
            slug,
            [(slug, _capital(AIMS[problem])) for slug, problem in PROBLEMS.items()],
        ),
        _select(NUMBER, "New sites", str(what.p), numbers),
        _select(
            WITHIN, "Distance", str(what.within_m), [(str(m), kilometres(m)) for m in WITHIN_M]
        ),
        _select(
            KEEP,
            "The sites there are",
            keep,
            [(KEEP_EXISTING, "Stay"), (START_ANEW, "Are left out: start anew")],
        ),
        {
            "name": CANDIDATES,
            "label": "Places to choose from",
            "kind": "checkboxes",
            "values": list(what.sources),
            "options": list(SOURCES),
            "hint": "",
        },
        *_places(REQUIRED, "Must be chosen", what.required),
        *_places(EXCLUDED, "Must not be chosen", what.excluded),
        *_homes(what, page),
        *growth_fields(what.growth),
        *(
            field
            for field in coverage_fields(what.coverage, new_places=True)
            if field["name"] not in LEFT_OUT
        ),
    ]


def _homes(what: Asked, page: str) -> list[dict[str, Any]]:
    """The homes that are planned already, each with the address of the page without it."""
    pairs = what.params()
    return [
        {
            "name": name,
            "label": homes_in_words(what.growth, homes),
            "kind": "kept",
            "value": value,
            "remove": "Remove",
            "remove_url": with_query(page, [pair for pair in pairs if pair != (name, value)]),
        }
        for homes in what.growth.homes
        for name, value in [(HOMES, homes_value(homes))]
    ]


def _places(name: str, label: str, places: tuple[Any, ...]) -> list[dict[str, Any]]:
    """What is given already, to be ticked off, and room for one more."""
    given = [name_of(place) for place in places]
    kept = [
        {
            "name": name,
            "id": f"{name}-given",
            "label": label,
            "kind": "checkboxes",
            "values": given,
            "options": [(text, text) for text in given],
            "hint": "",
        }
    ]
    more = {
        "name": name,
        "label": f"{label}: one more" if given else label,
        "kind": "text",
        "value": "",
        "hint": "The whole name of one of the places.",
    }
    return [*(kept if given else []), more]


def _select(name: str, label: str, value: str, options: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "kind": "select",
        "value": value,
        "options": options,
        "hint": "",
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
