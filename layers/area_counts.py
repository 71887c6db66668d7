"""Recorded crime by small area, Neighbourhood Policing Area (NPA), month and type, ready to add up.

Each month is counted once and kept. What is asked of wards and districts adds up small areas, so
that any answer is a sum over one small cube, however many records are held. The small area is the
one that a record states; its NPA is that in which its anonymised point lies.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from boundaries.ground import Ground
from boundaries.lsoa_vintages import NONE, lsoa_vintages
from geo.dates import DateInterval
from layers.count_files import Arrays, Kinds, kept_arrays
from layers.crime_counts import SLUGS, index_in, meaning_of, place_index, places_of
from layers.crime_intake import ASB
from layers.location import placed
from layers.workspace import Workspace

IntArray = npt.NDArray[np.int64]

FOLDER: Final = "counts"
CRIME: Final = "crime"
"""All crimes together; anti-social behaviour is none."""

_KINDS: Final[Kinds] = {"kind": np.int8, "area": np.int32, "place": np.int16, "records": np.int32}


@dataclass(frozen=True, slots=True, eq=False)
class AreaCounts:
    """Counts of all months held.

    ``by_small_area`` has the axes month, type (as `SLUGS`) and small area (LSOA 2021, in the order
    of ``codes``); ``by_npa`` month, type and NPA in the order of ``npa_codes``; ``total`` month and
    type, with what lies in no area; ``without_code`` those of it that state no small area.
    """

    months: tuple[str, ...]
    codes: tuple[str, ...]
    npa_codes: tuple[str, ...]
    by_small_area: IntArray
    by_npa: IntArray
    total: IntArray
    without_code: IntArray

    @property
    def rows(self) -> int:
        """For how much memory it counts."""
        return self.by_small_area.size + self.by_npa.size

    def in_months(self, counts: IntArray, months: Collection[str], kind: str) -> IntArray:
        """The sum of one of the arrays over some months, of one type or of all crimes."""
        chosen = [number for number, month in enumerate(self.months) if month in set(months)]
        found: IntArray = counts[chosen][:, kinds_of(kind)].sum(axis=(0, 1))
        return found

    def of_month(self, kind: str) -> dict[str, int]:
        """The count of each month that is held, of one type or of all crimes."""
        sums = self.total[:, kinds_of(kind)].sum(axis=1)
        return dict(zip(self.months, sums.tolist(), strict=True))

    def without_area(self, months: Collection[str], kind: str) -> tuple[int, int, int]:
        """How many records state no small area, how many one that is not of the force; of all."""
        whole, stated_none, within = (
            int(self.in_months(counts, months, kind).sum())
            for counts in (self.total, self.without_code, self.by_small_area)
        )
        return stated_none, whole - stated_none - within, whole


def kinds_of(kind: str) -> list[int]:
    """The positions in `SLUGS` that a type stands for."""
    if kind == CRIME:
        return [number for number, slug in enumerate(SLUGS) if slug != ASB]
    return [SLUGS.index(kind)]


def area_counts(workspace: Workspace) -> AreaCounts:
    """The counts of all months that are held."""
    return workspace.derived(
        "area counts", workspace.crime.version(), lambda: _all_months(workspace)
    )


def _all_months(workspace: Workspace) -> AreaCounts:
    ground = workspace.ground
    codes, npas = lsoa_vintages(ground).codes, ground.npa_codes
    digests = workspace.crime.digests()
    shape = (len(digests), len(SLUGS))
    by_area = np.zeros((*shape, len(codes)), dtype=np.int64)
    by_npa = np.zeros((*shape, len(npas)), dtype=np.int64)
    total, without_code = (np.zeros(shape, dtype=np.int64) for _ in range(2))
    npa_of = _npa_of_place(ground, npas)
    for number, (month, digest) in enumerate(digests.items()):
        counted = _month(workspace, month, digest)
        kind, area, records = counted["kind"], counted["area"], counted["records"]
        npa = npa_of[counted["place"]]
        in_area, in_npa = np.flatnonzero(area >= 0), np.flatnonzero(npa >= 0)
        np.add.at(by_area[number], (kind[in_area], area[in_area]), records[in_area])
        np.add.at(by_npa[number], (kind[in_npa], npa[in_npa]), records[in_npa])
        np.add.at(total[number], kind, records)
        none = np.flatnonzero(area == NONE)
        np.add.at(without_code[number], kind[none], records[none])
    return AreaCounts(tuple(digests), codes, npas, by_area, by_npa, total, without_code)


def _npa_of_place(ground: Ground, npas: Sequence[str]) -> IntArray:
    return np.array([npas.index(code) if code else -1 for code, _ in places_of(ground)])


def _month(workspace: Workspace, month: str, digest: str) -> Arrays:
    ground = workspace.ground
    stamp = f"{digest}-{ground.fingerprint}-{meaning_of(ground)}-{lsoa_vintages(ground).digest}"
    return kept_arrays(
        workspace.path / FOLDER,
        f"{month}-areas-",
        stamp,
        _KINDS,
        lambda: _counted(workspace, month),
        lambda: workspace.crime.digest(month) == digest,
    )


def _counted(workspace: Workspace, month: str) -> Arrays:
    """A month's records counted by type, small area and NPA."""
    ground = workspace.ground
    points, codes = workspace.crime.small_areas(month)
    area = lsoa_vintages(ground).areas_of(codes, points.easting_m, points.northing_m)
    day = pd.Timestamp(DateInterval.parse(month).date_from).as_unit("s")
    npa, names = placed(
        points.easting_m, points.northing_m, pd.Series(day, index=range(len(area))), ground
    )
    frame = pd.DataFrame(
        {
            "kind": index_in(SLUGS, points.crime_type),
            "area": area,
            "place": place_index(npa, names, ground),
        }
    )
    counted = frame.groupby(list(frame.columns), sort=True).size()
    keys = counted.index.to_frame(index=False)
    columns: dict[str, Any] = {name: keys[name].to_numpy() for name in frame.columns}
    columns["records"] = counted.to_numpy()
    return {name: np.asarray(columns[name], dtype=kind) for name, kind in _KINDS.items()}
