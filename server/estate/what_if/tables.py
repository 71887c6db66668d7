"""The tables of a scenario: residents by area before and after, and who gains and loses."""

from __future__ import annotations

from boundaries.small_areas import DECILE, NPA
from geo.what_if import Change
from layers.view import SideTable
from server.estate.coverage import words as coverage_words
from server.estate.coverage.words import HEADINGS, kilometres, label_words
from server.estate.what_if.account import WhatIf
from server.estate.what_if.grown import grown
from server.estate.what_if.words import signed, sum_words
from server.phrases import NOT_KNOWN


def change_table(found: WhatIf, grouping: str) -> SideTable:
    """Residents within each distance before and after, by area, with those won and lost."""
    asked, moved = found.asked, found.difference
    before, after = (side.coverage.sure.groups[grouping] for side in (found.before, found.after))
    labels = sorted(before, key=lambda label: int(label or 0)) if grouping == DECILE else before
    rows = [
        (
            label_words(grouping, label),
            *_cells(before[label].within, after[label].within, moved.groups[grouping][label]),
            coverage_words.distance_words(before[label].mean),
            coverage_words.distance_words(after[label].mean),
        )
        for label in labels
    ]
    total: tuple[str, ...] = (
        *_cells(moved.before.total.within, moved.after.total.within, moved.total),
        coverage_words.distance_words(moved.before.total.mean),
        coverage_words.distance_words(moved.after.total.mean),
    )
    if not found.before.coverage.held:
        total = (NOT_KNOWN,) * len(total)
    heading = HEADINGS[grouping]
    name = heading if heading.startswith("Neighbourhood") else heading[:1].lower() + heading[1:]
    return SideTable(
        f"Residents near {_article(asked.service.site)}, before and after, by {name}",
        (
            heading,
            *(
                title
                for metres in asked.distances_m
                for title in (f"Within {kilometres(metres)} before", "Change")
            ),
            "Shorter way",
            "Longer way",
            "Mean before",
            "Mean after",
        ),
        (*rows, (coverage_words.ALL, *total)),
    )


def estate_table(found: WhatIf) -> SideTable:
    """What the estate costs and takes up before and after, as far as it is known."""
    before, after = found.before, found.after
    none = "None"
    return SideTable(
        "The estate before and after",
        ("", "Before", "After"),
        (
            ("Sites", f"{len(before.estate):,}", f"{len(after.estate):,}"),
            (
                "Areas in which no enquiry desk is documented",
                ", ".join(label_words("npa", code) for code in before.without_desk) or none,
                ", ".join(label_words("npa", code) for code in after.without_desk) or none,
            ),
            (
                "Running cost a year",
                sum_words(before.running_cost_gbp, "£"),
                sum_words(after.running_cost_gbp, "£"),
            ),
            (
                "Floor area",
                sum_words(before.floor_area_m2, "m²"),
                sum_words(after.floor_area_m2, "m²"),
            ),
            (
                "Hours a week of the sites that give the service",
                sum_words(before.hours_a_week, "hours"),
                sum_words(after.hours_a_week, "hours"),
            ),
        ),
    )


def growth_table(found: WhatIf) -> SideTable | None:
    """The planned homes, and how far their residents have to go; None without any."""
    homes = grown(found)
    if not homes:
        return None
    return SideTable(
        "Planned homes, and how far from the nearest site",
        ("Place", HEADINGS[NPA], "Homes", "Residents", "Way before", "Way after"),
        tuple(
            (
                each.place.label,
                label_words(NPA, each.npa_code),
                f"{each.homes:,}",
                f"{each.residents:,}",
                coverage_words.distance_words(each.before_m),
                coverage_words.distance_words(each.after_m),
            )
            for each in homes
        ),
    )


def _cells(before: tuple[float, ...], after: tuple[float, ...], change: Change) -> tuple[str, ...]:
    near = [
        cell
        for was, now in zip(before, after, strict=True)
        for cell in (f"{was:,.0f}", signed(now - was))
    ]
    return (*near, f"{change.nearer:,.0f}", f"{change.farther:,.0f}")


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
