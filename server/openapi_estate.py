"""The estate in the description of the API: its routes, their parameters and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, get_args

from layers.audience import Audience
from layers.estate import KINDS
from layers.estate_reconciled import State as TotalState
from layers.estate_registers import ESTATE, PROJECTS, SECTION_106
from layers.estate_strategy import State
from layers.land_list import COLUMNS
from layers.registry import REGISTRY
from layers.schema import Schema as RegisterSchema
from server.estate.answers import SITE_FIELDS
from server.estate.asked import COMPARE_PARAM
from server.openapi_parameters import AS_OF, Parameter, own_parameter, type_parameter
from server.openapi_route import CSV, Route
from server.openapi_schemas import Schema, count, list_of, object_of, text

DAY: Final = replace(AS_OF, meaning="The estate as it was on this day; today without it.")


def _parameters() -> tuple[Parameter, ...]:
    spec = REGISTRY.get(ESTATE).spec
    own = (own_parameter(parameter, Audience.STAFF) for parameter in spec.own)
    area = "Only sites that stand in the Neighbourhood Policing Area (NPA) of this code."
    other = "Tells what changed between the day and this one, of the areas and types asked for."
    return (
        DAY,
        replace(AS_OF, name=COMPARE_PARAM, meaning=other),
        Parameter("npa", area, "the code of an area", repeatable=True),
        type_parameter(spec),
        *own,
    )


def _columns(schema: RegisterSchema) -> tuple[str, ...]:
    return tuple(field.name for field in schema.stored if not field.staff_only)


def _listed(names: tuple[str, ...]) -> str:
    return f"Columns: {', '.join(names)}."


ESTATE_ROUTES: Final = (
    Route(
        "/api/estate/register",
        "estate_register",
        "The register of the estate",
        "The sites of a day, the totals that were published beside what is held, and what changed "
        "since another day. What is not known is told as unknown, never as none.",
        schema="estate_register",
        example="/api/estate/register?as_of=2024-06-30&compare_to=2016",
        parameters=_parameters(),
    ),
    Route(
        "/api/estate/land.csv",
        "estate_land",
        "Land and buildings, as CSV",
        "The sites of a day as the list of land assets of the local government transparency code. "
        + _listed(COLUMNS),
        schema="land_rows",
        example="/api/estate/land.csv",
        media_type=CSV,
        parameters=(DAY,),
    ),
    Route(
        "/api/estate/projects.csv",
        "estate_projects",
        "Capital projects, as CSV",
        "The capital projects that may be seen, with budget, spend and how far each is. "
        + _listed(_columns(PROJECTS)),
        schema="projects_rows",
        example="/api/estate/projects.csv",
        media_type=CSV,
    ),
    Route(
        "/api/estate/section_106.csv",
        "estate_section_106",
        "Section 106 items, as CSV",
        "The Section 106 items that may be seen, with council, amount, deadline and status. "
        + _listed(_columns(SECTION_106)),
        schema="section_106_rows",
        example="/api/estate/section_106.csv",
        media_type=CSV,
    ),
    Route(
        "/api/estate/strategy",
        "estate_strategy",
        "The estate beside its strategy",
        "Whether each Neighbourhood Policing Area had an enquiry office and public access on a "
        "day: met, not met, or not known.",
        schema="estate_strategy",
        example="/api/estate/strategy?as_of=2024-06-30",
        parameters=(DAY,),
    ),
)


def _rows(title: str, names: tuple[str, ...]) -> dict[str, Any]:
    return text(
        f"{title} as CSV in UTF-8 with one header row: those of the columns listed here that the "
        "answer has, in this order.",
        **{"x-columns": [{"name": name, "type": "string"} for name in names]},
    )


def _or_null(kind: str, description: str) -> dict[str, Any]:
    return {"type": [kind, "null"], "description": description}


_DAY: Final = text("The day", format="date")
_SENTENCES: Final = list_of(text("A sentence that says what is shown or left out"))
_AIM: Final = object_of(
    {
        "state": text("How the area stands", enum=list(get_args(State))),
        "sites": list_of(text("A site that meets the aim")),
        "not_known": list_of(text("A site of which it is not known")),
    }
)

ESTATE_SCHEMAS: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "land_rows": _rows("Land and buildings", COLUMNS),
        "projects_rows": _rows("Capital projects", _columns(PROJECTS)),
        "section_106_rows": _rows("Section 106 items", _columns(SECTION_106)),
        "estate_register": object_of(
            {
                "as_of": _DAY,
                "compare_to": _or_null("string", "The day that it is compared with"),
                "sentences": _SENTENCES,
                "held": count("Sites that are held, of all times"),
                "surely": count("Sites asked for that stood on the day"),
                "possibly": count("Sites asked for that may have stood"),
                "sites": list_of(object_of({name: text(name) for name in SITE_FIELDS})),
                "changes": list_of(
                    object_of(
                        {
                            "site_id": text("The site"),
                            "name": text("Its name"),
                            "kind": text("What changed", enum=list(KINDS)),
                            "before": text("On the earlier day"),
                            "after": text("On the later day"),
                        }
                    )
                ),
                "published_totals": list_of(
                    object_of(
                        {
                            "measure": text("What was counted"),
                            "published": {"type": "number", "description": "The figure"},
                            "unit": text("Its unit"),
                            "as_of": text("The day, month or year of the figure"),
                            "surely": _or_null("number", "What is held of it for sure"),
                            "possibly": _or_null("number", "What may count beside"),
                            "unknown": _or_null("integer", "Sites of which it is not known"),
                            "state": text("How both stand", enum=list(get_args(TotalState))),
                            "missing": {
                                "type": "number",
                                "description": "How much is missing at least; below 0, how much "
                                "more is held",
                            },
                        }
                    )
                ),
            }
        ),
        "estate_strategy": object_of(
            {
                "as_of": _DAY,
                "sentences": _SENTENCES,
                "register_complete": {
                    "type": "boolean",
                    "description": "Whether as many sites are held as were published; unless they "
                    "are, no area is told as without",
                },
                "areas": list_of(
                    object_of(
                        {
                            "npa_code": text("Code of the Neighbourhood Policing Area (NPA)"),
                            "npa_name": text("Its name"),
                            "sites": count("Sites that stood in it, surely or possibly"),
                            "enquiry_office": _AIM,
                            "public_access": _AIM,
                        }
                    )
                ),
                "commanded_from_elsewhere": list_of(
                    object_of(
                        {
                            "site_id": text("The site"),
                            "name": text("Its name"),
                            "standing_npa": text("Code of the NPA in which it stands"),
                            "commanding_npa": text("Code of the NPA that commands it"),
                        }
                    )
                ),
                "signs_and_lanterns": list_of(
                    object_of(
                        {
                            "project_id": text("The project"),
                            "project": text("Its name"),
                            "status": text("How it stands"),
                            "percent_complete": _or_null("number", "Per cent; null: not known"),
                        }
                    )
                ),
            }
        ),
    }
)
