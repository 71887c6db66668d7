"""The usable part of an address that was refused, and why the rest of it cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from layers.errors import BadQuery
from server.estate.growth import HOMES_AT, HOMES_NUMBER
from server.estate.what_if.scenario import TYPED_PARAMS

TIMES: Final = ("from", "to", "as_of")
MOST_TRIED: Final = 60
"""Values of one address that are tried; beyond them an address is nobody's own choice."""
HALVES: Final = (*TYPED_PARAMS, HOMES_AT, HOMES_NUMBER)
"""Two controls that say one thing between them; the names of both begin with the same word."""

Pair = tuple[str, str]
Unit = tuple[Pair, ...]
Params = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A parameter's value that cannot be used, and the sentence that says why."""

    name: str
    value: str
    why: str
    half: bool = False
    """Another refusal tells the same of the other control with which this value was given."""


def usable_part(
    given: Sequence[Pair], read: Callable[[Params], object]
) -> tuple[list[Pair], list[Refusal]]:
    """As many of the given pairs as ``read`` takes together, and why it refuses the others.

    Dates depend on each other, so the largest usable choice of them is kept; every other value is
    tried by itself, or with its other half, beside what is usable already, and again when more is.
    """
    tried, untried = given[:MOST_TRIED], given[MOST_TRIED:]
    times = [pair for pair in tried if pair[0] in TIMES][: len(TIMES) + 1]
    usable = next(
        (list(some) for some in _choices(times) if _refusal(some, read) is None),
        [],
    )
    left = [pair for pair in tried if pair not in usable]
    refused = dict.fromkeys(_units(left), "")
    grown = True
    while grown:
        grown = False
        for unit in list(refused):
            why = _refusal([*usable, *unit], read)
            if why is None:
                usable.extend(unit)
                del refused[unit]
                grown = True
            else:
                refused[unit] = why.removeprefix(f"{unit[-1][0]}: ")
    tail = "An address has more values than can be looked at one by one."
    refused |= {(pair,): tail for pair in untried}
    return usable, [
        Refusal(*pair, why, half=pair != unit[-1]) for unit, why in refused.items() for pair in unit
    ]


def _units(pairs: Sequence[Pair]) -> list[Unit]:
    """Pairs one by one, but halves of one thing together, where the first of them stands."""
    units: dict[object, Unit] = {}
    for number, pair in enumerate(pairs):
        key = pair[0].partition("_")[0] if pair[0] in HALVES else number
        units[key] = (*units.get(key, ()), pair)
    return list(dict.fromkeys(units.values()))


def params_of(pairs: Sequence[Pair]) -> dict[str, list[str]]:
    """Pairs as parameters, each with all its values."""
    params: dict[str, list[str]] = {}
    for name, value in pairs:
        params.setdefault(name, []).append(value)
    return params


def _choices(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, ...]]:
    for size in range(len(pairs), -1, -1):
        yield from combinations(pairs, size)


def _refusal(pairs: Sequence[Pair], read: Callable[[Params], object]) -> str | None:
    try:
        read(params_of(pairs))
    except BadQuery as error:
        return str(error)
    return None
