"""The drawings of a paper on visits: the map of numbered places, charts, and the code of a link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from boundaries.ground import Ground
from geo.dates import DateInterval
from layers.view import View
from server.map_pages import GROUND_LAYERS
from server.page_context import SERVICE_NAME, attributions
from server.papers.charts import columns_chart, paired_bars_chart
from server.papers.material import Material
from server.papers.paper import Figure
from server.papers.qr import qr_scene
from server.pictures.compose import compose
from server.pictures.mapped import INSET_NUMBERS
from server.pictures.picture import PRINTED, PRINTED_IN_PAPER, Picture
from server.pictures.records import NUMBER_COLUMN
from server.pictures.scene import Group, Item, Scene, Text
from server.services import services
from server.visits.account import days_of

MAP: Final = "map"
CHART_MM: Final = 150
SOURCE_OF_VISITS: Final = "Source: the register of visits; see Sources."


def visits_map(material: Material, marking: str, notices: tuple[str, ...]) -> Figure:
    """The places visited on the ground, numbered as in the table of visits."""
    ground = services().workspace.ground
    view = material.visits
    title = f"Places visited, {view.query.time_in_words()}"
    picture = Picture(
        title=title,
        layers=(view,),
        ground=ground,
        ground_on=tuple(layer.id for layer in GROUND_LAYERS if layer.switched_on),
        notices=notices,
        attribution=tuple(attributions()),
        marking=marking,
    )
    scene = compose(
        Picture(title=title, layers=(view,), ground=ground, ground_on=picture.ground_on),
        PRINTED_IN_PAPER,
    )
    alone = compose(picture, PRINTED)
    captioned = replace(view, caption=(*view.caption, *inset_words(alone)))
    named = replace(picture, layers=(captioned,), names=names_words(alone, ground))
    return Figure(
        name=MAP,
        title=title,
        alternative=" ".join((map_words(view, ground), *inset_words(scene))),
        source=" ".join(
            (
                *inset_words(scene),
                *names_words(scene, ground),
                "Source: the register of visits.",
            )
        ),
        credit=f"{'. '.join(attributions())}.",
        scene=scene,
        width_mm=166,
        alone=compose(named, PRINTED),
    )


def names_words(scene: Scene, ground: Ground) -> tuple[str, ...]:
    """What the codes mean that a drawn map has where a name does not fit, and what has neither."""
    drawn = {text.partition(" (")[0] for text in _texts(scene.items)}
    labels = {code: ground.npa_label(code) for code in ground.npa_codes}
    codes = [f"{code} is {label}" for code, label in labels.items() if code in drawn]
    left = [label for code, label in labels.items() if not {code, label.partition(" (")[0]} & drawn]
    said = []
    if codes:
        said.append(f"Where an area's name does not fit, its code stands: {'; '.join(codes)}.")
    if left:
        said.append(f"There is no room for the name or code of {'; '.join(left)}.")
    return tuple(said)


def inset_words(scene: Scene) -> tuple[str, ...]:
    """Which numbers stand in the inset of a drawn map; nothing where it has none."""
    numbers = [int(text) for part in _named(scene.items, INSET_NUMBERS) for text in _texts([part])]
    if not numbers:
        return ()
    return (
        f"Inset: the densest part, framed on the map and drawn larger below it, has the "
        f"{_numbers_words(numbers)}.",
    )


def _named(items: Iterable[Item], name: str) -> Iterator[Group]:
    for item in items:
        if isinstance(item, Group):
            yield from (item,) if item.name == name else _named(item.items, name)


def _texts(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Group):
            yield from _texts(item.items)
        elif isinstance(item, Text):
            yield from item.lines


def map_words(view: View, ground: Ground) -> str:
    """What the map shows, in words: how many places in which areas, and by which numbers."""
    placed = view.records.dropna(subset=[NUMBER_COLUMN])
    area = ground.force.area_name
    if placed.empty:
        return f"Map of {area} with its areas; no place visited lies in this period."
    parts = [
        f"{ground.npa_label(code)} {_places_in(placed[placed['npa_code'] == code])}"
        for code in ground.npa_codes
    ]
    places = placed[NUMBER_COLUMN].nunique()
    counted = "1 place visited, numbered" if places == 1 else f"{places:,} places visited, numbered"
    elsewhere = placed[~placed["npa_code"].isin(ground.npa_codes)]
    more = f"; in no area {_places_in(elsewhere)}" if len(elsewhere) else ""
    return (
        f"Map of {area}: {counted} from area to area as in the table of visits. By area: "
        f"{'; '.join(parts)}{more}."
    )


def days_by_month(material: Material) -> Figure | None:
    """Days of visits in each month of the period; None where there is no day to draw."""
    labels, values, undated = month_counts(
        days_of(material.asked.visits().records), material.period
    )
    if not any(values):
        return None
    when = material.period.in_words()
    title = f"Days of visits by month, {when}"
    said = ", ".join(f"{label} {value}" for label, value in zip(labels, values, strict=True))
    left = (
        f" {undated:,} more of the period {'has' if undated == 1 else 'have'} no sure month and "
        f"{'is' if undated == 1 else 'are'} not drawn."
        if undated
        else ""
    )
    return Figure(
        name="days-by-month",
        title=title,
        alternative=f"Bar chart of days of visits in each month: {said}.{left}",
        source=f"Days of visits by which the commitment is kept.{left} {SOURCE_OF_VISITS}",
        scene=columns_chart(title, "Days of visits in the month", "Month", labels, values),
        width_mm=CHART_MM,
    )


def month_counts(
    days: Sequence[DateInterval], period: DateInterval
) -> tuple[list[str], list[int], int]:
    """The months of a period, the days that surely lie in each, and those of no sure month."""
    inside = [day for day in days if day.membership(period) == "in"]
    sure = [day.months()[0] for day in inside if len(day.months()) == 1]
    months = period.months()
    labels = [f"{pd.Timestamp(month):%b %Y}" for month in months]
    return labels, [sure.count(month) for month in months], len(inside) - len(sure)


def days_and_shares(material: Material) -> Figure | None:
    """Each area's days beside its share by residents; None where there is nothing to share."""
    account = material.account
    spread = next((each for each in account.spread if each.weight == "residents"), None)
    if spread is None or not any(spread.shares):
        return None
    rows = [
        (area.name, area.days.surely, share)
        for area, share in zip(account.npas, spread.shares, strict=True)
    ]
    title = f"Days of visits by area beside their share by residents, {account.period.in_words()}"
    said = "; ".join(f"{name} {days}, share {share}" for name, days, share in rows)
    names = ("Days of visits in the area", "Days if shared out by residents (Census 2021)")
    return Figure(
        name="days-and-shares",
        title=title,
        alternative=f"Bar chart with two bars for each area, days of visits and share: {said}.",
        source=f"{SOURCE_OF_VISITS} Residents: Office for National Statistics, Census 2021.",
        scene=paired_bars_chart(title, "Days of visits", names, rows),
        width_mm=CHART_MM,
    )


def qr_code(url: str) -> Figure:
    """The code of the live view's address."""
    return Figure(
        name="qr",
        title=f"The live view in {SERVICE_NAME}",
        alternative=f"QR code that leads to the live view at {url}",
        source="Point a camera at the code, or type the address.",
        scene=qr_scene(url),
        width_mm=32,
    )


def _places_in(placed: pd.DataFrame) -> str:
    if placed.empty:
        return "none"
    numbers = sorted(set(placed[NUMBER_COLUMN].astype(int)))
    return f"{len(numbers):,} ({_numbers_words(numbers)})"


def _numbers_words(numbers: Sequence[int]) -> str:
    """Numbers in order, each run of three or more by its ends.

    >>> _numbers_words([1, 2, 3, 7])
    'numbers 1 to 3, 7'
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return f"number{'s' if len(numbers) > 1 else ''} {', '.join(said)}"
