"""What a route of the API is, and one address of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from layers.audience import Audience
from server.openapi_parameters import Parameter

JSON: Final = "application/json"
CSV: Final = "text/csv"


@dataclass(frozen=True, slots=True)
class Route:
    """One rule of the app, and what its addresses answer.

    With ``each`` there is an address for each layer, each layer that is counted in cells
    (``cells``) or each kind of ground, whose name stands in the rule as ``hole``. ``schema`` names
    a schema of the document, in which ``{each}`` is that name. ``example`` is an address that
    answers; in it the names of path parameters may stand in braces too. ``asks_layer``: the address
    takes the query parameters of its layer, but where each cell is given once not those that would
    split it. ``audience`` is the least that may ask for it, as `access.ENDPOINTS` has it.
    """

    rule: str
    id: str
    title: str
    says: str
    schema: str
    example: str
    media_type: str = JSON
    each: Literal["once", "layers", "cells", "ground"] = "once"
    hole: str = "<layer_id>"
    asks_layer: bool = False
    parameters: tuple[Parameter, ...] = ()
    audience: Audience = Audience.PUBLIC

    @property
    def path(self) -> str:
        """The rule as a reader sees it, with names in braces."""
        return self.rule.replace("<int:", "<").replace("<", "{").replace(">", "}")


@dataclass(frozen=True, slots=True)
class Operation:
    """One address of a route: its path for one layer, and all its parameters."""

    route: Route
    path: str
    id: str
    title: str
    schema: str
    example: str
    parameters: tuple[Parameter, ...]
