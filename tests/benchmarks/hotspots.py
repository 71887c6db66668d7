"""Gi* of 20,000 cells with 999 permutations, beside esda, plain and compiled by numba."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from geo.area_cells import cells_over
from geo.conditional_permutation import neighbour_tails
from geo.grid import HexGrid
from geo.hotspots import PERMUTATION, hot_spots, observed, permutations_for
from geo.neighbours import Neighbours, within_band
from tests.benchmarks import esda_peer
from tests.benchmarks.document import Section, table
from tests.benchmarks.needs import Lacking
from tests.benchmarks.scratch import Scratch
from tests.benchmarks.timing import medians, milliseconds, ratio_words

CELLS: Final = 20_000
BANDS_M: Final = (1000, 2000)
ROUNDS: Final = 5
RATE: Final = 0.05
NUMBA: Final = ("esda>=2.7", "numba>=0.61")


def measure(scratch: Scratch) -> Section:
    """Time Gi* by permutation for two bands, and hold scores and tails against esda's."""
    points_m = cells_over(HexGrid(1000), shapely.box(0, 0, 200_000, 100_000)).centres_m[:CELLS]
    values = np.random.default_rng(1).poisson(4, len(points_m)).astype(np.float64)
    try:
        python = _with_numba(scratch.folder / "esda")
        lacking = ""
    except Lacking as error:
        python, lacking = None, str(error)
    rows, agreement = [], []
    for band_m in BANDS_M:
        row, said = _row(points_m, values, band_m, python, scratch.folder)
        rows.append(row)
        agreement.append(said)
    header = (
        "band",
        "neighbours",
        "ours (ms)",
        "esda (ms)",
        "esda / ours",
        "esda by numba (ms)",
        "esda by numba / ours",
        "ours from the points (ms)",
        "esda from the points (ms)",
        "ours, enough draws to name one cell (ms)",
    )
    enough = permutations_for(len(points_m), RATE, times=1).permutations
    notes = [
        *agreement,
        "*From the points*: the neighbours within the band are found too, by esda as libpysal's "
        "`DistanceBand` with each cell its own neighbour.",
        f"With 999 draws no cell is named at a false discovery rate of {RATE:.0%} before "
        f"{PERMUTATION.fewest_named(len(points_m), RATE):,} have the least p-value; the last "
        f"column makes {enough:,} draws, by which one can be.",
        "Ours makes the sums of the draws once for each number of neighbours, not once for each "
        "cell, and puts right the few draws in which a cell meets its own value "
        "(`geo/conditional_permutation.py`).",
        f"esda {version('esda')} makes the sums of its draws for each cell anew, in one process; "
        "by numba it is timed in an environment of its own, once its functions are compiled.",
    ]
    if lacking:
        notes.append(lacking)
    return Section(
        "hotspots",
        "Hot spots by permutation",
        f"Gi* with binary weights of {len(points_m):,} hexagons with made-up counts, each held "
        f"against {PERMUTATION.permutations} conditional permutations. Medians of {ROUNDS} rounds "
        "in turns.",
        (table(header, rows),),
        tuple(notes),
    )


def _row(
    points_m: Any, values: Any, band_m: int, python: Path | None, folder: Path
) -> tuple[list[str], str]:
    near = within_band(points_m, band_m)
    weights = esda_peer.weights(points_m, band_m)
    enough = permutations_for(len(points_m), RATE, times=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        took = medians(
            {
                "ours": lambda: hot_spots(values, near, PERMUTATION),
                "esda": lambda: esda_peer.g_star(values, weights, PERMUTATION.permutations),
                "ours, all": lambda: hot_spots(values, within_band(points_m, band_m), PERMUTATION),
                "esda, all": lambda: esda_peer.g_star(
                    values, esda_peer.weights(points_m, band_m), PERMUTATION.permutations
                ),
                "enough": lambda: hot_spots(values, near, enough),
            },
            ROUNDS,
            most_s=60,
        )
        theirs = esda_peer.g_star(values, weights, PERMUTATION.permutations)
    numba_s = None
    if python is not None:
        numba_s = _timed_by_numba(python, points_m, values, band_m, folder)
    row = [
        f"{band_m:,} m",
        f"{int(np.median(near.counts))}",
        milliseconds(took["ours"]),
        milliseconds(took["esda"]),
        ratio_words(took["esda"], took["ours"]),
        "not measured" if numba_s is None else milliseconds(numba_s),
        "" if numba_s is None else ratio_words(numba_s, took["ours"]),
        milliseconds(took["ours, all"]),
        milliseconds(took["esda, all"]),
        milliseconds(took["enough"]),
    ]
    return row, _agreement(values, near, theirs, band_m)


def _agreement(values: Any, near: Neighbours, theirs: Any, band_m: int) -> str:
    """How far scores and one-sided tails differ; esda's lower tail leaves out what is equal."""
    draws = PERMUTATION.permutations
    scores = float(np.abs(hot_spots(values, near).z - theirs.Zs).max())
    at_least, _ = neighbour_tails(observed(values, near), draws, PERMUTATION.seed)
    tails = (np.minimum(at_least, draws - at_least) + 1) / (draws + 1)
    spread = np.sqrt(theirs.p_sim * (1 - theirs.p_sim) * 2 / draws) + 1 / draws
    gap = np.abs(tails - theirs.p_sim)
    beyond = float((gap > 3 * spread).mean())
    return (
        f"Within {band_m:,} m the scores differ by at most {scores:.0e}; tails differ by "
        f"{gap.max():.3f} at most, {beyond:.2%} of them by more than three standard errors of two "
        "such runs."
    )


def _with_numba(folder: Path) -> Path:
    """The Python of a new environment that has esda and numba.

    Raises:
        Lacking: they cannot be installed here.
    """
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        for command in ([sys.executable, "-m", "venv", str(folder)], [*pip, *NUMBA]):
            subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Lacking("numba could not be installed here, so esda by numba is left out.") from error
    return python


def _timed_by_numba(python: Path, points_m: Any, values: Any, band_m: int, folder: Path) -> float:
    held = folder / f"cells-{band_m}.npz"
    np.savez(held, points_m=points_m, values=values)
    command = [
        str(python),
        esda_peer.__file__,
        str(held),
        str(band_m),
        str(PERMUTATION.permutations),
        str(ROUNDS),
    ]
    done = subprocess.run(command, check=True, capture_output=True)
    return float(np.median(json.loads(done.stdout)))
