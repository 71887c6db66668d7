"""The tables of the account, as its page and the papers show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from geo.dates import day_in_words
from server.visits import words
from server.visits.account import Account, AreaAccount

BY_DISTRICT_TITLE: Final = "Stops known by district alone"


def standing_table(account: Account) -> Mapping[str, Sequence[Any]]:
    """How each area stands to the commitment on the day of the account."""
    return {
        "columns": (
            "NPA",
            "How it stands",
            f"Days in the twelve months to {day_in_words(account.on)}",
            "Last visit",
        ),
        "rows": [
            (
                area.name,
                words.standing_words(area.standing, account.on),
                words.tally_words(area.standing.window),
                words.last_words(area.standing),
            )
            for area in account.npas
        ],
    }


def spread_table(account: Account, by_district: bool = True) -> Mapping[str, Sequence[Any]]:
    """The days of the period beside the share of each area, its stops and its reach.

    Where stops are known by their district alone, a column says how many, unless ``by_district``
    leaves that to a sentence.
    """
    wide = by_district and bool(account.by_district.surely + account.by_district.possibly)
    shares = [[f"{share:,}" for share in spread.shares] for spread in account.spread]
    return {
        "columns": (
            "NPA",
            "Days",
            *(f"Shared out by {spread.weight}" for spread in account.spread),
            "Stops",
            *(BY_DISTRICT_TITLE,) * wide,
            "Longest time without a visit",
            "Residents near a place visited",
        ),
        "rows": [
            (
                area.name,
                words.tally_words(area.days),
                *(share[number] for share in shares),
                words.tally_words(area.stops),
                *(words.tally_words(area.by_district),) * wide,
                words.gap_words(area.gap),
                words.share_words(area),
            )
            for number, area in enumerate(account.npas)
        ],
    }


def area_table(areas: Sequence[AreaAccount], heading: str) -> Mapping[str, Sequence[Any]]:
    """Days, stops and reach by area, of whatever kind the heading names."""
    return {
        "columns": (heading, "Days", "Stops", "Last visit", "Residents near a place visited"),
        "rows": [
            (
                area.name,
                words.tally_words(area.days),
                words.tally_words(area.stops),
                words.last_words(area.standing),
                words.share_words(area),
            )
            for area in areas
        ],
    }
