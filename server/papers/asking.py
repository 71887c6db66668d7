"""How the page of the papers is asked: which paper, of when, and for whom; and its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from layers.audience import Audience
from layers.errors import BadQuery
from layers.query import single_value
from server.access import current_audience
from server.papers.visits import PANEL, PAPERS, SINCE_PARAM, PaperAsked, asked_paper
from server.visits.asked import NoVisits, this_year

KIND_PARAM: Final = "paper"
FOR_PARAM: Final = "for"


@dataclass(frozen=True, slots=True)
class PageAsked:
    """A paper, by the address of its page."""

    paper: PaperAsked

    def file_params(self) -> list[tuple[str, str]]:
        """The parameters of the paper's files, which name its kind in their path."""
        audience = self.paper.audience
        mine = [(FOR_PARAM, str(audience))] if audience is Audience.STAFF else []
        return [*self.paper.params(), *mine]


def page_asked(params: Mapping[str, Sequence[str]], kind: str = "") -> PageAsked:
    """Read the parameters of this request; a ``kind`` is named by its path.

    Papers are for publication, so they hold what the public may see unless staff ask for more.

    Raises:
        BadQuery: a parameter or value that cannot be used.
    """
    own = {FOR_PARAM} if kind else {FOR_PARAM, KIND_PARAM}
    rest = {name: list(values) for name, values in params.items() if name not in own}
    kind = kind or single_value(params, KIND_PARAM) or PANEL
    return PageAsked(asked_paper(kind, rest, audience_of(params)))


def fields_of(asked: PageAsked) -> list[dict[str, Any]]:
    """The controls of the page, holding what is asked."""
    paper, period = asked.paper, asked.paper.visits.period
    kinds = [(name, kind.label) for name, kind in PAPERS.items()]
    since = paper.since.isoformat() if paper.since else ""
    hint = "For the Panel's paper. Left blank, the period before is compared."
    fields: list[dict[str, Any]] = [
        {"name": KIND_PARAM, "label": "Paper", "kind": "select", "value": paper.kind,
         "options": kinds, "hint": ""},
        _date("from", "From", period.date_from.isoformat(), ""),
        _date("to", "To", period.date_to.isoformat(), ""),
        _date(SINCE_PARAM, "Day of the last paper", since, hint),
    ]  # fmt: skip
    return [*fields, *audience_fields(paper.audience)]


def audience_fields(audience: Audience) -> list[dict[str, Any]]:
    """The control with which staff say for whom a paper is; the public have none."""
    if current_audience() is not Audience.STAFF:
        return []
    options = [("public", "The public"), ("staff", "Staff: not for publication")]
    return [
        {
            "name": FOR_PARAM,
            "label": "For",
            "kind": "select",
            "value": str(audience),
            "options": options,
            "hint": "",
        }
    ]


def fields_for(params: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """The controls of the page for what its address asks; this year's where no visit is held.

    Raises:
        BadQuery: a parameter or value that cannot be used.
    """
    try:
        return fields_of(page_asked(params))
    except NoVisits:
        return fields_of(page_asked({**params, **this_year()}))


def audience_of(params: Mapping[str, Sequence[str]]) -> Audience:
    """For whom a paper is asked: the public, unless staff ask for theirs.

    Raises:
        BadQuery: no audience, or one that whoever asks may not ask for.
    """
    text = single_value(params, FOR_PARAM) or str(Audience.PUBLIC)
    if text not in set(map(str, Audience)):
        raise BadQuery(f"{FOR_PARAM} must be one of {', '.join(Audience)}; given {text!r}.")
    if text == Audience.STAFF and current_audience() is not Audience.STAFF:
        raise BadQuery(f"{FOR_PARAM} can be {text} for staff alone; leave it out.")
    return Audience(text)


def _date(name: str, label: str, value: str, hint: str) -> dict[str, Any]:
    return {"name": name, "label": label, "kind": "date", "value": value, "hint": hint}
