"""What an address asks of the Street Safe reports: those of a period, of some areas or all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from layers.answer import answer, read_query, version_of
from layers.errors import BadQuery
from layers.query import LayerQuery
from layers.view import View
from server.access import current_audience
from server.services import services
from server.street_safe.account import Account, account_of

STREET_SAFE: Final = "street_safe"
PARAMS: Final = ("from", "to", "npa")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which reports are asked for; figures, tables, sentences and exports come from it."""

    query: LayerQuery

    def view(self) -> View:
        """The reports as their layer shows them."""
        have = services()
        return answer(have.registry.get(STREET_SAFE), have.workspace, self.query, have.today)

    def account(self) -> Account:
        """What the reports name, made once as long as nothing of it changes."""
        have = services()
        layer = have.registry.get(STREET_SAFE)
        return have.workspace.remembered(
            ("street safe", self),
            version_of(layer, have.workspace, have.today),
            lambda: account_of(self.view(), have.workspace.ground),
        )


def asked(params: Mapping[str, list[str]]) -> Asked:
    """Read address parameters; without a period, the last twelve months of reports.

    Raises:
        BadQuery: a parameter or value that cannot be used.
    """
    for name in params:
        if name not in PARAMS:
            raise BadQuery(
                f"Street Safe statistics can be asked for by {', '.join(PARAMS)}; given {name!r}."
            )
    have = services()
    layer = have.registry.get(STREET_SAFE)
    return Asked(read_query(layer, have.workspace, params, current_audience(), have.today))
