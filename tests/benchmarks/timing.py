"""Timing pieces of work beside one another, and writing the figures as people read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any, Final, TypeVar

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


def timed(run: Callable[[], _Result]) -> tuple[_Result, float]:
    """The result and how long it took, in seconds."""
    begun = perf_counter()
    result = run()
    return result, perf_counter() - begun


def best(run: Callable[[], _Result]) -> tuple[_Result, float]:
    """The result and the shortest of a few rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        result, took_s = timed(run)
        times.append(took_s)
    return result, min(times)


def medians(
    runs: Mapping[str, Callable[[], Any]], rounds: int, most_s: float = 5
) -> dict[str, float]:
    """The median time of each run in seconds, after one round that does not count.

    The runs take turns, so that whatever else the machine does falls on all of them alike. A run
    that has used up ``most_s`` sits out the rounds that are left; one that takes longer than that
    runs once.
    """
    times: dict[str, list[float]] = {name: [] for name in runs}
    first: dict[str, float] = {}
    for _ in range(rounds + 1):
        for name, run in runs.items():
            if first.get(name, 0) + sum(times[name]) > most_s:
                continue
            _, took_s = timed(run)
            if name in first:
                times[name].append(took_s)
            else:
                first[name] = took_s
    return {name: median(values or [first[name]]) for name, values in times.items()}


def ratio_words(more: float, less: float) -> str:
    """How many times ``less`` goes into ``more``, such as ``12``, ``3.4`` or ``0.85``."""
    ratio = more / less
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"


def milliseconds(seconds: float) -> str:
    """Seconds as milliseconds, with as many digits as mean something."""
    value = seconds * 1000
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def kilobytes(size: float) -> str:
    """Bytes as kilobytes of 1,000."""
    value = size / 1000
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
