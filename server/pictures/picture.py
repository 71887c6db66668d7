"""What a picture shows, and the sizes in which it comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from boundaries.ground import Ground
from layers.errors import BadQuery
from layers.view import View
from server.map_state import MapView


@dataclass(frozen=True, slots=True)
class Size:
    """A width and height in CSS pixels, 96 to the inch.

    A picture grows beyond the height rather than leave a sentence out. Its map is at least
    ``least_map_px`` high. The key takes ``key_px`` of the width beside the map; with none it
    stands below. Where numbers do not fit on the map, an inset of the height ``inset_px`` goes
    below it, and the map is of its least height; with none there is never an inset. Without
    ``words`` the title, captions and attributions are left to the page that the picture is part
    of. ``north`` puts an arrow to the north into the map; ``margin_px`` is left free all around.
    """

    width_px: float
    height_px: float
    least_map_px: float
    key_px: float
    words: bool = True
    north: bool = False
    margin_px: float = 24
    inset_px: float = 0


SIZES: Final[Mapping[str, Size]] = MappingProxyType(
    {
        "screen": Size(1200, 900, 600, 280),
        "phone": Size(640, 640, 440, 0),
        "a4": Size(1123, 794, 480, 260),
        "paper": Size(1000, 600, 500, 250, words=False),
    }
)
PRINTED: Final = Size(660, 560, 368, 0, north=True, margin_px=16, inset_px=244)
"""A map for paper, 175 mm wide: legible at half a page too, and no taller than the text of one."""

PRINTED_IN_PAPER: Final = Size(628, 560, 368, 0, words=False, north=True, margin_px=0, inset_px=244)
"""The same as part of a paper, which says the rest."""

DEFAULT_SIZE: Final = "screen"
SIZE_PARAM: Final = "size"


def size_of(params: Mapping[str, list[str]]) -> Size:
    """The size that address parameters ask for; the default one unless they do.

    Raises:
        BadQuery: not one of the sizes.
    """
    given = [value.strip() for value in params.get(SIZE_PARAM, []) if value.strip()]
    size = SIZES.get((given or [DEFAULT_SIZE])[0])
    if size is None or len(given) > 1:
        raise BadQuery(f"size must be one of {', '.join(SIZES)}; given {', '.join(given)!r}.")
    return size


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """All that one picture is made from.

    ``layers`` are the views that are switched on, the first drawn first; ``ground_on`` names the
    layers of the ground that are. Without a ``view`` the whole force area is shown. ``notices``
    are said below the title: for whom the picture is, where not for all. ``attribution`` are the
    lines that must be shown with the data; ``marking`` stands at its head and foot. ``names`` are
    sentences on the names of its areas, said beside an inset where there is one.
    """

    title: str
    layers: tuple[View, ...]
    ground: Ground
    ground_on: tuple[str, ...]
    view: MapView | None = None
    notices: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()
    marking: str = ""
    names: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Of where the picture is, and of when if all its layers agree on that."""
        area = self.ground.force.area_name
        times = {view.query.time_in_words() for view in self.layers}
        return f"{area}: {times.pop()}" if len(times) == 1 else area

    @property
    def caption(self) -> tuple[str, ...]:
        """Every sentence of the layers that are switched on, each once."""
        return tuple(dict.fromkeys(line for view in self.layers for line in view.caption))
