"""Where a map's picture and its form on paper are, for the query and state of its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layers.view import View
from server.map_pages import can_be_cut
from server.map_state import MapState
from server.requests import HOME_PAGE, MapPageSpec, with_query
from server.timeline import step_of, timeline_of

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class MapLinks:
    """Addresses that show what a page's map shows, and the words that stand for its picture.

    ``print_view`` is empty for the page that has none, the home page: it prints as it is.
    ``takes_area``: the page itself can be cut to an area that somebody draws.
    """

    svg: str
    png: str
    phone_svg: str
    paper_svg: str
    print_view: str
    takes_area: bool
    in_words: str


def map_links(
    spec: MapPageSpec,
    params: Mapping[str, Sequence[str]],
    state: MapState,
    views: Sequence[View],
) -> MapLinks:
    """The links of a page's map. Its query and its state are carried by each."""
    pairs = pairs_of(params, state)
    return MapLinks(
        svg=_picture(spec, "svg", pairs),
        png=_picture(spec, "png", pairs),
        phone_svg=_picture(spec, "svg", [*pairs, ("size", "phone")]),
        paper_svg=_picture(spec, "svg", [*pairs, ("size", "paper")]),
        print_view="" if spec is HOME_PAGE else with_query(f"/maps/{spec.page}/print", pairs),
        takes_area=spec.own_params and all(can_be_cut(view) for view in views),
        in_words=_in_words(spec, views, state),
    )


def pairs_of(params: Mapping[str, Sequence[str]], state: MapState) -> list[Pair]:
    """A page's query and state as address parameters, without what is blank."""
    pairs = [(name, value) for name, values in params.items() for value in values if value.strip()]
    return pairs + state.params()


def _picture(spec: MapPageSpec, ending: str, pairs: list[Pair]) -> str:
    return with_query(f"/maps/{spec.page}/picture.{ending}", pairs)


def _in_words(spec: MapPageSpec, views: Sequence[View], state: MapState) -> str:
    shown = switched_on(spec, views, state)
    step = step_of(timeline_of(views), state.month)
    if step is None or not shown:
        return figures_in_words(shown)
    (view,) = shown
    return (
        f"Map. {view.layer.title}: {step.title}: {step.words}. The tables on this page hold the "
        "figures of its whole period."
    )


def figures_in_words(shown: Sequence[View]) -> str:
    """What stands for the picture of a map: each layer's figure, and where to read the rest."""
    figures = [f"{view.layer.title}: {view.caption[0]}" for view in shown if view.caption]
    what = " ".join(figures) or "No layer is switched on."
    return f"Map. {what} The tables on this page hold the same figures."


def switched_on(spec: MapPageSpec, views: Sequence[View], state: MapState) -> list[View]:
    """Those of a page's views that its map shows."""
    return [view for view in views if state.shows(view.layer.id, view.layer.id in spec.switched_on)]
