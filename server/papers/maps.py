"""Maps of a paper: drawn to fit its page, and alone with all that the paper says around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from boundaries.ground import Ground
from layers.view import View
from server.map_pages import GROUND_LAYERS
from server.page_context import attributions
from server.papers.paper import Figure
from server.pictures.compose import compose
from server.pictures.mapped import INSET_NUMBERS
from server.pictures.picture import PRINTED, PRINTED_IN_PAPER, Picture
from server.pictures.scene import Group, Item, Scene, Text
from server.services import services

MAP: Final = "map"


def map_figure(
    title: str,
    views: tuple[View, ...],
    said: str,
    source: str,
    marking: str,
    notices: tuple[str, ...],
    width_mm: float = 166,
) -> Figure:
    """Views on the ground as the map of a paper.

    Args:
        title: what the map is called.
        views: what is drawn, the first below the others.
        said: what it shows, for those who do not see it.
        source: whose data it is.
        marking: stands at head and foot of the map alone.
        notices: for whom the map alone is, where not for all.
        width_mm: its width in print, at which it fits on a page with what stands below it.
    """
    ground = services().workspace.ground
    on = tuple(layer.id for layer in GROUND_LAYERS if layer.switched_on)
    scene = compose(Picture(title, views, ground, on), PRINTED_IN_PAPER)
    picture = Picture(
        title,
        views,
        ground,
        on,
        notices=notices,
        attribution=tuple(attributions()),
        marking=marking,
    )
    alone = compose(picture, PRINTED)
    *below, last = views
    captioned = (*below, replace(last, caption=(*last.caption, *inset_words(alone))))
    named = replace(picture, layers=captioned, names=names_words(alone, ground))
    return Figure(
        name=MAP,
        title=title,
        alternative=" ".join((said, *inset_words(scene))),
        source=" ".join((*inset_words(scene), *names_words(scene, ground), source)),
        credit=f"{'. '.join(attributions())}.",
        scene=scene,
        width_mm=width_mm,
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
        f"{numbers_words(numbers)}.",
    )


def numbers_words(numbers: Sequence[int]) -> str:
    """Numbers in order, each run of three or more by its ends.

    >>> numbers_words([1, 2, 3, 7])
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
