"""What of a refused address can be used: its page's own form with all that is usable kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from flask import request

from layers.errors import BadQuery
from server import forms
from server.estate.coverage import asked as coverage_asked
from server.estate.coverage.form import coverage_fields
from server.estate.nearest import asked as nearest_asked
from server.estate.siting import asked as siting_asked
from server.estate.siting import routes as siting_routes
from server.estate.siting.form import siting_fields
from server.estate.what_if import routes as what_if_routes
from server.estate.what_if.account import WhatIf, scenario_asked, what_if_of
from server.estate.what_if.form import kept as kept_changes
from server.estate.what_if.form import scenario_fields
from server.map_pages import state_of
from server.map_state import STATE_PARAMS, MapState
from server.papers.asking import fields_for, page_asked
from server.papers.estate import asked as estate_paper_asked
from server.pictures.picture import SIZE_PARAM
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
from server.usable import Pair, Params, Refusal, params_of, usable_part
from server.visits import briefing_asked
from server.visits.asked import NoVisits

CUTS: Final = ("area", "bbox")
"""What the way without is reckoned from the whole address, with all that is refused of it."""
Fields = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Mended:
    """What is usable of an address, what is not, and the form to go on with.

    Without ``refusals`` it is all usable by itself, and only the answer to it was refused.
    ``fields`` are the controls of the page's form, empty where it has none; ``kept`` are usable
    parameters that no control holds. ``without_url`` is the address without what was refused.
    """

    refusals: tuple[Refusal, ...]
    without_url: str
    fields: Fields = field(default_factory=list)
    kept: tuple[Pair, ...] = ()

    def holds(self, name: str) -> bool:
        """Whether the form has a control for a parameter."""
        return _control_of(name, self.fields) is not None


@dataclass(frozen=True, slots=True)
class _PageForm:
    """How a page reads its parameters, raising BadQuery, and what its form holds for usable ones.

    A page without a form gives no fields. ``kept`` are usable values that its form sends on without
    a control of their own, though one control more may have the name.
    """

    read: Callable[[Params], object]
    fields: Callable[[Params], Fields]
    kept: Callable[[Params], list[Pair]] = lambda _: []


def mended_request() -> Mended | None:
    """What can be kept of this request; None where its page is not one with parameters."""
    make = _FORMS.get(request.endpoint or "")
    if make is None:
        return None
    form = make(**(request.view_args or {}))
    given = [(name, value.strip()) for name, values in given_params().items() for value in values]
    taken, refused = usable_part(given, form.read)
    usable = [(name, value) for name, value in taken if value]
    try:
        fields, kept = form.fields(params_of(usable)), form.kept(params_of(usable))
    except BadQuery:
        return None
    for control in fields:
        if control["name"] in CUTS and "remove_url" in control:
            others = [pair for pair in usable if pair[0] != control["name"]]
            control["remove_url"] = with_query(request.path, others)
    _say_why(fields, refused)
    names = {name for name, _ in kept} | {control["name"] for control in fields}
    kept += [pair for pair in usable if pair[0] not in names] if fields else []
    told = [refusal for refusal in refused if not refusal.half]
    return Mended(tuple(told), with_query(request.path, usable), fields, tuple(kept))


def _say_why(fields: Fields, refused: Sequence[Refusal]) -> None:
    """Put the reasons into controls, and what was given where a control can show it."""
    for refusal in refused:
        control = _control_of(refusal.name, fields)
        if control is None:
            continue
        if not refusal.half:
            said = (control.get("error", ""), refusal.why)
            control["error"] = " ".join(dict.fromkeys(why for why in said if why))
        match control["kind"]:
            case "date":
                control["value"] = forms.end_of_period(refusal.name, refusal.value)
            case "text":
                control["value"] = refusal.value
            case "select" if refusal.value in dict(control["options"]):
                control["value"] = refusal.value


def _control_of(name: str, fields: Fields) -> dict[str, Any] | None:
    """The control in which a value can be given: the last of the name that is not only kept."""
    mine = [each for each in fields if each["name"] == name and each["kind"] != "kept"]
    return mine[-1] if mine else None


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


def _what_if_form() -> _PageForm:
    def found(params: Params) -> WhatIf:
        return what_if_of(_estate_part(params))

    def read(params: Params) -> None:
        scenario_asked(_estate_part(params))
        MapState.parse(params, what_if_routes.LAYER_IDS)

    def fields(params: Params) -> Fields:
        return scenario_fields(found(params), found(params).before.estate)

    return _PageForm(read, fields, lambda params: kept_changes(found(params)))


def _siting_form() -> _PageForm:
    def read(params: Params) -> siting_asked.Asked:
        MapState.parse(params, siting_routes.LAYER_IDS)
        return siting_asked.asked(_estate_part(params))

    return _PageForm(read, lambda params: siting_fields(read(params), request.path))


def _estate_part(params: Params) -> dict[str, list[str]]:
    return _query_part(params, (*STATE_PARAMS, SIZE_PARAM))


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
        "what_if.page": _what_if_form,
        "siting.page": _siting_form,
    }
)
