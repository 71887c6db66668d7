"""Timing a piece of work beside its peer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Final, TypeVar

ROUNDS: Final = 3

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was done, by whom, and how long the best round of each took, in seconds."""

    task: str
    peer: str
    ours_s: float
    peer_s: float
    agreement: str

    @property
    def ratio(self) -> float:
        """How many times as fast as the peer we were."""
        return self.peer_s / self.ours_s


def best(run: Callable[[], _Result]) -> tuple[_Result, float]:
    """The result and the shortest of a few rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        result = run()
        times.append(perf_counter() - begun)
    return result, min(times)
