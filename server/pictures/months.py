"""The views of a picture, of one month where the page's slider stands at one."""

from __future__ import annotations

from dataclasses import replace

from geo.dates import DateInterval
from layers.spec import Legend
from layers.view import View
from server.map_state import MapState
from server.requests import MapPageSpec, page_views
from server.timeline import MONTH_ROWS, Timeline, timeline_of

Params = dict[str, list[str]]


def shown_views(
    spec: MapPageSpec, params: Params, state: MapState
) -> tuple[list[View], tuple[str, ...]]:
    """What the page's map shows, and what is to be said of its month.

    As in the browser, a page without a slider has no month, and a month that its slider does not
    reach leaves the whole period.
    """
    whole = page_views(spec, params)
    timeline = timeline_of(whole) if state.month else None
    if timeline is None:
        return whole, ()
    step = next((step for step in timeline.steps if step.month == state.month), None)
    if step is None:
        month = DateInterval.parse(state.month).in_words()
        return whole, (f"{month} is not in the period of this page.",)
    (view,) = page_views(spec, params | {"from": [step.date_from], "to": [step.date_to]})
    missing = () if step.held else (f"{step.title}: {step.words}.",)
    return [replace(view, legend=_legend(spec, params, whole[0], timeline))], missing


def _legend(spec: MapPageSpec, params: Params, whole: View, timeline: Timeline) -> Legend:
    """One legend for every month, so that months can be compared."""
    if not timeline.legend_by_month:
        return whole.legend
    name, value = MONTH_ROWS
    (by_month,) = page_views(spec, params | {name: [value]})
    legend = by_month.legend
    note = f"The classes are those of single months, the same for every month. {legend.note}"
    return replace(legend, title=f"{legend.title}, in one month", note=note.strip())
