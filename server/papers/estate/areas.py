"""The areas of the force with what stands in each: for the tables of the paper and its data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import pandas as pd

from layers.answer import npa_names
from layers.estate_reconciled import NEIGHBOURHOOD_OFFICE, access_of, desk_of
from layers.schema import Field
from layers.site_days import UNKNOWN
from layers.spec import NPA_COLUMNS, LayerSpec, Legend, StyleClass
from layers.view import Counts, View
from server.estate import words as estate_words
from server.papers.estate.material import Material
from server.services import services

NO_AREA: Final = "In no NPA, or not known"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many sites surely are so, and how many more may be."""

    surely: int
    possibly: int

    @property
    def in_words(self) -> str:
        """The count as readers see it.

        >>> Tally(2, 1).in_words
        '2; up to 1 more'
        """
        more = f"; up to {self.possibly:,} more" if self.possibly else ""
        return f"{self.surely:,}{more}"


@dataclass(frozen=True, slots=True)
class AreaRegister:
    """The sites of one area on the day, or of all (``label`` says which).

    ``cost_gbp`` and ``floor_m2`` add up what is known; ``no_cost`` and ``no_floor`` count the sites
    of which it is not.
    """

    code: str
    label: str
    premises: Tally
    offices: Tally
    desks: Tally
    access: Tally
    floor_m2: float
    no_floor: int
    cost_gbp: float
    no_cost: int


def registers_by_area(material: Material) -> tuple[AreaRegister, ...]:
    """The areas in order, then what lies in none where anything does, and all sites last."""
    names = npa_names(services().workspace)
    sites = material.register.records
    found = [
        _register(sites[sites["npa_code"] == code], code, name) for code, name in names.items()
    ]
    elsewhere = sites[~sites["npa_code"].isin(names)]
    if len(elsewhere):
        found.append(_register(elsewhere, "", NO_AREA))
    return (*found, _register(sites, "", "All"))


def _register(sites: gpd.GeoDataFrame, code: str, label: str) -> AreaRegister:
    is_office = sites["site_type"] == NEIGHBOURHOOD_OFFICE
    floor, cost = (_numbers(sites, name) for name in ("floor_area_m2", "running_cost_gbp"))
    return AreaRegister(
        code,
        label,
        _standing(sites[~is_office]),
        _standing(sites[is_office]),
        _judged(desk_of(sites)),
        _judged(access_of(sites)),
        float(floor.sum()),
        int(floor.isna().sum()),
        float(cost.sum()),
        int(cost.isna().sum()),
    )


def _numbers(sites: gpd.GeoDataFrame, column: str) -> pd.Series:
    if column not in sites:
        return pd.Series(float("nan"), index=sites.index)
    return pd.Series(sites[column], dtype=float)


def _standing(sites: gpd.GeoDataFrame) -> Tally:
    surely = int((sites["in_period"] == "in").sum())
    return Tally(surely, len(sites) - surely)


def _judged(states: pd.Series) -> Tally:
    return Tally(int((states == "yes").sum()), int((states == UNKNOWN).sum()))


SPEC: Final = LayerSpec(
    id="estate_areas",
    page="estate",
    title="The estate by area",
    singular="area",
    plural="areas",
    summary="Each Neighbourhood Policing Area with its sites, aims and coverage.",
    schemas=(),
    columns=(
        *NPA_COLUMNS,
        Field("premises", "Premises", "integer", computed=True),
        Field("premises_possibly", "Premises possibly", "integer", computed=True),
        Field("neighbourhood_offices", "Neighbourhood offices", "integer", computed=True),
        Field("neighbourhood_offices_possibly", "Offices possibly", "integer", computed=True),
        Field("enquiry_desks", "Enquiry desks", "integer", computed=True),
        Field("enquiry_desks_possibly", "Enquiry desks possibly", "integer", computed=True),
        Field("enquiry_office", "An enquiry office", "choice", computed=True),
        Field("public_access", "Public access", "choice", computed=True),
        Field("residents", "Residents (Census 2021)", "integer", computed=True),
    ),
    popup=("npa_name", "npa_approximate", "enquiry_office", "residents"),
    time="standing",
)
LEGEND: Final = Legend(
    "An enquiry office in the area",
    "enquiry_office",
    (
        StyleClass("Met", "#12436D", "filled", "met"),
        StyleClass("Not met", "#CFE2F3", "filled", "not-met"),
        StyleClass("Not known", "#3D3D3D", "hatched", "not-known"),
    ),
)


def areas_view(material: Material) -> View:
    """The areas, drawn as their generalised outlines, in the order of the tables."""
    ground = services().workspace.ground
    outlines = ground.npas.display.drop_duplicates("code", keep="last").set_index("code").geometry
    columns = (*SPEC.columns, *_within_fields(material.coverage.asked.distances_m))
    rows = [_row(material, area) for area in registers_by_area(material) if area.code]
    frame = pd.DataFrame(rows, columns=[field.name for field in columns])
    geometry = [outlines[code] for code in frame["npa_code"]]
    return View(
        layer=SPEC,
        query=material.register.query,
        audience=material.asked.audience,
        records=gpd.GeoDataFrame(frame, geometry=geometry, crs=ground.npas.display.crs),
        columns=columns,
        counts=Counts(len(rows), 0, 0, 0),
        by_npa=pd.DataFrame(),
        legend=LEGEND,
        caption=tuple(estate_words.strategy_sentences(material.strategy)),
    )


def _within_fields(distances_m: Sequence[int]) -> tuple[Field, ...]:
    return tuple(
        Field(f"within_{m}_m{end}", f"Residents within {m} m{said}", "integer", computed=True)
        for m in distances_m
        for end, said in (("", ""), ("_possibly", " possibly"))
    )


def _row(material: Material, area: AreaRegister) -> dict[str, object]:
    ground = services().workspace.ground
    aim = next(each for each in material.strategy.areas if each.npa_code == area.code)
    row: dict[str, object] = {
        "npa_code": area.code,
        "npa_name": ground.npa_name(area.code),
        "npa_approximate": area.code in ground.approximate_npas,
        "premises": area.premises.surely,
        "premises_possibly": area.premises.possibly,
        "neighbourhood_offices": area.offices.surely,
        "neighbourhood_offices_possibly": area.offices.possibly,
        "enquiry_desks": area.desks.surely,
        "enquiry_desks_possibly": area.desks.possibly,
        "enquiry_office": aim.enquiry_office.state,
        "public_access": aim.public_access.state,
    }
    return row | _residents(material, area.code)


def _residents(material: Material, code: str) -> dict[str, int]:
    """Residents of an area by how near they are; none where no small area of it is held."""
    covered = material.coverage.by("npa").get(code)
    if covered is None:
        return {}
    counted = {"residents": round(covered.sure.residents)}
    for number, metres in enumerate(material.coverage.asked.distances_m):
        sure, most = covered.sure.within[number], covered.possible.within[number]
        counted[f"within_{metres}_m"] = round(sure)
        counted[f"within_{metres}_m_possibly"] = round(most - sure)
    return counted
