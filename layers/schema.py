"""Fields and schemas: said once, and read by the importer, the store, tables and exports."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from geo.dates import DateInterval
from geo.errors import InvalidDate, InvalidValue

FieldKind = Literal["text", "code", "choice", "choices", "date", "integer", "number", "boolean"]
Value = str | int | float | bool | None
Position = Literal["none", "point", "point-required", "polygon-required"]

LIST_SEPARATOR = "; "
TEXT_MARK = "'"
FORMULA_STARTS = ("=", "+", "-", "@")
_ACRONYMS = frozenset({"cctv", "npa", "pcc"})
_HYPHENATED = re.compile(r"\b(anti) (social)\b")
FIRST_YEAR, LAST_YEAR = 1800, 2199
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_LARGEST_WHOLE_NUMBER = 2**53
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0", ""}


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name in every file and answer, its title for readers, what it may hold.

    ``choices`` are all that a choice may be; ``suggestions`` are usual values of an open one.
    ``aliases`` are other headers, and ``value_aliases`` other spellings, that files use.
    ``kept_if_blank``: a file that says nothing of the field leaves a held record's value.
    ``computed`` fields are never read from a file. ``staff_only`` fields never reach the public.
    """

    name: str
    title: str
    kind: FieldKind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    value_aliases: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    default: str = ""
    computed: bool = False
    kept_if_blank: bool = False
    staff_only: bool = False

    def parse(self, text: str) -> Value:
        """Read a cell.

        Raises:
            InvalidValue: the text is empty where a value is needed, or is not of this kind.
        """
        text = _unmarked(text.strip()) or self.default
        if _CONTROL.search(text):
            raise InvalidValue(
                f"{self.title} holds a control character, which no file can show; given {text!r}."
            )
        if not text:
            if self.required:
                raise InvalidValue(f"{self.title} is needed; the cell is empty.")
            return None if self.kind in ("integer", "number") else self._empty()
        match self.kind:
            case "choice":
                return self._choice(text)
            case "choices":
                return self._choices(text)
            case "date":
                parse_date(text)
                return text
            case "integer" | "number":
                return self._number(text)
            case "boolean":
                return self._boolean(text)
            case _:
                return text

    def _empty(self) -> Value:
        return False if self.kind == "boolean" else ""

    def _choices(self, text: str) -> str:
        parts = [part for part in re.split(r"\s*;\s*", text) if part]
        if self.required and not parts:
            raise InvalidValue(f"{self.title} must name at least one; given {text!r}.")
        return LIST_SEPARATOR.join(dict.fromkeys(self._choice(part) for part in parts))

    def _choice(self, text: str) -> str:
        slug = slugify(text)
        slug = self.value_aliases.get(slug, slug)
        if self.choices and slug not in self.choices:
            raise InvalidValue(
                f"{self.title} must be one of {', '.join(self.choices)}; given {text!r}."
            )
        return slug

    def _number(self, text: str) -> int | float:
        try:
            number = float(text.replace(",", ""))
        except ValueError:
            number = math.nan
        whole = abs(number) <= _LARGEST_WHOLE_NUMBER and number == int(number)
        if not math.isfinite(number) or (self.kind == "integer" and not whole):
            noun = "a whole number" if self.kind == "integer" else "a number"
            raise InvalidValue(f"{self.title} must be {noun}; given {text!r}.")
        return int(number) if self.kind == "integer" else number

    def _boolean(self, text: str) -> bool:
        if text.lower() not in _TRUE | _FALSE:
            raise InvalidValue(f"{self.title} must be true or false; given {text!r}.")
        return text.lower() in _TRUE


@dataclass(frozen=True, slots=True)
class Schema:
    """One kind of record: what it is called, which fields it has, what identifies it.

    ``part`` tells the kinds of one layer apart (a site, a capital project); ``in_sql`` is False
    where the records live in files of their own. ``complete`` fills in what a row leaves blank
    and its other values settle.
    """

    part: str
    singular: str
    plural: str
    fields: tuple[Field, ...]
    id_fields: tuple[str, ...]
    position: Position = "none"
    in_sql: bool = True
    complete: Callable[[dict[str, Value]], dict[str, Value]] = dict

    def __post_init__(self) -> None:
        names = [item.name for item in self.fields]
        unknown = set(self.id_fields) - set(names)
        if unknown or len(set(names)) != len(names):
            raise InvalidValue(
                f"The schema {self.part!r} needs unique field names that include its id fields; "
                f"given {names} with ids {self.id_fields}."
            )

    @property
    def stored(self) -> tuple[Field, ...]:
        """The fields that are read from files and kept."""
        return tuple(item for item in self.fields if not item.computed)

    @property
    def required_columns(self) -> tuple[str, ...]:
        """The columns without which no row can be taken."""
        return tuple(item.name for item in self.stored if item.required)

    def header_map(self, header: list[str]) -> dict[str, str]:
        """Field name to file column, for the fields that the file has.

        A column of exactly the field's name comes before an alias of it.
        """
        by_slug = {slugify(column).replace("-", "_"): column for column in header}
        found: dict[str, str] = {}
        for item in self.stored:
            for name in (item.name, *item.aliases):
                if name in by_slug and by_slug[name] not in found.values():
                    found[item.name] = by_slug[name]
                    break
        return found


def parse_date(text: str) -> DateInterval:
    """Read a date, month or year in which something of ours can have happened.

    Raises:
        InvalidDate: not a date, or of a year outside ``FIRST_YEAR`` to ``LAST_YEAR``.
    """
    interval = DateInterval.parse(text)
    if not FIRST_YEAR <= interval.date_from.year <= LAST_YEAR:
        raise InvalidDate(
            f"A date in the years {FIRST_YEAR} to {LAST_YEAR} is needed; given {text!r}."
        )
    return interval


def _unmarked(text: str) -> str:
    """A text without the mark that keeps spreadsheets from running it."""
    marked = text.startswith(TEXT_MARK) and text[1:].startswith(FORMULA_STARTS)
    return text[1:] if marked else text


def slugify(text: str) -> str:
    """Lower case with single hyphens, as choices are written.

    >>> slugify("Police station")
    'police-station'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.strip().lower()).strip("-")


def in_words(slug: str) -> str:
    """A choice as a reader sees it.

    >>> in_words("by-appointment")
    'By appointment'
    >>> in_words("anti-social-behaviour")
    'Anti-social behaviour'
    """
    words = " ".join(
        word.upper() if word in _ACRONYMS else word for word in slug.replace("-", " ").split(" ")
    )
    words = _HYPHENATED.sub(r"\1-\2", words)
    return words[:1].upper() + words[1:]
