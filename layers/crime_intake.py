"""Taking data.police.uk street-level crime: every row accounted for, each month replaced whole."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries.ground import Ground
from geo.crs import BRITISH_NATIONAL_GRID, to_metres
from layers.crime_store import content_digest
from layers.files import RawTable
from layers.position import (
    POSITION_DECIMALS,
    UK_LATITUDE,
    UK_LONGITUDE,
    ordinates,
    position_text,
)
from layers.reading import Reading, choose_schema
from layers.register import refuse_if_strict, report_of
from layers.report import ImportReport, RowIssue, Severity
from layers.schema import Field, Schema, slugify
from layers.store import Changes
from layers.workspace import Intake, Workspace

ASB: Final = "anti-social-behaviour"
CRIME_TYPES: Final = (
    (ASB, "Anti-social behaviour"),
    ("bicycle-theft", "Bicycle theft"),
    ("burglary", "Burglary"),
    ("criminal-damage-arson", "Criminal damage and arson"),
    ("drugs", "Drugs"),
    ("other-crime", "Other crime"),
    ("other-theft", "Other theft"),
    ("possession-of-weapons", "Possession of weapons"),
    ("public-order", "Public order"),
    ("robbery", "Robbery"),
    ("shoplifting", "Shoplifting"),
    ("theft-from-the-person", "Theft from the person"),
    ("vehicle-crime", "Vehicle crime"),
    ("violent-crime", "Violence and sexual offences"),
)
"""The publisher's slugs and labels, anti-social behaviour first because it is no crime."""

SCHEMA: Final = Schema(
    part="crime",
    singular="record",
    plural="records",
    fields=(
        Field("crime_id", "Crime ID", "code"),
        Field("month", "Month", "date", required=True),
        Field("reported_by", "Reported by"),
        Field("falls_within", "Falls within"),
        Field("location", "Location"),
        Field("lsoa_code", "LSOA code", "code"),
        Field("lsoa_name", "LSOA name"),
        Field("crime_type", "Crime type", "choice", required=True),
        Field("outcome", "Last outcome", aliases=("last_outcome_category",)),
    ),
    id_fields=(),
    position="point",
    in_sql=False,
)


def take_crime(layer: str, table: RawTable, workspace: Workspace, intake: Intake) -> ImportReport:
    """Check every row and replace the months that the rows taken belong to.

    Rows without a position are taken: the publisher gives them none. Identical rows are true
    records and all stay.

    Raises:
        MissingColumns: the header lacks the month or the type.
        RejectedRows: the import is strict and a row cannot be taken.
    """
    reading = Reading(choose_schema((SCHEMA,), table), table)
    cells = _cells(table)
    longitude, latitude, misplaced = _position(table)
    for issue in _rejections(table, cells, misplaced):
        reading.note(issue)
    keep = ~cells["row"].isin(reading.rejected).to_numpy()
    taken = _frame(cells[keep], longitude[keep], latitude[keep])
    for issue in _outside(taken, cells[keep], workspace.ground):
        reading.note(issue)
    refuse_if_strict(layer, reading, intake)
    with workspace.importing():
        rejected_file = workspace.keep_rejected(table, reading.issues, reading.rejected, intake.at)
        changes, notes = _replace(taken, workspace)
        notes += _vintage(taken, workspace.ground)
        report = report_of(layer, reading, changes, rejected_file, notes)
        workspace.store.log(report, intake.at)
    return report


def _cells(table: RawTable) -> pd.DataFrame:
    columns = SCHEMA.header_map(list(table.header))
    data: dict[str, list[object]] = {
        field.name: [
            row.cells.get(columns.get(field.name, field.name), "").strip() for row in table.rows
        ]
        for field in SCHEMA.fields
    }
    data["row"] = [row.number for row in table.rows]
    data["fault"] = [row.fault for row in table.rows]
    frame = pd.DataFrame(data).astype(dict.fromkeys(set(data) - {"row"}, "str"))
    slugs = {slugify(label): slug for slug, label in CRIME_TYPES} | {s: s for s, _ in CRIME_TYPES}
    as_given = frame["crime_type"]
    named = {text: slugs.get(slugify(text), "") for text in as_given.unique()}
    return frame.assign(crime_type=as_given.map(named), crime_type_given=as_given)


def _position(table: RawTable) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Degrees, NaN where there are none, and which rows have a position that cannot be."""
    if table.has_geometry:
        points = [row.geometry for row in table.rows]
        is_point = np.array([point is None or point.geom_type == "Point" for point in points])
        usable = [point if ok else None for point, ok in zip(points, is_point, strict=True)]
        xy = np.array([(p.x, p.y) if p else (np.nan, np.nan) for p in usable]).reshape(-1, 2)
        longitude, latitude = xy[:, 0], xy[:, 1]
        given = np.array([point is not None for point in points], dtype=bool)
    else:
        pairs = [ordinates(row, table) for row in table.rows]
        texts = [pd.Series([pair[axis] for pair in pairs], dtype="str") for axis in (0, 1)]
        longitude, latitude = (
            pd.to_numeric(text, errors="coerce").to_numpy(dtype=float) for text in texts
        )
        given = ((texts[0] != "") | (texts[1] != "")).to_numpy(dtype=bool)
    possible = (
        (longitude >= UK_LONGITUDE[0])
        & (longitude <= UK_LONGITUDE[1])
        & (latitude >= UK_LATITUDE[0])
        & (latitude <= UK_LATITUDE[1])
    )
    decimals = POSITION_DECIMALS
    return longitude.round(decimals), latitude.round(decimals), given & ~possible


def _rejections(table: RawTable, cells: pd.DataFrame, misplaced: np.ndarray) -> list[RowIssue]:
    a_month = cells["month"].str.fullmatch(r"\d{4}-(0[1-9]|1[0-2])")
    types = ", ".join(label for _, label in CRIME_TYPES)
    issues = [
        RowIssue(row, "", "", fault, "rejected")
        for row, fault in cells.loc[cells["fault"] != "", ["row", "fault"]].itertuples(index=False)
    ]
    severity: Severity = "rejected"
    for row, given in cells.loc[~a_month, ["row", "month"]].itertuples(index=False):
        issues.append(RowIssue(row, "Month", given, "A month is needed as YYYY-MM.", severity))
    unknown = cells["crime_type"] == ""
    for row, given in cells.loc[unknown, ["row", "crime_type_given"]].itertuples(index=False):
        issues.append(RowIssue(row, "Crime type", given, f"Must be one of {types}.", severity))
    for index in np.flatnonzero(misplaced):
        reason = "The position is not one of degrees within the United Kingdom."
        raw = table.rows[index]
        given = position_text(raw, table)
        issues.append(RowIssue(raw.number, "Longitude, Latitude", given, reason, severity))
    return issues


def _frame(cells: pd.DataFrame, longitude: np.ndarray, latitude: np.ndarray) -> gpd.GeoDataFrame:
    easting_m, northing_m = to_metres(longitude, latitude)
    located = np.isfinite(longitude)
    points = np.full(len(cells), None, dtype=object)
    points[located] = shapely.points(easting_m[located], northing_m[located])
    kept = cells[[field.name for field in SCHEMA.fields]].reset_index(drop=True)
    return gpd.GeoDataFrame(kept, geometry=points, crs=BRITISH_NATIONAL_GRID)


def _outside(taken: gpd.GeoDataFrame, cells: pd.DataFrame, ground: Ground) -> list[RowIssue]:
    x, y = taken.geometry.x.to_numpy(), taken.geometry.y.to_numpy()
    outside = np.isfinite(x) & (ground.district_at(x, y) == "")
    reason = "The position lies outside the force area."
    return [
        RowIssue(int(row), "Longitude, Latitude", lsoa, reason, "warned")
        for row, lsoa in zip(
            cells["row"].to_numpy()[outside], taken["lsoa_name"].to_numpy()[outside], strict=True
        )
    ]


def _replace(taken: gpd.GeoDataFrame, workspace: Workspace) -> tuple[Changes, tuple[str, ...]]:
    counts = {"added": 0, "updated": 0, "unchanged": 0}
    notes, fresh = [], {}
    for name, frame in taken.groupby("month"):
        month = str(name)
        held = workspace.crime.digest(month)
        if held == content_digest(frame):
            counts["unchanged"] += len(frame)
            continue
        fresh[month] = frame.reset_index(drop=True)
        counts["updated" if held else "added"] += len(frame)
        if held:
            before = len(workspace.crime.read(month))
            notes.append(f"{month}: {len(frame):,} records in place of {before:,}.")
    if fresh:
        workspace.crime.replace(fresh)
    return Changes(**counts), tuple(notes)


def _vintage(taken: gpd.GeoDataFrame, ground: Ground) -> tuple[str, ...]:
    """Which LSOA codes the file uses, by the share of each vintage's codes that it matches."""
    codes = taken.loc[taken["lsoa_code"] != "", "lsoa_code"]
    if codes.empty:
        return ("No row has an LSOA code.",)
    shares = {
        vintage: float(codes.isin(areas["code"]).mean())
        for vintage, areas in ground.small_areas.items()
    }
    best = max(shares, key=lambda vintage: shares[vintage])
    said = "; ".join(f"{share:.1%} match {vintage}" for vintage, share in sorted(shares.items()))
    return (f"LSOA codes are of {best}: {said}.",)
