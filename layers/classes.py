"""Classes of counts for legends: round breaks that follow the data."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from layers.spec import Shape, StyleClass

NO_FIGURE: Final = ""
"""The class value of what has no figure, which is not zero."""

SEQUENTIAL: Final = ("#D3E5F5", "#9CC6E8", "#5694CA", "#2073BC", "#12436D")
SHARES: Final = (0.5, 0.75, 0.9, 0.98)
SHARES_OF_FEW: Final = (0.33, 0.67)
FEW: Final = 20


def count_classes(counts: pd.Series, shape: Shape = "area") -> tuple[StyleClass, ...]:
    """At most five classes of whole numbers, with breaks of one or two leading digits.

    Breaks stand near the median, the 75th, 90th and 98th percentile, so that the few high counts
    are told apart; fewer than ``FEW`` counts make three classes. Every count falls into exactly
    one class.
    """
    if counts.empty:
        return ()
    values = counts.to_numpy(dtype=float)
    shares = SHARES_OF_FEW if len(values) < FEW else SHARES
    breaks = sorted({_rounded(float(np.quantile(values, share))) for share in shares})
    lowest, highest = int(values.min()), int(values.max())
    breaks = [value for value in breaks if lowest <= value < highest]
    lowers = [lowest, *(value + 1 for value in breaks)]
    uppers = [*breaks, highest]
    return tuple(
        StyleClass(
            f"{lower:,}" if lower == upper else f"{lower:,} to {upper:,}",
            colour,
            shape,
            lower=lower,
            upper=upper,
        )
        for lower, upper, colour in zip(lowers, uppers, SEQUENTIAL[-len(lowers) :], strict=True)
    )


def _rounded(value: float) -> int:
    if value < 10:
        return int(value)
    step = 10 ** (len(str(int(value))) - 1) // 2 or 1
    return int(value // step * step)
