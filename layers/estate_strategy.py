"""The estate beside its strategy: an enquiry office and public access in each policing area.

An area is said to go without only where the access of every site there is known, and the register
holds every site that was published. Else it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Final, Literal

import pandas as pd

from layers.answer import npa_names
from layers.audience import Audience
from layers.estate import estate_on
from layers.estate_money import Project, projects_of
from layers.estate_reconciled import access_of, desk_of, is_complete, reconciled
from layers.site_days import UNKNOWN
from layers.workspace import Workspace

State = Literal["met", "not-met", "not-known"]
AimName = Literal["enquiry_office", "public_access"]
SIGNS: Final = re.compile(r"\b(?:sign|signs|signage|lantern|lanterns)\b", re.IGNORECASE)
"""Words by which a project is told to be of the programme of signs and lanterns."""


@dataclass(frozen=True, slots=True)
class Aim:
    """How an area stands to one aim: the sites that meet it, and those that may."""

    state: State
    sites: tuple[str, ...]
    not_known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaStrategy:
    """One Neighbourhood Policing Area (NPA) and how it stands to each aim."""

    npa_code: str
    npa_name: str
    sites: int
    enquiry_office: Aim
    public_access: Aim


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A site that stands in one NPA and is commanded from another."""

    site_id: str
    name: str
    standing_npa: str
    commanding_npa: str


@dataclass(frozen=True, slots=True)
class Strategy:
    """The estate of a day beside its strategy."""

    day: date
    complete: bool
    areas: tuple[AreaStrategy, ...]
    elsewhere: tuple[Elsewhere, ...]
    signs: tuple[Project, ...]

    def areas_in(self, aim: AimName, state: State) -> list[str]:
        """The names of the areas that stand so to an aim."""
        return [area.npa_name for area in self.areas if getattr(area, aim).state == state]


def strategy_on(workspace: Workspace, day: date, audience: Audience, today: date) -> Strategy:
    """How the estate stood to its strategy on a day, as far as an audience may know."""
    sites = estate_on(workspace, day, audience, today)
    complete = is_complete(reconciled(workspace, audience, today))
    return Strategy(
        day,
        complete,
        areas_of(sites, npa_names(workspace), complete),
        commanded_from_elsewhere(sites),
        tuple(
            project
            for project in projects_of(workspace, audience, today)
            if SIGNS.search(project.project)
        ),
    )


def areas_of(
    sites: pd.DataFrame, names: Mapping[str, str], complete: bool
) -> tuple[AreaStrategy, ...]:
    """Each NPA and how it stands.

    Args:
        sites: the estate on a day, as `layers.estate.estate_on` gives it.
        names: the NPAs by code.
        complete: whether the register is known to hold every site.
    """
    desk, access = desk_of(sites), access_of(sites)
    return tuple(
        AreaStrategy(
            code,
            name,
            int((sites["standing_npa"] == code).sum()),
            _aim(sites, desk, code, complete),
            _aim(sites, access, code, complete),
        )
        for code, name in names.items()
    )


def commanded_from_elsewhere(sites: pd.DataFrame) -> tuple[Elsewhere, ...]:
    """The sites whose commanding NPA is not the one in which they stand."""
    stated = (sites["commanding_npa"] != "") & (sites["standing_npa"] != "")
    found = sites[stated & (sites["commanding_npa"] != sites["standing_npa"])]
    names = [field.name for field in fields(Elsewhere)]
    return tuple(
        Elsewhere(*map(str, row)) for row in found[names].itertuples(index=False, name=None)
    )


def _aim(sites: pd.DataFrame, judged: pd.Series, code: str, complete: bool) -> Aim:
    here = sites["standing_npa"] == code
    met: Sequence[str] = sites.loc[here & (judged == "yes"), "name"].tolist()
    doubt: Sequence[str] = sites.loc[here & (judged == UNKNOWN), "name"].tolist()
    state: State = "met" if met else "not-known" if doubt or not complete else "not-met"
    return Aim(state, tuple(met), tuple(doubt))
