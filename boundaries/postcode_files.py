"""Reads files of postcodes: what lies in the districts is taken, every row is accounted for.

Three formats are read, as CSV, plain or gzipped: the ONS Postcode Directory, the National
Statistics Postcode Lookup, and OS Code-Point Open, whose files have no header.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Final, TextIO

import numpy as np
import numpy.typing as npt
import pandas as pd

from boundaries.errors import UnreadablePostcodes
from boundaries.postcode_index import as_postcode
from boundaries.postcode_report import FileRead, PostcodeReport, UnusableRow
from boundaries.sets import BoundarySet
from geo.crs import to_metres

_ENDED: Final = "ended"
_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "postcode": ("pcds", "postcode", "pcd", "pcd7", "pcd8"),
    _ENDED: ("doterm",),
    "easting": ("oseast1m", "east1m", "eastings", "easting"),
    "northing": ("osnrth1m", "north1m", "northings", "northing"),
    "latitude": ("lat", "latitude"),
    "longitude": ("long", "longitude"),
}
_POSITIONS: Final = (("easting", "northing"), ("latitude", "longitude"))
_CODE_POINT: Final[Mapping[str, int]] = {"postcode": 0, "easting": 2, "northing": 3}
_CODE_POINT_MARK: Final = "positional_quality_indicator"
_ROWS_AT_ONCE: Final = 50_000
_POLE: Final = 90.0
_NO_LATITUDE: Final = 99.999999
"""What ONS writes where a postcode has no grid reference."""
_IRISH_GRID: Final = "BT"
"""Postcodes of Northern Ireland, whose eastings and northings are on another grid."""

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PostcodesRead:
    """Postcodes taken from files and the account of all their rows.

    ``frame`` has ``postcode``, ``easting_m`` and ``northing_m`` (EPSG:27700), by postcode.
    """

    frame: pd.DataFrame
    report: PostcodeReport


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which cell of a row holds what, which are read of each row, and how many it has."""

    columns: Mapping[str, int]
    read: tuple[str, ...]
    width: int
    by_ons: bool
    begins_with_row: bool


class _Tally:
    """What has become of the rows so far."""

    def __init__(self, districts: BoundarySet) -> None:
        self.districts = districts
        self.counts = dict.fromkeys(("rows", "terminated", "unplaced", "outside", "repeated"), 0)
        self.unusable: list[UnusableRow] = []
        self.taken: dict[str, tuple[float, float]] = {}


def read_postcodes(
    paths: Sequence[Path], districts: BoundarySet, year: int | None = None
) -> PostcodesRead:
    """Read the postcodes in use that lie in the districts, from one file or several.

    Args:
        paths: the files; a postcode that comes again is counted as repeated.
        districts: the districts of the force.
        year: of the data, for the lines of attribution; else the last year in the files' names.

    Raises:
        UnreadablePostcodes: a file cannot be read or has no columns that we know, or none of the
            postcodes lies in the districts.
    """
    tally = _Tally(districts)
    files = []
    by_ons = set()
    for path in paths:
        rows, layout = _read_file(path, tally)
        files.append(FileRead(path.name, rows, _digest(path)))
        by_ons.add(layout.by_ons)
    if not tally.taken:
        raise UnreadablePostcodes(
            f"Postcodes in {districts.title.lower()} of the force area are needed; of the "
            f"{tally.counts['rows']:,} rows of {', '.join(path.name for path in paths)} none is "
            "one. Give the file that covers the area."
        )
    report = PostcodeReport(
        files=tuple(files),
        taken=len(tally.taken),
        unusable=tuple(tally.unusable),
        districts=districts.detail,
        attribution=_attribution(by_ons, year or _year_of(paths)),
        **tally.counts,
    )
    postcodes = sorted(tally.taken)
    points = np.array([tally.taken[postcode] for postcode in postcodes])
    frame = pd.DataFrame(
        {"postcode": postcodes, "easting_m": points[:, 0], "northing_m": points[:, 1]}
    )
    return PostcodesRead(frame, report)


def _read_file(path: Path, tally: _Tally) -> tuple[int, _Layout]:
    before = tally.counts["rows"]
    try:
        with _opened(path) as stream:
            reader = csv.reader(stream)
            first = next(reader, None)
            if first is None:
                raise UnreadablePostcodes(f"A file of postcodes is needed; {path.name} is empty.")
            layout = _layout(first, path.name)
            numbered = ((reader.line_num, cells) for cells in reader if cells)
            rows = chain([(1, first)], numbered) if layout.begins_with_row else numbered
            in_use = _in_use(path.name, rows, layout, tally)
            while some := list(islice(in_use, _ROWS_AT_ONCE)):
                _take(path.name, some, layout, tally)
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        raise UnreadablePostcodes(
            f"A CSV file of postcodes is needed; {path.name} cannot be read: {error}. Fetch it "
            "again, or check its name."
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadablePostcodes(
            f"A CSV file in UTF-8 is needed; {path.name} has another encoding or is no text. "
            "Unzip it first if it is an archive."
        ) from error
    return tally.counts["rows"] - before, layout


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    if path.name.lower().endswith(".gz"):
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as unpacked:
            yield unpacked
    else:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield stream


def _layout(first: Sequence[str], file_name: str) -> _Layout:
    """How the rows are laid out, by the header or, where there is none, by the first row."""
    headings = [heading.strip().lower() for heading in first]
    columns = {
        name: headings.index(known)
        for name, spellings in _HEADINGS.items()
        for known in reversed(spellings)
        if known in headings
    }
    read = [name for pair in _POSITIONS if set(pair) <= set(columns) for name in pair]
    if "postcode" in columns and read:
        by_ons = _CODE_POINT_MARK not in headings
        return _Layout(columns, ("postcode", *read), len(first), by_ons, begins_with_row=False)
    figures = [cell.strip().isdecimal() for cell in first[1:4]]
    if first and as_postcode(first[0]) and len(figures) == len(_CODE_POINT) and all(figures):
        read = list(_CODE_POINT)
        return _Layout(_CODE_POINT, tuple(read), len(first), by_ons=False, begins_with_row=True)
    raise UnreadablePostcodes(
        "Columns of postcodes and their positions are needed: pcds with lat and long, or with "
        "east1m and north1m, as in the ONS Postcode Directory, or a file of OS Code-Point Open. "
        f"{file_name} begins with {', '.join(first[:6])!r}."
    )


def _in_use(
    file_name: str, rows: Iterable[tuple[int, list[str]]], layout: _Layout, tally: _Tally
) -> Iterator[tuple[int, list[str]]]:
    """The cells that matter, with the row's number, of the rows of postcodes in use."""
    ended, wanted = layout.columns.get(_ENDED), [layout.columns[name] for name in layout.read]
    for number, cells in rows:
        tally.counts["rows"] += 1
        if len(cells) != layout.width:
            why = f"the row has {len(cells)} cells and not {layout.width}"
            tally.unusable.append(UnusableRow(file_name, number, why))
        elif ended is not None and cells[ended].strip():
            tally.counts["terminated"] += 1
        else:
            yield number, [cells[at] for at in wanted]


def _take(
    file_name: str, rows: list[tuple[int, list[str]]], layout: _Layout, tally: _Tally
) -> None:
    """Settle what becomes of some rows of postcodes in use."""
    table = pd.DataFrame([cells for _, cells in rows], columns=list(layout.read), dtype=object)
    easting_m, northing_m, faulty = _positions(table)
    placed = np.isfinite(easting_m)
    tally.counts["unplaced"] += int((~placed & ~faulty).sum())
    codes = np.full(len(rows), "", dtype=object)
    codes[placed] = tally.districts.latest_code_at(easting_m[placed], northing_m[placed])
    tally.counts["outside"] += int((placed & (codes == "")).sum())
    texts: list[str] = table["postcode"].tolist()
    for at in np.flatnonzero(faulty | (codes != "")).tolist():
        postcode = as_postcode(texts[at])
        if not postcode or faulty[at]:
            why = "the position is no number" if postcode else "the postcode cannot be read"
            tally.unusable.append(UnusableRow(file_name, rows[at][0], why))
        elif postcode in tally.taken:
            tally.counts["repeated"] += 1
        else:
            tally.taken[postcode] = (float(easting_m[at]), float(northing_m[at]))


def _positions(table: pd.DataFrame) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Metres east and north, NaN where there is no position, and which rows have a faulty one.

    The grid's own metres come before degrees, except where they are of the Irish grid.
    """
    easting_m, northing_m = np.full(len(table), np.nan), np.full(len(table), np.nan)
    faulty = np.zeros(len(table), dtype=bool)
    if "easting" in table:
        (east, north), faulty = _numbers(table, "easting", "northing")
        irish = table["postcode"].str.lstrip().str.upper().str.startswith(_IRISH_GRID)
        known = (east > 0) & (north > 0) & ~faulty & ~irish.to_numpy(dtype=bool)
        easting_m[known], northing_m[known] = east[known], north[known]
    if "latitude" in table:
        left = np.flatnonzero(np.isnan(easting_m))
        (latitude, longitude), odd = _numbers(table.iloc[left], "latitude", "longitude")
        known = (np.abs(latitude) <= _POLE) & (np.abs(longitude) <= 2 * _POLE) & ~odd
        faulty[left] |= odd | (np.isfinite(latitude) & ~known & (latitude != _NO_LATITUDE))
        places = left[known]
        easting_m[places], northing_m[places] = to_metres(longitude[known], latitude[known])
    return easting_m, northing_m, faulty & np.isnan(easting_m)


def _numbers(table: pd.DataFrame, *names: str) -> tuple[list[FloatArray], BoolArray]:
    """Columns as numbers, NaN where blank, and which rows hold something else."""
    texts = [table[name].str.strip() for name in names]
    numbers = [pd.to_numeric(text, errors="coerce").to_numpy(dtype=float) for text in texts]
    odd = [
        (text != "").to_numpy() & ~np.isfinite(number)
        for text, number in zip(texts, numbers, strict=True)
    ]
    return numbers, np.any(odd, axis=0)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _year_of(paths: Sequence[Path]) -> int | None:
    years = [int(year) for path in paths for year in re.findall(r"20\d\d", path.name)]
    return max(years, default=None)


def _attribution(by_ons: set[bool], year: int | None) -> tuple[str, ...]:
    mark = f" {year}" if year else ""
    lines = [
        f"Contains OS data © Crown copyright and database right{mark}",
        f"Contains Royal Mail data © Royal Mail copyright and database right{mark}",
    ]
    if False in by_ons:
        lines.append(
            f"Contains National Statistics data © Crown copyright and database right{mark}"
        )
    if True in by_ons:
        lines.append(
            "Source: Office for National Statistics licensed under the Open Government "
            "Licence v.3.0"
        )
    return tuple(lines)
