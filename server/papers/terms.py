"""Terms in full with the acronym in brackets at their first use in a paper, and which were used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from server.papers.paper import Block, Figure, Link, Listing, Paper, Paragraph, Section, Table

GLOSSARY_HEADING = "Terms and their acronyms"


@dataclass(slots=True)
class Terms:
    """A reading of a paper from its beginning, which knows the acronyms that it has met.

    ``met`` are all that it has read; ``told`` are those that have stood in full.
    """

    glossary: Mapping[str, str]
    met: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    def in_full(self, text: str) -> str:
        """The text with each acronym that is met for the first time in full.

        One that stands in brackets already is taken to follow its term.

        >>> Terms({"NPA": "Neighbourhood Policing Area"}).in_full("Two NPAs; an NPA is large.")
        'Two Neighbourhood Policing Areas (NPAs); an NPA is large.'
        """
        pattern = self._pattern()
        return pattern.sub(self._first, text) if pattern else text

    def as_it_stands(self, text: str) -> str:
        """Others' own words, unchanged; their acronyms are among those to be explained."""
        pattern = self._pattern()
        for found in pattern.finditer(text) if pattern else ():
            self.met[found[1]] = self.glossary[found[1]]
        return text

    def _pattern(self) -> re.Pattern[str] | None:
        names = "|".join(map(re.escape, sorted(self.glossary, key=len, reverse=True)))
        return re.compile(rf"(?<![\w/.-])({names})(s?)\b(?![-/.]\w)") if names else None

    def _first(self, found: re.Match[str]) -> str:
        acronym, plural = found[1], found[2]
        known = acronym in self.told
        self.told.add(acronym)
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
        Section(full(each.heading), tuple(_block(block, terms) for block in each.blocks))
        for each in paper.sections
    )
    if terms.met:
        rows = tuple(sorted(terms.met.items()))
        table = Table("Acronyms in this paper", ("Acronym", "In full"), rows, widths=(1, 4))
        sections += (Section(GLOSSARY_HEADING, (table,)),)
    return replace(paper, title=title, subtitle=subtitle, notices=notices, sections=sections)


def _block(block: Block, terms: Terms) -> Block:
    full = terms.in_full
    match block:
        case Paragraph(text, verbatim):
            return Paragraph((terms.as_it_stands if verbatim else full)(text), verbatim)
        case Listing(items):
            return Listing(tuple(map(full, items)))
        case Link(text, url):
            return Link(full(text), url)
        case Table():
            return replace(
                block,
                caption=full(block.caption),
                columns=tuple(map(full, block.columns)),
                rows=tuple(_row(row, block.verbatim, terms) for row in block.rows),
            )
        case Figure():
            return replace(
                block,
                title=full(block.title),
                alternative=full(block.alternative),
                source=full(block.source),
                credit=terms.as_it_stands(block.credit),
            )


def _row(row: tuple[str, ...], verbatim: tuple[int, ...], terms: Terms) -> tuple[str, ...]:
    return tuple(
        terms.as_it_stands(cell) if column in verbatim else terms.in_full(cell)
        for column, cell in enumerate(row)
    )
