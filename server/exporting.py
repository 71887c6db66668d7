"""A layer or register written to a file: the same records as the page's, for the command line."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from layers.answer import answer, read_query
from layers.audience import Audience
from layers.errors import BadQuery, UnreadableFile
from layers.output import csv_text, geojson, register_csv
from layers.protocol import Layer
from layers.query import Params, everything
from layers.registry import REGISTRY
from layers.schema import Schema
from layers.view import View
from layers.workspace import Workspace


def export_view(
    layer: Layer, workspace: Workspace, params: Params, audience: Audience, now: datetime
) -> View:
    """The view to write: everything held, unless the parameters ask for less."""
    whole = everything(layer.spec, audience)
    if not any(value for values in params.values() for value in values):
        return answer(layer, workspace, whole, now.date())
    asked = read_query(layer, workspace, params, audience, now.date())
    dated = any(params.get("from", [])) or any(params.get("to", []))
    period = asked.period if dated else None
    query = replace(whole, npas=asked.npas, period=period, period_given=asked.period_given)
    return answer(layer, workspace, query, now.date())


def written(view: View, file: Path) -> int:
    """Write a view as CSV or GeoJSON by the file's ending; the number of rows.

    The file appears whole or not at all.

    Raises:
        UnreadableFile: the ending is neither, or there is no such folder to write to.
    """
    match file.suffix.lower():
        case ".csv":
            content = csv_text(view).encode()
        case ".geojson" | ".json":
            content = geojson(view)
        case other:
            raise UnreadableFile(
                f"A file ending in .csv or .geojson is needed; given {file.name} ({other!r})."
            )
    _write_whole(content, file)
    return len(view.records)


def register_written(
    schema: Schema, workspace: Workspace, params: Params, audience: Audience, file: Path
) -> tuple[int, str]:
    """Write a register as CSV; the number of rows, and a sentence that goes with them.

    Raises:
        BadQuery: it is asked for as the public may see it, or in part.
        UnreadableFile: the ending is not .csv, or there is no such folder to write to.
    """
    if audience is Audience.PUBLIC:
        pages = "/visits/outcomes, /estate/register and /estate/programme"
        raise BadQuery(
            f"Registers are for staff; leave --public out. What is published of {schema.plural}, "
            f"if anything, is at {pages}."
        )
    if any(value for values in params.values() for value in values):
        raise BadQuery("A register is written whole; leave --from, --to and --npa out.")
    if file.suffix.lower() != ".csv":
        raise UnreadableFile(f"A file ending in .csv is needed; given {file.name}.")
    records = REGISTRY.group_of(schema).held(workspace, schema)
    _write_whole(register_csv(schema, records).encode(), file)
    return len(records), f"All {schema.plural} that are held; they are for staff."


def _write_whole(content: bytes, file: Path) -> None:
    if not file.parent.is_dir():
        raise UnreadableFile(
            f"A folder to write to is needed; there is none at {file.parent}. Make it first."
        )
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".export-") as folder:
        whole = Path(folder) / file.name
        whole.write_bytes(content)
        whole.replace(file)
