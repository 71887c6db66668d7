"""Which class of a legend a record falls into, by the same rules as in the browser's map."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from layers.classes import NO_FIGURE
from layers.spec import Legend, StyleClass
from layers.view import View

NOT_CLASSED: Final = StyleClass("Not classed", "#3D3D3D", "circle")


def is_count(style: StyleClass) -> bool:
    """Whether a class is a span of numbers."""
    return style.lower is not None or style.upper is not None


def styles_of(view: View) -> list[StyleClass]:
    """The class of each record of a view, in their order."""
    legend = view.legend
    if legend.property not in view.records:
        return [_style_of(legend, None) for _ in range(len(view.records))]
    return [_style_of(legend, value) for value in view.records[legend.property]]


def _style_of(legend: Legend, value: object) -> StyleClass:
    """Bounds are inclusive; a missing value falls into the class without a figure, or the hatched.

    A value that no class covers is shown as not classed, never left out.
    """
    if value is None or value is pd.NA or value != value or value == "":
        return next(
            (style for style in legend.classes if style.value == NO_FIGURE),
            next((style for style in legend.classes if style.shape == "hatched"), NOT_CLASSED),
        )
    text = str(value).lower() if isinstance(value, bool | np.bool_) else str(value)
    named = next((style for style in legend.classes if style.value == text), None)
    if named or not isinstance(value, int | float | np.number):
        return named or NOT_CLASSED
    number = float(value)
    for style in legend.classes:
        lower = -np.inf if style.lower is None else style.lower
        upper = np.inf if style.upper is None else style.upper
        if style.value is None and is_count(style) and lower <= number <= upper:
            return style
    return NOT_CLASSED
