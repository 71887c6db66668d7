"""The account of visits in plain words: what leads it, and each figure as a reader sees it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Final

from geo.dates import DateInterval, day_in_words
from geo.rotation import NOTICE_DAYS, Commitment, Standing, State, Tally
from layers import visited
from server.visits.account import Account, AreaAccount, Spread

IN_EACH_AREA: Final = (
    "A day counts in each area in which it had a stop, so that the days of the areas can add up to "
    "more than the days of the period."
)
"""Said wherever days by area stand beside days of the period or of its months."""
SHARED_OUT: Final = (
    "Days shared out are whole days: each area has the whole part of its share, and what is left "
    "goes to the largest remainders."
)
WEIGHTS: Final = {
    "residents": "residents",
    "deprivation": "residents of the most deprived three tenths of England's small areas",
}
STATES: Final[dict[State, str]] = {
    "met": "Met",
    "due": "Met, due soon",
    "possibly": "Possibly met",
    "overdue": "Overdue",
}


def sentences(account: Account) -> tuple[str, ...]:
    """What the account says, the commitment first, then the period, the reach and the spread."""
    led, *period = period_sentences(account)
    return (
        *standing_sentences(account),
        led,
        IN_EACH_AREA,
        *period,
        *_by_district(account),
        *spread_sentences(account),
        *doubt_sentences(account),
    )


def standing_sentences(account: Account) -> tuple[str, ...]:
    """How many areas the commitment is kept in, and in which it is not or not for long."""
    return (_commitment(account), *_by_state(account))


def period_sentences(account: Account) -> tuple[str, ...]:
    """The days and stops of the period, and how many residents they were near to."""
    return (
        _period(account),
        *_nothing(account),
        *_elsewhere(account),
        reach_sentence(account),
    )


def spread_sentences(account: Account) -> tuple[str, ...]:
    """How evenly the days are spread, and where the longest time without one was."""
    return (*(_spread(account, spread) for spread in account.spread), *_gap(account))


def by_district_sentence(account: Account) -> str:
    """How many stops each area has that are known by their district alone; empty without one."""
    counts = [
        f"{area.name} {tally_words(area.by_district)}"
        for area in account.npas
        if area.by_district.surely + area.by_district.possibly
    ]
    return f"Stops by area that are {visited.BY_DISTRICT}: {'; '.join(counts)}." if counts else ""


def tally_words(count: Tally) -> str:
    """A count, with what is possible beside it.

    >>> tally_words(Tally(2, 1))
    '2, 1 more possibly'
    """
    return (
        f"{count.surely:,}, {count.possibly:,} more possibly"
        if count.possibly
        else (f"{count.surely:,}")
    )


def standing_words(standing: Standing, on: date) -> str:
    """How an area stands, and by when another day is needed."""
    words = STATES[standing.state]
    if standing.needed_by is None:
        return words
    if standing.needed_by <= on:
        return f"{words} since {day_in_words(standing.needed_by)}"
    return f"{words}: another day by {day_in_words(standing.needed_by)}"


def last_words(standing: Standing) -> str:
    """When the latest visit was that is known."""
    if standing.last is None:
        return "None is held"
    words = standing.last.when()
    between = words.startswith("between")
    return f"{words[:1].upper()}{words[1:]}" if between else standing.last.in_words()


def gap_words(gap: DateInterval | None) -> str:
    """A run of days without a visit, and how long it is."""
    if gap is None:
        return "None"
    days = (gap.date_to - gap.date_from).days + 1
    return f"{days:,} {'day' if days == 1 else 'days'}, {gap.in_words()}"


def share_words(area: AreaAccount) -> str:
    """The part of an area's residents who live near a place visited."""
    if area.near is None or not area.residents:
        return "Not known"
    return f"{100 * area.near / area.residents:.0f}%"


def distance_words(distance_m: int) -> str:
    """A distance in kilometres.

    >>> distance_words(3000)
    '3 kilometres'
    """
    return f"{distance_m / 1000:g} {'kilometre' if distance_m == 1000 else 'kilometres'}"


def _commitment(account: Account) -> str:
    kept = [area for area in account.npas if area.standing.state in ("met", "due")]
    return (
        f"{len(kept)} of {len(account.npas)} Neighbourhood Policing Areas (NPAs) surely had the "
        f"{_days(account.commitment.days)} of visits {_in_months(account.commitment)} that ended "
        f"on {day_in_words(account.on)}."
    )


def _by_state(account: Account) -> list[str]:
    said = []
    for state, words in (
        ("overdue", "Fewer days are known in"),
        ("possibly", "It depends on dates that are in doubt for"),
        ("due", f"Another day is needed within {NOTICE_DAYS} days in"),
    ):
        names = [area.name for area in account.npas if area.standing.state == state]
        if names:
            all_of_them = 1 < len(names) == len(account.npas)
            said.append(f"{words} {'every area' if all_of_them else _and(names)}.")
    return said


def _period(account: Account) -> str:
    return (
        f"{account.period.in_words()}: {_days(account.days.surely)} of visits with "
        f"{account.stops.surely:,} {'stop' if account.stops.surely == 1 else 'stops'}. A day is "
        "one visitor on one date."
    )


def _nothing(account: Account) -> list[str]:
    """That a period without a visit says little, or nothing yet."""
    if account.period.date_from > account.on:
        return [
            f"This period had not begun on {day_in_words(account.on)}: its figures of 0 say "
            "nothing yet."
        ]
    if account.stops.surely + account.stops.possibly:
        return []
    return ["No visit of the kind that is counted is recorded, which does not mean none was made."]


def _elsewhere(account: Account) -> list[str]:
    """Stops of the period that no area has, so that the areas do not add up to them."""
    stops = account.stops.surely - sum(area.stops.surely for area in account.npas)
    if not stops:
        return []
    return [
        f"{stops:,} of these stops {'is' if stops == 1 else 'are'} in no area: without a "
        "location, outside the force area, from before the areas, or known by a district "
        "alone that lies in several."
    ]


def reach_sentence(account: Account) -> str:
    """How many residents live near a place visited in the period."""
    if not account.residents:
        return "How many residents live near a place visited is not known: none are held."
    part = 100 * account.near / account.residents
    return (
        f"{account.near:,} of {account.residents:,} residents ({part:.0f}%) live within "
        f"{distance_words(account.distance_m)} of a place visited in the period, in a straight "
        "line from the point of their small area (LSOA)."
    )


def _by_district(account: Account) -> list[str]:
    """How many stops of the period, surely or possibly in it, reach nobody, and why."""
    said = visited.sentence(account.by_district.surely + account.by_district.possibly)
    return [said] if said else []


def _spread(account: Account, spread: Spread) -> str:
    weight, total = WEIGHTS[spread.weight], sum(area.days.surely for area in account.npas)
    if math.isnan(spread.gini):
        return f"There are no days, or nobody, to say how the days are spread by {weight}."
    return (
        f"Shared out by {weight}, {spread.moved:,} of {_days(total)} would be in other areas; "
        f"the Gini coefficient is {spread.gini:.2f}, where 0 means that the days of each area are "
        "in step with these residents, and it is the nearer to 1 the fewer areas have the days."
    )


def _gap(account: Account) -> list[str]:
    def length(area: AreaAccount) -> int:
        return (area.gap.date_to - area.gap.date_from).days if area.gap else -1

    longest = max(account.npas, key=length, default=None)
    if longest is None or longest.gap is None:
        return []
    return [
        f"The longest time without a visit, counted within the period up to "
        f"{day_in_words(account.on)}, is in {longest.name}: {gap_words(longest.gap)}."
    ]


def doubt_sentences(account: Account) -> list[str]:
    """What may lie in the period or not."""
    stops = account.stops.possibly
    if not stops:
        return []
    return [
        f"{stops:,} more {'stop' if stops == 1 else 'stops'} may lie in the period: what is known "
        "of the dates reaches beyond it. They are counted apart and keep no commitment."
    ]


def _days(number: int) -> str:
    return f"{number:,} {'day' if number == 1 else 'days'}"


def _in_months(commitment: Commitment) -> str:
    return f"in the {'twelve' if commitment.months == 12 else commitment.months} months"


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
