"""The funnel plot of rates as a scene: residents to the right, the rate upwards, limits drawn."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from geo.funnel import OUTER, widened_limits
from geo.rates import PER
from server.crime.rates import AreaRate, RatesAccount
from server.pictures.scene import INK, LINE, SOFT_INK, Disc, Item, Paint, Path, Scene, Text

FloatArray = npt.NDArray[np.float64]

WIDTH_PX: Final = 640.0
HEIGHT_PX: Final = 430.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 616.0, 66.0, 366.0
COLOUR: Final = "#12436D"
MOST_NAMED: Final = 14
STEPS: Final = 120
_SMALL_PX: Final = 12
_TICKS: Final = 5


def funnel_figure(account: RatesAccount, title: str, sentence: str) -> Scene:
    """Each area as a disc; the line is the rate of all, the dashed ones its limits at 99.8%.

    An area outside the limits is filled, one within is hollow: told apart without colour.
    """
    rows = [row for row in account.rows if row.rate is not None]
    unit = f"Records for each {PER:,} residents, upwards; residents, to the right"
    items: list[Item] = [
        Text((unit,), 8, 22, _SMALL_PX, colour=SOFT_INK),
        Text(
            ("Line: the rate of all areas. Dashed: limits at 99.8%. Filled: outside the limits.",),
            *(8, 42, _SMALL_PX),
            colour=SOFT_INK,
        ),
    ]
    if not rows or not account.records:
        items.append(Text(("Nothing can be drawn: no records, or no residents are known.",), 8, 90))
        return Scene(WIDTH_PX, 110, title, sentence, tuple(items))
    most = 1.06 * max(row.residents for row in rows)
    people = np.linspace(0.3 * min(row.residents for row in rows), most, STEPS)
    target, spread = account.funnel.target, account.funnel.dispersion
    limits = widened_limits(target * people, OUTER, spread)
    low, high = (PER * limit / people for limit in (limits.low, limits.high))
    top = 1.12 * max(row.rate or 0.0 for row in rows)

    def at(count: FloatArray, rate: FloatArray) -> FloatArray:
        x = LEFT + (RIGHT - LEFT) * count / most
        return np.column_stack((x, BOTTOM - (BOTTOM - TOP) * np.minimum(rate, top) / top))

    items += _axes(most, top)
    shown = high <= top
    items += [
        _line(at(people, np.full(STEPS, PER * target)), INK, ()),
        _line(at(people, low), SOFT_INK, (5.0, 4.0)),
        _line(at(people[shown], high[shown]), SOFT_INK, (5.0, 4.0)),
    ]
    named = len(rows) <= MOST_NAMED
    for row in rows:
        ((x, y),) = at(np.array([float(row.residents)]), np.array([row.rate or 0.0]))
        items += _area(row, float(x), float(y), named)
    return Scene(WIDTH_PX, HEIGHT_PX, title, sentence, tuple(items))


def _area(row: AreaRate, x: float, y: float, named: bool) -> list[Item]:
    outside = row.standing in ("above", "below")
    fill = COLOUR if outside else "#FFFFFF"
    disc = Disc(x, y, 5 if named else 3, Paint(fill, stroke=COLOUR, stroke_px=1.5))
    if not named:
        return [disc]
    return [disc, Text((row.code,), x + 8, y + 4, _SMALL_PX, halo=True)]


def _axes(most: float, top: float) -> list[Item]:
    items: list[Item] = []
    for value in _ticks(top):
        y = BOTTOM - (BOTTOM - TOP) * value / top
        items.append(_line(np.array([(LEFT, y), (RIGHT, y)]), LINE, (), 0.5))
        items.append(Text((f"{value:g}",), LEFT - 6, y + 4, _SMALL_PX, anchor="end"))
    for value in _ticks(most):
        x = LEFT + (RIGHT - LEFT) * value / most
        items.append(Text((f"{value:,.0f}",), x, BOTTOM + 18, _SMALL_PX, anchor="middle"))
    items.append(_line(np.array([(LEFT, BOTTOM), (RIGHT, BOTTOM)]), INK, ()))
    middle = (LEFT + RIGHT) / 2
    items.append(
        Text(("Residents (Census 2021)",), middle, BOTTOM + 44, _SMALL_PX, anchor="middle")
    )
    return items


def _ticks(top: float) -> list[float]:
    """Round values from 0 to below the top, about five of them."""
    rough = top / _TICKS
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(power * round_ for round_ in (1, 2, 5, 10) if power * round_ >= rough)
    return [round(step * n, 10) for n in range(int(top / step) + 1)]


def _line(
    points: FloatArray, colour: str, dashes_px: tuple[float, ...], width_px: float = 1.25
) -> Path:
    return Path(
        (points,), Paint(stroke=colour, stroke_px=width_px, dashes_px=dashes_px), closed=False
    )
