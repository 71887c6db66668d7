"""The months of recorded crime in words: sentences, the table, rows for programs."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from geo.dates import DateInterval, months_in_words
from geo.month_coverage import PART, Standing
from layers.events import Event
from layers.view import SideTable
from server.crime.asked import VIOLENCE, Asked
from server.crime.coverage import MonthRow, MonthsAccount

NOT_HELD: Final = "Not held"
SOURCE: Final = (
    "Source: the records of street-level crime that are held here, by the month and the small area "
    "(LSOA) that their publisher gives."
)
ONE_CATEGORY: Final = (
    "Violence and sexual offences are one category of the open data. It cannot show violence "
    "against women and girls, and no figure here does."
)
NO_ASB: Final = "Anti-social behaviour is no crime and is in none of these counts."
NOTHING: Final = "No recorded crime is held, so there are no months to tell of; that is not zero."


def of_kind(asked: Asked) -> list[str]:
    """What must be said of a type."""
    if asked.kind == VIOLENCE:
        return [ONE_CATEGORY]
    return [NO_ASB] if asked.kind == "crime" else []


def event_words(event: Event) -> str:
    """An event, when it was, and why it matters."""
    why = f": {event.why_it_matters}" if event.why_it_matters else ""
    return f"{event.event} ({event.when.in_words()}){why}."


def sentences(account: MonthsAccount) -> list[str]:
    """What the table shows, and what must be known of it."""
    asked = account.asked
    if asked.period is None:
        return [NOTHING]
    standings: tuple[Standing, ...] = ("missing", "partial", "outlying")
    numbers = {name: len(account.of(name)) or "none" for name in standings}
    return [
        f"{asked.kind_in_words}, {asked.period.in_words()}: of {len(account.rows):,} months, "
        f"missing: {numbers['missing']}; partial: {numbers['partial']}; unlike the others: "
        f"{numbers['outlying']}.",
        *_named(account),
        *_without_area(account),
        *of_kind(asked),
        SOURCE,
    ]


def _named(account: MonthsAccount) -> list[str]:
    said = []
    missing = [row.found.month for row in account.of("missing")]
    if missing:
        said.append(f"Not held, and never read as zero: {months_in_words(missing)}.")
    for row in account.of("partial"):
        lacks = f" nothing of {', '.join(row.lacking)};" if row.lacking else ""
        said.append(f"{_month(row)} is partial:{lacks} {_against(row)}.")
    said += [
        f"{_month(row)} is unlike the months around it: {_against(row)}."
        for row in account.of("outlying")
    ]
    return said


def _without_area(account: MonthsAccount) -> list[str]:
    shares = [share for row in account.rows if (share := without_code_share(row)) is not None]
    if not shares:
        return []
    return [
        f"Records that state no small area (LSOA) are {min(shares):.1f}% to {max(shares):.1f}% of "
        "a month. They are in the counts of months and in none of small areas."
    ]


def without_code_share(row: MonthRow) -> float | None:
    """Which part of a month's records states no small area, in per cent."""
    if row.without_code is None or not row.found.count:
        return None
    return 100 * row.without_code / row.found.count


def coverage_table(account: MonthsAccount) -> SideTable:
    """A month a row."""
    rows = tuple(
        (
            _month(row),
            NOT_HELD if row.found.count is None else f"{row.found.count:,}",
            _expected(row),
            _standing(row),
            _unplaced(row),
            "; ".join(event.event for event in row.events) or "None known",
        )
        for row in account.rows
    )
    columns = (
        *("Month", "Records", "Expected", "How it stands", "Without a small area"),
        "Events",
    )
    title = f"{account.asked.kind_in_words}: recorded in each month, in records"
    return SideTable(title, columns, rows)


def figures_of(account: MonthsAccount) -> dict[str, Any]:
    """The account as JSON has it."""
    return {
        "type": account.asked.kind,
        "query": account.asked.params(),
        "caption": [*sentences(account), *map(event_words, account.events)],
        "months": [
            {**_plain(row), "types_lacking": list(row.lacking), "events": _events(row)}
            for row in account.rows
        ],
    }


COLUMNS: Final = (
    *("month", "records", "standing", "expected", "seasonal", "without_lsoa", "lsoa_elsewhere"),
    *("types_lacking", "events"),
)


def frame_of(account: MonthsAccount) -> pd.DataFrame:
    """The account as rows, a month each; what is not held is blank."""
    rows = [
        {
            **_plain(row),
            "types_lacking": "; ".join(row.lacking),
            "events": "; ".join(_events(row)),
        }
        for row in account.rows
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _plain(row: MonthRow) -> dict[str, Any]:
    expected = row.found.expected
    return {
        "month": row.found.month,
        "records": row.found.count,
        "standing": row.standing,
        "expected": None if expected is None else round(expected),
        "seasonal": row.found.seasonal,
        "without_lsoa": row.without_code,
        "lsoa_elsewhere": row.elsewhere,
    }


def _events(row: MonthRow) -> list[str]:
    return [event.event for event in row.events]


def _month(row: MonthRow) -> str:
    return DateInterval.parse(row.found.month).in_words()


def _expected(row: MonthRow) -> str:
    expected = row.found.expected
    if row.found.count is None:
        return "Not reckoned"
    return "Too few months around" if expected is None else f"{expected:,.0f}"


def _standing(row: MonthRow) -> str:
    lacks = f", nothing of {', '.join(row.lacking)}" if row.lacking else ""
    words = {"held": "Held", "missing": "Missing", "partial": "Partial", "outlying": "Outlying"}
    return f"{words[row.standing]}{lacks}"


def _unplaced(row: MonthRow) -> str:
    share = without_code_share(row)
    return NOT_HELD if row.without_code is None else f"{row.without_code:,} ({share or 0:.1f}%)"


def _against(row: MonthRow) -> str:
    count, expected = row.found.count or 0, row.found.expected
    if expected is None:
        return f"{count:,} records"
    return f"{count:,} records where {expected:,.0f} were to be expected"


RULE: Final = (
    "What is expected of a month is the median of the months within half a year of it, turned by "
    "its season where two other years are held. A month is outlying if it lies farther from that "
    "than 3.5 times the usual spread; partial if it also holds fewer than "
    f"{PART:.0%} of what is expected, or nothing of a type that is usual."
)
