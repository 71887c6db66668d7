"""What is asked of the paper on the estate: of which day, since when, for whom, which scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qs

from layers.audience import Audience
from layers.errors import BadQuery
from layers.query import interval_value
from server import forms
from server.estate.asked import AS_OF
from server.estate.coverage.asked import Asked as CoverageAsked
from server.estate.coverage.asked import asked as coverage_asked
from server.estate.what_if.scenario import SCENARIO_PARAMS, Scenario, scenario_of
from server.map_state import STATE_PARAMS
from server.papers.asking import FOR_PARAM, audience_fields, audience_of
from server.pictures.picture import SIZE_PARAM
from server.requests import with_query
from server.services import services

SINCE_PARAM: Final = "since"
SCENARIO_PARAM: Final = "scenario"
PARAMS: Final = (AS_OF, SINCE_PARAM, SCENARIO_PARAM)
PAGE: Final = "/estate/report"
MOST_SCENARIOS: Final = 4

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A scenario and how its coverage is counted, both as an address of /estate/what-if has it."""

    coverage: CoverageAsked
    scenario: Scenario

    def params(self) -> list[Pair]:
        """It as address parameters of /estate/what-if."""
        return [*self.coverage.params(), *self.scenario.params()]

    @property
    def query(self) -> str:
        """It as the query of such an address, of whatever day the paper is."""
        pairs = [pair for pair in self.params() if pair[0] != AS_OF]
        return with_query("", pairs).removeprefix("?")


@dataclass(frozen=True, slots=True)
class EstatePaperAsked:
    """The paper on the estate of a day; with ``since``, what changed from that day to this."""

    day: date
    since: date | None
    audience: Audience
    proposals: tuple[Proposal, ...] = ()

    @property
    def name(self) -> str:
        """What files of the paper are called before their ending."""
        mine = "" if self.audience is Audience.PUBLIC else f"-{self.audience}"
        return f"estate{mine}-as-of-{self.day}"

    @property
    def coverage(self) -> CoverageAsked:
        """The coverage by enquiry desks, as its page shows it at first."""
        return CoverageAsked(self.audience, self.day)

    def params(self) -> list[Pair]:
        """What is asked as address parameters, the day written out."""
        since = [(SINCE_PARAM, self.since.isoformat())] if self.since else []
        mine = [(FOR_PARAM, str(self.audience))] if self.audience is Audience.STAFF else []
        scenarios = [(SCENARIO_PARAM, each.query) for each in self.proposals]
        return [(AS_OF, self.day.isoformat()), *since, *scenarios, *mine]


def asked_paper(params: Mapping[str, Sequence[str]], audience: Audience) -> EstatePaperAsked:
    """Read what is asked of the paper.

    Raises:
        BadQuery: a parameter or value that cannot be used, or a scenario in a paper for the public.
    """
    for name in params:
        if name not in PARAMS:
            raise BadQuery(
                f"The paper on the estate can be asked for by {', '.join(PARAMS)}; given {name!r}."
            )
    as_of, since = (interval_value(params, name) for name in (AS_OF, SINCE_PARAM))
    day = as_of.date_to if as_of else services().today
    if since and since.date_to >= day:
        raise BadQuery(
            f"{SINCE_PARAM} must be a day before the paper's own, {day}; given {since.date_to}."
        )
    given = tuple(text.strip() for text in params.get(SCENARIO_PARAM, ()) if text.strip())
    if given and audience is not Audience.STAFF:
        raise BadQuery(
            "Scenarios are for staff alone, so a paper for the public holds none. Leave "
            f"{SCENARIO_PARAM} out, or ask for the paper for staff."
        )
    return EstatePaperAsked(day, since.date_to if since else None, audience, _proposals(given, day))


def page_asked(params: Mapping[str, Sequence[str]]) -> EstatePaperAsked:
    """Read the parameters of this request.

    The paper holds what the public may see unless staff ask for more.

    Raises:
        BadQuery: a parameter or value that cannot be used.
    """
    rest = {name: list(values) for name, values in params.items() if name != FOR_PARAM}
    return asked_paper(rest, audience_of(params))


def fields_of(asked: EstatePaperAsked) -> list[dict[str, Any]]:
    """The controls of the page, holding what is asked; one more scenario can be given to staff."""
    since = asked.since.isoformat() if asked.since else ""
    fields = [
        forms.date_field(AS_OF, "As of", asked.day.isoformat(), "The estate as it stood then."),
        forms.date_field(SINCE_PARAM, "Day of the last paper", since, "To say what changed since."),
    ]
    fields += [
        {
            "name": SCENARIO_PARAM,
            "kind": "kept",
            "value": each.query,
            "label": f"Scenario {number}",
            "remove": f"Leave scenario {number} out",
            "remove_url": with_query(PAGE, _without(asked, number - 1)),
        }
        for number, each in enumerate(asked.proposals, start=1)
    ]
    mine = audience_fields(asked.audience)
    if mine and len(asked.proposals) < MOST_SCENARIOS:
        hint = "For staff alone: the address of a scenario, from What if."
        fields.append(
            {
                "name": SCENARIO_PARAM,
                "label": "Add a scenario",
                "kind": "text",
                "value": "",
                "hint": hint,
            }
        )
    return [*fields, *mine]


def _without(asked: EstatePaperAsked, left_out: int) -> list[Pair]:
    """What is asked without one of its scenarios."""
    rest = (*asked.proposals[:left_out], *asked.proposals[left_out + 1 :])
    return replace(asked, proposals=rest).params()


def _proposals(given: Sequence[str], day: date) -> tuple[Proposal, ...]:
    if len(given) > MOST_SCENARIOS:
        raise BadQuery(f"A paper compares {MOST_SCENARIOS} scenarios at most; given {len(given)}.")
    found = tuple(_proposal(text, day) for text in given)
    for number, each in enumerate(found, start=1):
        if each.coverage != found[0].coverage:
            raise BadQuery(
                "Scenarios can be compared if they ask for the same service, distances, minutes "
                f"and ways; scenario {number} differs in them from the first."
            )
    return found


def _proposal(text: str, day: date) -> Proposal:
    """A scenario from the query of an address of /estate/what-if, or from the whole address."""
    params = parse_qs(text.rpartition("?")[2], keep_blank_values=True)
    mine = {name: values for name, values in params.items() if name in SCENARIO_PARAMS}
    without = {*SCENARIO_PARAMS, *STATE_PARAMS, SIZE_PARAM}
    rest = {name: values for name, values in params.items() if name not in without}
    coverage = coverage_asked({AS_OF: [day.isoformat()], **rest}, audience=Audience.STAFF)
    if coverage.as_of != day:
        raise BadQuery(
            f"{SCENARIO_PARAM} must be of the day of the paper, {day}; given {coverage.as_of}. "
            f"Give that day as {AS_OF}, or leave it out of the scenario."
        )
    proposal = Proposal(coverage, scenario_of(mine, coverage.sites()))
    if not proposal.scenario.changes:
        raise BadQuery(
            f"{SCENARIO_PARAM} must make a change by one of {', '.join(SCENARIO_PARAMS)}, as an "
            f"address of /estate/what-if does; given {text[:60]!r}."
        )
    return proposal
