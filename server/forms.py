"""The form with which a page's query is changed, made from what the layer can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from geo.dates import DateInterval
from geo.errors import InvalidDate
from layers.answer import npa_names
from layers.publication import refused_params
from layers.query import OUTSIDE, LayerQuery
from layers.spec import LayerSpec
from server.requests import given_params, with_query
from server.services import services


def filter_fields(spec: LayerSpec, query: LayerQuery) -> list[dict[str, Any]]:
    """The controls of one layer's page, holding the values of the query."""
    refused = refused_params(spec.publication, query.audience)
    fields = time_fields(query) if spec.time == "dated" else [_as_of_field(query)]
    fields.append(npa_field(query.npas))
    if spec.types and "type" not in refused:
        fields.append(
            {
                "name": "type",
                "label": "Type",
                "kind": "checkboxes",
                "values": list(query.types),
                "options": [(option.value, option.label) for option in spec.types],
                "hint": "None ticked means every type.",
            }
        )
    for parameter in spec.own:
        options = [(option.value, option.label) for option in parameter.options]
        values = list(query.own_values(parameter.name))
        field: dict[str, Any] = {"name": parameter.name, "label": parameter.title, "hint": ""}
        if parameter.repeatable:
            field |= {"kind": "checkboxes", "values": values, "options": options}
        else:
            chosen = values[0] if values else ""
            unchosen = ("", f"Default: {dict(options)[parameter.default].lower()}")
            field |= {"kind": "select", "value": chosen, "options": [unchosen, *options]}
        fields.append(field)
    return [*_cut_fields(query), *fields]


def common_fields(params: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """The controls of a page of several layers, holding what its address says."""
    given = {name: [value for value in values if value] for name, values in params.items()}
    first, last = (end_of_period(name, (given.get(name) or [""])[0]) for name in ("from", "to"))
    hint = "Left blank, each layer shows the twelve months that end with its last record."
    return [
        date_field("from", "From", first, hint),
        date_field("to", "To", last, ""),
        npa_field(tuple(given.get("npa", ()))),
    ]


def end_of_period(name: str, text: str) -> str:
    """The first or last day of what a period begins or ends with, as a date control needs it.

    Empty where the text names no day, month or year.
    """
    try:
        named = DateInterval.parse(text)
    except InvalidDate:
        return ""
    return (named.date_from if name == "from" else named.date_to).isoformat()


def time_fields(query: LayerQuery) -> list[dict[str, Any]]:
    """First and last day of the period, both inclusive."""
    first = query.period.date_from.isoformat() if query.period else ""
    last = query.period.date_to.isoformat() if query.period else ""
    return [date_field("from", "From", first, ""), date_field("to", "To", last, "")]


def npa_field(values: tuple[str, ...]) -> dict[str, Any]:
    """The Neighbourhood Policing Areas to choose from."""
    names = npa_names(services().workspace)
    return {
        "name": "npa",
        "label": "Neighbourhood Policing Area (NPA)",
        "kind": "checkboxes",
        "values": list(values),
        "options": [*names.items(), (OUTSIDE, "Outside the force area")],
        "hint": "None ticked means every area.",
    }


def _cut_fields(query: LayerQuery) -> list[dict[str, Any]]:
    """The parts of the ground that the query is cut to: kept as they are, or taken away by a link.

    They come from the map or from an address; nobody types them into a form.
    """
    cuts = (
        ("area", "Within the area drawn", "Remove the area", query.area),
        ("bbox", "Within a box", "Remove the box", query.bbox),
    )
    return [
        {
            "name": name,
            "label": label,
            "kind": "kept",
            "value": str(cut),
            "remove": remove,
            "remove_url": with_query(request.path, _given_without(name)),
        }
        for name, label, remove, cut in cuts
        if cut
    ]


def _given_without(name: str) -> list[tuple[str, str]]:
    kept = given_params(without=(name,))
    return [(other, value) for other, values in kept.items() for value in values]


def _as_of_field(query: LayerQuery) -> dict[str, Any]:
    value = query.as_of.isoformat() if query.as_of else ""
    return date_field("as_of", "As of", value, "What stood on this day.")


def date_field(name: str, label: str, value: str, hint: str) -> dict[str, Any]:
    """A control for one day."""
    return {"name": name, "label": label, "kind": "date", "value": value, "hint": hint}
