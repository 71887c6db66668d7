"""Emerging hot spots: how a place came to be hot or cold, month by month.

Gi* is reckoned for every place and month against the mean of all places and months together, so
that a rise everywhere shows as a rise; the neighbours of a place are those of the same month.
Counts of a month are small, so that permutation is the rule here and not the normal distribution
(`geo.hotspots` says why). Significance is held to a false discovery rate over all places and
months. Which months were hot, and the trend of Gi* by Mann and Kendall, give each place its
category, the first of these that it fits. The same holds of cold ones with the signs turned.

new           hot in the last month and never before
intensifying  hot in the last month and in 90% of months or more, Gi* rising
diminishing   the same, Gi* falling
persistent    the same, Gi* with no clear trend
historical    not hot in the last month, but in 90% of months or more
consecutive   hot in the last two months or more without a break, and never before them
oscillating   hot in the last month and at times before, cold at other times
sporadic      hot in the last month and at times before, never cold
none          anything else, such as hot now and then but not in the last month

The names are those of Esri's emerging hot spot analysis; the words and the order are ours, and a
place has no neighbours in the month before, as it has there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from geo.errors import InvalidValue
from geo.false_discovery import adjusted_p
from geo.hotspots import (
    SEED,
    FloatArray,
    IntArray,
    Significance,
    g_star,
    permuted_p,
    two_sided_normal,
)
from geo.mann_kendall import mann_kendall
from geo.neighbours import Neighbours

Category = Literal[
    "new",
    "consecutive",
    "intensifying",
    "persistent",
    "diminishing",
    "sporadic",
    "oscillating",
    "historical",
    "none",
]

CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)
MOSTLY: Final = 0.9
"""From which part of the months on a place was hot nearly always."""
TREND_LEVEL: Final = 0.05
RATE: Final = 0.05
PERMUTED: Final = Significance("permutation", 99_999, SEED)
"""So many draws let one place and month in 2,500 be hot before any is named at 5%."""
FEWEST_MONTHS: Final = 10

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Emerging:
    """The category of each place, an index into `CATEGORIES`, and what it was made from.

    Hot means named at ``rate`` over all places and months, a trend clear at ``trend_level``, nearly
    always from a share of ``mostly`` on. Arrays cannot be written to.

    ``z`` and ``states`` have a row for each month; a state is 1 for hot, -1 for cold, 0 for
    neither. ``side`` is 1 where the category is of a hot spot, -1 where it is of a cold one.
    """

    band_m: float
    test: Significance
    rate: float
    trend_level: float
    mostly: float
    z: FloatArray
    states: IntArray
    trend_z: FloatArray
    trend_p: FloatArray
    category: IntArray
    side: IntArray

    @property
    def months(self) -> int:
        """How many months were read."""
        return len(self.z)

    @property
    def places(self) -> int:
        """How many places were tested in each month."""
        return int(self.z.shape[1])

    def of(self, category: Category, hot: bool = True) -> Flags:
        """Which places are of a category."""
        return np.asarray(
            (self.category == CATEGORIES.index(category)) & (self.side == (1 if hot else -1))
        )


def emerging_hot_spots(
    counts: npt.ArrayLike, near: Neighbours, rate: float = RATE, test: Significance = PERMUTED
) -> Emerging:
    """The categories of places by their counts through months.

    Args:
        counts: a row for each month, in order, and a column for each place, or the roots of counts
            where some are hundreds of times others; months of which nothing is held are left out,
            never 0.
        near: the neighbours within the distance band.
        rate: the false discovery rate over all places and months.
        test: how significance is found.

    Raises:
        InvalidValue: fewer than 10 months, a missing count, not one for each place, a rate that is
            not between 0 and 1, or a number of permutations that cannot be made.
    """
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != near.size or not np.isfinite(table).all():
        raise InvalidValue(
            f"A row of {near.size} counts is needed for each month, none missing; given the shape "
            f"{table.shape}."
        )
    if len(table) < FEWEST_MONTHS:
        raise InvalidValue(
            f"At least {FEWEST_MONTHS} months are needed to tell how hot spots emerge; given "
            f"{len(table)}. Ask for a longer period."
        )
    if not 0 < rate < 1:
        raise InvalidValue(f"A false discovery rate between 0 and 1 is needed; given {rate!r}.")
    z = g_star(table, near)
    permuted = test.method == "permutation"
    p = permuted_p(table, z, near, test) if permuted else two_sided_normal(z)
    adjusted = adjusted_p(p).reshape(z.shape)
    states = np.where(adjusted <= rate, np.sign(z), 0).astype(np.int64)
    trend = mann_kendall(z)
    category, side = categories_of(states, trend.z, trend.p)
    for array in (z, states, trend.z, trend.p, category, side):
        array.setflags(write=False)
    return Emerging(
        near.band_m,
        test,
        rate,
        TREND_LEVEL,
        MOSTLY,
        z,
        states,
        trend.z,
        trend.p,
        category,
        side,
    )


def categories_of(
    states: IntArray, trend_z: FloatArray, trend_p: FloatArray
) -> tuple[IntArray, IntArray]:
    """The category and side of each place from its states through months and its trend.

    A place that was nearly always hot, and is cold in the last month, goes by the last month.
    """
    hot, cold = states > 0, states < 0
    rising = np.where(trend_p <= TREND_LEVEL, np.sign(trend_z), 0)
    as_hot, as_cold = _categories(hot, cold, rising), _categories(cold, hot, -rising)
    none = CATEGORIES.index("none")
    is_cold = (as_cold != none) & (cold[-1] | (as_hot == none))
    category = np.where(is_cold, as_cold, as_hot)
    return category, np.where(category == none, 0, np.where(is_cold, -1, 1))


def _categories(hot: Flags, cold: Flags, rising: FloatArray) -> IntArray:
    """The category of each place as a hot spot: the first that holds."""
    months, times_hot = len(hot), hot.sum(axis=0)
    last, mostly = hot[-1], times_hot >= MOSTLY * months - 1e-9
    run = np.logical_and.accumulate(hot[::-1], axis=0).sum(axis=0)
    unbroken = run == times_hot
    holds: dict[Category, Flags] = {
        "new": last & (times_hot == 1),
        "intensifying": last & mostly & (rising > 0),
        "diminishing": last & mostly & (rising < 0),
        "persistent": last & mostly,
        "historical": ~last & mostly,
        "consecutive": last & unbroken,
        "oscillating": last & cold.any(axis=0),
        "sporadic": last,
    }
    numbers = [CATEGORIES.index(category) for category in holds]
    return np.select(list(holds.values()), numbers, CATEGORIES.index("none")).astype(np.int64)
