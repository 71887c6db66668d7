"""Classes of counts for legends: round breaks that follow the data."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from layers.spec import StyleClass

NO_FIGURE: Final = ""
"""The class value of what has no figure, which is not zero."""

NO_DATA: Final = StyleClass("No records held: not zero", "#3D3D3D", "hatched")
"""The class of what nothing is known of."""

ZERO: Final = "#FFFFFF"
NOTHING_COUNTED: Final = StyleClass("0: not drawn", ZERO, "filled", lower=0, upper=0)
"""The class of cells in which nothing was counted, of which a map is full."""

SEQUENTIAL: Final = ("#CFE2F3", "#9CC6E8", "#5694CA", "#2073BC", "#12436D")
SHARES: Final = (0.5, 0.75, 0.9, 0.98)
SHARES_OF_FEW: Final = (0.33, 0.67)
FEW: Final = 20


def count_classes(counts: pd.Series) -> tuple[StyleClass, ...]:
    """At most five classes of whole numbers, with breaks of one or two leading digits.

    Breaks stand near the median, the 75th, 90th and 98th percentile, so that the few high counts
    are told apart; fewer than ``FEW`` counts make three classes. Nothing counted (0) is a class by
    itself. Every count falls into exactly one class.
    """
    values = counts.to_numpy(dtype=float)
    some = values[values > 0]
    zero = (StyleClass("0", ZERO, "filled", lower=0, upper=0),) * bool(len(some) < len(values))
    if not len(some):
        return zero
    shares = SHARES_OF_FEW if len(some) < FEW else SHARES[len(zero) :]
    breaks = sorted({_rounded(float(np.quantile(some, share))) for share in shares})
    lowest, highest = 1 if zero else int(some.min()), int(some.max())
    breaks = [value for value in breaks if lowest <= value < highest]
    lowers = [lowest, *(value + 1 for value in breaks)]
    uppers = [*breaks, highest]
    return zero + tuple(
        StyleClass(
            f"{lower:,}" if lower == upper else f"{lower:,} to {upper:,}",
            colour,
            "filled",
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
