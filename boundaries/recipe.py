"""How a force's NPAs are made, read from a recipe file.

A recipe is TOML: a ``[force]`` table, a ``[[district]]`` table for each district of the force
area and an ``[[npa]]`` table for each NPA, which is made either of whole districts or of wards.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any, Final, TypeVar

from boundaries.errors import InvalidRecipe

RECIPES: Final = Path(__file__).with_name("recipes")

_Value = TypeVar("_Value", "Force", "DistrictRecipe", "NpaRecipe")


@dataclass(frozen=True, slots=True)
class Force:
    """A police force and the names of its area.

    ``npas_since`` is the first day of the NPAs whose outlines we know, and ``before_note`` says
    what is known of the time before.
    """

    id: str
    name: str
    area_name: str
    area_short: str
    npas_since: date
    before_note: str


@dataclass(frozen=True, slots=True)
class DistrictRecipe:
    """A district of the force area, by its GSS code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class NpaRecipe:
    """An NPA during a span of days, made of whole districts or of wards (GSS codes).

    ``date_to`` is the last day, None while it lasts. ``approximate`` marks an NPA whose true
    outline does not follow the units it is made of; ``note`` says why.
    """

    code: str
    name: str
    group: str
    date_from: date
    date_to: date | None = None
    districts: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()
    approximate: bool = False
    note: str = ""

    def overlaps_in_time(self, other: NpaRecipe) -> bool:
        """Whether both are in force on some day."""
        return self.date_from <= (other.date_to or date.max) and other.date_from <= (
            self.date_to or date.max
        )

    @property
    def units(self) -> tuple[str, ...]:
        """Codes of the districts or wards of which the NPA is made."""
        return self.districts or self.wards


@dataclass(frozen=True, slots=True)
class Recipe:
    """A force, its districts and its NPAs, in the order in which they are to be shown."""

    force: Force
    districts: tuple[DistrictRecipe, ...]
    npas: tuple[NpaRecipe, ...]

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise InvalidRecipe(problem)


def read_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file.

    Raises:
        InvalidRecipe: the file cannot be read, lacks a key, has an unknown one or one of the
            wrong kind, repeats a code, or gives a place to two NPAs at one moment.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidRecipe(
            f"A recipe in TOML is needed at {path.name}; it cannot be read: {error}."
        ) from error
    if set(document) != {"force", "district", "npa"}:
        raise InvalidRecipe(
            f"The recipe {path.name} needs a [force] table, [[district]] tables and [[npa]] "
            f"tables and nothing else; given {', '.join(document) or 'nothing'}."
        )
    return Recipe(
        _read(Force, document["force"], "[force]"),
        tuple(_read(DistrictRecipe, table, "[[district]]") for table in document["district"]),
        tuple(_read(NpaRecipe, table, "[[npa]]") for table in document["npa"]),
    )


def _read(kind: type[_Value], table: Mapping[str, Any], where: str) -> _Value:
    known = {field.name: field for field in fields(kind)}
    needed = {name for name, field in known.items() if field.default is MISSING}
    label = table.get("code", table.get("id", "without a code"))
    odd = sorted(needed - set(table) | set(table) - set(known))
    if odd:
        raise InvalidRecipe(
            f"{where} {label} needs the keys {', '.join(sorted(needed))}; "
            f"missing or unknown: {', '.join(odd)}."
        )
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in table.items()
    }
    for name, value in values.items():
        if not _fits(str(known[name].type), value):
            raise InvalidRecipe(
                f"{where} {label} needs {name} as {known[name].type}; given {value!r}. "
                "Codes and names are quoted texts, dates are bare YYYY-MM-DD."
            )
    return kind(**values)


def _fits(annotation: str, value: object) -> bool:
    if annotation.startswith("tuple"):
        return isinstance(value, tuple) and all(isinstance(part, str) and part for part in value)
    if annotation.startswith("date"):
        return type(value) is date
    return isinstance(value, {"str": str, "bool": bool}[annotation])


def _problems(recipe: Recipe) -> Iterator[str]:
    district_codes = [district.code for district in recipe.districts]
    if not recipe.npas or not district_codes:
        yield "A recipe needs at least one district and one NPA; given none. Add them."
    for code in sorted({code for code in district_codes if district_codes.count(code) > 1}):
        yield f"Each district needs a code of its own; {code} comes twice. Remove one."
    for npa in recipe.npas:
        yield from _problems_of(npa, set(district_codes))
    for first, second in combinations(recipe.npas, 2):
        if not first.overlaps_in_time(second):
            continue
        if first.code == second.code:
            yield (
                f"NPA {first.code} is given twice for the same days. End one with date_to before "
                "the other begins, or give it a code of its own."
            )
        for unit in sorted(set(first.units) & set(second.units)):
            yield (
                f"Each place belongs to one NPA at a moment; {unit} is given to {first.code} and "
                f"{second.code} for the same days. Take it from one of them."
            )


def _problems_of(npa: NpaRecipe, district_codes: set[str]) -> Iterator[str]:
    if not npa.code or npa.code != npa.code.strip():
        yield f"An NPA needs a code without spaces around it; given {npa.code!r}."
    if bool(npa.districts) == bool(npa.wards):
        yield (
            f"NPA {npa.code} needs either districts or wards to be made of; "
            f"given {'both' if npa.wards else 'neither'}."
        )
    if npa.date_to is not None and npa.date_to < npa.date_from:
        yield (
            f"NPA {npa.code} must end on or after the day it begins; given {npa.date_from} to "
            f"{npa.date_to}. Exchange the two dates."
        )
    for unit in sorted({unit for unit in npa.units if npa.units.count(unit) > 1}):
        yield f"NPA {npa.code} names {unit} twice. Remove one."
    for unknown in sorted(set(npa.districts) - district_codes):
        yield (
            f"NPA {npa.code} is made of district {unknown}, which has no [[district]] table. "
            "Add the table or correct the code."
        )
