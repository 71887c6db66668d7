"""What a scenario changes in plain words: what it does, who gains and loses, what it costs."""

from __future__ import annotations

from collections.abc import Sequence

from boundaries.small_areas import DECILE, NPA
from geo.dates import day_in_words
from geo.what_if import Change, worst_served
from layers.opening_hours import week_of
from layers.schema import in_words
from server.estate.coverage.words import kilometres, label_words, whole_minutes
from server.estate.growth import HOMES, added_in_words, homes_in_words, homes_value
from server.estate.what_if import hours
from server.estate.what_if.account import Sum, WhatIf
from server.estate.what_if.grown import grown, within
from server.estate.what_if.scenario import ACCESS_PARAM, CLOSE, HOURS, MOVE, NEW_HOURS, OPEN, Pair
from server.phrases import MINUS, within_sentence
from server.points import name_of

MOST_DEPRIVED = ("1", "2", "3")
WORST = 3


def changes_in_words(found: WhatIf) -> list[tuple[str, Pair]]:
    """Each change as a sentence, with the parameter that makes it."""
    scenario, estate = found.scenario, found.before.estate
    names = dict(zip(estate["site_id"], estate["name"], strict=True))
    return [
        *((f"{names[site]} closes.", (CLOSE, site)) for site in scenario.closed),
        *((f"A site opens at {place.label}.", (OPEN, name_of(place))) for place in scenario.opened),
        *(
            (f"{names[site]} moves to {place.label}.", (MOVE, f"{site}:{name_of(place)}"))
            for site, place in scenario.moved
        ),
        *(
            (
                f"Public access at {names[site]} becomes: {in_words(access).lower()}.",
                (ACCESS_PARAM, f"{site}:{access}"),
            )
            for site, access in scenario.access
        ),
        *(
            (f"The hours of {names[site]} become: {_week(found, text)}.", (HOURS, f"{site}:{text}"))
            for site, text in scenario.hours
        ),
        *(
            [
                (
                    f"Sites that open have the hours: {_week(found, scenario.new_hours)}.",
                    (NEW_HOURS, scenario.new_hours),
                )
            ]
            if scenario.new_hours
            else []
        ),
        *(
            (homes_in_words(scenario.growth, homes), (HOMES, homes_value(homes)))
            for homes in scenario.growth.homes
        ),
    ]


def sentences(found: WhatIf) -> tuple[str, ...]:
    """What the scenario changes, the residents first."""
    if not found.scenario.changes:
        return (
            f"The estate as it stands on {day_in_words(found.asked.as_of)}. Close, open or move a "
            "site, or change its public access or its hours, to see what would change for whom.",
            *_growth(found),
        )
    return (
        *_moved(found),
        *_deprived(found),
        *_growth(found),
        *_worst(found),
        *hours.sentences(found),
        *_desks(found),
        *_money(found),
        "Sites that may give the service are counted neither before nor after. A site that opens "
        "is taken to be open to callers.",
    )


def sum_words(amount: Sum, unit: str) -> str:
    """A figure of the estate, and of how many sites it is not known.

    >>> sum_words(Sum(1200.0, 3, 1), "m²")
    '1,200 m² at 2 sites; not known at 1'
    """
    known = amount.sites - amount.unknown
    if not known:
        return f"Not known at any of {amount.sites:,} sites"
    figure = f"£{amount.total:,.0f}" if unit == "£" else f"{amount.total:,.0f} {unit}"
    rest = f"; not known at {amount.unknown:,}" if amount.unknown else ""
    return f"{figure} at {known:,} {'site' if known == 1 else 'sites'}{rest}"


def signed(number: float) -> str:
    """A change with its sign.

    >>> signed(1234), signed(0)
    ('+1,234', '0')
    """
    rounded = round(number)
    return "0" if not rounded else f"{'+' if rounded > 0 else MINUS}{abs(rounded):,}"


def _week(found: WhatIf, text: str) -> str:
    week = week_of(text, found.asked.as_of)
    return f"{week.in_words()} ({week.hours:g} hours a week)"


def _moved(found: WhatIf) -> list[str]:
    """Who gains and who loses, as far as it is known where residents live."""
    if not found.before.coverage.held:
        return ["What changes for how many residents is not known: no small area is held."]
    return [*_by_table(found), _led(found), _nearer(found)]


def _by_table(found: WhatIf) -> list[str]:
    """What changes by the minutes of a table, where one is asked for; distances stay straight."""
    if found.asked.ways.by != "table":
        return []
    moved = found.by_minutes
    said = "; ".join(
        f"within {whole_minutes(minutes)} "
        f"{moved.before.total.within[number]:,.0f} residents before, "
        f"{moved.after.total.within[number]:,.0f} after"
        for number, minutes in enumerate(found.asked.minutes)
    )
    return [
        f"By the table of travel times: {said}. All that is told in kilometres, and the map, is by "
        "straight lines."
    ]


def _led(found: WhatIf) -> str:
    said = "; ".join(
        f"within {kilometres(metres)} {_gained(found.difference.total, number)}"
        for number, metres in enumerate(found.asked.distances_m)
    )
    changes = found.scenario.changes
    return (
        f"With {'this change' if changes == 1 else f'these {changes} changes'}, of the residents "
        f"near {'an' if found.asked.service.site[0] in 'aeiou' else 'a'} "
        f"{found.asked.service.site}: {said}."
    )


def _gained(change: Change, number: int) -> str:
    gained, lost = round(change.gained[number]), round(change.lost[number])
    if not gained and not lost:
        return "nothing changes"
    return f"{gained:,} are won and {lost:,} lost"


def _nearer(found: WhatIf) -> str:
    total = found.difference.total
    before, after = found.before.coverage.sure.total.mean, found.after.coverage.sure.total.mean
    mean = ""
    if before is not None and after is not None:
        mean = (
            f" The mean distance goes from {kilometres(before)} to {kilometres(after)}, along the "
            "way, estimated."
        )
    return (
        f"{total.nearer:,.0f} residents have a shorter way to the nearest one than before, "
        f"{total.farther:,.0f} a longer one.{mean}"
    )


def _deprived(found: WhatIf) -> list[str]:
    changes = found.difference.groups[DECILE]
    rows = [changes[label] for label in MOST_DEPRIVED if label in changes]
    nearer, farther = (
        round(sum(getattr(row, side) for row in rows)) for side in ("nearer", "farther")
    )
    if not rows or not (nearer or farther):
        return []
    return [
        "Of those in the most deprived three tenths of England's small areas, "
        f"{nearer:,} have a shorter way and {farther:,} a longer one."
    ]


def _growth(found: WhatIf) -> list[str]:
    """What planned homes add, and how near they are, so that growth and distance can be weighed."""
    growth, homes = found.scenario.growth, grown(found)
    if not homes:
        return []
    near = []
    for metres in found.asked.distances_m:
        before, after = within(homes, metres)
        near.append(f"within {kilometres(metres)} are {before:,} before and {after:,} after")
    return [
        f"{added_in_words(growth)} All figures count them, before and after alike. Of these new "
        f"residents {'; '.join(near)}."
    ]


def _worst(found: WhatIf) -> list[str]:
    before, after = (
        [label_words(NPA, label) for label in worst_served(side.coverage.sure, NPA, _middle(found))]
        for side in (found.before, found.after)
    )
    if not after:
        return []
    metres = kilometres(found.asked.distances_m[_middle(found)])
    same = (
        " as before"
        if before[:WORST] == after[:WORST]
        else (f"; before, they were in {_and(before[:WORST])}")
    )
    return [f"The fewest residents within {metres} would be in {_and(after[:WORST])}{same}."]


def _middle(found: WhatIf) -> int:
    return len(found.asked.distances_m) // 2


def _desks(found: WhatIf) -> list[str]:
    lost = [code for code in found.after.without_desk if code not in found.before.without_desk]
    won = [code for code in found.before.without_desk if code not in found.after.without_desk]
    said = []
    if lost:
        said.append(f"No enquiry desk would be documented any more in {_areas(lost)}.")
    if won:
        said.append(f"An enquiry desk would be new to what is documented in {_areas(won)}.")
    none = [code for code in found.after.without_desk if code not in found.after.maybe_desk]
    if none:
        said.append(f"No site that is or may be an enquiry desk would be in {_areas(none)}.")
    if found.after.maybe_desk:
        said.append(f"Whether there is one is not known in {_areas(found.after.maybe_desk)}.")
    return said


def _money(found: WhatIf) -> list[str]:
    said = []
    for title, unit, name in (
        ("Running costs a year", "£", "running_cost_gbp"),
        ("Floor area", "m²", "floor_area_m2"),
    ):
        before, after = getattr(found.before, name), getattr(found.after, name)
        said.append(
            f"{title}: {within_sentence(sum_words(before, unit))} before, "
            f"{within_sentence(sum_words(after, unit))} after."
        )
    return said


def _areas(codes: Sequence[str]) -> str:
    return _and([label_words(NPA, code) for code in codes])


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
