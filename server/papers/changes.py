"""What changed since the last paper: in the register since a day, or against the period before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

import shapely

from geo.dates import DateInterval, day_in_words
from layers.audience import Audience
from layers.schema import Field, in_words
from layers.visits import SCHEMA
from layers.workspace import Workspace
from server.papers.material import Material
from server.papers.paper import Block, Paragraph, Table
from server.papers.visit_tables import date_words
from server.visits.account import Account
from server.visits.words import tally_words


def compared_blocks(material: Material) -> tuple[Block, ...]:
    """The figures of the period beside those of the period of equal length before."""
    now, before = material.account, material.before
    rows = tuple(
        (name, _figure(now, name), _figure(before, name))
        for name in ("Days of visits", "Stops", "Areas in which the commitment is met")
    )
    when, earlier = now.period.in_words(), before.period.in_words()
    return (
        Paragraph(
            f"No day of a last paper was given, so this period is compared with the one of equal "
            f"length before it, {earlier}. Both count the visits by which the commitment is kept."
        ),
        Table(
            f"{when} beside {earlier}",
            ("Measure", when, earlier),
            rows,
            figures=(1, 2),
            widths=(2, 1.5, 1.5),
        ),
    )


def since_blocks(material: Material, workspace: Workspace, since: date) -> tuple[Block, ...]:
    """What was recorded or changed in the register since a day, as far as the reader may know.

    Of a changed stop each field that readers may know is given as it was and as it is, unless the
    stop itself was kept from them before.
    """
    moment, day = datetime.combine(since, time.min), day_in_words(since)
    imported = sorted(
        {
            row["imported_at"].date()
            for row in workspace.store.imports()
            if row["layer"] == material.visits.layer.id
            and row["imported_at"] >= moment
            and row["added"] + row["updated"]
        }
    )
    blocks: list[Block] = []
    if imported:
        days = ", ".join(map(day_in_words, imported))
        blocks.append(
            Paragraph(
                f"Since {day} visits were recorded or changed in the register on {days}. Which "
                "stops were new then is not kept; those that changed are listed."
            )
        )
    else:
        blocks.append(Paragraph(f"Nothing was recorded or changed in the register since {day}."))
    rows = _changed(material, workspace, moment)
    if rows:
        columns = ("Place", "Date", "What changed")
        blocks.append(
            Table(f"Stops changed since {day}", columns, rows, widths=(2, 2, 4), verbatim=(0, 2))
        )
    elif imported:
        blocks.append(Paragraph(f"No stop of this period that was held before {day} changed."))
    return tuple(blocks)


def _figure(account: Account, name: str) -> str:
    met = [area for area in account.npas if area.standing.state in ("met", "due")]
    return {
        "Days of visits": tally_words(account.days),
        "Stops": tally_words(account.stops),
        "Areas in which the commitment is met": f"{len(met)} of {len(account.npas)}",
    }[name]


def _changed(
    material: Material, workspace: Workspace, moment: datetime
) -> tuple[tuple[str, ...], ...]:
    """Stops of the paper whose first replaced content since a moment differs from the present."""
    first: dict[str, Mapping[str, Any]] = {}
    for row in workspace.store.history(SCHEMA):
        if row["replaced_at"] >= moment:
            first.setdefault(row["record_id"], row)
    rows = []
    for record in material.visits.records.to_dict("records"):
        old = first.get(str(record["visit_id"]))
        shown = material.audience is Audience.STAFF or (old is not None and _was_public(old))
        said = _differing(old["content"], record, shown) if old else []
        if said:
            rows.append((str(record["place"]), date_words(record), "; ".join(said)))
    return tuple(rows)


def _was_public(old: Mapping[str, Any]) -> bool:
    """Whether a stop was published as it stood before: not for staff, and over when replaced."""
    content = old["content"]
    ended = DateInterval.parse(str(content["date"])).date_to < old["replaced_at"].date()
    return bool(content.get("visibility") == "public" and ended)


def _differing(old: Mapping[str, Any], record: Mapping[str, Any], shown: bool) -> list[str]:
    """What of a stop differs, as it was and as it is where that may be ``shown``."""
    said = []
    for field in SCHEMA.fields:
        if field.staff_only or field.name not in record:
            continue
        before, now = old.get(field.name) or "", record[field.name] or ""
        if before != now:
            change = f" was {_value(field, before)}, now {_value(field, now)}"
            said.append(f"{field.title}{change if shown else ''}")
    point = record["geometry"]
    if old["geometry_wkt"] != (shapely.to_wkt(point) if point else ""):
        said.append(f"Position{_moved(old['geometry_wkt'], point) if shown else ''}")
    return said


def _value(field: Field, value: object) -> str:
    """A value of a field as a reader sees it."""
    text = str(value)
    if not text:
        return "not recorded"
    if field.kind == "date":
        return DateInterval.parse(text).in_words()
    return in_words(text).lower() if field.kind == "choice" else f"“{text}”"


def _moved(before: str, now: Any) -> str:
    """How far a point moved; the points themselves stand in the data.

    Lengths are of EPSG:27700.
    """
    if not before:
        return " was not recorded, now it is"
    if not now:
        return " was recorded, now it is not"
    return f" moved by {shapely.distance(shapely.from_wkt(before), now):,.0f} metres"
