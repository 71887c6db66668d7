"""The programme of the estate in its paper: projects with their progress, Section 106, totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from layers.estate_money import (
    Project,
    Section106Item,
    Section106Sums,
    project_sums,
    section_106_sums,
)
from layers.schema import in_words
from server.estate import tables, words
from server.papers.charts import progress_chart
from server.papers.estate.material import Material
from server.papers.paper import Block, Figure, Listing, Paragraph, Table
from server.papers.side_table import as_table
from server.phrases import NOT_KNOWN
from server.records.form import date_in_words

NO_COUNCIL: Final = "Council not named"
BARS_IN_A_CHART: Final = 16
"""Of so many projects one chart fits on a page with its title and what stands below it."""

SOURCE: Final = "Source: the register of capital projects; see Sources."


def project_blocks(material: Material) -> tuple[Block, ...]:
    """The capital projects: how they stand in all, how far each is, what it costs."""
    projects = material.projects
    said = Listing(tuple(words.programme_sentences(projects)))
    if not projects:
        return (said,)
    return (
        said,
        as_table(
            tables.project_sums_table(project_sums(projects)),
            figures=(1, 2, 3, 4, 5),
            widths=(3, 1.3, 1.4, 1.3, 2.6, 2.6),
        ),
        *_progress(projects),
        Table(
            "Capital projects, those overdue first",
            ("Project", "Site", "Status", "Complete", "Due", "Budget", "Spent"),
            tuple(map(_project_row, projects)),
            figures=(5, 6),
            widths=(3.5, 2.4, 2.1, 1.9, 2.4, 2.4, 2.1),
            verbatim=(0, 1),
        ),
    )


def section_106_blocks(material: Material) -> tuple[Block, ...]:
    """What developers pay through councils, by council and status, and each item."""
    items = material.items
    said = (
        Paragraph(
            "Money that developers pay through councils under section 106 of the Town and Country "
            "Planning Act 1990."
        ),
        Listing(tuple(words.section_106_sentences(items))),
    )
    if not items:
        return said
    return (
        *said,
        Table(
            "Section 106 by council and status",
            ("Council", "Status", "Items", "Amount", "Deeds of variation"),
            tuple(_council_rows(items)),
            figures=(2, 3, 4),
            widths=(4, 2.4, 1, 2.8, 2.8),
        ),
        Table(
            "Section 106 items by council",
            (
                *("Item", "Council", "Amount", "Status", "To be spent by"),
                *("What it may be spent on", "Note"),
            ),
            tuple(map(_item_row, items)),
            figures=(2,),
            widths=(2.7, 2.3, 2.1, 2.3, 1.9, 2, 3.7),
            verbatim=(0, 1, 5, 6),
        ),
    )


def _progress(projects: Sequence[Project]) -> Iterator[Figure]:
    """Bars of how far each project is, in as many charts as it takes."""
    starts = range(0, len(projects), BARS_IN_A_CHART)
    for number, start in enumerate(starts, start=1):
        title = "How far each capital project is"
        if number > 1:
            title += f", part {number}"
        part = projects[start : start + BARS_IN_A_CHART]
        rows = [(each.project, each.percent_complete) for each in part]
        said = "; ".join(f"{name} {words.percent_words(percent).lower()}" for name, percent in rows)
        yield Figure(
            name=f"progress-{number}" if number > 1 else "progress",
            title=title,
            alternative=f"Bar chart of the part of each project that is complete: {said}.",
            source=f"A dashed frame: not known, which does not mean that nothing is done. {SOURCE}",
            scene=progress_chart(title, "Part that is complete, per cent", rows),
            width_mm=150,
        )


def _project_row(each: Project) -> tuple[str, ...]:
    due = date_in_words(each.expected_completion) or NOT_KNOWN
    if each.overdue:
        due += f". Overdue by {each.days_late:,} {'day' if each.days_late == 1 else 'days'}"
    return (
        each.project,
        each.site_name or NOT_KNOWN,
        in_words(each.status) or NOT_KNOWN,
        words.percent_words(each.percent_complete),
        due,
        words.pounds(each.budget_gbp),
        words.pounds(each.spend_gbp),
    )


def _council_rows(items: Sequence[Section106Item]) -> Iterator[tuple[str, ...]]:
    """The sums of each council by status, and of all last.

    Items come in the order of their councils.
    """
    for council, found in groupby(items, key=lambda each: each.council):
        *by_status, total = section_106_sums(tuple(found))
        for sums in by_status:
            yield _sums_row(council or NO_COUNCIL, sums)
        if len(by_status) > 1:
            yield _sums_row(f"{council or NO_COUNCIL}, in all", total)
    yield _sums_row("All councils", section_106_sums(items)[-1])


def _sums_row(label: str, sums: Section106Sums) -> tuple[str, ...]:
    return (
        label,
        in_words(sums.status) if sums.status else "All",
        f"{sums.items:,}",
        words.sum_words(sums.amount),
        words.sum_words(sums.deeds),
    )


def _item_row(each: Section106Item) -> tuple[str, ...]:
    due = words.deadline_words(each)
    if each.overdue:
        due += ". Overdue"
    elif each.coming:
        due += f". {each.days_left:,} {'day' if each.days_left == 1 else 'days'} left"
    purpose = each.purpose or NOT_KNOWN
    return (
        each.item,
        each.council or NO_COUNCIL,
        words.pounds(each.amount_gbp),
        in_words(each.status),
        due,
        f"{purpose}. Covenant: {each.covenant}" if each.covenant else purpose,
        each.note or "None",
    )
