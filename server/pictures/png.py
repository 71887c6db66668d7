"""A scene as PNG, drawn by matplotlib: for screens, or as dense as paper needs it.

Nothing here goes through pyplot or the settings that all threads share.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import numpy as np

from server.pictures.letters import font_file, in_font
from server.pictures.scene import LEADING, PAPER, Box, Disc, Group, Item, Paint, Path, Scene, Text

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

DENSITY: Final = 2
"""Pixels for each of the scene's own either way, for screens."""

PAPER_DPI: Final = 300
_PX_PER_INCH: Final = 96
_POINTS_PER_PX: Final = 72 / _PX_PER_INCH
_HALO_PX: Final = 3.5
_ALIGNMENT: Final = {"start": "left", "middle": "center", "end": "right"}

Place = tuple[float, float]


def png(scene: Scene, dpi: float = _PX_PER_INCH * DENSITY) -> bytes:
    """The scene as a PNG of so many dots to the inch, with its title and description in it."""
    # Imported here for the same reason as in letters.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(
        figsize=(scene.width_px / _PX_PER_INCH, scene.height_px / _PX_PER_INCH),
        dpi=dpi,
        facecolor=PAPER,
    )
    canvas = FigureCanvasAgg(figure)
    _Painter(figure, scene.height_px, dpi / _PX_PER_INCH).draw(scene.items, (0, 0), None)
    stream = io.BytesIO()
    said = {"Title": scene.title, "Description": scene.description, "Software": None}
    canvas.print_png(stream, metadata=said)  # type: ignore[no-untyped-call]
    return stream.getvalue()


class _Painter:
    """Puts items into a figure, in the order in which they come."""

    def __init__(self, figure: Figure, height_px: float, density: float) -> None:
        from matplotlib.transforms import Affine2D

        self._figure = figure
        self._height_px = height_px
        self._to_screen = Affine2D().translate(0, -height_px).scale(density, -density)

    def draw(self, items: tuple[Item, ...], at: Place, clip: Box | None) -> None:
        for item in items:
            match item:
                case Group():
                    here = at[0] + item.at[0], at[1] + item.at[1]
                    self.draw(item.items, here, _moved(item.clip, here) if item.clip else clip)
                case Path() if item.rings:
                    self._path(item, at, clip)
                case Disc():
                    self._disc(item, at, clip)
                case Text():
                    self._text(item, at)

    def _path(self, path: Path, at: Place, clip: Box | None) -> None:
        from matplotlib.path import Path as Outline

        vertices, codes = [], []
        for ring in path.rings:
            points = np.vstack((ring, ring[:1])) if path.closed else ring
            steps = np.full(len(points), Outline.LINETO, dtype=Outline.code_type)
            steps[0] = Outline.MOVETO
            if path.closed:
                steps[-1] = Outline.CLOSEPOLY
            vertices.append(points + at)
            codes.append(steps)
        self._shape(Outline(np.vstack(vertices), np.concatenate(codes)), path.paint, clip)

    def _disc(self, disc: Disc, at: Place, clip: Box | None) -> None:
        from matplotlib.path import Path as Outline

        centre = disc.x + at[0], disc.y + at[1]
        self._shape(Outline.circle(centre, disc.radius_px), disc.paint, clip)

    def _shape(self, outline: object, paint: Paint, clip: Box | None) -> None:
        from matplotlib.colors import to_rgba
        from matplotlib.patches import PathPatch
        from matplotlib.transforms import Bbox, TransformedBbox

        dashes = tuple(px / paint.stroke_px for px in paint.dashes_px)  # in widths of the line
        shape = PathPatch(
            outline,  # type: ignore[arg-type]
            facecolor=to_rgba(paint.fill, paint.fill_opacity) if paint.fill else "none",
            edgecolor=to_rgba(paint.stroke, paint.stroke_opacity) if paint.stroke else "none",
            linewidth=paint.stroke_px * _POINTS_PER_PX if paint.stroke else 0,
            linestyle=(0, dashes) if dashes else "solid",
            joinstyle="round",
            capstyle="butt",
            transform=self._to_screen,
        )
        self._add(shape)
        if clip:
            corners = Bbox([(clip[0], clip[1]), (clip[2], clip[3])])
            shape.set_clip_box(TransformedBbox(corners, self._to_screen))

    def _add(self, artist: Artist) -> None:
        """On top of all before it: left to itself, matplotlib puts texts above shapes."""
        artist.set_zorder(len(self._figure.get_children()))
        self._figure.add_artist(artist)

    def _text(self, text: Text, at: Place) -> None:
        from matplotlib.font_manager import FontProperties
        from matplotlib.patheffects import withStroke
        from matplotlib.text import Text as Letters

        halo = withStroke(linewidth=_HALO_PX * _POINTS_PER_PX, foreground=PAPER)
        for number, line in enumerate(text.lines):
            letters = Letters(
                text.x + at[0],
                text.y + at[1] + number * text.size_px * LEADING,
                in_font(line, text.bold),
                color=text.colour,
                fontproperties=FontProperties(
                    fname=str(font_file(text.bold)), size=text.size_px * _POINTS_PER_PX
                ),
                horizontalalignment=_ALIGNMENT[text.anchor],  # type: ignore[arg-type]
                verticalalignment="baseline",
                parse_math=False,
                usetex=False,
                path_effects=[halo] if text.halo else [],
                transform=self._to_screen,
            )
            self._add(letters)


def _moved(box: Box, by: Place) -> Box:
    return box[0] + by[0], box[1] + by[1], box[2] + by[0], box[3] + by[1]
