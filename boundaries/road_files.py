"""Reads files of roads: OS Open Roads, an extract of OpenStreetMap, or lines with their speeds.

Roads in and around the districts of the force are taken, with a speed each; every line that is
read is accounted for.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from boundaries.errors import UnreadableRoads
from boundaries.road_lines import MARGIN_M, as_frame, near, one_piece, split_where_shared
from boundaries.road_report import RoadReport
from boundaries.road_sources import RoadSource
from boundaries.road_speeds import os_speed_kmh, osm_direction, osm_speed_kmh, osm_tags
from boundaries.sets import BoundarySet
from geo.crs import WGS84, geometries_to_degrees, geometries_to_metres, is_metric

OSM_LAYER: Final = "lines"
_OSM_ENDINGS: Final = (".osm", ".pbf")
_OSM_WAYS: Final = {"columns": ["highway", "other_tags"], "where": "highway IS NOT NULL"}
_OGL: Final = "Open Government Licence v.3.0"
_ODBL: Final = "Open Data Commons Open Database License (ODbL) 1.0"
_FUNCTION: Final = ("road_function", "roadfunction", "function")
_FORM: Final = ("form_of_way", "formofway")
_SPEED, _DIRECTION = "speed_kmh", "oneway"


@dataclass(frozen=True, slots=True, eq=False)
class RoadsRead:
    """Roads taken from a file, and the account of all its lines.

    ``frame`` has ``speed_kmh``, ``oneway`` (1 as drawn, -1 against it, 0 both ways) and lines in
    EPSG:27700, each from one junction to another.
    """

    frame: gpd.GeoDataFrame
    report: RoadReport


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a user says of a file of roads; empty where the source itself says it."""

    vintage: str = ""
    licence: str = ""
    attribution: tuple[str, ...] = ()


def read_roads(
    path: Path,
    districts: BoundarySet,
    source: RoadSource | None = None,
    said: Provenance | None = None,
) -> RoadsRead:
    """Read the roads in and within ten kilometres of the districts of a force.

    Args:
        path: a file that GDAL reads.
        districts: the districts of the force.
        source: what the file is; by its layers and its ending unless it is given.
        said: vintage, licence and lines of attribution. A file of lines needs the last.

    Raises:
        UnreadableRoads: the file cannot be read, lacks a column, or holds no road of the area, or
            lines come without attribution.
    """
    layer, kind = _layer_of(path, source)
    said = said or Provenance()
    if kind == "lines" and not said.attribution:
        raise UnreadableRoads(
            f"Who made {path.name} must be said with the maps. Give a line of --attribution."
        )
    area = shapely.union_all(districts.frame.geometry.to_numpy())
    read = _read(path, layer, area, kind)
    speed_kmh, oneway = _driven(read, kind, path.name)
    lines, of = shapely.get_parts(shapely.force_2d(read.geometry.to_numpy()), return_index=True)
    drivable = np.isfinite(speed_kmh)[of]
    lines, of = lines[drivable], of[drivable]
    if kind != "os-open-roads" and len(lines):
        lines, rows = split_where_shared(lines)
        of = of[rows]
    lines = lines if is_metric(read.crs) else geometries_to_metres(lines)
    inside = near(lines, area) & (shapely.length(lines) > 0)
    if not inside.any():
        raise UnreadableRoads(
            f"Roads in or near {districts.title.lower()} of the force area are needed; of the "
            f"{len(read):,} lines of {path.name} there none is one. Give the file that covers the "
            "area."
        )
    table = pd.DataFrame({_SPEED: speed_kmh[of[inside]], _DIRECTION: oneway[of[inside]]})
    joined = one_piece(as_frame(table, lines[inside]))
    driven = np.isfinite(speed_kmh)
    report = RoadReport(
        file_name=path.name,
        file_digest=_digest(path),
        source=kind,
        lines=len(read),
        not_driven=int((~driven).sum()),
        outside=int((~np.isin(np.flatnonzero(driven), of[inside])).sum()),
        apart=joined.apart,
        taken=len(joined.frame),
        length_km=round(float(joined.frame.length.sum()) / 1000, 1),
        oneway=int((joined.frame[_DIRECTION] != 0).sum()),
        margin_m=MARGIN_M,
        **_provenance(path, kind, said),
    )
    return RoadsRead(joined.frame, report)


def _provenance(path: Path, kind: RoadSource, said: Provenance) -> dict[str, Any]:
    """Vintage, licence and attribution as they were said, or else as the source has them."""
    vintage = said.vintage or _year_of(path)
    return {
        "vintage": vintage,
        "licence": said.licence or _licence(kind),
        "attribution": said.attribution or _attribution(kind, vintage),
    }


def _layer_of(path: Path, source: RoadSource | None) -> tuple[str, RoadSource]:
    """The layer to read, and what the file is."""
    try:
        layers = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    except (DataSourceError, UnicodeDecodeError) as error:
        raise UnreadableRoads(
            "A file of road lines that GDAL reads (GeoPackage, .osm.pbf, GeoJSON, Shapefile) is "
            f"needed; {path.name} cannot be read: {error}. Fetch it again, or unzip it."
        ) from error
    links = [name for name in layers if re.sub("[^a-z]", "", name.lower()) == "roadlink"]
    is_osm = path.name.lower().endswith(_OSM_ENDINGS) and OSM_LAYER in layers
    kind = source or ("os-open-roads" if links else "openstreetmap" if is_osm else "lines")
    if kind == "os-open-roads" and links:
        return links[0], kind
    if kind == "openstreetmap" and OSM_LAYER in layers:
        return OSM_LAYER, kind
    if kind != "openstreetmap" and layers:
        return layers[0], kind
    raise UnreadableRoads(
        f"A layer of lines is needed; {path.name} has {', '.join(layers) or 'none'}. Give an "
        "extract that ends in .osm.pbf, or say with --source what the file is."
    )


def _read(path: Path, layer: str, area: shapely.Geometry, kind: RoadSource) -> gpd.GeoDataFrame:
    """The lines in the box around the area and its margin, in their own reference system."""
    box = shapely.box(*shapely.buffer(area, MARGIN_M).bounds)
    try:
        crs = WGS84 if kind == "openstreetmap" else pyogrio.read_info(path, layer)["crs"]
        bounds = box.bounds if is_metric(crs) else None
        if crs in (WGS84, "EPSG:4326"):
            bounds = shapely.total_bounds(geometries_to_degrees([shapely.segmentize(box, 1000)]))
            bounds = tuple(float(value) for value in bounds)
        ways = _OSM_WAYS if kind == "openstreetmap" else {}
        read = pyogrio.read_dataframe(path, layer=layer, bbox=bounds, **ways)
    except (DataSourceError, DataLayerError, UnicodeDecodeError, RuntimeError) as error:
        raise UnreadableRoads(
            f"The layer {layer} of {path.name} cannot be read: {error}. Fetch the file again."
        ) from error
    if not isinstance(read, gpd.GeoDataFrame) or read.crs is None:
        raise UnreadableRoads(
            f"Lines with a coordinate reference system are needed; {path.name} has none. Save it "
            "with its projection."
        )
    read = read[~(read.geometry.isna() | read.geometry.is_empty)].reset_index(drop=True)
    if not read.geometry.geom_type.isin(("LineString", "MultiLineString")).all():
        raise UnreadableRoads(f"Roads are needed as lines; {path.name} has other shapes as well.")
    return read if is_metric(read.crs) or read.crs.is_geographic else read.to_crs(WGS84)


def _driven(
    read: gpd.GeoDataFrame, kind: RoadSource, file_name: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """The speed of each line, NaN where nobody may drive, and its direction."""
    oneway = np.zeros(len(read), dtype=np.int64)
    if kind == "os-open-roads":
        function, form = (_texts(read, names, file_name) for names in (_FUNCTION, _FORM))
        speeds = [os_speed_kmh(*pair) for pair in zip(function, form, strict=True)]
    elif kind == "openstreetmap":
        highways = _texts(read, ("highway",), file_name)
        tags = [osm_tags(text) for text in _texts(read, ("other_tags",), file_name)]
        speeds = [osm_speed_kmh(*pair) for pair in zip(highways, tags, strict=True)]
        oneway[:] = [osm_direction(*pair) for pair in zip(highways, tags, strict=True)]
    else:
        given = pd.to_numeric(pd.Series(_texts(read, (_SPEED,), file_name)), errors="coerce")
        speeds = given.where(np.isfinite(given) & (given > 0)).tolist()
        if _DIRECTION in read.columns:
            oneway[:] = _directions(read, file_name)
    return np.array(speeds, dtype=np.float64), oneway


def _directions(read: gpd.GeoDataFrame, file_name: str) -> npt.NDArray[np.int64]:
    given = pd.to_numeric(read[_DIRECTION], errors="coerce").fillna(0)
    if not given.isin((-1, 0, 1)).all():
        raise UnreadableRoads(
            f"{_DIRECTION} must be 1 (as drawn), -1 (against it) or 0 (both ways); {file_name} has "
            "other values."
        )
    return np.asarray(given, dtype=np.int64)


def _texts(read: gpd.GeoDataFrame, names: tuple[str, ...], file_name: str) -> list[str]:
    columns = {str(name).lower(): name for name in read.columns}
    found = next((columns[name] for name in names if name in columns), None)
    if found is None:
        raise UnreadableRoads(
            f"A column {names[0]} is needed; {file_name} has "
            f"{', '.join(str(name) for name in read.columns if name != 'geometry')}. Say with "
            "--source what the file is, or rename the column."
        )
    return ["" if pd.isna(value) else str(value) for value in read[found].to_numpy(dtype=object)]


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _year_of(path: Path) -> str:
    return max(re.findall(r"20\d\d", path.name), default="")


def _licence(kind: RoadSource) -> str:
    return {"os-open-roads": _OGL, "openstreetmap": _ODBL}.get(kind, "")


def _attribution(kind: RoadSource, vintage: str) -> tuple[str, ...]:
    if kind == "openstreetmap":
        return ("© OpenStreetMap contributors, openstreetmap.org/copyright",)
    year = "".join(re.findall(r"20\d\d", vintage)[:1])
    return (f"Contains OS data © Crown copyright and database right {year}".rstrip(),)
