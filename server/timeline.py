"""The months of a map page: how many records each counts, which are not held, and a slider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from layers.classes import NO_DATA
from layers.spec import LayerSpec
from layers.view import MonthCount, View

BAR_WIDTH: Final = 20
CHART_HEIGHT: Final = 60
"""Bars in units of the chart's own, which is stretched to the width of the page."""

MONTH_ROWS: Final = ("by", "month")
"""The parameter and value with which a layer's legend is made for single months."""


NOT_HELD: Final = "no records are held, that is not zero"


@dataclass(frozen=True, slots=True)
class Step:
    """One month of the slider; ``title`` names its days in the period, ``words`` its figures."""

    month: str
    title: str
    date_from: str
    date_to: str
    words: str
    held: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of the chart in its own units: where its two parts begin, and how high they are.

    What is possibly in the month stands on what surely is.
    """

    left: int
    surely_top: float
    surely_height: float
    possibly_top: float
    possibly_height: float
    step: Step


@dataclass(frozen=True, slots=True)
class Timeline:
    """The slider and the chart of a page's one dated layer.

    ``sentences`` say what the chart shows. With ``legend_by_month`` the legend follows the counts,
    so that single months need one of their own, which the layer's figures by month have.
    """

    layer_id: str
    title: str
    period: str
    whole: str
    steps: tuple[Step, ...]
    bars: tuple[Bar, ...]
    sentences: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend_by_month: bool

    @property
    def width(self) -> int:
        """The chart's width in its own units; its first place stands for all months together."""
        return BAR_WIDTH * (len(self.bars) + 1)

    @property
    def height(self) -> int:
        """The chart's height in its own units."""
        return CHART_HEIGHT

    def as_dict(self) -> dict[str, object]:
        """What the page's script needs."""
        return {
            "layer_id": self.layer_id,
            "whole": self.whole,
            "steps": [asdict(step) for step in self.steps],
            "not_held": None if all(step.held for step in self.steps) else asdict(NO_DATA),
            "legend_by": {MONTH_ROWS[0]: MONTH_ROWS[1]} if self.legend_by_month else None,
        }


def timeline_of(views: Sequence[View]) -> Timeline | None:
    """The timeline of a page; None without one dated layer counted over more than one month."""
    if len(views) != 1 or len(views[0].by_month) < 2:
        return None
    (view,) = views
    layer, months = view.layer, view.by_month
    steps = tuple(_step(layer, month) for month in months)
    period = view.query.time_in_words()
    doubtful = any(month.possibly for month in months)
    columns = ("Month", layer.plural[:1].upper() + layer.plural[1:], "Possibly in the month")
    rows = tuple(_table_row(month, step) for month, step in zip(months, steps, strict=True))
    return Timeline(
        layer_id=layer.id,
        title=f"{columns[1]} per month",
        period=period,
        whole=f"All months: {_words(layer, view.counts.surely, view.counts.possibly)}",
        steps=steps,
        bars=_bars(months, steps),
        sentences=_sentences(layer, months, period, view.gaps),
        columns=columns if doubtful else columns[:2],
        rows=rows if doubtful else tuple(row[:2] for row in rows),
        legend_by_month=MONTH_ROWS[0] in layer.map_adds_up,
    )


def step_of(timeline: Timeline | None, month: str) -> Step | None:
    """The slider's step of a month; None where there is no slider, or it does not reach there."""
    steps = timeline.steps if timeline else ()
    return next((step for step in steps if step.month == month), None)


def _step(layer: LayerSpec, month: MonthCount) -> Step:
    return Step(
        month.month,
        month.days.in_words(),
        month.days.date_from.isoformat(),
        month.days.date_to.isoformat(),
        _words(layer, month.surely, month.possibly) if month.held else NOT_HELD,
        month.held,
    )


def _words(layer: LayerSpec, surely: int, possibly: int) -> str:
    noun = layer.singular if surely == 1 else layer.plural
    more = f", {possibly:,} more possibly" if possibly else ""
    return f"{surely:,} {noun}{more}" if surely else f"no {noun}{more}"


def _bars(months: Sequence[MonthCount], steps: Sequence[Step]) -> tuple[Bar, ...]:
    scale = CHART_HEIGHT / (max(month.surely + month.possibly for month in months) or 1)
    return tuple(
        Bar(
            left=BAR_WIDTH * number,
            surely_top=round(CHART_HEIGHT - month.surely * scale, 1),
            surely_height=round(month.surely * scale, 1),
            possibly_top=round(CHART_HEIGHT - (month.surely + month.possibly) * scale, 1),
            possibly_height=round(month.possibly * scale, 1),
            step=step,
        )
        for number, (month, step) in enumerate(zip(months, steps, strict=True), start=1)
    )


def _sentences(
    layer: LayerSpec, months: Sequence[MonthCount], period: str, gaps: Sequence[str]
) -> tuple[str, ...]:
    """The extremes of the months that are known for sure, and which months are missing."""
    held = [month for month in months if month.held]
    known = [month for month in held if not month.possibly]
    least, most = (pick(known, key=lambda month: month.surely, default=None) for pick in (min, max))
    said = []
    if least and most and least.surely < most.surely:
        said.append(
            f"{'From' if known == held else 'Where no date is in doubt, from'} "
            f"{_words(layer, least.surely, 0)} in {least.days.in_words()} to "
            f"{_words(layer, most.surely, 0)} in {most.days.in_words()}."
        )
    elif most and known == held:
        said.append(f"{_words(layer, most.surely, 0)} in each month.")
    if len(held) < len(months):
        said += ["A hatched month is not held.", *gaps]
    if any(month.possibly for month in months):
        said.append("A pale part of a bar counts what may lie in the month.")
    said.append(f"Counted from the same records as the map, {period}.")
    return tuple(sentence[:1].upper() + sentence[1:] for sentence in said)


def _table_row(month: MonthCount, step: Step) -> tuple[str, ...]:
    if not month.held:
        return step.title, NOT_HELD, ""
    return step.title, f"{month.surely:,}", f"{month.possibly:,}"
