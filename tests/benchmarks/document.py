"""``docs/performance.md``: written section by section, each replaced by its own run alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks.machine import machine_words

TARGET: Final = Path(__file__).resolve().parents[2] / "docs" / "performance.md"

HEAD: Final = """# Performance

Written by `make bench`, which takes about a quarter of an hour. Each section can be measured alone,
such as `.venv/bin/python -m tests.benchmarks tiles`, and then replaces only itself here. What a
section needs beyond the project, such as PostGIS, `.venv/bin/python -m tests.benchmarks.setup`
installs on Debian; what the machine lacks is said in the section and left out.

Within a section we and every peer are measured in one run on one machine, in turns. Read the
ratios; the times belong to the machine. Points are made up, from one seed: they cluster as people
do, and fall on 20,000 map points as the anonymised ones of data.police.uk do.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the document: a title, what was compared, tables, and what to know of them."""

    id: str
    title: str
    intro: str
    tables: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """The section as Markdown, the machine named."""
        blocks = [f"## {self.title}", self.intro.strip(), *self.tables]
        if self.notes:
            blocks.append("\n".join(f"- {note}" for note in self.notes))
        blocks.append(f"Measured on {machine_words()}.")
        return "\n\n".join(block.strip("\n") for block in blocks)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(section: Section, order: Sequence[str], target: Path = TARGET) -> None:
    """Put the section into the document, in its place by ``order``, and leave the others."""
    held = _sections(target.read_text(encoding="utf-8")) if target.is_file() else {}
    held[section.id] = section.text()
    parts = [HEAD.strip()]
    for name in order:
        if name in held:
            parts.append(f"{_begin(name)}\n{held[name]}\n{_end(name)}")
    target.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    found = re.findall(r"<!-- begin (\w+) -->\n(.*?)\n<!-- end \1 -->", text, flags=re.DOTALL)
    return dict(found)


def _begin(name: str) -> str:
    return f"<!-- begin {name} -->"


def _end(name: str) -> str:
    return f"<!-- end {name} -->"
