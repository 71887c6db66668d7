"""Terms in full with the acronym in brackets at their first use in a paper, and which were used."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from server.papers.paper import Block, Figure, Link, Listing, Paper, Paragraph, Section, Table

GLOSSARY_HEADING = "Terms and their acronyms"


@dataclass(slots=True)
class Terms:
    """A reading of a paper from its beginning, which knows the acronyms that it has met."""

    glossary: Mapping[str, str]
    met: dict[str, str] = field(default_factory=dict)

    def in_full(self, text: str) -> str:
        """The text with each acronym that is met for the first time in full.

        One that stands in brackets already is taken to follow its term.

        >>> Terms({"NPA": "Neighbourhood Policing Area"}).in_full("Two NPAs; an NPA is large.")
        'Two Neighbourhood Policing Areas (NPAs); an NPA is large.'
        """
        names = "|".join(map(re.escape, sorted(self.glossary, key=len, reverse=True)))
        if not names:
            return text
        return re.sub(rf"(?<![\w/.-])({names})(s?)\b(?![-/.]\w)", self._first, text)

    def _first(self, found: re.Match[str]) -> str:
        acronym, plural = found[1], found[2]
        known = acronym in self.met
        self.met[acronym] = self.glossary[acronym]
        around = found.string[: found.start()][-1:] + found.string[found.end() :][:1]
        if known or around == "()":
            return found[0]
        return f"{self.glossary[acronym]}{plural} ({found[0]})"


def with_terms(paper: Paper, glossary: Mapping[str, str]) -> Paper:
    """The paper with its terms in full at first use, and a last section with those it used."""
    terms = Terms(glossary)
    full = terms.in_full
    title, subtitle = full(paper.title), full(paper.subtitle)
    notices = tuple(map(full, paper.notices))
    sections = tuple(
        Section(full(each.heading), tuple(_block(block, full) for block in each.blocks))
        for each in paper.sections
    )
    if terms.met:
        rows = tuple(sorted(terms.met.items()))
        table = Table("Acronyms in this paper", ("Acronym", "In full"), rows, widths=(1, 4))
        sections += (Section(GLOSSARY_HEADING, (table,)),)
    return replace(paper, title=title, subtitle=subtitle, notices=notices, sections=sections)


def _block(block: Block, full: Callable[[str], str]) -> Block:
    match block:
        case Paragraph(text, verbatim):
            return block if verbatim else Paragraph(full(text))
        case Listing(items):
            return Listing(tuple(map(full, items)))
        case Link(text, url):
            return Link(full(text), url)
        case Table():
            return replace(
                block,
                caption=full(block.caption),
                columns=tuple(map(full, block.columns)),
                rows=tuple(tuple(map(full, row)) for row in block.rows),
            )
        case Figure():
            return replace(
                block,
                title=full(block.title),
                alternative=full(block.alternative),
                source=full(block.source),
            )
