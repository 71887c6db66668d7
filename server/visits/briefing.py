"""What is held of a place on the day of a visit: gathered once, and shown as page, map and data.

It is for staff: visits and sites that are not published are among it, and small counts too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from boundaries.place import Place
from geo.coverage import nearest_m
from geo.crs import to_metres
from geo.dates import DateInterval
from geo.grid import HexGrid
from layers.audience import Audience
from layers.crime import DEFAULT_CELL_M
from layers.crime_change import (
    ComparedMonths,
    CrimeChanges,
    cells_near,
    crime_changes,
    in_cells,
)
from layers.events import Event, events_in
from layers.query import LayerQuery
from server.services import services
from server.visits.account import VINTAGE
from server.visits.briefing_places import (
    Concerns,
    Sites,
    Zone,
    concerns_of,
    nearest_sites,
    zones_near,
)
from server.visits.briefing_record import Record, record_of

NEAR_M: Final = 2000
"""How far the surroundings of a place reach: of its crime, its residents and its visits."""

GRID: Final = HexGrid(DEFAULT_CELL_M)

Point = tuple[float, float]
Cells = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Where:
    """A place and what it lies in.

    ``at_m`` is easting and northing in EPSG:27700. The code of the NPA is empty outside the force
    area and before the areas; ``commanded_in`` is the part of the force that commands it, as the
    ground calls it, with ``commanded_npas`` in it; empty and 0 where the ground does not say.
    ``residents`` are those within `NEAR_M` by the points of their
    small areas, None where none of those lies within.
    """

    place: Place
    at_m: Point
    npa_code: str
    npa: str
    commanded_in: str
    commanded_npas: int
    district: str
    residents: int | None


@dataclass(frozen=True, slots=True)
class Crime:
    """Recorded crime near the place and in its NPA, of the same months in two years.

    ``cells`` are those whose centre lies within `NEAR_M`; ``in_npa`` is None where the place has no
    NPA, or the areas were not the same all along. ``events`` bend the figures of either year.
    """

    months: ComparedMonths
    cells: Cells
    near: CrimeChanges
    in_npa: CrimeChanges | None
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Briefing:
    """All that one sheet says; ``crime`` is None where no month was over by the day."""

    on: date
    made_on: date
    where: Where
    sites: Sites
    crime: Crime | None
    concerns: Concerns
    zones: tuple[Zone, ...]
    record: Record


def briefing_of(place: Place, on: date) -> Briefing:
    """What is held of a place, as somebody should know it who goes there on a day."""
    where = where_of(place, on)
    return Briefing(
        on=on,
        made_on=services().today,
        where=where,
        sites=nearest_sites(where.at_m, on),
        crime=_crime(where, on),
        concerns=concerns_of(where.npa_code, on),
        zones=zones_near(where.at_m, on, NEAR_M),
        record=record_of(place, where.at_m, where.npa_code, on, NEAR_M),
    )


def where_of(place: Place, on: date) -> Where:
    """A place in the areas of a day."""
    ground = services().workspace.ground
    x, y = to_metres([place.longitude], [place.latitude])
    (code,), (district,) = ground.npa_at(x, y, np.datetime64(on)), ground.district_at(x, y)
    commanded_in, commanded_npas = _commanded(code, on)
    return Where(
        place=place,
        at_m=(float(x[0]), float(y[0])),
        npa_code=code,
        npa=ground.npa_label(code) if code else "",
        commanded_in=commanded_in,
        commanded_npas=commanded_npas,
        district=ground.districts.name(district) if district else "",
        residents=_residents((float(x[0]), float(y[0]))),
    )


def _commanded(code: str, on: date) -> tuple[str, int]:
    """The group of an NPA as the ground calls it, and how many NPAs of a day it has."""
    npas, day = services().workspace.ground.npas, pd.Timestamp(on)
    starts, ends = pd.to_datetime(npas.frame["date_from"]), pd.to_datetime(npas.frame["date_to"])
    in_force = npas.frame[~(starts > day) & ~(ends < day)]
    groups = dict(zip(in_force["code"], in_force["group"], strict=True))
    group = str(groups.get(code) or "")
    return (group, list(groups.values()).count(group)) if group else ("", 0)


def _residents(at_m: Point) -> int | None:
    small = services().workspace.ground.small_areas[VINTAGE]
    near = nearest_m(small[["easting_m", "northing_m"]], [at_m]) <= NEAR_M
    return int(small.loc[near, "residents"].sum()) if near.any() else None


def _crime(where: Where, on: date) -> Crime | None:
    workspace = services().workspace
    months = ComparedMonths.before(on, workspace.crime.months())
    if months is None:
        return None
    layer = services().registry.get("crime")
    counts = layer.records(workspace, LayerQuery(layer.spec.id, Audience.STAFF, period=months.both))
    cells = cells_near(GRID, *where.at_m, NEAR_M)
    mine = np.asarray(counts["npa_code"] == where.npa_code)
    comparable = bool(where.npa_code) and _same_areas(months.both)
    return Crime(
        months=months,
        cells=tuple((int(q), int(r)) for q, r in cells),
        near=crime_changes(counts[in_cells(counts, GRID, cells)], months),
        in_npa=crime_changes(counts[mine], months) if comparable else None,
        events=tuple(
            event
            for event in events_in(workspace, months.both)
            if event.npa_code in ("", where.npa_code) and event.bends in ("", "crime")
        ),
    )


def _same_areas(period: DateInterval) -> bool:
    """Whether the same NPAs were in force all through a period."""
    return any(
        (era.date_from is None or era.date_from <= period.date_from)
        and (era.date_to is None or era.date_to >= period.date_to)
        for era in services().workspace.ground.npas.eras
    )
