"""Single steps of ours beside the usual way of doing them."""

from __future__ import annotations

from tests.benchmarks import assignment, cells
from tests.benchmarks.document import Section, table
from tests.benchmarks.scratch import Scratch
from tests.benchmarks.timing import ROUNDS, ratio_words


def measure(_: Scratch) -> Section:
    """Assignment to areas, and counting in cells."""
    found = [compare() for compare in (assignment.compare, cells.compare)]
    header = ("task", "peer", "ours (s)", "peer (s)", "peer / ours", "agreement")
    rows = [
        [
            each.task,
            each.peer,
            f"{each.ours_s:.3f}",
            f"{each.peer_s:.3f}",
            ratio_words(each.peer_s, each.ours_s),
            each.agreement,
        ]
        for each in found
    ]
    return Section(
        "parts",
        "Single steps",
        f"The best of {ROUNDS} rounds for each side.",
        (table(header, rows),),
    )
