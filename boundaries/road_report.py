"""What became of the lines of a file of roads that was added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RoadReport:
    """The account of the lines that were read, and where they come from.

    ``lines`` are those of the box around the force area and its margin: ``not_driven`` of them
    are no roads for cars or have no speed, ``outside`` lie beyond the margin after all. The rest,
    cut where they meet, are ``taken`` pieces of road, and ``apart`` more that join none of those.
    ``attribution`` holds the lines that must be shown with what is reckoned from the roads.
    """

    file_name: str
    file_digest: str
    source: str
    lines: int
    not_driven: int
    outside: int
    apart: int
    taken: int
    length_km: float
    oneway: int
    margin_m: float
    vintage: str
    licence: str
    attribution: tuple[str, ...]

    @classmethod
    def of(cls, account: Mapping[str, Any]) -> RoadReport:
        """From what `as_dict` gave.

        Raises:
            KeyError: it lacks a part.
        """
        held = {name: account[name] for name in cls.__dataclass_fields__}
        return cls(**{**held, "attribution": tuple(str(line) for line in held["attribution"])})

    def as_dict(self) -> dict[str, Any]:
        """The report for programs, and as it is kept."""
        return asdict(self)

    def as_text(self) -> str:
        """The report for people."""
        said = [("Vintage", self.vintage), ("Licence", self.licence)]
        lines = [
            f"{self.file_name}: {self.lines:,} lines in the box around the force area, read as "
            f"{self.source}.",
            f"  {self.taken:,} roads taken, {self.length_km:,.0f} km, {self.oneway:,} of them in "
            "one direction",
            f"  {self.not_driven:,} lines that are no roads for cars or have no speed",
            f"  {self.outside:,} lines farther than {self.margin_m / 1000:g} km from the area",
            f"  {self.apart:,} roads that do not join the others",
            *(f"  {title}: {text or 'not stated'}" for title, text in said),
        ]
        return "\n".join([*lines, *(f"Show with the maps: {line}" for line in self.attribution)])
