"""The register of scenarios: kept by a form, read again as what each changes today."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlencode

from flask import request

from geo.errors import PatchmapError
from layers.errors import BadQuery
from layers.estate_registers import GROUP, SCENARIOS
from server.estate.coverage.asked import Asked
from server.estate.what_if.account import WhatIf, scenario_asked, what_if
from server.estate.what_if.scenario import Scenario
from server.records.form import FORM_ID, Form, open_form, returned_form, typed_values
from server.records.offices import ESTATE
from server.records.registers import Register
from server.records.saving import Attempt, attempt
from server.requests import with_query
from server.services import services

WHAT_IF: Final = "/estate/what-if"
MOST_PARAMS: Final = 200
"""Parameters of one saved address that are read."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A scenario as it is held, and as it reads today.

    ``scenario`` is what it asks and changes; where that cannot be, it is None and ``problem`` is
    the sentence that says why.
    """

    scenario_id: str
    name: str
    query: str
    note: str
    scenario: tuple[Asked, Scenario] | None
    problem: str

    @property
    def link(self) -> str:
        """Its own page; as it was saved where it can no longer be read."""
        if self.scenario is None:
            return f"{WHAT_IF}?{self.query}"
        asked, scenario = self.scenario
        return with_query(WHAT_IF, [*asked.params(), *scenario.params()])

    @property
    def record(self) -> str:
        """Where it is changed and its history is told."""
        return f"{register().path}/{quote(self.scenario_id, safe='')}"

    @property
    def removal(self) -> str:
        """Where it is removed."""
        return f"{register().path}/remove/{quote(self.scenario_id, safe='')}"

    def found(self) -> WhatIf | None:
        """What it changes of the estate; None where it can no longer be read."""
        return what_if(*self.scenario) if self.scenario else None


def register() -> Register:
    """The register in which scenarios are kept."""
    return ESTATE.register(SCENARIOS.part)


def saved_scenarios() -> list[Saved]:
    """Every scenario that is held, by name."""
    held = GROUP.held(services().workspace, SCENARIOS).to_dict("records")
    return sorted(map(_read, held), key=lambda one: (one.name.casefold(), one.scenario_id))


def chosen_of(saved: Iterable[Saved], ids: Iterable[str]) -> list[Saved]:
    """Those that are asked for, in the order in which they are listed.

    Raises:
        BadQuery: one is not held.
    """
    held = {one.scenario_id: one for one in saved}
    wanted = set(ids)
    for name in sorted(wanted - held.keys()):
        raise BadQuery(f"scenario must be the id of a scenario that is held; given {name!r}.")
    return [one for one in held.values() if one.scenario_id in wanted]


def empty_form() -> Form:
    """A form to save a scenario with."""
    return open_form(register(), {}, form_id=secrets.token_urlsafe(16))


def save(found: WhatIf) -> tuple[Attempt, Form]:
    """Keep a scenario under the name that was sent, and the form to show where it was not."""
    kept = register()
    typed = typed_values(kept) | {"query": urlencode(found.params())}
    tried = attempt(kept, "", typed, "", doubt=None, form_id=request.form.get(FORM_ID, ""))
    saved = tried.state == "saved"
    return tried, open_form(kept, typed) if saved else returned_form(kept, typed, tried)


def _read(row: dict[str, Any]) -> Saved:
    query = str(row["query"])
    try:
        scenario, problem = scenario_asked(_params(query)), ""
    except PatchmapError as error:
        scenario, problem = None, str(error)
    return Saved(row["scenario_id"], row["name"], query, row["note"], scenario, problem)


def _params(query: str) -> dict[str, list[str]]:
    try:
        return parse_qs(query, max_num_fields=MOST_PARAMS)
    except ValueError as error:
        raise BadQuery(
            f"The address of a scenario can have {MOST_PARAMS} parameters; this one has more."
        ) from error
