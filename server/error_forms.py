"""What of a refused address can be used: its page's own form with all that is usable kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from types import MappingProxyType
from typing import Any, Final

from flask import request

from layers.errors import BadQuery
from server import forms
from server.estate.coverage import asked as coverage_asked
from server.estate.coverage.form import coverage_fields
from server.estate.nearest import asked as nearest_asked
from server.map_pages import state_of
from server.map_state import STATE_PARAMS
from server.papers.asking import fields_for, page_asked
from server.papers.estate import asked as estate_paper_asked
from server.requests import (
    ALL_PAGE,
    HOME_PAGE,
    given_params,
    map_page_spec,
    page_number,
    page_queries,
    query_of,
    with_query,
)
from server.services import services
from server.visits import briefing_asked
from server.visits.asked import NoVisits

TIMES: Final = ("from", "to", "as_of")
MOST_TRIED: Final = 60
"""Values of one address that are tried; beyond them an address is nobody's own choice."""

Pair = tuple[str, str]
Params = Mapping[str, list[str]]
Fields = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A parameter's value that cannot be used, and the sentence that says why."""

    name: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Mended:
    """What is usable of an address, what is not, and the form to go on with.

    ``fields`` are the controls of the page's form, empty where it has none; ``kept`` are usable
    parameters that no control holds. ``without_url`` is the address without what was refused.
    """

    refusals: tuple[Refusal, ...]
    without_url: str
    fields: Fields = field(default_factory=list)
    kept: tuple[Pair, ...] = ()

    def holds(self, name: str) -> bool:
        """Whether the form has a control for a parameter."""
        return any(control["name"] == name for control in self.fields)


@dataclass(frozen=True, slots=True)
class _PageForm:
    """How a page reads its parameters, raising BadQuery, and what its form holds for usable ones.

    A page without a form gives no fields.
    """

    read: Callable[[Params], object]
    fields: Callable[[Params], Fields]


def mended_request() -> Mended | None:
    """What can be kept of this request; None where its page is not one with parameters."""
    make = _FORMS.get(request.endpoint or "")
    if make is None:
        return None
    form = make(**(request.view_args or {}))
    given = [(name, value.strip()) for name, values in given_params().items() for value in values]
    taken, refusals = usable_part(given, form.read)
    usable = [(name, value) for name, value in taken if value]
    fields = form.fields(params_of(usable))
    for control in fields:
        if "remove_url" in control:
            others = [pair for pair in usable if pair[0] != control["name"]]
            control["remove_url"] = with_query(request.path, others)
        _say_why(control, [refusal for refusal in refusals if refusal.name == control["name"]])
    names = {control["name"] for control in fields}
    kept = tuple(pair for pair in usable if pair[0] not in names) if fields else ()
    return Mended(tuple(refusals), with_query(request.path, usable), fields, kept)


def _say_why(control: dict[str, Any], refusals: Sequence[Refusal]) -> None:
    """Put the reasons into a control, and the day that was given where it can show one."""
    control["error"] = " ".join(dict.fromkeys(refusal.why for refusal in refusals))
    if refusals and control["kind"] == "date":
        control["value"] = forms.end_of_period(control["name"], refusals[0].value)


def usable_part(
    given: Sequence[Pair], read: Callable[[Params], object]
) -> tuple[list[Pair], list[Refusal]]:
    """As many of the given pairs as ``read`` takes together, and why it refuses the others.

    Dates depend on each other, so the largest usable choice of them is kept; every other value is
    tried by itself beside what is usable already, and again when more is.
    """
    tried, untried = given[:MOST_TRIED], given[MOST_TRIED:]
    times = [pair for pair in tried if pair[0] in TIMES][: len(TIMES) + 1]
    usable = next(
        (list(some) for some in _choices(times) if _refusal(some, read) is None),
        [],
    )
    refused = dict.fromkeys((pair for pair in tried if pair not in usable), "")
    grown = True
    while grown:
        grown = False
        for pair in list(refused):
            why = _refusal([*usable, pair], read)
            if why is None:
                usable.append(pair)
                del refused[pair]
                grown = True
            else:
                refused[pair] = why.removeprefix(f"{pair[0]}: ")
    tail = "An address has more values than can be looked at one by one."
    refused |= dict.fromkeys(untried, tail)
    return usable, [Refusal(*pair, why) for pair, why in refused.items()]


def params_of(pairs: Sequence[Pair]) -> dict[str, list[str]]:
    """Pairs as parameters, each with all its values."""
    params: dict[str, list[str]] = {}
    for name, value in pairs:
        params.setdefault(name, []).append(value)
    return params


def _choices(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, ...]]:
    for size in range(len(pairs), -1, -1):
        yield from combinations(pairs, size)


def _refusal(pairs: Sequence[Pair], read: Callable[[Params], object]) -> str | None:
    try:
        read(params_of(pairs))
    except BadQuery as error:
        return str(error)
    return None


def _home_form() -> _PageForm:
    """The home page has no form, and asks of every layer what a map of all layers asks."""

    def read(params: Params) -> None:
        page_queries(map_page_spec(ALL_PAGE), _query_part(params))
        state_of(HOME_PAGE, params)

    return _PageForm(read, lambda _: [])


def _map_form(page: str) -> _PageForm:
    spec = map_page_spec(page)

    def read(params: Params) -> None:
        page_queries(spec, _query_part(params))
        state_of(spec, params)

    def fields(params: Params) -> Fields:
        if not spec.own_params:
            return forms.common_fields(_query_part(params))
        (query,) = page_queries(spec, _query_part(params))
        return forms.filter_fields(services().registry.get(query.layer).spec, query)

    return _PageForm(read, fields)


def _query_part(params: Params, besides: tuple[str, ...] = STATE_PARAMS) -> dict[str, list[str]]:
    return {name: values for name, values in params.items() if name not in besides}


def _layer_form(layer_id: str) -> _PageForm:
    layer = services().registry.get(layer_id)

    def read(params: Params) -> None:
        query_of(layer, _query_part(params, ("page",)))
        page_number(params)

    def fields(params: Params) -> Fields:
        return forms.filter_fields(layer.spec, query_of(layer, _query_part(params, ("page",))))

    return _PageForm(read, fields)


def _briefing_form() -> _PageForm:
    return _PageForm(briefing_asked.asked, briefing_asked.fields)


def _report_form() -> _PageForm:
    def read(params: Params) -> None:
        with suppress(NoVisits):
            page_asked(params)

    return _PageForm(read, fields_for)


def _estate_paper_form() -> _PageForm:
    def fields(params: Params) -> Fields:
        return estate_paper_asked.fields_of(estate_paper_asked.page_asked(params))

    return _PageForm(estate_paper_asked.page_asked, fields)


def _coverage_form(usual: coverage_asked.Usual = coverage_asked.USUAL) -> _PageForm:
    def read(params: Params) -> coverage_asked.Asked:
        return coverage_asked.asked(_query_part(params), usual)

    return _PageForm(read, lambda params: coverage_fields(read(params)))


def _nearest_form() -> _PageForm:
    return _PageForm(nearest_asked.asked, nearest_asked.fields)


_FORMS: Final[Mapping[str, Callable[..., _PageForm]]] = MappingProxyType(
    {
        "pages.home": _home_form,
        "pages.map_page": _map_form,
        "pages.layer_page": _layer_form,
        "briefing.page": _briefing_form,
        "papers.report": _report_form,
        "estate_paper.report": _estate_paper_form,
        "coverage.page": _coverage_form,
        "coverage.response": partial(_coverage_form, coverage_asked.RESPONSE),
        "nearest.page": _nearest_form,
    }
)
