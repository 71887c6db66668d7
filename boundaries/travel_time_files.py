"""Reads a table of travel times: minutes from small areas to sites, every row accounted for.

It is a CSV file, such as is made from the answers of OpenRouteService, Valhalla or r5: a column
of codes of small areas (LSOA 2021), one of site ids, one of minutes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from boundaries.errors import UnreadableTravelTimes
from boundaries.postcode_report import UnusableRow, unusable_in_words
from geo.errors import InvalidValue

MOST_MINUTES: Final = 600.0
"""Longer than this is taken for seconds."""
AREA, SITE, MINUTES = "lsoa_code", "site_id", "minutes"
_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    AREA: (AREA, "lsoa21cd", "lsoa", "from_id", "origin_id"),
    SITE: (SITE, "to_id", "destination_id"),
    MINUTES: (MINUTES, "travel_time", "travel_time_p50"),
}


@dataclass(frozen=True, slots=True)
class TravelTimesReport:
    """The account of all rows: each is in one of the three counts.

    ``no_way`` have no minutes: the table says that there is no way. Of the pairs of ``areas``
    small areas of the force and ``sites`` sites of the table, ``missing`` are in no row.
    ``attribution`` holds the lines that must be shown with what is reckoned from the table.

    Raises:
        InvalidValue: the counts do not add up to the rows.
    """

    file_name: str
    file_digest: str
    rows: int
    taken: int
    no_way: int
    unusable: tuple[UnusableRow, ...]
    areas: int
    sites: int
    missing: int
    source: str
    vintage: str
    licence: str
    attribution: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.rows != self.taken + self.no_way + len(self.unusable):
            raise InvalidValue(
                f"Every row must be accounted for: of {self.rows} rows {self.taken} were taken, "
                f"{self.no_way} know no way and {len(self.unusable)} are unusable."
            )

    def as_dict(self) -> dict[str, Any]:
        """The report for programs."""
        return asdict(self)

    def account(self) -> dict[str, Any]:
        """The report as it is kept: unusable rows as a number."""
        return {**asdict(self), "unusable": len(self.unusable)}

    def as_text(self) -> str:
        """The report for people."""
        said = [("Made by", self.source), ("Vintage", self.vintage), ("Licence", self.licence)]
        lines = [
            f"{self.file_name}: {self.rows:,} rows.",
            f"  {self.taken:,} ways taken, from small areas to {self.sites:,} sites",
            f"  {self.no_way:,} without minutes: no way is known",
            f"  {len(self.unusable):,} unusable",
            *(f"    {row}" for row in unusable_in_words(self.unusable)),
            f"  {self.missing:,} pairs of the {self.areas:,} small areas and these sites are in no "
            "row: no way is known",
            *(f"  {title}: {text or 'not stated'}" for title, text in said),
        ]
        return "\n".join([*lines, *(f"Show with the maps: {line}" for line in self.attribution)])


@dataclass(frozen=True, slots=True, eq=False)
class TravelTimesRead:
    """``frame`` has ``lsoa_code``, ``site_id`` and ``minutes``, a row each pair with a way."""

    frame: pd.DataFrame
    report: TravelTimesReport


@dataclass(frozen=True, slots=True)
class Said:
    """What a user says of a table: what made it, when, its licence and lines to be shown."""

    source: str = ""
    vintage: str = ""
    licence: str = ""
    attribution: tuple[str, ...] = ()


def read_travel_times(
    path: Path,
    area_codes: Collection[str],
    site_ids: Collection[str],
    said: Said | None = None,
) -> TravelTimesRead:
    """Read minutes from small areas to sites.

    Args:
        path: a CSV file in UTF-8.
        area_codes: the small areas of the force; others are unusable.
        site_ids: the sites that are held; others are unusable.
        said: where the table comes from.

    Raises:
        UnreadableTravelTimes: the file cannot be read, lacks a column, or none of its rows is of
            a small area and a site that are held.
    """
    said = said or Said()
    content, rows = _rows(path)
    areas = set(area_codes)
    taken, unusable = _sorted_out(path.name, rows, areas, set(site_ids))
    if not taken:
        raise UnreadableTravelTimes(
            f"Minutes between small areas and sites that are held are needed; of the {len(rows):,} "
            f"rows of {path.name} none has them{_first(unusable)}. Import the sites first, and "
            "give their ids and codes of LSOA 2021."
        )
    known = {pair: minutes for pair, minutes in sorted(taken.items()) if math.isfinite(minutes)}
    named = {site for _, site in taken}
    report = TravelTimesReport(
        file_name=path.name,
        file_digest=hashlib.sha256(content).hexdigest(),
        rows=len(rows),
        taken=len(known),
        no_way=len(taken) - len(known),
        unusable=tuple(unusable),
        areas=len(areas),
        sites=len(named),
        missing=len(areas) * len(named) - len(taken),
        source=said.source,
        vintage=said.vintage,
        licence=said.licence,
        attribution=said.attribution,
    )
    frame = pd.DataFrame(
        {
            AREA: [area for area, _ in known],
            SITE: [site for _, site in known],
            MINUTES: pd.Series(list(known.values()), dtype="float64"),
        }
    )
    return TravelTimesRead(frame, report)


def _sorted_out(
    file_name: str, rows: Sequence[tuple[int, dict[str, str]]], areas: set[str], sites: set[str]
) -> tuple[dict[tuple[str, str], float], list[UnusableRow]]:
    """The minutes of each small area and site, and the rows that say none."""
    taken: dict[tuple[str, str], float] = {}
    unusable: list[UnusableRow] = []
    for number, cells in rows:
        why, minutes = _judged(cells, areas, sites)
        pair = (cells.get(AREA, ""), cells.get(SITE, ""))
        if not why and pair in taken:
            why = "this small area and site came before"
        if why:
            unusable.append(UnusableRow(file_name, number, why))
        else:
            taken[pair] = minutes
    return taken, unusable


def _rows(path: Path) -> tuple[bytes, list[tuple[int, dict[str, str]]]]:
    """The bytes of the file, and each row by our names of its cells, with its line."""
    try:
        content = path.read_bytes()
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        headings = [heading.strip().lower() for heading in next(reader, [])]
        columns = _columns(headings, path.name)
        rows = []
        for cells in reader:
            if any(cell.strip() for cell in cells):
                whole = len(cells) == len(headings)
                named = {name: cells[at].strip() for name, at in columns.items()} if whole else {}
                rows.append((reader.line_num, named))
    except (OSError, csv.Error, UnicodeDecodeError) as error:
        raise UnreadableTravelTimes(
            f"A CSV file in UTF-8 is needed; {path.name} cannot be read: {error}. Save it again, "
            "or check its name."
        ) from error
    return content, rows


def _columns(headings: list[str], file_name: str) -> dict[str, int]:
    found = {
        name: headings.index(known)
        for name, spellings in _HEADINGS.items()
        for known in reversed(spellings)
        if known in headings
    }
    if len(found) < len(_HEADINGS):
        raise UnreadableTravelTimes(
            f"The columns {AREA}, {SITE} and {MINUTES} are needed; {file_name} begins with "
            f"{', '.join(headings[:6])!r}. Rename its columns."
        )
    return found


def _judged(cells: Mapping[str, str], areas: set[str], sites: set[str]) -> tuple[str, float]:
    """Why a row cannot be used, or nothing and its minutes; infinite where it knows no way."""
    if not cells:
        return "the row has not as many cells as the first", math.nan
    if cells[AREA] not in areas:
        return "the code is of no small area (LSOA 2021) of the force", math.nan
    if cells[SITE] not in sites:
        return "the site is not held", math.nan
    if not cells[MINUTES] or cells[MINUTES].lower() in ("na", "nan", "inf"):
        return "", math.inf
    try:
        minutes = float(cells[MINUTES])
    except ValueError:
        return "minutes is no number", math.nan
    if not 0 <= minutes <= MOST_MINUTES:
        return f"minutes is not from 0 to {MOST_MINUTES:g} (are they seconds?)", math.nan
    return "", minutes


def _first(unusable: list[UnusableRow]) -> str:
    return f" (row {unusable[0].row}: {unusable[0].why})" if unusable else ""
