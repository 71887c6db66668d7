"""Views as one GeoPackage, a layer each, in EPSG:27700."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyogrio

from layers.schema import Field
from layers.view import View

DRIVER: Final = "GPKG"
ENDING: Final = ".gpkg"


def geopackage(data: Sequence[tuple[str, View]], as_of: date) -> bytes:
    """The views by name, as a GeoPackage.

    The time of its last change, which the format asks for, is the day on which the data stand, so
    that the same data give the same bytes with the same version of GDAL.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"data{ENDING}"
        for name, view in data:
            pyogrio.write_dataframe(
                _plain(view),
                file,
                layer=name,
                driver=DRIVER,
                append=file.exists(),
                geometry_type=_geometry_type(view) if view.placed else None,
                layer_options={"DESCRIPTION": view.caption[0], "IDENTIFIER": view.layer.title},
            )
        return _stamped(file, as_of).read_bytes()


def _plain(view: View) -> pd.DataFrame:
    """The columns of the view, days as texts in the form of ISO 8601.

    Records of registers that have no position are a table without geometry.
    """
    columns = {field.name: _column(field, view.records[field.name]) for field in view.columns}
    table = pd.DataFrame(columns)
    if not view.placed:
        return table
    geometry = view.records.geometry.to_numpy()
    placed: pd.DataFrame = gpd.GeoDataFrame(table, geometry=geometry, crs=view.records.crs)
    return placed


def _column(field: Field, values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        return pd.Series(values.dt.strftime("%Y-%m-%d").astype(object))
    if field.kind == "integer":
        return values.astype("Int64")
    if field.kind == "number":
        return values.astype(float)
    if field.kind == "boolean":
        return values.astype(bool)
    return values.map(lambda value: None if pd.isna(value) else str(value)).astype(object)


def _geometry_type(view: View) -> str:
    shapes = view.records.geometry.dropna().geom_type.unique().tolist()
    return shapes[0] if len(shapes) == 1 else "Unknown" if shapes else "Point"


def _stamped(file: Path, as_of: date) -> Path:
    """A copy of the file that tells the day of its data and nothing of when it was written.

    It is copied anew because SQLite counts the changes of a file in its head, and GDAL makes one
    more or one less as a clock turns while it writes.
    """
    copy = file.with_name(f"stamped{ENDING}")
    moment = f"{as_of.isoformat()}T00:00:00.000Z"
    with closing(sqlite3.connect(file)) as database:
        with database:
            database.execute("UPDATE gpkg_contents SET last_change = ?", (moment,))
        database.execute("VACUUM INTO ?", (str(copy),))
    return copy
