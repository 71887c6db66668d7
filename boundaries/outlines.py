"""Outlines of wards, districts or small areas from any file that GDAL reads.

The columns are found by the names that the Office for National Statistics gives them: ``WD25CD``
with ``WD25NM``, ``LAD25CD`` with ``LAD25NM``, ``LSOA21CD`` with ``LSOA21NM``, whatever the year.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from boundaries.errors import UnreadableOutlines
from geo.crs import BRITISH_NATIONAL_GRID, geometries_to_metres, is_metric
from geo.errors import InvalidFrame
from geo.partition import repair

Level = Literal["lsoa", "ward", "district"]

LEVEL_IN_WORDS: Final[dict[Level, str]] = {
    "lsoa": "LSOAs",
    "ward": "wards",
    "district": "districts",
}

_PREFIXES: Final[dict[Level, str]] = {"lsoa": "LSOA", "ward": "WD", "district": "LAD"}
_ONS_LINE: Final = (
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0"
)
_OS_LINE: Final = "Contains OS data © Crown copyright and database right"


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Units read from a file, valid and in EPSG:27700.

    ``frame`` has ``code``, ``name``, ``district_code`` and ``district_name`` (empty texts where
    the file does not say) and the geometry; ``repaired`` names the units whose rings crossed or
    touched themselves; ``attribution`` holds the lines to be shown with what is built.
    """

    level: Level
    frame: gpd.GeoDataFrame
    file_name: str
    repaired: tuple[str, ...]
    attribution: tuple[str, ...]


def read_outlines(path: Path) -> Outlines:
    """Read units from a file of polygons.

    Where a file carries codes of several levels (wards with their district), the smallest units
    are taken.

    Raises:
        UnreadableOutlines: the file cannot be read, has no coordinate reference system, no
            column of codes, a missing or repeated code, or a shape that is not a polygon.
    """
    try:
        read = pyogrio.read_dataframe(path)
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as error:
        raise UnreadableOutlines(
            f"A file of polygons that GDAL reads (GeoJSON, GeoPackage, Shapefile) is needed; "
            f"{path.name} cannot be read: {error}."
        ) from error
    if not isinstance(read, gpd.GeoDataFrame) or read.crs is None:
        raise UnreadableOutlines(
            f"Polygons with a coordinate reference system are needed; {path.name} has none. "
            "Save it with its projection."
        )
    level, code = _finest_level(read, path.name)
    codes = _texts(read, code)
    _require_own_codes(codes, code, path.name)
    try:
        repaired = repair(_in_metres(read))
    except InvalidFrame as error:
        raise UnreadableOutlines(f"{path.name} cannot be used. {error}") from error
    district = _code_column(read, "district")
    frame = gpd.GeoDataFrame(
        {
            "code": codes,
            "name": _texts(read, _name_column(read, code)),
            "district_code": _texts(read, district),
            "district_name": _texts(read, _name_column(read, district)),
        },
        geometry=repaired.geometries,
        crs=BRITISH_NATIONAL_GRID,
    )
    invalid = tuple(str(value) for value in codes[repaired.was_invalid])
    return Outlines(level, frame, path.name, invalid, _attribution(code))


def _finest_level(read: gpd.GeoDataFrame, file_name: str) -> tuple[Level, str]:
    for level in get_args(Level):
        column = _code_column(read, level)
        if column is not None:
            return level, column
    raise UnreadableOutlines(
        f"A column of codes such as WD25CD, LAD25CD or LSOA21CD is needed; {file_name} has "
        f"{', '.join(str(name) for name in read.columns)}. Rename the column of codes."
    )


def _code_column(read: gpd.GeoDataFrame, level: Level) -> str | None:
    pattern = re.compile(rf"{_PREFIXES[level]}(\d\d)?CD", re.IGNORECASE)
    return next((str(name) for name in read.columns if pattern.fullmatch(str(name))), None)


def _name_column(read: gpd.GeoDataFrame, code: str | None) -> str | None:
    if code is None:
        return None
    wanted = code[:-2].casefold() + "nm"
    return next((str(name) for name in read.columns if str(name).casefold() == wanted), None)


def _texts(read: gpd.GeoDataFrame, column: str | None) -> np.ndarray[Any, Any]:
    if column is None:
        return np.full(len(read), "", dtype=object)
    return np.array(
        ["" if pd.isna(value) else str(value) for value in read[column].to_numpy(dtype=object)],
        dtype=object,
    )


def _require_own_codes(codes: np.ndarray[Any, Any], column: str, file_name: str) -> None:
    listed = codes.tolist()
    if "" in listed or not listed:
        raise UnreadableOutlines(
            f"Every unit of {file_name} needs a code in {column}; at least one has none. "
            "Fill the column or leave the unit out."
        )
    repeated = [code for code, times in Counter(listed).items() if times > 1]
    if repeated:
        raise UnreadableOutlines(
            f"Every unit of {file_name} needs a code of its own in {column}; {repeated[0]} comes "
            "more than once. Dissolve the units by their code."
        )


def _in_metres(read: gpd.GeoDataFrame) -> np.ndarray[Any, Any]:
    shapes = shapely.force_2d(read.geometry.to_numpy())
    if is_metric(read.crs):
        return np.asarray(shapes)
    if not read.crs.is_geographic:
        shapes = read.to_crs("OGC:CRS84").geometry.to_numpy()
    return geometries_to_metres(shapes)


def _attribution(code_column: str) -> tuple[str, ...]:
    year = re.search(r"\d\d", code_column)
    return (_ONS_LINE, f"{_OS_LINE} 20{year.group()}" if year else _OS_LINE)
