"""The tables of the estate's pages: titles and rows of words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from layers.answer import npa_names
from layers.estate import KINDS, SiteChange
from layers.estate_money import ProjectSums, Section106Sums
from layers.estate_reconciled import Reconciled
from layers.schema import in_words
from layers.view import SideTable, View
from server.estate.words import held_words, measure_words, number, state_words, sum_words
from server.phrases import NOT_KNOWN
from server.records.form import date_in_words
from server.services import services


def sites_table(view: View) -> SideTable:
    """The sites of a view, one a row."""
    staff = "running_cost_gbp" in view.records
    columns = (
        *("Site", "Type", "Public access", "The desk is open", "Status", "Tenure", "Stands in"),
        *("Commanded from", "Location", "Partners", "Floor area (m²)"),
        *(("Running cost a year (£)",) if staff else ()),
    )
    names = npa_names(services().workspace)
    rows = [
        (
            row["name"],
            in_words(row["site_type"]),
            in_words(row["public_access"]),
            row["hours_in_words"] or NOT_KNOWN,
            _status(row["status"], str(row["in_period"]), row["in_doubt"]),
            in_words(row["tenure"]),
            names.get(row["npa_code"], row["npa_name"]),
            names.get(row["commanding_npa"], NOT_KNOWN),
            row["location_id"],
            row["partners"] or NOT_KNOWN,
            _amount(row["floor_area_m2"]),
            *((_amount(row["running_cost_gbp"]),) if staff else ()),
        )
        for row in view.records.to_dict("records")
    ]
    return SideTable("Sites", columns, tuple(rows))


def locations_table(view: View) -> SideTable:
    """The locations at which more than one site of the view stands."""
    groups = view.records.groupby("location_id")["name"].agg(list)
    rows = tuple(
        (str(location), f"{len(names):,}", "; ".join(names))
        for location, names in groups.items()
        if len(names) > 1
    )
    return SideTable("Sites that share a location", ("Location", "Sites", "Which"), rows)


def not_standing_table(sites: pd.DataFrame) -> SideTable:
    """Sites that are held and did not stand on the day."""
    rows = tuple(
        (
            str(row["name"]),
            in_words(row["site_type"]),
            in_words(row["status"]),
            date_in_words(row["opened"]) or NOT_KNOWN,
            date_in_words(row["closed"]) or NOT_KNOWN,
        )
        for row in sites.to_dict("records")
    )
    columns = ("Site", "Type", "Status today", "Opened", "Closed")
    return SideTable("Held, and did not stand on that day", columns, rows)


def changes_table(changes: Sequence[SiteChange]) -> SideTable:
    """What changed between two days."""
    rows = tuple(
        (change.name, KINDS[change.kind], change.before, change.after) for change in changes
    )
    return SideTable("Changes", ("Site", "What changed", "Before", "After"), rows)


def reconciled_table(found: Sequence[Reconciled]) -> SideTable:
    """Published totals beside what is held."""
    rows = tuple(
        (
            measure_words(each),
            number(each.published),
            date_in_words(each.as_of),
            held_words(each),
            state_words(each),
            "; ".join(filter(None, (each.note, each.source))),
        )
        for each in found
    )
    columns = ("What was counted", "Published", "As of", "Held", "How they stand", "Note, source")
    return SideTable("Published totals and what is held", columns, rows)


def project_sums_table(sums: Sequence[ProjectSums]) -> SideTable:
    """Budget and spend by category, and over all."""
    rows = tuple(
        (
            in_words(each.category) or "No category" if each is not sums[-1] else "All",
            f"{each.projects:,}",
            f"{each.complete:,}",
            f"{each.overdue:,}",
            sum_words(each.budget),
            sum_words(each.spend),
        )
        for each in sums
    )
    columns = ("Category", "Projects", "Complete", "Overdue", "Budget", "Spent")
    return SideTable("Budget and spend by category", columns, rows)


def section_106_sums_table(sums: Sequence[Section106Sums]) -> SideTable:
    """Amounts by status, and over all."""
    rows = tuple(
        (
            in_words(each.status) if each.status else "All",
            f"{each.items:,}",
            sum_words(each.amount),
            sum_words(each.deeds),
        )
        for each in sums
    )
    columns = ("Status", "Items", "Amount", "Deeds of variation")
    return SideTable("Section 106 by status", columns, rows)


def _status(status: str, in_period: str, in_doubt: str) -> str:
    words = in_words(status)
    if status == "closed" and in_period == "possibly":
        return f"{words}, on a day that is not known"
    if in_period == "possibly":
        words += ", possibly standing"
    return f"{words} (not known that day: {in_doubt})" if in_doubt else words


def _amount(value: float) -> str:
    return NOT_KNOWN if pd.isna(value) else f"{value:,.0f}"
