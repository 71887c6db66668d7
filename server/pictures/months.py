"""The views of a picture, of one month where the page's slider stands at one."""

from __future__ import annotations

from dataclasses import replace

from geo.dates import DateInterval
from layers.answer import nothing_held
from layers.spec import Legend
from layers.view import View
from server.map_state import MapState
from server.requests import MapPageSpec, page_views
from server.timeline import MONTH_ROWS, Timeline, step_of, timeline_of

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
    step = step_of(timeline, state.month)
    if step is None:
        month = DateInterval.parse(state.month).in_words()
        return whole, (f"{month} is not in the period of this page.",)
    others = {name: values for name, values in params.items() if name != "as_of"}
    (view,) = page_views(spec, others | {"from": [step.date_from], "to": [step.date_to]})
    legend = _legend(spec, params, whole[0], timeline)
    if step.held:
        return [replace(view, legend=legend)], ()
    return [replace(view, legend=nothing_held(legend))], (f"{step.title}: {step.words}.",)


def _legend(spec: MapPageSpec, params: Params, whole: View, timeline: Timeline) -> Legend:
    """One legend for every month, so that months can be compared."""
    if not timeline.legend_by_month:
        return whole.legend
    name, value = MONTH_ROWS
    (by_month,) = page_views(spec, params | {name: [value]})
    legend = by_month.legend
    note = f"The classes are those of single months, the same for every month. {legend.note}"
    return replace(legend, title=f"{legend.title}, in one month", note=note.strip())
