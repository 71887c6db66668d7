"""The drawings of a paper on visits: the map of numbered places, charts, and the code of a link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from boundaries.ground import Ground
from geo.dates import DateInterval
from layers.view import View
from server.page_context import SERVICE_NAME
from server.papers.charts import columns_chart, paired_bars_chart
from server.papers.maps import map_figure, numbers_words
from server.papers.material import Material
from server.papers.paper import Figure
from server.papers.qr import qr_scene
from server.pictures.records import NUMBER_COLUMN
from server.services import services
from server.visits.account import days_of

CHART_MM: Final = 150
SOURCE_OF_VISITS: Final = "Source: the register of visits; see Sources."


def visits_map(material: Material, marking: str, notices: tuple[str, ...]) -> Figure:
    """The places visited on the ground, numbered as in the table of visits."""
    view = material.visits
    return map_figure(
        f"Places visited, {view.query.time_in_words()}",
        (view,),
        map_words(view, services().workspace.ground),
        "Source: the register of visits.",
        marking,
        notices,
    )


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
    return f"{len(numbers):,} ({numbers_words(numbers)})"
