"""What an address asks of hot spots: of which type and months, in what cells, how surely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from geo.cell_hotspots import Measure
from geo.hotspots import RATES
from layers.crime import CELL_SIZES_M, DEFAULT_CELL_M
from server.crime.asked import OF_MONTHS, Asked, Pair, of_a_year, one_of

CELL_M: Final = "cell_m"
RATE: Final = "rate"
MEASURE: Final = "tested"
NAMES: Final = (*OF_MONTHS, CELL_M, RATE, MEASURE)

USUAL_RATE: Final = 0.05
MEASURES: Final[tuple[Measure, ...]] = ("root", *(m for m in get_args(Measure) if m != "root"))
"""Square roots first: of plain counts a city centre hides every other town."""


@dataclass(frozen=True, slots=True)
class HotSpotsAsked:
    """One question; page, map, picture, tables, CSV, GeoJSON and JSON are made from it.

    ``rate`` is the false discovery rate, ``cell_m`` the width of the hexagons in metres.
    """

    of: Asked
    cell_m: int
    rate: float
    measure: Measure

    def params(self) -> list[Pair]:
        """The question as address parameters, all written out."""
        own = [(CELL_M, str(self.cell_m)), (RATE, f"{self.rate:g}"), (MEASURE, self.measure)]
        return [*self.of.params(), *own]


def hot_spots_asked(params: Mapping[str, Sequence[str]]) -> HotSpotsAsked:
    """Read address parameters; without from and to, the twelve months to the last held.

    Raises:
        BadQuery: a parameter or value that cannot be used.
    """
    measure = one_of(params, MEASURE, MEASURES)
    sizes = usual_first([str(size) for size in CELL_SIZES_M], str(DEFAULT_CELL_M))
    rates = usual_first([f"{rate:g}" for rate in RATES], f"{USUAL_RATE:g}")
    return HotSpotsAsked(
        of_a_year(params, NAMES),
        int(one_of(params, CELL_M, sizes)),
        float(one_of(params, RATE, rates)),
        next(each for each in MEASURES if each == measure),
    )


def usual_first(values: Sequence[str], usual: str) -> tuple[str, ...]:
    """The values, the usual one before the others.

    >>> usual_first(["500", "1000", "2000"], "1000")
    ('1000', '500', '2000')
    """
    return (usual, *(value for value in values if value != usual))
