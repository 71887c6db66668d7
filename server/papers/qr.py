"""A QR code as a scene, so that it is drawn as everything else of a paper is."""

from __future__ import annotations

from typing import Final

import segno

from server.pictures.scene import INK, Item, Paint, Scene, box_path

MODULE_PX: Final = 4
QUIET_MODULES: Final = 4
"""The white margin that readers need."""


def qr_scene(url: str) -> Scene:
    """The code of an address, which a camera opens; error correction of level M or better."""
    rows = segno.make(url, error="m", micro=False).matrix
    items: list[Item] = []
    for row, modules in enumerate(rows):
        for first, last in _runs(modules):
            left, top = (first + QUIET_MODULES) * MODULE_PX, (row + QUIET_MODULES) * MODULE_PX
            right = (last + 1 + QUIET_MODULES) * MODULE_PX
            items.append(box_path((left, top, right, top + MODULE_PX), Paint(INK)))
    side = (len(rows) + 2 * QUIET_MODULES) * MODULE_PX
    return Scene(side, side, "QR code", f"Leads to {url}", tuple(items))


def _runs(modules: bytearray) -> list[tuple[int, int]]:
    """The first and last place of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for place, dark in enumerate(modules):
        if not dark:
            continue
        if runs and runs[-1][1] == place - 1:
            runs[-1] = runs[-1][0], place
        else:
            runs.append((place, place))
    return runs
