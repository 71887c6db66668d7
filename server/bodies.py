"""The bodies of answers that an app keeps, up to a number of bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from layers.remembered import Remembered

KEPT_BYTES: Final = 128 * 2**20
ENTRY_BYTES: Final = 2048
"""What keeping a body takes beside its content: an empty tile is not kept for nothing."""

CHARACTER_BYTES: Final = 8
"""What keeping a character of the address takes, read as corners of an area or other values."""


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of an answer as one encoding sends them, and the digest of what they say.

    ``asked_characters`` is the length of the address, whose values are kept beside the content.
    """

    content: bytes
    digest: str
    asked_characters: int = 0

    @property
    def kept_bytes(self) -> int:
        """About what it takes to keep the body."""
        return ENTRY_BYTES + CHARACTER_BYTES * self.asked_characters + len(self.content)


def kept_bodies() -> Remembered:
    """An empty store of bodies; those asked for last stay."""
    return Remembered(KEPT_BYTES, lambda body: cast(Body, body).kept_bytes)
