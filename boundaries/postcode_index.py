"""Finds postcodes, and the middles of postcode sectors and districts, as places."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import pandas as pd

from boundaries.ground import Ground
from boundaries.place import DECIMALS, Found, Place, PlaceKind, zoom_to
from geo.crs import to_degrees

_BEGINNING: Final = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?(?:\d[A-Z]{0,2})?")
_DISTRICT: Final = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?")
_WHOLE: Final = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
_UNIT_ZOOM: Final = 16
_SIDES: Final = ("west", "south", "east", "north")
_LEAST_OF_UNIT: Final = 2
"""Signs of the second half of a postcode from which single postcodes are looked for."""


class _Typed(NamedTuple):
    """What was typed: all signs together, and the two halves where a space parts them."""

    signs: str
    first: str
    second: str


def as_postcode(text: str) -> str:
    """A whole postcode as it is written, whatever its case and spaces; empty for anything else.

    >>> as_postcode("aa99aa"), as_postcode(" AA9A  9AA "), as_postcode("AA9 9")
    ('AA9 9AA', 'AA9A 9AA', '')
    """
    whole = _WHOLE.fullmatch("".join(text.upper().split()))
    return f"{whole[1]} {whole[2]}" if whole else ""


def like_postcode(text: str) -> bool:
    """Whether a text may be a postcode or the beginning of one, from its district on."""
    return _BEGINNING.fullmatch(_typed(text).signs) is not None


class PostcodeIndex:
    """The postcodes of a force area by what is typed; it does not change."""

    def __init__(self, ground: Ground, postcodes: pd.DataFrame) -> None:
        """``postcodes`` has ``postcode``, ``easting_m`` and ``northing_m`` (EPSG:27700).

        Those that lie in no district of the ground are left out.
        """
        codes = ground.districts.latest_code_at(postcodes["easting_m"], postcodes["northing_m"])
        ours = postcodes.assign(district_code=codes)[codes != ""]
        table = ours.assign(signs=ours["postcode"].str.replace(" ", "")).sort_values("signs")
        longitude, latitude = to_degrees(table["easting_m"], table["northing_m"])
        table = table.assign(longitude=longitude, latitude=latitude)
        self._table = table
        self._signs: list[str] = table["signs"].tolist()
        self._names = {code: ground.districts.name(code) for code in ground.districts.codes}
        first_halves = table["postcode"].str.split(" ").str[0]
        districts = _middles(table, first_halves, "postcode-district")
        self._districts = tuple(districts)
        self._middles = districts | _middles(table, table["postcode"].str[:-2], "postcode-sector")

    def __len__(self) -> int:
        return len(self._signs)

    def search(self, text: str, limit: int) -> Found:
        """Postcodes that begin as typed, in any case and spacing, and the areas so called.

        A sector or district is found as the middle of its postcodes. For a whole postcode that is
        not held, the sector or district in which it would lie is ``near``.
        """
        typed = _typed(text)
        if not _BEGINNING.fullmatch(typed.signs):
            return Found()
        whole = as_postcode(text)
        if whole:
            return self._unit(whole)
        areas = self._areas(typed)
        single = len(typed.second) >= _LEAST_OF_UNIT or not (areas or typed.second)
        begin, end = self._beginning(typed) if single else (0, 0)
        few = self._places(begin, min(end, begin + limit))
        return Found((*areas, *few)[:limit], total=len(areas) + end - begin)

    def _unit(self, whole: str) -> Found:
        at = bisect_left(self._signs, whole.replace(" ", ""))
        if self._table["postcode"].iloc[at : at + 1].tolist() == [whole]:
            return Found(tuple(self._places(at, at + 1)), total=1)
        first, _, _ = whole.partition(" ")
        around = self._middles.get(whole[:-2]) or self._middles.get(first)
        return Found(near=(around,) if around else ())

    def _areas(self, typed: _Typed) -> list[Place]:
        """Districts and sectors that what is typed may name: without a space it may be either."""
        if typed.second:
            names = [f"{typed.first} {typed.second}"]
        else:
            longer = [name for name in self._districts if name.startswith(typed.signs)]
            names = [f"{typed.signs[:-1]} {typed.signs[-1]}", *longer]
            names.sort(key=lambda name: (name != typed.signs, " " not in name, len(name), name))
        return [self._middles[name] for name in names if name in self._middles]

    def _beginning(self, typed: _Typed) -> tuple[int, int]:
        begin = bisect_left(self._signs, typed.signs)
        end = bisect_left(self._signs, f"{typed.signs}~")
        return begin, end

    def _places(self, begin: int, end: int) -> Iterator[Place]:
        rows = self._table.iloc[begin:end]
        columns = ("postcode", "district_code", "longitude", "latitude")
        for postcode, district, longitude, latitude in _rows(rows, columns):
            yield Place(
                name=postcode,
                kind="postcode",
                where=self._names[district],
                longitude=round(longitude, DECIMALS),
                latitude=round(latitude, DECIMALS),
                bounds=None,
                zoom=_UNIT_ZOOM,
            )


def _typed(text: str) -> _Typed:
    signs, first = "".join(text.upper().split()), (text.upper().split() or [""])[0]
    if _DISTRICT.fullmatch(first):
        return _Typed(signs, first, signs.removeprefix(first))
    return _Typed(signs, signs, "")


def _middles(table: pd.DataFrame, names: pd.Series, kind: PlaceKind) -> dict[str, Place]:
    """The middle of the postcodes of each name: the mean of their points in metres."""
    figures = table.groupby(names.to_numpy()).agg(
        number=("postcode", "size"),
        easting_m=("easting_m", "mean"),
        northing_m=("northing_m", "mean"),
        west=("longitude", "min"),
        south=("latitude", "min"),
        east=("longitude", "max"),
        north=("latitude", "max"),
    )
    east, north = to_degrees(figures["easting_m"], figures["northing_m"])
    figures = figures.assign(longitude=east, latitude=north).round(DECIMALS)
    figures["name"] = figures.index
    columns = ("name", "number", "longitude", "latitude", *_SIDES)
    found = {}
    for name, number, longitude, latitude, *sides in _rows(figures, columns):
        bounds = (sides[0], sides[1], sides[2], sides[3])
        found[name] = Place(
            name=name,
            kind=kind,
            where=f"middle of its {number:,} postcodes here"
            if number > 1
            else "its one postcode here",
            longitude=longitude,
            latitude=latitude,
            bounds=bounds if number > 1 else None,
            zoom=zoom_to(bounds),
        )
    return found


def _rows(table: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[column].tolist() for column in columns), strict=True)
