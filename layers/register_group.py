"""Registers that are kept together: one entry in the log of imports, one version, their checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import geopandas as gpd

from layers.files import RawTable
from layers.register import Check, checked_rows, take_rows
from layers.report import ImportReport, RowIssue
from layers.schema import Schema
from layers.workspace import Intake, Workspace


@dataclass(frozen=True, slots=True)
class RegisterGroup:
    """Registers whose changes are logged under one ``id``.

    ``checks`` are what is looked at in the rows of each register, from a file and from a form
    alike. ``held_at`` is where staff read and change them.
    """

    id: str
    schemas: tuple[Schema, ...]
    held_at: str
    checks: Mapping[str, tuple[Check, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def version(self, workspace: Workspace) -> str:
        """Changes whenever what is held of the registers changes."""
        return workspace.store.version(self.id)

    def held(self, workspace: Workspace, schema: Schema) -> gpd.GeoDataFrame:
        """Every record of a register in order of id, with geometry in EPSG:27700 if it has one."""
        return workspace.derived(
            (self.id, schema.part),
            self.version(workspace),
            lambda: workspace.store.frame(schema),
        )

    def inspected(
        self, table: RawTable, schema: Schema, workspace: Workspace
    ) -> tuple[RowIssue, ...]:
        """What would be said of the rows if they were taken; nothing is kept.

        Raises:
            MissingColumns: the header lacks needed columns.
        """
        checks = self.checks.get(schema.part, ())
        return checked_rows((schema,), table, workspace, checks).ordered_issues()

    def take(
        self,
        table: RawTable,
        schema: Schema,
        workspace: Workspace,
        intake: Intake,
        checks: tuple[Check, ...] = (),
    ) -> ImportReport:
        """Keep the rows of a file, or of a form that was filled in, in one transaction.

        Raises:
            MissingColumns: the header lacks needed columns.
            RejectedRows: ``intake.strict`` and a row cannot be taken.
        """
        every = (*self.checks.get(schema.part, ()), *checks)
        return take_rows(self.id, (schema,), table, workspace, intake, every)
