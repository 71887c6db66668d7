"""The papers on visits: for the Panel and for the Annual Report, each of a period."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from geo.dates import DateInterval, day_in_words
from layers.audience import Audience
from layers.errors import BadQuery
from layers.glossary import glossary
from layers.query import interval_value
from server.papers import sections
from server.papers.material import material_of
from server.papers.paper import Paper, Section
from server.papers.sections import Parts
from server.papers.terms import with_terms
from server.pictures.page import STAFF_NOTICE
from server.services import services
from server.visits import words
from server.visits.asked import VISITS, Asked, asked_for, period_params, year_of

FOR_STAFF: Final = "For staff: not for publication"
"""Said with the marking of each page of a paper that holds what the public may not see."""
SINCE_PARAM: Final = "since"
PERIOD_PARAMS: Final = ("from", "to")
PARAMS: Final = (*PERIOD_PARAMS, SINCE_PARAM)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of paper: its name and title, the sections it has, and how its period is said."""

    label: str
    title: str
    parts: tuple[Callable[[Parts], Section], ...]
    time: Callable[[DateInterval], str]


def financial_year_words(period: DateInterval) -> str:
    """A financial year as its papers are titled.

    >>> financial_year_words(DateInterval(date(2024, 4, 1), date(2025, 3, 31)))
    'financial year 2024-25'

    Raises:
        BadQuery: the period is not one from April to March.
    """
    if period != year_of(period.date_from):
        raise BadQuery(
            "The annual report covers a financial year, from 1 April to 31 March; given "
            f"{day_in_words(period.date_from)} to {day_in_words(period.date_to)}."
        )
    first = period.date_from.year
    return f"financial year {first}-{(first + 1) % 100:02}"


PANEL: Final = "panel"
ANNUAL: Final = "annual"
PAPERS: Final[Mapping[str, _Kind]] = MappingProxyType(
    {
        PANEL: _Kind(
            "Report to the Panel",
            "Community visits: report to the Police and Crime Panel",
            (
                sections.summary,
                sections.commitment,
                sections.map_of_visits,
                sections.table_of_visits,
                sections.spread,
                sections.outcomes,
                sections.office,
                sections.changes,
                sections.events,
                sections.method,
                sections.sources,
                sections.live_view,
            ),
            DateInterval.in_words,
        ),
        ANNUAL: _Kind(
            "Annual Report",
            "Community visits: map and figures for the Annual Report",
            (
                sections.summary,
                sections.commitment,
                sections.map_of_visits,
                sections.totals,
                sections.spread,
                sections.method,
                sections.sources,
                sections.live_view,
            ),
            financial_year_words,
        ),
    }
)


@dataclass(frozen=True, slots=True)
class PaperAsked:
    """Which paper is wanted: its kind, the period, the day of the last paper, for whom."""

    kind: str
    visits: Asked
    since: date | None
    audience: Audience

    @property
    def name(self) -> str:
        """What files of the paper are called before their ending."""
        period = self.visits.period
        mine = "" if self.audience is Audience.PUBLIC else f"-{self.audience}"
        return f"{self.kind}{mine}-{period.date_from}-to-{period.date_to}"

    def params(self) -> list[tuple[str, str]]:
        """The period and the day as address parameters."""
        ends = period_params(self.visits.period)
        return [*ends, (SINCE_PARAM, self.since.isoformat())] if self.since else ends


MOST_MONTHS: Final = 480
"""The longest period of a paper, whose charts have a bar a month."""


def asked_paper(kind: str, params: Mapping[str, list[str]], audience: Audience) -> PaperAsked:
    """Read what is asked of a paper.

    Raises:
        BadQuery: no such kind, another parameter, a value that cannot be used, or a period that
            is none which the kind of paper covers.
    """
    if kind not in PAPERS:
        raise BadQuery(f"A paper is needed, one of {', '.join(PAPERS)}; given {kind!r}.")
    for name in params:
        if name not in PARAMS:
            raise BadQuery(
                f"A paper on visits can be asked for by {', '.join(PARAMS)}; given {name!r}."
            )
    since = interval_value(params, SINCE_PARAM)
    if since and kind != PANEL:
        raise BadQuery(f"Only the paper for the Panel says what changed; leave {SINCE_PARAM} out.")
    period = {name: values for name, values in params.items() if name != SINCE_PARAM}
    visits = asked_for(period, audience)
    PAPERS[kind].time(visits.period)
    if len(visits.period.months()) > MOST_MONTHS:
        raise BadQuery(
            f"A paper covers at most {MOST_MONTHS} months; given {visits.period.in_words()}."
        )
    return PaperAsked(kind, visits, since.date_from if since else None, audience)


def paper_of(asked: PaperAsked) -> Paper:
    """The paper that is asked for, of what is held now."""
    have, kind = services(), PAPERS[asked.kind]
    material = material_of(asked.visits, asked.audience)
    notices = (STAFF_NOTICE,) * (asked.audience is Audience.STAFF)
    parts = Parts(material, have.settings.marking, notices, asked.since)
    paper = Paper(
        name=asked.name,
        title=kind.title,
        subtitle=f"{have.workspace.ground.force.area_name}: {kind.time(material.period)}",
        office="Office of the Police and Crime Commissioner",
        marking=_page_marking(have.settings.marking, asked.audience),
        as_of=material.account.on,
        summary=f"{material.visits.caption[0]} {words.sentences(material.account)[0]}",
        notices=notices,
        sections=tuple(part(parts) for part in kind.parts),
        data=((VISITS, material.visits), ("commitment", material.commitment)),
    )
    return with_terms(paper, glossary(have.workspace))


def _page_marking(marking: str, audience: Audience) -> str:
    return f"{marking}. {FOR_STAFF}" if audience is Audience.STAFF else marking
