"""A paper as a value: what it says, in order, before it is written in any format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from layers.view import View
from server.pictures.scene import Scene

LANGUAGE: Final = "en-GB"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; a ``verbatim`` one is given word for word, as a licence asks."""

    text: str
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Short sentences, one below the other."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Where something is to be found: its words, and its address or path."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under column titles; the first cell of a row is its heading.

    ``figures`` are the columns of numbers, which are set to the right; ``widths``, one a
    column, say how the width is shared out. The cells of ``verbatim`` columns are others' own words
    and given as they stand.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[int, ...] = ()
    widths: tuple[float, ...] = ()
    verbatim: tuple[int, ...] = ()

    def share(self, column: int) -> float:
        """The part of the width that a column has."""
        widths = self.widths or (1.0,) * len(self.columns)
        return widths[column] / sum(widths)


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A drawing: its title, what it shows for those who do not see it, and whose data it is.

    ``credit`` are the lines of licences, word for word. ``name`` is its part of a file's name.
    ``alone`` is the drawing as a file of its own, which says all that the paper says around it.
    ``width_mm`` is its width in print.
    """

    name: str
    title: str
    alternative: str
    source: str
    scene: Scene
    alone: Scene | None = None
    width_mm: float = 170
    credit: str = ""

    @property
    def below(self) -> str:
        """What stands below the drawing."""
        return f"{self.source} {self.credit}".strip()


Block: TypeAlias = Paragraph | Listing | Link | Table | Figure


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A heading and what stands below it, in the order in which it is read."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """A whole paper.

    ``marking`` stands at the head and foot of each page, ``notices`` below the title. ``as_of`` is
    the day on which it stands; nothing in it depends on when it is made. ``data`` are the views
    behind it by name, to be given as files.
    """

    name: str
    title: str
    subtitle: str
    office: str
    marking: str
    as_of: date
    summary: str
    notices: tuple[str, ...]
    sections: tuple[Section, ...]
    data: tuple[tuple[str, View], ...] = ()
    language: str = LANGUAGE

    @property
    def rows(self) -> int:
        """For how many records it counts where it is kept in memory."""
        return sum(view.rows for _, view in self.data)

    @property
    def figures(self) -> Iterator[Figure]:
        """The drawings of the paper, in order."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Figure):
                    yield block

    def figure(self, name: str) -> Figure | None:
        """The drawing of this name, if the paper has it."""
        return next((figure for figure in self.figures if figure.name == name), None)
