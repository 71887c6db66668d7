"""What a build of boundaries found: what was used, repaired, missing, and where edges disagree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from boundaries.edges import Edges
from boundaries.outlines import LEVEL_IN_WORDS, Level

Units = Level | Literal["npa"]

_NAMED_IN_TEXT: Final = 12


@dataclass(frozen=True, slots=True)
class Missing:
    """A unit that the recipe names and the file of outlines lacks; ``area`` is what wants it."""

    area: str
    unit: str


@dataclass(frozen=True, slots=True)
class NotBuilt:
    """An NPA that these outlines cannot make, and why."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The account of one build.

    ``level`` says what units the file holds; "npa" where it gives NPAs as they are.
    ``edges_shared`` tells whether the pieces met edge to edge, so that neighbours keep one edge
    when generalised.
    """

    file_name: str
    level: Units
    units_read: int
    units_used: int
    units_elsewhere: int
    repaired: tuple[str, ...]
    unused: tuple[str, ...]
    missing: tuple[Missing, ...]
    not_built: tuple[NotBuilt, ...]
    edges: Edges
    edges_shared: bool
    tolerance_m: float

    @property
    def complete(self) -> bool:
        """Whether every NPA was made, of every unit that the recipe gives it."""
        return not self.missing and not self.not_built

    def as_dict(self) -> dict[str, Any]:
        """The report as values that JSON can hold."""
        return {**asdict(self), "complete": self.complete}

    def as_text(self) -> str:
        """The report in sentences, one finding a line."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterable[str]:
        units = "NPAs" if self.level == "npa" else LEVEL_IN_WORDS[self.level]
        yield (
            f"Read {self.units_read} {units} from {self.file_name}: "
            f"{self.units_used} used, {len(self.unused)} in the force area but in no NPA, "
            f"{self.units_elsewhere} elsewhere."
        )
        yield f"Repaired: {_listed(self.repaired)}."
        yield f"In no NPA: {_listed(self.unused)}."
        missing = tuple(f"{lack.unit} (for {lack.area})" for lack in self.missing)
        yield f"Named in the recipe and not in the file: {_listed(missing)}."
        for npa in self.not_built:
            yield f"NPA {npa.code} was not made: {npa.reason}"
        yield from self.edges.in_words()
        shared = "keep the edge they share" if self.edges_shared else "may part, for edges differ"
        yield f"Generalised at {self.tolerance_m:g} m as one coverage: neighbours {shared}."


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_NAMED_IN_TEXT]) or "none"
    left_out = len(names) - _NAMED_IN_TEXT
    return f"{shown} and {left_out} more" if left_out > 0 else shown
