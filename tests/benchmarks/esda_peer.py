"""Gi* by esda; run as a program it times itself, in whatever environment it is run."""

from __future__ import annotations

import json
import sys
import warnings
from time import perf_counter
from typing import Any

import esda
import numpy as np
from libpysal.weights import DistanceBand, fill_diagonal


def weights(points_m: Any, band_m: float) -> Any:
    """Binary weights within a band in metres, each place its own neighbour too."""
    near = DistanceBand(points_m, band_m * (1 + 1e-9), binary=True, silence_warnings=True)
    return fill_diagonal(near, 1.0)


def g_star(values: Any, near: Any, permutations: int) -> Any:
    """Gi* with conditional permutation, one process."""
    return esda.G_Local(
        values, near, transform="B", star=True, permutations=permutations, n_jobs=1, seed=1
    )


def main(held: str, band_m: str, permutations: str, rounds: str) -> None:
    """Print the seconds of each round, after one that compiles."""
    warnings.simplefilter("ignore")
    data = np.load(held)
    near = weights(data["points_m"], float(band_m))
    times = []
    for _ in range(int(rounds) + 1):
        begun = perf_counter()
        g_star(data["values"], near, int(permutations))
        times.append(perf_counter() - begun)
    print(json.dumps(times[1:]))


if __name__ == "__main__":
    main(*sys.argv[1:])
