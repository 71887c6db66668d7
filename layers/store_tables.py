"""How the records of a schema lie in SQL: typed columns, geometry as WKB in EPSG:27700."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd
import shapely
from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    inspect,
    text,
    update,
)
from sqlalchemy.schema import CreateColumn

from layers.schema import FieldKind, Schema

_COLUMN_TYPES: Mapping[FieldKind, type] = {"integer": Integer, "number": Float, "boolean": Boolean}


def table_of(schema: Schema, metadata: MetaData) -> Table:
    """The table of a schema: a column a field, then geometry and a digest of the content."""
    return Table(
        schema.part,
        metadata,
        *(
            Column(
                item.name,
                _COLUMN_TYPES.get(item.kind, String),
                primary_key=item.name in schema.id_fields,
                autoincrement=False,
            )
            for item in schema.stored
        ),
        Column("geometry", LargeBinary),
        Column("content_hash", String, nullable=False),
    )


def add_columns(engine: Engine, schemas: Iterable[Schema], tables: Mapping[str, Table]) -> None:
    """Give tables that were made before a field was thought of its column.

    Records have in it what a file that says nothing of the field gives them. A field that is
    needed, or tells records apart, cannot be added so: its column stays missing.
    """
    inspector = inspect(engine)
    for schema in schemas:
        table = tables[schema.part]
        there = {column["name"] for column in inspector.get_columns(table.name)}
        for item in schema.stored:
            if item.name in there or item.required or item.name in schema.id_fields:
                continue
            column = table.c[item.name]
            name = engine.dialect.identifier_preparer.format_table(table)
            words = CreateColumn(column).compile(dialect=engine.dialect)
            with engine.begin() as connection:
                connection.execute(text(f"ALTER TABLE {name} ADD COLUMN {words}"))
                connection.execute(update(table).values({item.name: item.parse("")}))


def typed(schema: Schema, name: str, values: list[Any]) -> pd.Series:
    """A field's values as a column of its own kind, in which nothing is guessed."""
    kind = next(item.kind for item in schema.stored if item.name == name)
    if kind == "integer":
        return pd.Series(values, dtype="Int64")
    if kind == "number":
        return pd.Series(values, dtype="float64")
    return pd.Series(values, dtype=bool if kind == "boolean" else object)


def record_name(schema: Schema, values: Mapping[str, Any]) -> str:
    """What a record is called in the history and in addresses."""
    return " ".join(str(values[name]) for name in schema.id_fields)


def history_row(schema: Schema, old: dict[str, Any], at: datetime) -> dict[str, Any]:
    """A record as the history keeps it; ``old`` is used up."""
    wkb = old.pop("geometry")
    old["geometry_wkt"] = shapely.to_wkt(shapely.from_wkb(wkb)) if wkb else ""
    return {
        "replaced_at": at,
        "part": schema.part,
        "record_id": record_name(schema, old),
        "content": json.dumps(old, ensure_ascii=False),
    }
