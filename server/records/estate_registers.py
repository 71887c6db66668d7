"""How sites and the registers of the estate read on the pages."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from layers import estate_registers as estate
from layers.site_schema import SCHEMA as SITES
from server.records.registers import Register

_HOURS: Final = (
    "As OpenStreetMap writes them, such as Mo-Fr 10:00-16:00. Leave blank if they are not known."
)
_WHO: Final = "Staff means nobody else reads it."
_NOT_KNOWN: Final = "In pounds. Leave blank if it is not known; 0 means none."
_PLACE: Final = "In degrees (WGS84), such as -1.1305. Leave both blank if the place is not known."

ESTATE_REGISTERS: Final = (
    Register(
        SITES,
        "Sites",
        "Police buildings: where they are, who can call in and when, tenure, area and cost.",
        "Import a file with the command ‘patchmap import sites FILE.csv’, or add a site here.",
        ("name", "site_type", "public_access", "hours", "status", "tenure", "commanding_npa"),
        prefix="SITE",
        long=frozenset({"note", "source"}),
        hints=MappingProxyType(
            {
                "location_id": "The id of the site at whose place it stands. Leave blank for a "
                "place of its own.",
                "hours": _HOURS,
                "private_space": "Whether a resident can be heard in private.",
                "running_cost_gbp": f"{_NOT_KNOWN} For staff alone.",
                "uprn": "Up to 12 digits.",
                "status": "How it stands today. What it was before is told by its events.",
                "visibility": _WHO,
                "longitude": _PLACE,
            }
        ),
        called=("name",),
        group=estate.GROUP,
    ),
    Register(
        estate.SITE_HISTORY,
        "What became of sites",
        "When a site opened, closed or moved, was planned or put up for sale, and when its public "
        "access or hours changed.",
        "Add an event whenever a site changes, so that the estate of any day can be shown.",
        ("date", "site_id", "event", "public_access", "hours", "visibility"),
        prefix="H",
        long=frozenset({"note", "source"}),
        labels=MappingProxyType({"visibility": "Who may know of it"}),
        hints=MappingProxyType(
            {
                "date": "The year or month alone leaves it in doubt within it.",
                "public_access": "Leave blank if the event did not change it.",
                "hours": f"{_HOURS} Leave blank, too, if the event did not change them.",
                "visibility": "What is for staff changes nothing that the public is shown.",
                "longitude": f"Where it stood from then on. {_PLACE}",
            }
        ),
        names=frozenset({"site_id"}),
        called=("site_id", "date"),
        group=estate.GROUP,
    ),
    Register(
        estate.PROJECTS,
        "Capital projects",
        "What is built or mended: budget, spend, how far it is and when it is to be complete.",
        "Import a file with the command ‘patchmap import capital_projects FILE.csv’, or add one.",
        (
            "project",
            "site_name",
            "category",
            "budget_gbp",
            "spend_gbp",
            "percent_complete",
            "status",
            "expected_completion",
            "visibility",
        ),
        prefix="C",
        long=frozenset({"project", "note"}),
        hints=MappingProxyType(
            {
                "budget_gbp": _NOT_KNOWN,
                "spend_gbp": _NOT_KNOWN,
                "percent_complete": "From 0 to 100. Leave blank if it is not known.",
                "visibility": _WHO,
            }
        ),
        called=("project",),
        group=estate.GROUP,
    ),
    Register(
        estate.SECTION_106,
        "Section 106",
        "Money that developers pay through councils: what it may be spent on, by when, and how "
        "it stands.",
        "Import a file with the command ‘patchmap import section_106 FILE.csv’, or add an item.",
        (
            "council",
            "item",
            "amount_gbp",
            "deadline",
            "status",
            "deed_of_variation_gbp",
            "visibility",
        ),
        prefix="S106",
        long=frozenset({"item", "covenant", "purpose", "note", "source"}),
        hints=MappingProxyType(
            {
                "amount_gbp": _NOT_KNOWN,
                "deadline": "The list for the Panel shows it as overdue from the day after.",
                "deed_of_variation_gbp": f"What it costs to change the covenant. {_NOT_KNOWN}",
                "visibility": _WHO,
            }
        ),
        called=("item",),
        group=estate.GROUP,
    ),
    Register(
        estate.ESTATE_TOTALS,
        "Published totals",
        "Totals of the estate as they were published, with which the register is reconciled.",
        "Add each total that is published: premises, locations, neighbourhood offices.",
        ("measure", "value", "unit", "as_of", "source"),
        own_id=estate.total_id,
        long=frozenset({"note", "source"}),
        hints=MappingProxyType({"as_of": "The day that the total is of.", "visibility": _WHO}),
        called=("measure", "as_of"),
        group=estate.GROUP,
    ),
    Register(
        estate.SCENARIOS,
        "Scenarios",
        "Changes of the estate that were saved under a name. Only staff see them.",
        "Make a scenario at ‘What if sites changed’ (/estate/what-if) and save it there.",
        ("name", "note"),
        prefix="SC",
        long=frozenset({"query", "note"}),
        hints=MappingProxyType(
            {"query": "As the scenario’s own page has it, such as closes=S001&as_of=2024-06-30."}
        ),
        called=("name",),
        group=estate.GROUP,
    ),
)
"""What is filled in of the estate."""
