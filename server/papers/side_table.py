"""Tables of the pages as tables of a paper."""

from __future__ import annotations

from layers.view import SideTable
from server.papers.paper import Table


def as_table(
    side: SideTable,
    *,
    figures: tuple[int, ...] = (),
    widths: tuple[float, ...] = (),
    verbatim: tuple[int, ...] = (),
) -> Table:
    """A table of a page, with how a paper sets its columns."""
    return Table(side.title, side.columns, side.rows, figures, widths, verbatim)
