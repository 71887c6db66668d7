"""Where every shipped figure comes from: publisher, licence, vintage and rows in and out.

A file of sources is TOML: a list of ``[[source]]`` tables whose keys are the fields of `Source`.
The ground and the layers describe what they ship in the same shape.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Literal, get_args

from boundaries.errors import InvalidSources

SourceKind = Literal["real", "approximate", "synthetic", "sample"]


@dataclass(frozen=True, slots=True)
class Source:
    """One shipped file and what it was made from.

    ``rows_in`` counts the rows read from the publisher's file, ``rows_out`` those we ship;
    ``attribution`` holds the lines that the licence asks us to show, word for word.
    """

    id: str
    title: str
    publisher: str
    licence: str
    attribution: tuple[str, ...]
    vintage: str
    rows_in: int
    rows_out: int
    kind: SourceKind
    note: str


_KEYS: Final = tuple(field.name for field in fields(Source))
_WHOLE_NUMBERS: Final = frozenset({"rows_in", "rows_out"})


def read_sources(path: Path) -> tuple[Source, ...]:
    """The sources that a TOML file describes, in its order.

    Raises:
        InvalidSources: the file is missing or not TOML, a key is missing or unknown, a value has
            the wrong type, or an id comes twice.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("source", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidSources(
            f"A TOML file of sources is needed at {path.name}; it cannot be read: {error}."
        ) from error
    sources = tuple(_source(table, path.name) for table in tables)
    ids = [source.id for source in sources]
    repeated = sorted({name for name in ids if ids.count(name) > 1})
    if repeated:
        raise InvalidSources(
            f"Each source in {path.name} needs an id of its own; given twice: "
            f"{', '.join(repeated)}. Rename one of each."
        )
    return sources


def _source(table: Mapping[str, Any], file_name: str) -> Source:
    label = table.get("id", "without an id")
    if set(table) != set(_KEYS):
        odd = sorted(set(table) ^ set(_KEYS))
        raise InvalidSources(
            f"Source {label} in {file_name} needs exactly the keys {', '.join(_KEYS)}; "
            f"missing or unknown: {', '.join(odd)}."
        )
    for key, value in table.items():
        if not _has_its_type(key, value):
            raise InvalidSources(
                f"Source {label} in {file_name} has an unusable value for {key}: {value!r}. "
                f"Texts are needed, lists of text for attribution, whole numbers for row counts, "
                f"and one of {', '.join(get_args(SourceKind))} for kind."
            )
    return Source(**{**table, "attribution": tuple(table["attribution"])})


def _has_its_type(key: str, value: object) -> bool:
    if key in _WHOLE_NUMBERS:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if key == "attribution":
        return isinstance(value, list) and all(isinstance(line, str) for line in value)
    if key == "kind":
        return value in get_args(SourceKind)
    return isinstance(value, str)


def sources_as_toml(sources: Iterable[Source]) -> str:
    """The TOML text from which `read_sources` gives the same sources back."""
    blocks = []
    for source in sources:
        lines = ["[[source]]"]
        for key in _KEYS:
            value = getattr(source, key)
            if key == "attribution":
                lines += ["attribution = [", *(f"    {_quoted(line)}," for line in value), "]"]
            else:
                lines.append(f"{key} = {_quoted(value) if isinstance(value, str) else value}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
