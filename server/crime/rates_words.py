"""Rates of recorded crime in words: sentences, the tables, rows for programs."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from geo.dates import months_in_words
from geo.funnel import Standing
from geo.rates import PER, Change
from layers.view import SideTable
from server.crime.coverage_words import SOURCE, event_words, of_kind
from server.crime.rates import AreaRate, RatesAccount
from server.phrases import MINUS, within_sentence

NO_RATE: Final = "Nobody lives here"
NOTHING: Final = "No recorded crime is held of these months, so there are no rates; that is not 0."
NONE_COMPARES: Final = (
    "No month that is held can be compared: the same month a year before is not held."
)
AREAS: Final = {
    "npa": "Neighbourhood Policing Area (NPA)",
    "lsoa": "small area (LSOA 2021)",
}
STANDINGS: Final[dict[Standing, str]] = {
    "above": "Above the limits",
    "below": "Below the limits",
    "within": "Within the limits",
    "no residents": NO_RATE,
}
LIMITS: Final = {"exact": "exact limits (Garwood)", "byar": "Byar’s limits"}
METHOD: Final = (
    "Limits are at 95% and take records as coming one by one; recorded crime comes in bunches, so "
    "true limits are wider. The smoothed rate (empirical Bayes, Marshall 1991) draws the rate of "
    "an area towards that of all, the more so the fewer live there. A small area is taken to be "
    "of visitors if thefts from shops and from the person there surely exceed five times what its "
    "residents would have at the rate of all areas: residents are the wrong measure there. "
    "Residents are those of the Census 2021 in small areas whose point lies in the area. A change "
    "compares days, as months and years are not equally long; it has exact limits at 95%."
)


def change_in_words(found: Change | None) -> str:
    """A change with its limits; "no clear change" where they hold none.

    >>> from geo.rates import change
    >>> change_in_words(change(1000, 1200))
    'More: +20% (+10% to +31%)'
    """
    if found is None:
        return "Not compared"
    if found.verdict == "none":
        return "None in either"
    limits = f"{_percent(found.interval.low)} to {_percent(found.interval.high)}"
    said = found.verdict.capitalize()
    if not found.before:
        return f"{said}: none before ({limits})"
    return f"{said}: {_percent(found.ratio)} ({limits})"


def sentences(account: RatesAccount) -> list[str]:
    """What the table shows, and what must be known of it."""
    asked = account.asked
    if not account.held or not account.residents:
        return [NOTHING]
    rate, low, high = (
        float(each[0]) for each in (account.whole.rate, account.whole.low, account.whole.high)
    )
    return [
        f"{asked.kind_in_words} in {months_in_words(account.held)}: {account.records:,} records in "
        f"{len(account.rows):,} areas with {account.residents:,} residents, {rate:.1f} for each "
        f"{PER:,} residents ({low:.1f} to {high:.1f}, {LIMITS[asked.method]}).",
        *_not_held(account),
        _funnel(account),
        *_visitors(account),
        *_changes(account),
        *_without_area(account),
        *of_kind(asked),
        SOURCE,
    ]


def figure_sentence(account: RatesAccount) -> str:
    """What the funnel plot shows."""
    return _funnel(account) if account.held and account.residents else NOTHING


def _not_held(account: RatesAccount) -> list[str]:
    gone = [month for month in account.asked.months if month not in account.held]
    return [f"Not held, left out and not read as zero: {months_in_words(gone)}."] if gone else []


def _funnel(account: RatesAccount) -> str:
    above, below = (
        sum(row.standing == side for row in account.rows) for side in ("above", "below")
    )
    spread = account.funnel.dispersion
    widened = (
        f" The limits are widened, as areas vary {spread:,.1f} times as much as by chance."
        if spread > 1
        else ""
    )
    return (
        f"Against the rate of all, areas above the limits at 99.8%: {above or 'none'}; below: "
        f"{below or 'none'}."
        f"{widened} That says where to look, not why."
    )


def _visitors(account: RatesAccount) -> list[str]:
    marked = [row for row in account.rows if row.visitors]
    if not marked:
        return []
    if account.asked.by == "lsoa":
        return [
            f"In {len(marked):,} small areas residents are the wrong measure, as many more people "
            "are about than live there; they are marked."
        ]
    names = "; ".join(f"{row.name} ({_part(row)})" for row in marked)
    return [
        "Residents are the wrong measure where many more people are about than live there, as in "
        f"a city centre. Part of the records of these areas lies in such small areas: {names}."
    ]


def _part(row: AreaRate) -> str:
    share = 100 * row.in_them / row.records if row.records else 0
    return f"{row.visitors:,} small, {share:.0f}% of its records"


def _changes(account: RatesAccount) -> list[str]:
    if account.total is None:
        return [NONE_COMPARES]
    verdicts = [row.change.verdict for row in account.rows if row.change]
    in_areas, in_all = (
        within_sentence(change_in_words(each)) for each in (account.total, account.everything)
    )
    return [
        f"{months_in_words(account.compared)} against {months_in_words(account.earlier)}, a day: "
        f"in all areas {in_areas}; with the records that lie in no area {in_all}. "
        f"More in {verdicts.count('more'):,} areas, fewer in {verdicts.count('fewer'):,}, no clear "
        f"change in {verdicts.count('no clear change'):,}."
    ]


def _without_area(account: RatesAccount) -> list[str]:
    none, whole = account.without_area
    said = [
        f"{none:,} of {whole:,} records ({100 * none / whole:.1f}%) lie in no area and are in no "
        "rate."
        if whole
        else "There is no record of this type in these months."
    ]
    if account.shares_without_code is None:
        return said
    later, earlier = account.shares_without_code
    apart = 100 * (1 - (100 - later) / (100 - earlier)) if earlier < 100 else 0.0
    words = "too low" if apart > 0 else "too high"
    beside = (
        f": beside the earlier months, the later ones of an area are about {abs(apart):.1f}% "
        f"{words} for that alone"
        if abs(apart) >= 0.05
        else ""
    )
    return [
        *said,
        f"Of the records of the compared months {later:.1f}% state no small area, of those a year "
        f"before {earlier:.1f}%{beside}.",
    ]


def rates_table(account: RatesAccount) -> SideTable:
    """An area a row: its rate and how it stands against all."""
    rows = tuple(
        (
            f"{row.name}, {row.code}" if account.asked.by == "npa" else row.name,
            f"{row.records:,}",
            f"{row.residents:,}",
            _rate(row.rate),
            NO_RATE if row.low is None else f"{row.low:.1f} to {row.high:.1f}",
            _rate(row.smoothed),
            STANDINGS[row.standing],
            measure_words(account, row),
            change_in_words(row.change),
        )
        for row in account.rows
    )
    columns = (
        *("Area", "Records", "Residents", "Rate", "Limits (95%)", "Smoothed rate"),
        *("Against all", "Residents as measure", "Against a year before"),
    )
    title = (
        f"{account.asked.kind_in_words} by {AREAS[account.asked.by]}: records for each {PER:,} "
        f"residents, {months_in_words(account.held) or 'no month held'}"
    )
    return SideTable(title, columns, rows)


def measure_words(account: RatesAccount, row: AreaRate) -> str:
    """Whether residents are a fair measure of an area."""
    if not row.visitors:
        return "Fair"
    return "Wrong: visitors" if account.asked.by == "lsoa" else f"Partly wrong: {_part(row)}"


COLUMNS: Final = (
    *("code", "name", "npa_code", "records", "residents", "rate", "low", "high", "smoothed"),
    *("expected", "standing", "by_chance_alone", "areas_of_visitors", "records_in_them"),
    *("before", "after", "ratio", "ratio_low", "ratio_high", "verdict"),
)


def figures_of(account: RatesAccount) -> dict[str, Any]:
    """The account as JSON has it."""
    target = account.funnel.target
    return {
        "type": account.asked.kind,
        "query": account.asked.params(),
        "caption": [*sentences(account), *map(event_words, account.events)],
        "per_residents": PER,
        "months": list(account.held),
        "months_compared": list(account.compared),
        "in_no_area": account.without_area[0],
        "target": None if math.isnan(target) else PER * target,
        "dispersion": account.funnel.dispersion,
        "areas": [_plain(row) for row in account.rows],
    }


def frame_of(account: RatesAccount) -> pd.DataFrame:
    """The account as rows, an area each; what cannot be said is blank."""
    rows = [_plain(row) for row in account.rows]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _plain(row: AreaRate) -> dict[str, Any]:
    found = row.change
    return {
        "code": row.code,
        "name": row.name,
        "npa_code": row.npa_code,
        "records": row.records,
        "residents": row.residents,
        "rate": _rounded(row.rate),
        "low": _rounded(row.low),
        "high": _rounded(row.high),
        "smoothed": _rounded(row.smoothed),
        "expected": _rounded(row.expected),
        "standing": row.standing,
        "by_chance_alone": row.by_chance_alone,
        "areas_of_visitors": row.visitors,
        "records_in_them": row.in_them,
        "before": found.before if found else None,
        "after": found.after if found else None,
        "ratio": _rounded(found.ratio) if found else None,
        "ratio_low": _rounded(found.interval.low) if found else None,
        "ratio_high": _rounded(found.interval.high) if found else None,
        "verdict": found.verdict if found else "not compared",
    }


def _rate(value: float | None) -> str:
    return NO_RATE if value is None else f"{value:.1f}"


def _rounded(value: float | None) -> float | None:
    """To four places; nothing for what is infinite or no number."""
    return None if value is None or not math.isfinite(value) else round(value, 4)


def _percent(ratio: float) -> str:
    if ratio == float("inf"):
        return "no limit"
    percent = round(100 * (ratio - 1))
    sign = "+" if percent > 0 else MINUS if percent < 0 else ""
    return f"{sign}{abs(percent)}%"
