"""A layer written to a file: the same view as the page's, for the command line."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from layers.answer import answer, read_query
from layers.audience import Audience
from layers.errors import UnreadableFile
from layers.output import csv_text, geojson
from layers.protocol import Layer
from layers.query import Params, everything
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
    if not file.parent.is_dir():
        raise UnreadableFile(
            f"A folder to write to is needed; there is none at {file.parent}. Make it first."
        )
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".export-") as folder:
        whole = Path(folder) / file.name
        whole.write_bytes(content)
        whole.replace(file)
    return len(view.records)
