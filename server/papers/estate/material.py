"""What the paper on the estate is made from: the same values that feed the estate's pages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from layers.answer import answer
from layers.estate import SiteChange, estate_between, held_sites
from layers.estate_money import Project, Section106Item, projects_of, section_106_of
from layers.estate_reconciled import Reconciled, reconciled
from layers.estate_registers import ESTATE
from layers.estate_strategy import Strategy, strategy_on
from layers.query import LayerQuery
from layers.site_schema import ACCESS
from layers.view import View
from server.estate.coverage.account import CoverageAccount, coverage_account
from server.estate.coverage.asked import RESPONSE
from server.estate.what_if.account import WhatIf, what_if
from server.papers.estate.asked import EstatePaperAsked
from server.services import services


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """The estate of a day for an audience: its register, money, strategy, coverage, scenarios.

    ``register`` holds the sites that stood on the day, surely or possibly; ``held`` counts those of
    all times. Projects and Section 106 items are as they are held now, their days counted to the
    paper's. ``response`` is coverage by response bases. ``changes`` are those since the day of the
    last paper, empty where none was given.
    """

    asked: EstatePaperAsked
    register: View
    held: int
    totals: tuple[Reconciled, ...]
    strategy: Strategy
    projects: tuple[Project, ...]
    items: tuple[Section106Item, ...]
    coverage: CoverageAccount
    response: CoverageAccount
    scenarios: tuple[WhatIf, ...]
    changes: tuple[SiteChange, ...]


def material_of(asked: EstatePaperAsked) -> Material:
    """Gather what the paper is made from."""
    have, day, audience = services(), asked.day, asked.audience
    coverage = asked.coverage
    response = replace(coverage, service_id=RESPONSE.service_id, minutes=RESPONSE.minutes)
    query = LayerQuery(
        ESTATE, audience, as_of=day, asked_on=have.today, own=(("public_access", ACCESS),)
    )
    changes = (
        estate_between(have.workspace, asked.since, day, audience, have.today)
        if asked.since
        else ()
    )
    return Material(
        asked=asked,
        register=answer(have.registry.get(ESTATE), have.workspace, query, have.today),
        held=len(held_sites(have.workspace, audience, have.today)),
        totals=reconciled(have.workspace, audience, have.today),
        strategy=strategy_on(have.workspace, day, audience, have.today),
        projects=projects_of(have.workspace, audience, day),
        items=section_106_of(have.workspace, audience, day),
        coverage=coverage_account(coverage),
        response=coverage_account(response),
        scenarios=tuple(what_if(each.coverage, each.scenario) for each in asked.proposals),
        changes=changes,
    )
