"""The records of a view on a frame: their shapes in pixels, each with its class."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from layers.spec import StyleClass
from layers.view import View
from server.pictures.classes import styles_of
from server.pictures.frame import Frame, mercator
from server.pictures.scene import Item
from server.pictures.symbols import area_paint, hatched, path_of

NUMBER_COLUMN: Final = "place_number"
"""The column of a view whose records are drawn as numbered places."""

MOST_WITH_MARKERS: Final = 60
"""Areas of a layer with more than these have no markers where they are small, as on the screen."""


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """The located records of a view: classes, shapes in pixels, and which may not be in its period.

    ``points`` marks those that are points; ``numbers`` are those of their places where the view
    numbers them, else empty.
    """

    view: View
    styles: tuple[StyleClass, ...]
    shapes: npt.NDArray[Any]
    doubtful: npt.NDArray[np.bool_]
    points: npt.NDArray[np.bool_]
    numbers: tuple[int, ...] = ()

    @classmethod
    def of(cls, view: View, frame: Frame) -> Records:
        """What can be drawn of a view; of a numbered one, what has a number."""
        geometries = view.records.geometry.to_numpy()
        located = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
        if NUMBER_COLUMN in view.records:
            located &= view.records[NUMBER_COLUMN].notna().to_numpy(dtype=bool)
        shapes = frame.pixels(mercator(geometries[located]))
        styles = np.array([*styles_of(view), None], dtype=object)[:-1][located]
        return cls(
            view=view,
            styles=tuple(styles),
            shapes=shapes,
            doubtful=_doubtful(view)[located],
            points=shapely.get_type_id(shapes) == shapely.GeometryType.POINT,
            numbers=_numbers(view, located),
        )

    def __len__(self) -> int:
        return len(self.shapes)

    @property
    def few_areas(self) -> bool:
        """Whether the layer's areas are few enough for each to have a marker where it is small.

        A cell never has one: it stands for counts, and a number on it would count cells.
        """
        if self.view.layer.box_by_cells:
            return False
        return int(np.count_nonzero(~self.points)) <= MOST_WITH_MARKERS

    def any_in(self, frame: Frame) -> bool:
        """Whether any of the records lies at least partly in the frame."""
        return bool(shapely.intersects(self.shapes, shapely.box(*frame.box)).any())


def drawn_areas(records: Records, frame: Frame) -> list[Item]:
    """The areas of a layer: counts class by class, others one by one, what is doubtful paler."""
    cut = frame.cut(records.shapes)
    visible = np.flatnonzero(~records.points & ~shapely.is_empty(cut)).tolist()
    counted: dict[StyleClass, list[Any]] = {}
    single: list[Item] = []
    for index in visible:
        style, doubtful = records.styles[index], bool(records.doubtful[index])
        if style.shape == "filled":
            counted.setdefault(style, []).append(cut[index])
        else:
            single += _one_area(cut[index], style, doubtful)
    together = [
        path_of(counted[style], area_paint(style))
        for style in records.view.legend.classes
        if style in counted
    ]
    return [*together, *single]


def _doubtful(view: View) -> npt.NDArray[np.bool_]:
    if "in_period" not in view.records:
        return np.zeros(len(view.records), dtype=bool)
    return np.asarray(view.records["in_period"] == "possibly", dtype=bool)


def _numbers(view: View, located: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    if NUMBER_COLUMN not in view.records:
        return ()
    return tuple(view.records[NUMBER_COLUMN][located].to_numpy(dtype=np.int64).tolist())


def _one_area(outline: Any, style: StyleClass, doubtful: bool) -> list[Item]:
    paint = area_paint(style)
    if doubtful:
        paint = replace(paint, fill_opacity=paint.fill_opacity / 2, stroke_opacity=0.5)
    hatching = hatched(outline) if style.shape == "hatched" else []
    return [*hatching, path_of([outline], paint)]
