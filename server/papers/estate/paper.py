"""The paper on the estate: its sections in order, and the files that it comes as."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from geo.crs import stated_accuracy_m
from geo.dates import day_in_words
from layers.audience import Audience
from layers.demo import is_demo
from layers.glossary import glossary
from server.estate import tables, words
from server.estate.asked import AS_OF
from server.estate.coverage import words as coverage_words
from server.estate.coverage.views import areas_view as small_areas_view
from server.papers.context import listed_sources
from server.papers.estate.areas import areas_view
from server.papers.estate.asked import EstatePaperAsked
from server.papers.estate.coverage import coverage_blocks, response_blocks
from server.papers.estate.material import Material, material_of
from server.papers.estate.money import ITEMS_NAME, PROJECTS_NAME, items_view, projects_view
from server.papers.estate.programme import project_blocks, section_106_blocks
from server.papers.estate.register import register_blocks, sites_blocks
from server.papers.estate.scenarios import scenario_blocks
from server.papers.estate.strategy import strategy_blocks
from server.papers.files import files_of
from server.papers.live import live_section
from server.papers.paper import Block, Listing, Paper, Paragraph, Section
from server.papers.side_table import as_table
from server.papers.terms import with_terms
from server.pictures.page import STAFF_NOTICE
from server.requests import with_query
from server.services import services

TITLE: Final = "Estates Insight: the police estate and whom it serves"
SITES_NAME: Final = "sites"
AREAS_NAME: Final = "areas"
COVERAGE_NAME: Final = "coverage"
SOURCES: Final = (
    *("sites", "site_history", "projects", "section_106", "estate_totals"),
    *("npas", "districts", "lsoa_2021", "settlements"),
)
ESTATE_FILES: Final = files_of(
    {
        SITES_NAME: "The sites as CSV",
        AREAS_NAME: "The areas with their sites, aims and coverage, as CSV",
        COVERAGE_NAME: "The small areas with their nearest site, as CSV",
        PROJECTS_NAME: "The capital projects as CSV",
        ITEMS_NAME: "The Section 106 items as CSV",
    },
    "All of these as GeoPackage",
)


def paper_of(asked: EstatePaperAsked) -> Paper:
    """The paper that is asked for, of what is held now."""
    have, material = services(), material_of(asked)
    marking, staff = have.settings.marking, asked.audience is Audience.STAFF
    notices = (STAFF_NOTICE,) * staff
    paper = Paper(
        name=asked.name,
        title=TITLE,
        subtitle=f"{have.workspace.ground.force.area_name}: as of {day_in_words(asked.day)}",
        office="Office of the Police and Crime Commissioner",
        marking=marking,
        as_of=asked.day,
        summary=f"{material.register.caption[0]} {coverage_words.sentences(material.coverage)[0]}",
        notices=notices,
        sections=_sections(material, marking, notices),
        data=(
            (SITES_NAME, material.register),
            (AREAS_NAME, areas_view(material)),
            (COVERAGE_NAME, small_areas_view(material.coverage)),
            (PROJECTS_NAME, projects_view(material)),
            (ITEMS_NAME, items_view(material)),
        ),
    )
    return with_terms(paper, glossary(have.workspace))


def _sections(material: Material, marking: str, notices: tuple[str, ...]) -> tuple[Section, ...]:
    found: Sequence[tuple[str, tuple[Block, ...]]] = (
        ("Summary", _summary(material)),
        ("The register", register_blocks(material)),
        ("Check against the strategy", strategy_blocks(material)),
        ("Who is served", coverage_blocks(material, marking, notices)),
        ("Response", response_blocks(material)),
        ("Capital projects", project_blocks(material)),
        ("Section 106", section_106_blocks(material)),
        ("Scenarios compared", scenario_blocks(material)),
        ("What changed", _changes(material)),
        ("Each site", sites_blocks(material)),
        ("How the figures were made", _method(material)),
        ("Sources", _sources()),
    )
    day = [(AS_OF, material.asked.day.isoformat())]
    return (
        *(Section(heading, blocks) for heading, blocks in found if blocks),
        live_section(
            with_query("/estate/register", day),
            with_query("/estate/coverage", day),
        ),
    )


def _summary(material: Material) -> tuple[Block, ...]:
    strategy = words.strategy_sentences(material.strategy)
    return (
        Paragraph(
            "This paper says what is held of the police estate and what is missing, who lives how "
            "near to it, how it stands to its strategy, and how its projects and the money for "
            "them stand."
        ),
        Listing(
            (
                material.register.caption[0],
                *strategy[:1],
                coverage_words.sentences(material.coverage)[0],
                *words.programme_sentences(material.projects)[:1],
                *words.section_106_sentences(material.items),
            )
        ),
    )


def _changes(material: Material) -> tuple[Block, ...]:
    since, day = material.asked.since, material.asked.day
    if since is None:
        return ()
    span = f"between {day_in_words(since)} and {day_in_words(day)}"
    if not material.changes:
        return (Paragraph(f"No change of a site is known {span}."),)
    return (
        Paragraph(
            f"These changes are known {span}. Where one of the two days is in doubt, it is said "
            "that whether anything changed is not known."
        ),
        as_table(tables.changes_table(material.changes), widths=(3, 2, 3.2, 3.2), verbatim=(0,)),
    )


def _method(material: Material) -> tuple[Block, ...]:
    staff = material.asked.audience is Audience.STAFF
    public = (
        "This paper holds the sites, projects and Section 106 items that are marked public; more "
        "may be held for staff."
    )
    return (
        Listing(
            (
                "What is sure is counted; what is in doubt is counted beside it and never added. "
                "Unknown is never none.",
                "Premises are all sites but neighbourhood offices, which are published apart.",
                "An enquiry desk is a site of a type that has one and that is open to callers.",
                coverage_words.sentences(material.coverage)[-1],
                "On the map the ground within a distance of a site is a disc around it, whose "
                "radius is that distance divided by the route factor.",
                f"Projects and Section 106 items are as the registers hold them now; days overdue "
                f"and left are counted to {day_in_words(material.asked.day)}. An amount or a part "
                "that is not known is left out of a sum and told beside it.",
                "Positions are turned into metres on the British National Grid with a stated "
                f"accuracy of about {stated_accuracy_m():g} metres.",
                *(public,) * (not staff),
            )
        ),
    )


def _sources() -> tuple[Block, ...]:
    own = Paragraph("Sites, projects and Section 106 items: the registers that the office keeps.")
    return (*(own,) * (not is_demo(services().workspace)), *listed_sources(SOURCES))
