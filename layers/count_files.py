"""Counts of crime months kept on disk, so that a start after an import need not count again.

A file is named by all that its counts depend on: the month's content, the ground and the width of
the cells. It is only ever a copy: one that is missing or damaged is made anew.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from boundaries.replacing import replacing
from layers.crime_counts import MonthCounts

Arrays = dict[str, npt.NDArray[Any]]
Kinds = Mapping[str, type[np.integer[Any]]]

_ARRAYS: Final[Kinds] = {
    "q": np.int32,
    "r": np.int32,
    "kind": np.int8,
    "place": np.int16,
    "records": np.int32,
}
_UNREADABLE: Final = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    EOFError,
    RuntimeError,
    zipfile.BadZipFile,
)
"""What reading a damaged or foreign file raises."""


def kept_counts(
    folder: Path,
    month: str,
    width_m: float,
    stamp: str,
    count: Callable[[], MonthCounts],
    is_current: Callable[[], bool] = lambda: True,
) -> MonthCounts:
    """The counts of a month from its file, or counted and kept.

    Args:
        stamp: changes whenever the counts of this month in cells of this width may.
        is_current: whether the stamp still holds; if not, what was counted is not kept, as the
            month was replaced meanwhile.
    """

    def count_arrays() -> Arrays:
        counted = count()
        return {name: getattr(counted, name) for name in _ARRAYS}

    series = f"{month}-{width_m:g}-"
    return MonthCounts(
        month, **kept_arrays(folder, series, stamp, _ARRAYS, count_arrays, is_current)
    )


def kept_arrays(
    folder: Path,
    series: str,
    stamp: str,
    kinds: Kinds,
    count: Callable[[], Arrays],
    is_current: Callable[[], bool] = lambda: True,
) -> Arrays:
    """Equally long arrays of whole numbers from their file, or counted and kept.

    Args:
        series: begins the file's name: of all files of a series the last alone is kept.
        stamp: changes whenever the counts may.
        kinds: the name and kind of each array.
        is_current: as for `kept_counts`.
    """
    path = folder / f"{series}{stamp}.npz"
    held = _read(path, kinds)
    if held is not None:
        return held
    counted = count()
    if not is_current():
        return counted
    with suppress(OSError):  # a folder that cannot be written to is no reason not to answer
        _write(path, counted)
        for old in set(folder.glob(f"{series}*.npz")) - {path}:
            old.unlink(missing_ok=True)
    return counted


def _read(path: Path, kinds: Kinds) -> Arrays | None:
    """The counts of a file that is whole, with all its columns equally long."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {name: file[name] for name in kinds}
    except _UNREADABLE:
        return None
    typed = all(arrays[name].dtype == dtype for name, dtype in kinds.items())
    rows = {array.shape for array in arrays.values()}
    whole = typed and len(rows) == 1 and len(rows.pop()) == 1
    return arrays if whole else None


def _write(path: Path, counts: Arrays) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as unfinished, unfinished.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **counts)
