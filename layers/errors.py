"""The errors of this room; the web turns them into statuses in one table of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.errors import PatchmapError

if TYPE_CHECKING:
    from layers.report import ImportReport


class UnreadableFile(PatchmapError):
    """A file cannot be opened, decoded or understood as one of the formats that are read."""


class MissingColumns(PatchmapError):
    """A file lacks columns without which no row of it can be taken."""


class RejectedRows(PatchmapError):
    """A strict import met a row that cannot be taken, so nothing was taken.

    ``report`` accounts for every row.
    """

    def __init__(self, message: str, report: ImportReport) -> None:
        super().__init__(message)
        self.report = report


class BadQuery(PatchmapError):
    """A query names a parameter or value that the layer does not have."""


class ChangedMeanwhile(PatchmapError):
    """What a form would change is no longer as its page showed it, so nothing was changed."""


class UnknownLayer(PatchmapError):
    """No layer has this id."""


class BusyWorkspace(PatchmapError):
    """Another process has been importing for too long to wait for it."""


class DamagedWorkspace(PatchmapError):
    """The workspace is not whole: something it points to is missing or was changed by hand."""


class NoSuchCell(PatchmapError):
    """A cell is asked for that the layer's grid does not have."""
