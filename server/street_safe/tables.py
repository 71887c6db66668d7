"""The account of Street Safe reports as tables of text, and as one of figures for export."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pandas as pd

from geo.dates import DateInterval
from layers.schema import in_words
from layers.street_safe import ENVIRONMENTAL
from layers.view import SideTable
from server.street_safe import words
from server.street_safe.account import Account, Kinds

KINDS: Final = ("Reports", "Of the place alone", "Of behaviour alone", "Of both")


def tables(account: Account) -> tuple[SideTable, ...]:
    """What was named, when, where, and why the police were not told."""
    return (
        _concerns(account),
        SideTable(
            "Reports by month and kind of concern",
            ("Month", *KINDS),
            tuple(
                (
                    DateInterval.parse(each.month).in_words(),
                    *(_cells(each.kinds) if each.kinds else (words.NOT_HELD,) * 4),
                )
                for each in account.months
            ),
        ),
        SideTable(
            "Reports by Neighbourhood Policing Area (NPA) and kind of concern",
            ("Neighbourhood Policing Area", *KINDS),
            (
                *((area.name, *_cells(area.kinds)) for area in account.areas),
                ("All", *_cells(account.kinds)),
            ),
        ),
        SideTable(
            "Concerns of the place by district: reports that name each",
            ("District", *(in_words(concern) for concern in ENVIRONMENTAL)),
            tuple(
                (district.name, *(f"{count:,}" for count in district.named))
                for district in account.districts
            ),
        ),
        _reasons(account),
    )


def company_table(account: Account) -> SideTable | None:
    """What each test found beside what chance gives; none where nothing was tested."""
    if account.company is None:
        return None
    return SideTable(
        "Pairs of a concern of the place and one of behaviour, near and soon",
        (
            *("Within (m)", "Within (days)", "Behaviour after", "By chance", "Behaviour before"),
            *("By chance before", "Adjusted p, after", "Adjusted p, order", "What it says"),
        ),
        tuple(
            (
                f"{each.found.radius_m:,}",
                f"{each.found.within_days}",
                f"{each.found.after.found:,}",
                f"{each.found.after.by_chance:,.1f}",
                f"{each.found.before.found:,}",
                f"{each.found.before.by_chance:,.1f}",
                words.p_words(each.after_p_value),
                words.p_words(each.order_p_value),
                words.VERDICTS[each.verdict],
            )
            for each in account.company.tested
        ),
    )


def figures(account: Account) -> pd.DataFrame:
    """Every count as a row: the group, what of it, what is counted, and how many reports.

    A month that is not held has no count.
    """
    rows = [("concern", each.concern, "named", each.reports) for each in account.named]
    groups: list[tuple[str, str, Kinds | None]] = [
        *(("month", each.month, each.kinds) for each in account.months),
        *(("npa", each.code or each.name, each.kinds) for each in account.areas),
        ("all", "all", account.kinds),
    ]
    counted: list[tuple[str, str, str, int | None]] = [
        (group, of, measure, getattr(kinds, measure) if kinds else None)
        for group, of, kinds in groups
        for measure in ("reports", "environmental", "behavioural", "both")
    ]
    placed = [
        ("district", each.name, concern, count)
        for each in account.districts
        for concern, count in zip(ENVIRONMENTAL, each.named, strict=True)
    ]
    told = [("reason", reason, "given", count) for reason, count in account.reasons]
    table = pd.DataFrame(
        [*rows, *counted, *placed, *told], columns=["group", "of", "measure", "reports"]
    )
    return table.astype({"reports": "Int64"})


def _concerns(account: Account) -> SideTable:
    reports = account.kinds.reports
    return SideTable(
        "Concerns: reports that name each",
        ("Concern", "Kind", "Reports", "Share of all reports"),
        tuple(
            (
                in_words(each.concern),
                "Behaviour" if each.behavioural else "Place",
                f"{each.reports:,}",
                _percent(each.reports, reports),
            )
            for each in account.named
        ),
    )


def _reasons(account: Account) -> SideTable:
    reports = account.kinds.reports
    return SideTable(
        "Why the police were not told: reports that give each reason",
        ("Reason", "Reports", "Share of all reports"),
        tuple(
            (words.reason_words(reason), f"{count:,}", _percent(count, reports))
            for reason, count in account.reasons
        ),
    )


def _cells(kinds: Kinds) -> Iterable[str]:
    figures = (kinds.reports, kinds.environmental, kinds.behavioural, kinds.both)
    return (f"{figure:,}" for figure in figures)


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "Not known"
