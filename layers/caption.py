"""What a view shows, in plain English: how many, of when, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping

from layers.query import OUTSIDE, LayerQuery
from layers.spec import LayerSpec
from layers.view import Counts


def caption(
    spec: LayerSpec, query: LayerQuery, counts: Counts, npa_names: Mapping[str, str]
) -> list[str]:
    """The sentences common to every layer, the figure first."""
    sentences = [f"{_count(spec, counts)} {_where_and_when(spec, query, npa_names)}."]
    if counts.possibly:
        may = "may lie in the period" if spec.time == "dated" else "may have stood there then"
        least = "At least " if counts.withheld else ""
        sentences.append(
            f"{least}{counts.possibly:,} more {may}: what is known of their dates reaches "
            "beyond it. They are shown and counted apart."
        )
    if counts.unlocated:
        sentences.append(f"{_of_these(counts.unlocated)} no location and cannot be mapped.")
    if counts.outside:
        noun = "lies" if counts.outside == 1 else "lie"
        sentences.append(f"{counts.outside:,} of these {noun} outside the force area.")
    return sentences


def filters_in_words(spec: LayerSpec, query: LayerQuery, npa_names: Mapping[str, str]) -> list[str]:
    """Each filter as a phrase."""
    phrases = []
    if query.npas:
        names = [npa_names.get(code, code) for code in query.npas if code != OUTSIDE]
        places = [f"in {_and(names)}"] * bool(names)
        places += ["outside the force area"] * (OUTSIDE in query.npas)
        phrases.append(" or ".join(places))
    if query.types:
        labels = {option.value: option.label for option in spec.types}
        phrases.append(f"type: {_and([labels[value] for value in query.types])}")
    for parameter in spec.own:
        labels = {option.value: option.label for option in parameter.options}
        values = [labels[value] for value in query.own_values(parameter.name)]
        if values and parameter.column:
            phrases.append(f"{parameter.title.lower()}: {_and(values)}")
    if query.bbox:
        phrases.append("within the box asked for")
    if query.area:
        phrases.append("within the area drawn")
    if query.cell:
        phrases.append(f"in the cell {query.cell}")
    return phrases


def _where_and_when(spec: LayerSpec, query: LayerQuery, npa_names: Mapping[str, str]) -> str:
    when = query.time_in_words()
    if not query.period_given and query.period:
        when += " (the twelve months that end with the last dated record)"
    return "; ".join([when, *filters_in_words(spec, query, npa_names)])


def _count(spec: LayerSpec, counts: Counts) -> str:
    noun = spec.singular if counts.surely == 1 else spec.plural
    if not counts.held:
        return f"No figures of {spec.plural} are held for"
    if not counts.published:
        return f"No count of {spec.plural} is published, which does not mean none:"
    if counts.withheld:
        return (
            f"At least {counts.surely:,} {noun},"
            if counts.surely
            else f"No count of {spec.plural} can be published,"
        )
    return f"{counts.surely:,} {noun}," if counts.surely else f"No {spec.plural},"


def _of_these(count: int) -> str:
    return f"{count:,} of these {'has' if count == 1 else 'have'}"


def _and(items: list[str]) -> str:
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
