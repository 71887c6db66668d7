"""The stops of a paper as a table: place, date in words, reason and at whose wish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from geo.dates import DateInterval
from layers.schema import in_words
from layers.view import View
from layers.visited import BY_DISTRICT, WIDER
from server.papers.paper import Table
from server.pictures.records import NUMBER_COLUMN

NOT_RECORDED: Final = "Not recorded"
NOT_MAPPED: Final = "Not mapped"


def stops_table(view: View) -> Table:
    """Every stop that surely or possibly lies in the period, by the number of its place."""
    records = view.records
    rows = tuple(_row(record) for record in records.to_dict("records"))
    return Table(
        f"Visits, {view.query.time_in_words()}: where, when, why and how initiated",
        ("Number", "Place", "Area (NPA)", "Date", "Type", "Reason", "How initiated"),
        rows or (("None", *["No visit is recorded"], *["None"] * 5),),
        widths=(9, 16, 14, 16, 13, 20, 12),
        verbatim=(1, 2, 5),
    )


def initiated_table(view: View) -> Table:
    """How many stops each way of initiating brought about."""
    parts = view.records.groupby("initiated_by", sort=True)
    rows = tuple(
        (
            in_words(str(kind)),
            f"{int((part['in_period'] == 'in').sum()):,}",
            f"{int((part['in_period'] == 'possibly').sum()):,}",
        )
        for kind, part in parts
    )
    columns = ("How initiated", "Stops in the period", "Possibly in the period")
    caption = f"How the visits were initiated, {view.query.time_in_words()}"
    return Table(caption, columns, rows, figures=(1, 2), widths=(2, 1, 1))


def date_words(record: Mapping[str, Any]) -> str:
    """The date of a stop as far as it is known, and how it is known where that is in doubt.

    >>> date_words({"date": "2024-05", "date_basis": "inferred-month", "in_period": "in",
    ...     "date_from": pd.Timestamp("2024-03-01"), "date_to": pd.Timestamp("2024-07-31")})
    'May 2024 (inferred month: March 2024 to July 2024)'
    """
    stated = DateInterval.parse(str(record["date"]))
    known = DateInterval(record["date_from"].date(), record["date_to"].date())
    basis = str(record["date_basis"] or "")
    notes = [] if basis.startswith("stated") and basis == "stated" else [in_words(basis).lower()]
    words = stated.in_words()
    if known != stated:
        words += f" ({notes[0]}: {known.in_words()})"
    elif notes and notes[0]:
        words += f" ({notes[0]})"
    return f"{words}, possibly in the period" if record["in_period"] == "possibly" else words


def _row(record: Mapping[str, Any]) -> tuple[str, ...]:
    number = record[NUMBER_COLUMN]
    return (
        NOT_MAPPED if pd.isna(number) else str(int(number)),
        _place(record),
        _area(record),
        date_words(record),
        in_words(str(record["visit_type"])),
        str(record["reason"] or NOT_RECORDED),
        in_words(str(record["initiated_by"])),
    )


def _place(record: Mapping[str, Any]) -> str:
    wide = record["location_precision"] in WIDER
    return f"{record['place']} ({BY_DISTRICT})" if wide else str(record["place"])


def _area(record: Mapping[str, Any]) -> str:
    mark = " (approximate)" if record["npa_approximate"] else ""
    return f"{record['npa_name']}{mark}"
