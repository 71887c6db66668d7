"""A view as GeoJSON or CSV: the same records and names, nothing that the view does not have."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely

from geo.crs import geometries_to_degrees
from layers.schema import FORMULA_STARTS, TEXT_MARK, Field, Schema
from layers.view import View


@dataclass(frozen=True, slots=True)
class Part:
    """Which of a view's rows are given: at most ``limit`` of them (None: all) after ``offset``."""

    limit: int | None = None
    offset: int = 0

    def params(self) -> list[tuple[str, str]]:
        """The part as address parameters; what is not set is left out."""
        pairs = [("limit", str(self.limit))] if self.limit is not None else []
        return [*pairs, ("offset", str(self.offset))] if self.offset else pairs

    def beside(self, total: int) -> Mapping[str, Part]:
        """The parts before (``prev``) and after (``next``) this one of ``total`` rows.

        >>> Part(10, 20).beside(25)
        {'prev': Part(limit=10, offset=10)}
        """
        if self.limit is None:
            return {}
        parts = {}
        if self.offset:
            parts["prev"] = Part(self.limit, max(0, min(self.offset, total) - self.limit))
        if self.offset + self.limit < total:
            parts["next"] = Part(self.limit, self.offset + self.limit)
        return parts

    def of(self, records: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """The rows of this part."""
        end = None if self.limit is None else self.offset + self.limit
        return records.iloc[self.offset : end]


WHOLE: Final = Part()


def geojson(view: View, part: Part = WHOLE, links: Sequence[Mapping[str, str]] = ()) -> bytes:
    """A FeatureCollection in WGS84 (RFC 7946) with the view's caption and counts.

    ``links``, where there are any, say where the parts beside this one are.
    """
    records = part.of(view.records)
    outlines = [
        orjson.Fragment(text) if text else None
        for text in shapely.to_geojson(_degrees(records)).tolist()
    ]
    names = [field.name for field in view.columns]
    columns = [_plain(field, records[field.name]) for field in view.columns]
    features = [
        {
            "type": "Feature",
            "geometry": outline,
            "properties": dict(zip(names, values, strict=True)),
        }
        for outline, *values in zip(outlines, *columns, strict=True)
    ]
    collection = {
        "type": "FeatureCollection",
        "name": view.layer.id,
        "caption": list(view.caption),
        "query": [*view.query.params(), *part.params()],
        "numberMatched": len(view.records),
        "numberReturned": len(features),
        "features": features,
    }
    return orjson.dumps(collection | {"links": links} if links else collection)


def csv_text(view: View) -> str:
    """The records with one header row; points as longitude and latitude, outlines as WKT.

    Records of schemas that have no position go without.
    """
    return _csv(view.columns, view.records, view.placed)


def register_csv(schema: Schema, records: gpd.GeoDataFrame) -> str:
    """Records of a register with one header row, as they can be imported again.

    Columns that the records do not have, as they may not be seen, are left out.
    """
    fields = [field for field in schema.stored if field.name in records]
    return _csv(fields, records, schema.position != "none")


def frame_csv(table: pd.DataFrame) -> str:
    """A table of texts and whole numbers with one header row; what is absent is blank."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(table.columns)
    for row in table.itertuples(index=False, name=None):
        writer.writerow([_cell(None if pd.isna(value) else value) for value in row])
    return stream.getvalue()


def _csv(fields: Sequence[Field], records: gpd.GeoDataFrame, placed: bool) -> str:
    names = [field.name for field in fields]
    columns = [_plain(field, records[field.name]) for field in fields]
    outlines = _degrees(records)
    kinds = set(shapely.get_type_id(outlines[~shapely.is_missing(outlines)]).tolist())
    if placed and kinds <= {shapely.GeometryType.POINT}:
        names += ["longitude", "latitude"]
        columns += [_ordinate(shapely.get_x(outlines)), _ordinate(shapely.get_y(outlines))]
    elif placed:
        names.append("wkt")
        columns.append(shapely.to_wkt(outlines, rounding_precision=6).tolist())
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(names)
    for row in zip(*columns, strict=True):
        writer.writerow([_cell(value) for value in row])
    return stream.getvalue()


def _degrees(records: gpd.GeoDataFrame) -> np.ndarray[Any, Any]:
    geometries = records.geometry.to_numpy()
    return geometries_to_degrees(geometries)


def _plain(field: Field, column: pd.Series) -> list[Any]:
    """Values that JSON knows; what is absent is None."""
    if pd.api.types.is_datetime64_any_dtype(column):
        texts = column.dt.strftime("%Y-%m-%d")
        return [None if pd.isna(value) else value for value in texts]
    if field.kind == "boolean":
        return [bool(value) for value in column]
    if field.kind == "integer":
        return [None if pd.isna(value) else int(value) for value in column]
    if field.kind == "number":
        return [None if pd.isna(value) else _number(float(value)) for value in column]
    return [None if pd.isna(value) else str(value) for value in column]


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _ordinate(values: np.ndarray[Any, Any]) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def _cell(value: Any) -> str:
    """A cell's text; a text that a spreadsheet would run as a formula is marked as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"{TEXT_MARK}{value}"
    return str(value)
