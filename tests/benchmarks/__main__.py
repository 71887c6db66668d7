"""Run every comparison and write ``docs/performance.md``: ``python -m tests.benchmarks``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.benchmarks import assignment, cells
from tests.benchmarks.timing import ROUNDS, Comparison

TARGET: Final = Path(__file__).resolve().parents[2] / "docs" / "performance.md"

HEAD: Final = f"""# Performance

Written by `make bench`. Each row was measured in one run on the same machine, the best of {ROUNDS}
rounds for each side. Read the ratio; the times belong to the machine.

| task | peer | ours (s) | peer (s) | times as fast | agreement |
| --- | --- | --- | --- | --- | --- |
"""


def main() -> None:
    """Print each comparison and keep all of them."""
    comparisons = [compare() for compare in (assignment.compare, cells.compare)]
    text = HEAD + "".join(_row(comparison) for comparison in comparisons)
    TARGET.write_text(text, encoding="utf-8")
    print(text)


def _row(found: Comparison) -> str:
    return (
        f"| {found.task} | {found.peer} | {found.ours_s:.3f} | {found.peer_s:.3f} | "
        f"{found.ratio:.1f} | {found.agreement} |\n"
    )


if __name__ == "__main__":
    main()
