"""A briefing in plain words: each figure with what it is of, and what is not held said as such."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from geo.dates import day_in_words, months_in_words
from geo.rates import Change, Verdict
from layers.crime import DEFAULT_CELL_M
from layers.crime_change import CrimeChanges
from layers.schema import in_words
from layers.visited import BY_DISTRICT
from layers.workspace import Workspace
from server.visits.briefing import NEAR_M, Briefing, Crime, Where
from server.visits.briefing_places import Concerns, Site, Zone
from server.visits.briefing_record import Issue, Planned, Record, Stop

NEAR_WORDS: Final = f"{NEAR_M / 1000:g} km"
VERDICTS: Final[dict[Verdict, str]] = {
    "more": "More",
    "fewer": "Fewer",
    "no clear change": "No clear change",
    "none": "None in either",
}
MOST_CONCERNS: Final = 6
SHOWN: Final = ("visits", "sites", "street_safe", "people_zones", "crime")


def facts(briefing: Briefing) -> list[tuple[str, str]]:
    """Where the place lies and what stands near it, as pairs of a term and what is known."""
    where = briefing.where
    said = [("Neighbourhood Policing Area (NPA)", _npa(briefing))]
    if where.npa:
        said.append(("Commander's area", _commanded(where)))
    said.append(("District", where.district or "Outside the districts of the force area"))
    residents = f"{where.residents:,} within {NEAR_WORDS}" if where.residents is not None else ""
    said.append(
        ("Residents (Census 2021)", residents or f"Not known: no small area within {NEAR_WORDS}")
    )
    said += [("Nearest site open to the public", _site(briefing.sites.to_callers, "held"))]
    if briefing.sites.nearer_unknown:
        said.append(("Nearer, access not known", _site(briefing.sites.nearer_unknown, "")))
    said.append(("People Zone", _zones(briefing.zones)))
    return said


def distance_words(distance_m: float) -> str:
    """A straight-line distance.

    >>> distance_words(641.2), distance_words(10_649.6)
    ('0.6 km', '10.6 km')
    """
    return f"{distance_m / 1000:.1f} km"


def change_words(change: Change) -> str:
    """A change in per cent with its limits.

    >>> from geo.rates import change
    >>> change_words(change(494, 690)), change_words(change(0, 6))
    ('+40% (+24% to +57%)', 'from none (+18% or more)')
    """
    low, high = change.interval.low, change.interval.high
    if math.isnan(change.ratio):
        return "none in either"
    if math.isinf(high):
        return f"from none ({_per_cent(low)} or more)"
    return f"{_per_cent(change.ratio)} ({_per_cent(low)} to {_per_cent(high)})"


def crime_changes_of(crime: Crime) -> list[tuple[str, Change, Change | None]]:
    """Each type, all crimes, then anti-social behaviour: near the place, and in the NPA if held."""

    def rows(changes: CrimeChanges) -> Iterable[tuple[str, Change]]:
        yield from changes.by_type
        yield "All crimes", changes.crimes
        yield "Anti-social behaviour (not crimes)", changes.anti_social_behaviour

    near = list(rows(crime.near))
    wider = [change for _, change in rows(crime.in_npa)] if crime.in_npa else [None] * len(near)
    return [(label, change, beside) for (label, change), beside in zip(near, wider, strict=True)]


def crime_rows(crime: Crime) -> list[tuple[str, ...]]:
    """Each type, all crimes, then anti-social behaviour: near the place and in the NPA.

    There are none where no month is held in both years: figures of no month would read as zero.
    """
    if not crime.months.compared:
        return []
    return [
        (label, *_figures(near), *(_figures(wider) if wider else ()))
        for label, near, wider in crime_changes_of(crime)
    ]


def crime_sentences(briefing: Briefing) -> list[str]:
    """What the table compares, which months are missing, and how sure it is."""
    crime = briefing.crime
    if crime is None:
        return ["No month of recorded crime before this day is held. That is not zero crime."]
    months = crime.months
    said = [
        f"{months.later.in_words()} compared with {months.earlier.in_words()}, in the "
        f"{len(crime.cells)} whole cells {DEFAULT_CELL_M / 1000:g} km across whose centre lies "
        f"within {NEAR_WORDS}" + (", and beside it in the whole NPA." if crime.in_npa else ".")
    ]
    if months.missing:
        missing = months_in_words(months.missing)
        said.append(
            f"No records are held for {missing}, which is not zero crime: "
            f"{len(months.compared)} of 12 months are compared."
        )
    if not months.compared:
        return [*said, "No month is held in both years, so there is nothing to compare."]
    if briefing.where.npa and not crime.in_npa:
        said.append("The NPAs were not the same all through both years, so theirs is left out.")
    if crime.events:
        bent = (f"{event.event} ({event.when.in_words()})" for event in crime.events)
        said.append(f"Events that bend these figures: {'; '.join(bent)}.")
    said.append(
        "In brackets are the limits within which the true change lies with 95% confidence; more or "
        "fewer is said only where both lie on the same side of no change. Of some fifteen lines "
        "about one may seem to change by chance alone; crimes come in bunches, so the "
        "true limits are wider still."
    )
    return said


def concern_words(concerns: Concerns, npa: str) -> str:
    """What Street Safe reports of the NPA name; ``npa`` is its name, empty where there is none."""
    if not npa:
        return "The place lies in no NPA, and reports are counted by NPA, so none is shown."
    if concerns.period is None:
        return f"No Street Safe report of {npa} is held from before the day."
    when = f"{npa} (the whole NPA), {concerns.period.in_words()}"
    doubtful = f", {concerns.possibly:,} more possibly" * bool(concerns.possibly)
    if not concerns.reports:
        return f"{when}: no report is held{doubtful}. That does not mean that nobody feels unsafe."
    named = "; ".join(
        f"{in_words(name)} {times:,}" for name, times in concerns.named[:MOST_CONCERNS]
    )
    reports = f"{concerns.reports:,} {'report' if concerns.reports == 1 else 'reports'}{doubtful}"
    return f"{when}: {reports}. Most named: {named}. People choose whether to report."


def stop_words(stop: Stop) -> str:
    """A stop in one line."""
    far = f", {distance_words(stop.distance_m)} away" if stop.distance_m is not None else ""
    far = f", {BY_DISTRICT}" if stop.by_district else far
    reason = f": {stop.reason}" if stop.reason else ""
    return (
        f"{stop.when.in_words()}, {stop.place}{far} ({in_words(stop.visit_type).lower()}){reason}"
    )


def issue_words(issue: Issue, briefing: Briefing, follow_up: bool) -> str:
    """What was raised, and, as a follow-up, with whom it lies and when its answer is due."""
    said = f"{in_words(issue.theme)}, {issue.place}, {issue.when.in_words()}: {issue.issue}"
    if not follow_up:
        state = in_words(issue.status).lower()
        return f"{said} ({state}{f': {issue.outcome}' if issue.outcome else ''})"
    lies_with = in_words(issue.referred_to)
    due = f"due {issue.due.in_words()}" if issue.due else "no day set"
    late = "overdue, " * issue.overdue(briefing.on)
    return f"{said} ({late}{due}; referred to: {lies_with})"


def planned_words(planned: Planned, record: Record) -> str:
    """A planned stop in one line; one whose day is not settled says so.

    The reason of several stops is said at the first of them.
    """
    at = planned.starts or "no time set"
    first = next(stop for stop in record.planned if stop.reason == planned.reason)
    reason = f": {planned.reason}" if planned.reason and first is planned else ""
    unsure = "" if planned.when.is_day else f", possibly ({planned.when.in_words()})"
    return f"{at}, {planned.place} ({planned.visitor}){unsure}{reason}"


def more_words(shown: int, total: int) -> str:
    """What a shortened list leaves out."""
    left = total - shown
    return f"{left:,} more {'is' if left == 1 else 'are'} held." if left > 0 else ""


def none_held(kind: str, held: int) -> str:
    """That nothing is held, which is not that nothing was; ``held`` counts the whole register."""
    if kind == "plan":
        return "No stop of that day is held as planned."
    singular, plural = {
        "visit": ("earlier stop", "earlier stops"),
        "issue": ("issue", "issues raised"),
    }[kind]
    if not held:
        return f"No {singular} has been recorded yet, of any place."
    return (
        f"None is held ({held:,} {plural} are held of all places), which does not mean that there "
        "was none."
    )


def sources(briefing: Briefing, workspace: Workspace) -> list[str]:
    """Where each block comes from, and what is said of it everywhere."""
    notices = [line for layer in SHOWN for line in workspace.notices.get(layer, [])]
    crime = (
        f"Recorded crime: data.police.uk, as imported; held to "
        f"{briefing.crime.months.later.date_to:%B %Y} before the day; positions are anonymised."
        if briefing.crime
        else "Recorded crime: none is held."
    )
    return [
        f"Areas: {workspace.ground.npas.detail}. Distances are straight lines.",
        crime,
        f"Street Safe: reports as imported, of the NPA. Sites: {briefing.sites.held:,} held as "
        "standing on the day. People Zones, visits, issues raised and planned stops: the office's "
        "registers.",
        *notices,
    ]


def title_of(briefing: Briefing) -> str:
    """The title of the sheet."""
    return f"Briefing: {briefing.where.place.name}, {day_in_words(briefing.on)}"


def _commanded(where: Where) -> str:
    """The part of the force that commands the place, as the ground calls it, and how large it is.

    >>> from types import SimpleNamespace
    >>> _commanded(SimpleNamespace(commanded_in="north", commanded_npas=5))
    'North (5 NPAs)'
    """
    if not where.commanded_in:
        return "Not held"
    many = f"{where.commanded_npas} {'NPA' if where.commanded_npas == 1 else 'NPAs'}"
    return f"{where.commanded_in[:1].upper()}{where.commanded_in[1:]} ({many})"


def _npa(briefing: Briefing) -> str:
    where = briefing.where
    if where.npa:
        return f"{where.npa}, {where.npa_code}"
    return "None: outside the force area, or the day is before the areas"


def _site(site: Site | None, held: str) -> str:
    if site is None:
        return f"None is {held} as open to callers or by appointment; unknown is not none"
    access = "" if not held else f" ({in_words(site.access).lower()})"
    doubt = ", may not stand then" if site.in_doubt else ""
    address = f", {site.address}" if site.address else ""
    return f"{site.name}{address}: {distance_words(site.distance_m)} away{access}{doubt}"


def _zones(zones: Sequence[Zone]) -> str:
    if not zones:
        return f"None in force is held within {NEAR_WORDS}"
    return "; ".join(_zone(zone) for zone in zones)


def _zone(zone: Zone) -> str:
    away = f"{distance_words(zone.distance_m)} away"
    said = [f"{zone.name}: {away if zone.distance_m else 'the place lies in it'}"]
    said += ["outline approximate"] * zone.approximate
    return ", ".join([*said, *["may not be in force then"] * zone.in_doubt])


def _figures(change: Change) -> tuple[str, str, str, str]:
    return (
        f"{change.after:,}",
        f"{change.before:,}",
        change_words(change),
        VERDICTS[change.verdict],
    )


def _per_cent(ratio: float) -> str:
    part = round(100 * (ratio - 1))
    return f"{part:+,}%".replace("-", "\N{MINUS SIGN}")
