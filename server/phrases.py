"""Pieces of sentences and cells that pages, papers and answers share."""

from __future__ import annotations

from typing import Final

NOT_KNOWN: Final = "Not known"
"""What a cell says of a figure that is not held; never 0, never blank."""

MINUS: Final = "\N{MINUS SIGN}"


def within_sentence(words: str) -> str:
    """Words that begin a cell or a label as they stand within a sentence: No CCTV is no CCTV.

    >>> within_sentence("No CCTV")
    'no CCTV'
    """
    return words[:1].lower() + words[1:]
