"""Scenarios in the paper on the estate: side by side, and each by area."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from boundaries.small_areas import NPA
from layers.view import SideTable
from server.estate.coverage.words import distance_words, kilometres, label_words
from server.estate.what_if import tables, words
from server.estate.what_if.account import Side, WhatIf
from server.papers.estate.material import Material
from server.papers.paper import Block, Link, Listing, Paragraph, Table
from server.phrases import NOT_KNOWN
from server.requests import with_query
from server.services import services

PAGE: Final = "/estate/what-if"


def scenario_blocks(material: Material) -> tuple[Block, ...]:
    """What each scenario would change, beside the estate as it stands and by area; else nothing."""
    found = material.scenarios
    if not found:
        return ()
    blocks: list[Block] = [
        Paragraph(
            "A scenario changes sites of the estate as it stood on the day of this paper. Nothing "
            "of it is decided."
        ),
        _side_by_side(found),
    ]
    for number, each in enumerate(found, start=1):
        blocks += _one(number, each)
    return tuple(blocks)


def _side_by_side(found: tuple[WhatIf, ...]) -> Table:
    stands = found[0].before
    columns = (
        "",
        "As it stands",
        *(f"Scenario {number}" for number in range(1, len(found) + 1)),
    )

    def row(label: str, of: Callable[[Side], str]) -> tuple[str, ...]:
        return (label, of(stands), *(of(each.after) for each in found))

    def moved(label: str, of: Callable[[WhatIf], float]) -> tuple[str, ...]:
        return (label, "-", *(_residents(each.after, of(each)) for each in found))

    site = found[0].asked.service.site
    near = (
        row(f"Residents within {kilometres(metres)}", _within(number))
        for number, metres in enumerate(found[0].asked.distances_m)
    )
    return Table(
        f"Scenarios side by side, by distance to the nearest {site}",
        ("Measure", *columns[1:]),
        (
            row("Sites", lambda side: f"{len(side.estate):,}"),
            *near,
            row("Mean distance", lambda side: distance_words(side.coverage.sure.total.mean)),
            moved("Residents with a shorter way", lambda each: each.difference.total.nearer),
            moved("Residents with a longer way", lambda each: each.difference.total.farther),
            row("Areas in which no enquiry desk is documented", _without_desk),
            row("Running cost a year", lambda side: words.sum_words(side.running_cost_gbp, "£")),
            row("Floor area", lambda side: words.sum_words(side.floor_area_m2, "m²")),
        ),
        widths=(2.4, *[2.0] * (len(found) + 1)),
    )


def _within(number: int) -> Callable[[Side], str]:
    return lambda side: _residents(side, side.coverage.sure.total.within[number])


def _residents(side: Side, number: float) -> str:
    return f"{number:,.0f}" if side.coverage.held else NOT_KNOWN


def _without_desk(side: Side) -> str:
    return ", ".join(label_words(NPA, code) for code in side.without_desk) or "None"


def _one(number: int, found: WhatIf) -> Iterator[Block]:
    changes = [sentence for sentence, _ in words.changes_in_words(found)]
    yield Listing((f"Scenario {number}: {' '.join(changes)}", *words.sentences(found)))
    side = tables.change_table(found, NPA)
    near = 1 + 2 * len(found.asked.distances_m)
    yield _part(side, f"Scenario {number}: residents near", tuple(range(1, near)))
    yield _part(side, f"Scenario {number}: ways to", tuple(range(near, len(side.columns))))
    path = with_query(PAGE, [*found.asked.params(), *found.scenario.params()])
    base = services().settings.public_url
    if base:
        yield Link(f"Scenario {number} on screen", f"{base}{path}")
    else:
        yield Paragraph(f"Scenario {number} on screen, at the path {path}", verbatim=True)


def _part(side: SideTable, beginning: str, columns: tuple[int, ...]) -> Table:
    """Some columns of a table by area, which has more than fit beside each other."""
    at = (0, *columns)
    _, _, rest = side.title.partition("near")
    return Table(
        f"{beginning}{rest}",
        tuple(side.columns[number] for number in at),
        tuple(tuple(row[number] for number in at) for row in side.rows),
        figures=tuple(range(1, len(at))),
        widths=(2.4, *[1.4] * len(columns)),
    )
