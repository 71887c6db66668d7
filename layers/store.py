"""The registers in SQL: typed tables made from the schemas, geometry as WKB in EPSG:27700.

Every import is one transaction. A replaced record's old content stays in ``record_history``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from geo.crs import BRITISH_NATIONAL_GRID
from layers.report import ImportReport
from layers.schema import Schema, Value
from layers.store_tables import add_columns, history_row, record_name, table_of, typed


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One record ready to be kept: values by field name, geometry in EPSG:27700."""

    values: Mapping[str, Value]
    geometry: shapely.Geometry | None

    def content_hash(self) -> str:
        """A digest of values and geometry: equal content, equal digest."""
        wkb = shapely.to_wkb(self.geometry, hex=True) if self.geometry else ""
        text = json.dumps([dict(self.values), wkb], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Changes:
    """What an upsert did."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0


class Store:
    """The SQL side of a workspace: a SQLite file by default, any SQLAlchemy URL otherwise."""

    def __init__(self, url: str, schemas: Iterable[Schema], make_tables: bool = True) -> None:
        self._engine = create_engine(url)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _sqlite_pragmas)
        self._metadata = MetaData()
        schemas = tuple(schemas)
        self._tables = {schema.part: table_of(schema, self._metadata) for schema in schemas}
        self._imports = Table(
            "imports",
            self._metadata,
            Column("import_id", Integer, primary_key=True, autoincrement=True),
            Column("imported_at", DateTime, nullable=False),
            Column("layer", String, nullable=False),
            Column("part", String, nullable=False),
            Column("file", String, nullable=False),
            Column("rows", Integer, nullable=False),
            Column("added", Integer, nullable=False),
            Column("updated", Integer, nullable=False),
            Column("unchanged", Integer, nullable=False),
            Column("rejected", Integer, nullable=False),
        )
        self._history = Table(
            "record_history",
            self._metadata,
            Column("history_id", Integer, primary_key=True, autoincrement=True),
            Column("replaced_at", DateTime, nullable=False),
            Column("part", String, nullable=False),
            Column("record_id", String, nullable=False),
            Column("content", String, nullable=False),
        )
        self._forms = Table(
            "forms_taken",
            self._metadata,
            Column("form_key", String, primary_key=True),
            Column("part", String, nullable=False),
            Column("record_id", String, nullable=False),
            Column("taken_at", DateTime, nullable=False),
        )
        if make_tables:
            self._metadata.create_all(self._engine)
            add_columns(self._engine, schemas, self._tables)

    def version(self, layer: str) -> str:
        """Changes with every import into the layer that changed something."""
        changed = (self._imports.c.added + self._imports.c.updated) > 0
        query = select(func.max(self._imports.c.import_id)).where(
            self._imports.c.layer == layer, changed
        )
        with self._engine.connect() as connection:
            return str(connection.scalar(query) or 0)

    def upsert(
        self,
        schema: Schema,
        rows: Sequence[StoredRow],
        at: datetime,
        log: ImportReport,
        form_key: str = "",
    ) -> Changes:
        """Keep the rows and log the import, all or nothing.

        ``log`` carries everything but the three counts that only the store can know. With a
        ``form_key`` it is kept too which record the form made, or made last.
        """
        with self._engine.begin() as connection:
            changes = self._upsert_rows(connection, schema, rows, at)
            self._log(connection, log, changes, at)
            if form_key:
                key = self._forms.c.form_key == form_key
                connection.execute(delete(self._forms).where(key))
                made = {"part": schema.part, "record_id": record_name(schema, rows[0].values)}
                connection.execute(
                    insert(self._forms).values(form_key=form_key, taken_at=at, **made)
                )
        return changes

    def made_by(self, schema: Schema, form_key: str) -> str:
        """The id of the record that a form has made; empty if it has made none."""
        mine = (self._forms.c.form_key == form_key) & (self._forms.c.part == schema.part)
        with self._engine.connect() as connection:
            return str(connection.scalar(select(self._forms.c.record_id).where(mine)) or "")

    def remove(self, schema: Schema, key: Sequence[Value], at: datetime, layer: str) -> bool:
        """Take a record out, with its content kept in the history; whether there was one."""
        table = self._tables[schema.part]
        match = [table.c[name] == value for name, value in zip(schema.id_fields, key, strict=True)]
        log = ImportReport(layer, schema.part, "removed", 1, 0, 1, 0, 0)
        with self._engine.begin() as connection:
            old = connection.execute(select(table).where(*match)).mappings().one_or_none()
            if old is None:
                return False
            connection.execute(insert(self._history), [history_row(schema, dict(old), at)])
            connection.execute(delete(table).where(*match))
            self._log(connection, log, Changes(updated=1), at)
        return True

    def log(self, report: ImportReport, at: datetime) -> None:
        """Log an import whose records live outside SQL."""
        changes = Changes(report.added, report.updated, report.unchanged)
        with self._engine.begin() as connection:
            self._log(connection, report, changes, at)

    def frame(self, schema: Schema) -> gpd.GeoDataFrame:
        """All records of a schema in order of id, with geometry in EPSG:27700."""
        table = self._tables[schema.part]
        order = [table.c[name] for name in schema.id_fields]
        with self._engine.connect() as connection:
            rows = connection.execute(select(table).order_by(*order)).mappings().all()
        geometry = gpd.GeoSeries(
            [shapely.from_wkb(row["geometry"]) if row["geometry"] else None for row in rows],
            crs=BRITISH_NATIONAL_GRID,
        )
        data = {item.name: [row[item.name] for row in rows] for item in schema.stored}
        frame = pd.DataFrame({name: typed(schema, name, data[name]) for name in data})
        return gpd.GeoDataFrame(frame, geometry=geometry)

    def held(
        self, schema: Schema, names: Sequence[str]
    ) -> dict[tuple[Value, ...], dict[str, Value]]:
        """The values of some fields of every record, by its id."""
        table = self._tables[schema.part]
        ids = [table.c[name] for name in schema.id_fields]
        query = select(*ids, *(table.c[name] for name in names))
        with self._engine.connect() as connection:
            return {
                tuple(row)[: len(ids)]: dict(zip(names, tuple(row)[len(ids) :], strict=True))
                for row in connection.execute(query)
            }

    def imports(self) -> list[dict[str, Any]]:
        """The log of imports, newest first."""
        query = select(self._imports).order_by(self._imports.c.import_id.desc())
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def history(self, schema: Schema) -> list[dict[str, Any]]:
        """Replaced records of a schema, oldest first, with their old content."""
        query = select(self._history).where(self._history.c.part == schema.part)
        with self._engine.connect() as connection:
            return [
                {**row, "content": json.loads(row["content"])}
                for row in connection.execute(query.order_by(self._history.c.history_id)).mappings()
            ]

    def faults(self) -> list[str]:
        """What keeps the database from being whole, as sentences; empty when it is."""
        try:
            inspector = inspect(self._engine)
        except SQLAlchemyError as error:
            return [f"The database cannot be read: {getattr(error, 'orig', None) or error}."]
        found = []
        for table in self._metadata.sorted_tables:
            if not inspector.has_table(table.name):
                found.append(f"The table {table.name} is missing.")
                continue
            held = {column["name"] for column in inspector.get_columns(table.name)}
            missing = sorted({column.name for column in table.columns} - held)
            if missing:
                found.append(f"The table {table.name} lacks the columns {', '.join(missing)}.")
        return found

    def close(self) -> None:
        """Let go of the database's connections."""
        self._engine.dispose()

    def _upsert_rows(
        self, connection: Connection, schema: Schema, rows: Sequence[StoredRow], at: datetime
    ) -> Changes:
        table = self._tables[schema.part]
        ids = [table.c[name] for name in schema.id_fields]
        held = {
            tuple(row)[1:]: row[0] for row in connection.execute(select(table.c.content_hash, *ids))
        }
        fresh: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        unchanged = 0
        for row in rows:
            key = tuple(row.values[name] for name in schema.id_fields)
            content_hash = row.content_hash()
            before = held.get(key)
            if before == content_hash:
                unchanged += 1
                continue
            held[key] = content_hash
            (changed if before else fresh).append(
                {
                    **row.values,
                    "geometry": shapely.to_wkb(row.geometry) if row.geometry else None,
                    "content_hash": content_hash,
                }
            )
        if fresh:
            connection.execute(insert(table), fresh)
        for record in changed:
            match = [column == record[column.name] for column in ids]
            old = connection.execute(select(table).where(*match)).mappings().one()
            connection.execute(insert(self._history), [history_row(schema, dict(old), at)])
            connection.execute(update(table).where(*match).values(record))
        return Changes(len(fresh), len(changed), unchanged)

    def _log(
        self, connection: Connection, report: ImportReport, changes: Changes, at: datetime
    ) -> None:
        connection.execute(
            insert(self._imports).values(
                imported_at=at,
                layer=report.layer,
                part=report.part,
                file=report.file,
                rows=report.rows,
                added=changes.added,
                updated=changes.updated,
                unchanged=changes.unchanged,
                rejected=report.rejected,
            )
        )


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()
