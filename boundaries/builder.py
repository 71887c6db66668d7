"""Builds the NPAs and districts of a force from a recipe and a file of outlines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from boundaries.edges import compare
from boundaries.errors import InvalidRecipe, NothingToBuild
from boundaries.outlines import LEVEL_IN_WORDS, Outlines
from boundaries.recipe import DistrictRecipe, Force, NpaRecipe, Recipe
from boundaries.report import BuildReport, Missing, NotBuilt
from boundaries.sets import BoundarySet
from geo.crs import BRITISH_NATIONAL_GRID
from geo.partition import generalise

TOLERANCE_M: Final = 100.0

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Build:
    """The NPAs and districts made from one file of outlines, and the account of it."""

    force: Force
    npas: BoundarySet
    districts: BoundarySet
    report: BuildReport


@dataclass(frozen=True, slots=True, eq=False)
class _Claim:
    """The units of the outlines of which one area is made, and the row that describes it."""

    row: dict[str, Any]
    units: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class _NpaClaim(_Claim):
    npa: NpaRecipe


def build(recipe: Recipe, outlines: Outlines, tolerance_m: float = TOLERANCE_M) -> Build:
    """Make the NPAs and districts of a recipe.

    Wards or small areas are dissolved in EPSG:27700. The generalised outlines are made of one
    coverage of the pieces that NPAs and districts cut each other into, so that neighbours, and
    an NPA and its district, keep the edge they share.

    Raises:
        NothingToBuild: the outlines hold no district of the recipe, or none of the units of an
            NPA that this kind of outline could make.
        InvalidRecipe: a unit falls to two NPAs on the same day.
    """
    districts = _district_claims(recipe, outlines)
    npas, not_built = _npa_claims(recipe.npas, outlines)
    _require_one_owner(npas, outlines)
    claims = [*npas, *districts]
    full = _united(outlines.frame.geometry.to_numpy(), [claim.units for claim in claims])
    general, edges_shared = _generalised(outlines, claims, tolerance_m)
    build_id = _build_id((recipe.force, outlines.file_name), full, general, claims)

    def make(name: str, title: str, part: slice) -> BoundarySet:
        rows = [claim.row for claim in claims[part]]
        return BoundarySet(
            id=name,
            title=title,
            frame=_frame(rows, full[part]),
            display=_frame(rows, general[part]),
            detail=f"outlines built from {outlines.file_name}",
            build_id=build_id,
            attribution=outlines.attribution,
        )

    npa_set = make("npas", "Neighbourhood Policing Areas", slice(len(npas)))
    district_set = make("districts", "Districts", slice(len(npas), None))
    claimed = np.any([claim.units for claim in npas], axis=0)
    ours = np.any([claim.units for claim in districts], axis=0)
    report = BuildReport(
        file_name=outlines.file_name,
        level=outlines.level,
        units_read=len(outlines.frame),
        units_used=int(claimed.sum()),
        units_elsewhere=int((~claimed & ~ours).sum()),
        repaired=outlines.repaired,
        unused=tuple(outlines.frame["code"].to_numpy()[ours & ~claimed]),
        missing=tuple(_missing(recipe, npas, outlines)),
        not_built=not_built,
        edges=compare(npa_set, district_set),
        edges_shared=edges_shared,
        tolerance_m=tolerance_m,
    )
    return Build(recipe.force, npa_set, district_set, report)


def _district_claims(recipe: Recipe, outlines: Outlines) -> list[_Claim]:
    claims = []
    for district in recipe.districts:
        units = (outlines.frame["district_code"] == district.code).to_numpy()
        if units.any():
            named = outlines.frame["district_name"].to_numpy()[units][0]
            claims.append(_Claim(_district_row(district, named), units))
    if not claims:
        raise NothingToBuild(
            f"Outlines with the district codes of {recipe.force.area_name} are needed; "
            f"{outlines.file_name} has none of {', '.join(d.code for d in recipe.districts)}. "
            "Give a file of wards or districts with a column such as LAD25CD."
        )
    return claims


def _npa_claims(
    npas: Sequence[NpaRecipe], outlines: Outlines
) -> tuple[list[_NpaClaim], tuple[NotBuilt, ...]]:
    claims, not_built = [], []
    holds = LEVEL_IN_WORDS[outlines.level]
    for npa in npas:
        if npa.wards and outlines.level != "ward":
            not_built.append(
                NotBuilt(npa.code, f"it is made of wards, and the file holds {holds}.")
            )
            continue
        column = "code" if npa.wards else "district_code"
        units = outlines.frame[column].isin(npa.units).to_numpy()
        if not units.any():
            raise NothingToBuild(
                f"NPA {npa.code} needs {', '.join(npa.units)}; {outlines.file_name} holds none "
                "of them. Give outlines of the vintage that the recipe names."
            )
        claims.append(_NpaClaim(_npa_row(npa), units, npa))
    if not claims:
        raise NothingToBuild(
            f"Every NPA of the recipe is made of wards; {outlines.file_name} holds "
            f"{holds}. Give a file of wards."
        )
    return claims, tuple(not_built)


def _require_one_owner(claims: Sequence[_NpaClaim], outlines: Outlines) -> None:
    for position, claim in enumerate(claims):
        for other in claims[:position]:
            both = claim.units & other.units
            if both.any() and claim.npa.overlaps_in_time(other.npa):
                unit = outlines.frame["code"].to_numpy()[both][0]
                raise InvalidRecipe(
                    f"Each place belongs to one NPA at a moment; {unit} falls to "
                    f"{other.npa.code} and {claim.npa.code} on the same days. Take it, or the "
                    "district it lies in, from one of them."
                )


def _united(units: npt.NDArray[Any], areas: Iterable[BoolArray]) -> npt.NDArray[Any]:
    return np.array([shapely.union_all(units[mask]) for mask in areas], dtype=object)


def _generalised(
    outlines: Outlines, claims: Sequence[_Claim], tolerance_m: float
) -> tuple[npt.NDArray[Any], bool]:
    """The areas generalised as one coverage, and whether its pieces met edge to edge."""
    membership = np.column_stack([claim.units for claim in claims])
    used = membership.any(axis=1)
    kinds, piece_of = np.unique(membership[used], axis=0, return_inverse=True)
    units = outlines.frame.geometry.to_numpy()[used]
    pieces = _united(units, [piece_of.ravel() == kind for kind in range(len(kinds))])
    edges_shared = bool(shapely.coverage_is_valid(pieces))
    simple = generalise(pieces, tolerance_m)
    return _united(simple, kinds.T), edges_shared


def _npa_row(npa: NpaRecipe) -> dict[str, Any]:
    return {
        "code": npa.code,
        "name": npa.name,
        "group": npa.group,
        "approximate": npa.approximate,
        "note": npa.note,
        "date_from": npa.date_from,
        "date_to": npa.date_to,
    }


def _district_row(district: DistrictRecipe, named: str) -> dict[str, Any]:
    return {
        "code": district.code,
        "name": named or district.name,
        "group": "",
        "approximate": False,
        "note": "",
        "date_from": None,
        "date_to": None,
    }


def _frame(rows: list[dict[str, Any]], geometries: npt.NDArray[Any]) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(rows, geometry=geometries, crs=BRITISH_NATIONAL_GRID)
    for column in ("date_from", "date_to"):
        frame[column] = np.array([row[column] for row in rows], dtype=object)
    return frame


def _build_id(
    label: object,
    full: npt.NDArray[Any],
    general: npt.NDArray[Any],
    claims: Sequence[_Claim],
) -> str:
    rows = [claim.row for claim in claims]
    digest = hashlib.sha256(repr((label, rows)).encode())
    for geometry in (*full, *general):
        digest.update(shapely.to_wkb(geometry, byte_order=1))
    return digest.hexdigest()[:12]


def _missing(recipe: Recipe, claims: Sequence[_NpaClaim], outlines: Outlines) -> Iterable[Missing]:
    units = set(outlines.frame["code"])
    districts = set(outlines.frame["district_code"])
    for district in recipe.districts:
        if district.code not in districts:
            yield Missing("the districts", district.code)
    for claim in claims:
        for code in claim.npa.units:
            if code not in (units if claim.npa.wards else districts):
                yield Missing(claim.npa.code, code)
