"""The ground on which every layer lies: areas, small areas, wards and settlements of a force."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from boundaries.builder import Build
from boundaries.recipe import Force
from boundaries.saved import current_sets, save_build
from boundaries.sets import BoundarySet, Era
from boundaries.shipped_files import SHIPPED, shipped_sets, table
from geo.errors import InvalidValue

__all__ = ["BoundarySet", "Build", "Era", "Ground", "load_ground", "save_build"]

_RESIDENTS: Final = MappingProxyType({"2011": "residents_mid2020", "2021": "residents"})


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What the other rooms know of the ground; its frames must not be changed.

    ``settlements``, ``wards`` and the frames of ``small_areas`` (by vintage, "2011" and "2021")
    have the columns of the shipped files, and ``easting_m`` and ``northing_m`` in EPSG:27700.
    They hold the places in the districts of this force. ``fingerprint`` changes whenever
    anything here does.
    """

    force: Force
    npas: BoundarySet
    districts: BoundarySet
    settlements: pd.DataFrame
    small_areas: Mapping[str, pd.DataFrame]
    wards: pd.DataFrame
    fingerprint: str

    @property
    def npa_codes(self) -> tuple[str, ...]:
        """Codes of the NPAs in the order of the recipe."""
        return self.npas.codes

    def npa_name(self, code: str) -> str:
        """Name of an NPA; the code itself where it is not one of ours."""
        return self.npas.name(code)

    @property
    def approximate_npas(self) -> frozenset[str]:
        """Codes of the NPAs whose outlines are approximate."""
        return self.npas.approximate

    def npa_label(self, code: str) -> str:
        """Name of an NPA as readers see it, an approximate outline marked."""
        mark = " (approximate)" if code in self.approximate_npas else ""
        return f"{self.npa_name(code)}{mark}"

    def npa_in_force(self, day: date) -> bool:
        """Whether the force area had NPAs, as far as we know their outlines, on a day."""
        return self.npas.in_force(day)

    def npa_at(
        self, easting_m: npt.ArrayLike, northing_m: npt.ArrayLike, date_from: npt.ArrayLike
    ) -> npt.NDArray[np.object_]:
        """Code of the NPA in force at each point on a day, by geometry.

        Args:
            easting_m: metres east in EPSG:27700.
            northing_m: metres north in EPSG:27700.
            date_from: the day of each point, or one day for all.

        Returns:
            Texts; empty where the point lies outside, and where no NPA was in force, which
            `npa_in_force` tells apart.
        """
        return self.npas.code_at(easting_m, northing_m, date_from)

    def district_at(
        self, easting_m: npt.ArrayLike, northing_m: npt.ArrayLike
    ) -> npt.NDArray[np.object_]:
        """Code of the district at each point in EPSG:27700; empty where outside."""
        return self.districts.latest_code_at(easting_m, northing_m)

    def residents_by_npa(self, vintage: str = "2021") -> pd.Series:
        """Residents of each present NPA: of the small areas whose point lies in it.

        A small area counts whole where its point lies, so figures near an NPA's edge are
        approximate. "2021" counts Census 2021 by LSOA 2021, "2011" mid-2020 estimates by
        LSOA 2011. Where we hold no small area of this force the series is empty.

        Raises:
            InvalidValue: no such vintage.
        """
        if vintage not in self.small_areas:
            raise InvalidValue(
                f"A vintage of small areas is needed, one of {', '.join(self.small_areas)}; "
                f"given {vintage!r}."
            )
        areas = self.small_areas[vintage]
        codes = self.npas.latest_code_at(areas["easting_m"], areas["northing_m"])
        residents = areas[_RESIDENTS[vintage]].groupby(codes).sum()
        held = self.npa_codes if len(areas) else ()
        return residents.reindex(list(held), fill_value=0).rename("residents")


def load_ground(workspace_dir: Path | None) -> Ground:
    """The ground with the best outlines: those built in the workspace, else the shipped ones.

    Raises:
        UnreadableGround: the workspace points to a set that is missing or damaged.
    """
    built = current_sets(workspace_dir) if workspace_dir is not None else None
    force, npas, districts = built or shipped_sets()
    settlements, wards = table("settlements"), table("wards")
    small_areas = {vintage: table(f"lsoa_{vintage}") for vintage in _RESIDENTS}
    digest = hashlib.sha256(f"{npas.build_id} {districts.build_id}".encode())
    for path in sorted(SHIPPED.iterdir()):
        if path.is_file():
            digest.update(path.read_bytes())
    ours = set(districts.codes)
    return Ground(
        force=force,
        npas=npas,
        districts=districts,
        settlements=_within(settlements, ours),
        small_areas=MappingProxyType(
            {vintage: _within(areas, ours) for vintage, areas in small_areas.items()}
        ),
        wards=_within(wards, ours),
        fingerprint=digest.hexdigest()[:16],
    )


def _within(places: pd.DataFrame, district_codes: set[str]) -> pd.DataFrame:
    return places[places["district_code"].isin(district_codes)].reset_index(drop=True)
