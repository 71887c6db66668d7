"""Files as rows of text: nothing is guessed, every row keeps its number.

CSV (plain or gzipped) and GeoJSON are read. All cells are text; the code ``NA`` stays ``NA``.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import shapely
from shapely.geometry import shape

from layers.errors import UnreadableFile
from layers.schema import LIST_SEPARATOR

LONGEST_CELL = 50_000_000
"""Characters: an outline in full detail, as WKT, is longer than the csv module's usual limit."""
FORMATS = "CSV (.csv, .csv.gz) and GeoJSON (.geojson, .json)"
_WGS84_NAMES = ("CRS84", "EPSG::4326", "EPSG:4326")


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as the file has it; ``fault`` says why it cannot be read at all.

    ``surplus`` are the cells of a row that is longer than the header.
    """

    number: int
    cells: dict[str, str]
    geometry: shapely.Geometry | None = None
    fault: str = ""
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's header and rows. CSV rows count the header as row 1; GeoJSON features begin at 1.

    ``has_geometry``: positions come as geometries in WGS84 and not in columns.
    """

    file: str
    header: tuple[str, ...]
    rows: tuple[RawRow, ...]
    has_geometry: bool


def read_table(path: Path) -> RawTable:
    """Read a file by its ending.

    Raises:
        UnreadableFile: no such file, another format, not UTF-8, or not what its ending says.
    """
    if not path.is_file():
        raise UnreadableFile(f"A file is needed; there is none at {path}. Check the name.")
    name = path.name.lower()
    if name.endswith((".csv", ".csv.gz")):
        return _read_csv(path)
    if name.endswith((".geojson", ".json")):
        return _read_geojson(path)
    raise UnreadableFile(f"A file in {FORMATS} is needed; given {path.name}. Save it as one.")


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
        if path.name.lower().endswith(".gz"):
            content = gzip.decompress(content)
        return content.decode("utf-8-sig")
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{path.name} cannot be read: {error}. Fetch it again.") from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"Text in UTF-8 is needed; {path.name} has another encoding (byte {error.start}). "
            f"Save it as 'CSV UTF-8'."
        ) from error


def _read_csv(path: Path) -> RawTable:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(_text_of(path), newline=""))
    try:
        header = [column.strip() for column in next(reader)]
    except StopIteration:
        raise UnreadableFile(f"A header row is needed; {path.name} is empty.") from None
    repeated = {column for column in header if column and header.count(column) > 1}
    if repeated:
        raise UnreadableFile(
            f"Each column needs a name of its own; {path.name} repeats {sorted(repeated)}."
        )
    try:
        rows = tuple(_csv_rows(reader, header))
    except csv.Error as error:
        raise UnreadableFile(
            f"{path.name} is not well formed near line {reader.line_num}: {error}."
        ) from error
    return RawTable(path.name, tuple(header), rows, has_geometry=False)


def _csv_rows(reader: Iterator[list[str]], header: list[str]) -> Iterator[RawRow]:
    for number, cells in enumerate(reader, start=2):
        if not cells:
            continue
        fault = ""
        if len(cells) != len(header):
            fault = f"The row has {len(cells)} cells where the header has {len(header)}."
        surplus = tuple(cells[len(header) :])
        yield RawRow(number, dict(zip(header, cells, strict=False)), fault=fault, surplus=surplus)


def _read_geojson(path: Path) -> RawTable:
    try:
        document = orjson.loads(_text_of(path))
        features = document["features"]
        if document["type"] != "FeatureCollection" or not isinstance(features, list):
            raise TypeError("it has another type")
        named = str(document["crs"]["properties"]["name"]) if document.get("crs") else "CRS84"
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise UnreadableFile(
            f"A GeoJSON FeatureCollection is needed; {path.name} is none: {error}."
        ) from error
    if not named.endswith(_WGS84_NAMES):
        raise UnreadableFile(
            f"GeoJSON in WGS84 is needed (RFC 7946); {path.name} is in {named}. Transform it."
        )
    rows = tuple(_feature_row(number, item) for number, item in enumerate(features, start=1))
    header = dict.fromkeys(column for row in rows for column in row.cells)
    return RawTable(path.name, tuple(header), rows, has_geometry=True)


def _feature_row(number: int, feature: Any) -> RawRow:
    try:
        cells = {
            str(name): _as_text(value) for name, value in (feature["properties"] or {}).items()
        }
    except (TypeError, KeyError, AttributeError):
        return RawRow(number, {}, fault="A feature with properties is needed.")
    try:
        geometry = shape(feature["geometry"]) if feature.get("geometry") else None
    except (TypeError, KeyError, ValueError, AttributeError, shapely.errors.ShapelyError):
        return RawRow(number, cells, fault="The geometry cannot be read as GeoJSON.")
    return RawRow(number, cells, geometry)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return LIST_SEPARATOR.join(_as_text(item) for item in value)
    return str(value)
