"""Finds places of the ground by name: settlements, areas, postcodes, and what layers add to them.

What is typed is never replaced by a guess: places of a near spelling are given apart from those
that match.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz

from boundaries.ground import Ground
from boundaries.place import DECIMALS, KIND_ORDER, Found, Place, PlaceKind, zoom_to
from boundaries.postcode_index import PostcodeIndex, as_postcode
from boundaries.sets import BoundarySet
from geo.crs import geometries_to_degrees, to_metres

_NO_MARK: Final = str.maketrans("", "", "'’‘ʼ`´")
_SAINT: Final = re.compile(r"\bst\b")
_SETTLEMENT_ZOOMS: Final = ((100_000, 12), (20_000, 13), (0, 14))
_WARD_ZOOM: Final = 13
_FEWEST_LETTERS: Final = 3
_NEAR_SCORE: Final = 75.0
_PART_OF_NAME: Final = 3.0
_MOST_NEAR: Final = 5


class _Entry(NamedTuple):
    place: Place
    forms: tuple[str, ...]
    code: str
    residents: int

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Which of two equally good matches comes first."""
        place = self.place
        return (KIND_ORDER[place.kind], -self.residents, place.label.casefold(), self.code)


def spellings(text: str) -> tuple[str, ...]:
    """The forms in which a name is compared: without case, accents, apostrophes and hyphens.

    "St" may stand for Saint or begin another word, so that a name with it has two forms.

    >>> spellings("St. Mary's-on-the-Hïll")
    ('st marys on the hill', 'saint marys on the hill')
    """
    apart = unicodedata.normalize("NFKD", text.translate(_NO_MARK).replace("&", " and "))
    letters = "".join(char for char in apart if not unicodedata.combining(char)).casefold()
    plain = " ".join("".join(char if char.isalnum() else " " for char in letters).split())
    if not plain:
        return ()
    return tuple(dict.fromkeys((plain, _SAINT.sub("saint", plain))))


class Gazetteer:
    """The places that one audience may find; it does not change."""

    def __init__(self, entries: Iterable[_Entry], postcodes: PostcodeIndex | None) -> None:
        self._entries = tuple(entries)
        self._postcodes = postcodes

    @classmethod
    def of(
        cls, ground: Ground, postcodes: PostcodeIndex | None = None, others: Iterable[Place] = ()
    ) -> Gazetteer:
        """The places of a ground and ``others`` beside them, such as the sites of a layer."""
        entries = [
            *_settlements(ground),
            *_areas(ground.npas, "npa", ground.approximate_npas),
            *_areas(ground.districts, "district", frozenset()),
            *_wards(ground),
            *(_Entry(place, spellings(place.name), "", 0) for place in others),
        ]
        return cls(_told_apart(entries, ground), postcodes)

    def search(self, text: str, limit: int = 10) -> Found:
        """Places by name, code or postcode: the exact ones first, then by how they match.

        The order is: the whole name or code, the beginning of the name, the beginning of a word
        in it, anywhere in it; then settlements before areas and large before small. Only where
        nothing matches, ``near`` holds places whose spelling is near.
        """
        by_code = self._postcodes.search(text, limit) if self._postcodes else Found()
        by_name = self._by_name(text)
        total = by_code.total + len(by_name)
        if total:
            return Found((*by_code.places, *by_name)[:limit], total=total)
        near = by_code.near or self._near(text)
        return Found(near=near[: min(limit, _MOST_NEAR)])

    def named(self, text: str) -> tuple[Place, ...]:
        """The places that a text names whole: by label, or else by name, code or postcode.

        A label is one place's alone; of a name, places come in the order of a search.
        """
        asked = text.strip().casefold()
        labelled = [e.place for e in self._entries if e.place.label.casefold() == asked]
        if labelled:
            return tuple(labelled)
        whole = [e for e in self._entries if _is_named(e, text)]
        by_name = [e.place for e in sorted(whole, key=lambda e: e.order)]
        postcode = as_postcode(text) if self._postcodes else ""
        found = self._postcodes.search(postcode, 1).places if self._postcodes and postcode else ()
        return (*(place for place in found if place.name == postcode), *by_name)

    def _by_name(self, text: str) -> list[Place]:
        asked, code = spellings(text), text.strip().casefold()
        ranked = []
        for entry in self._entries:
            rank = 0 if code and code == entry.code.casefold() else _rank(asked, entry.forms)
            if rank is not None:
                ranked.append((rank, entry.order, entry.place))
        return [place for _, _, place in sorted(ranked, key=lambda match: match[:2])]

    def _near(self, text: str) -> tuple[Place, ...]:
        asked = [form for form in spellings(text) if len(form) >= _FEWEST_LETTERS]
        scored = []
        for entry in self._entries:
            score = max((_nearness(a, form) for a in asked for form in entry.forms), default=0.0)
            if score >= _NEAR_SCORE:
                scored.append((-score, entry.order, entry.place))
        return tuple(place for _, _, place in sorted(scored, key=lambda match: match[:2]))


def _is_named(entry: _Entry, text: str) -> bool:
    code = text.strip().casefold()
    return bool(code) and (
        code == entry.code.casefold() or _rank(spellings(text), entry.forms) == 0
    )


def _rank(asked: Sequence[str], forms: Sequence[str]) -> int | None:
    ranks = [rank for a in asked for form in forms if (rank := _rank_of(a, form)) is not None]
    return min(ranks, default=None)


def _rank_of(asked: str, form: str) -> int | None:
    if asked == form:
        return 0
    if form.startswith(asked):
        return 1
    if f" {asked}" in form:
        return 2
    return 3 if asked in form and len(asked) >= _FEWEST_LETTERS else None


def _nearness(asked: str, form: str) -> float:
    """From 0 to 100: of the whole name, or a little less of as many of its words as were asked."""
    words, count = form.split(), len(asked.split())
    parts = (" ".join(words[at : at + count]) for at in range(len(words) - count + 1))
    best_part = max((fuzz.ratio(asked, part) for part in parts), default=0.0)
    whole = max(fuzz.ratio(asked, form), fuzz.token_sort_ratio(asked, form))
    return max(whole, best_part - _PART_OF_NAME)


def _settlements(ground: Ground) -> Iterator[_Entry]:
    columns = ("name", "district_code", "longitude", "latitude", "population")
    for name, district, longitude, latitude, residents in _rows(ground.settlements, columns):
        place = Place(
            name=name,
            kind="settlement",
            where=ground.districts.name(district),
            longitude=round(longitude, DECIMALS),
            latitude=round(latitude, DECIMALS),
            bounds=None,
            zoom=next(zoom for least, zoom in _SETTLEMENT_ZOOMS if residents >= least),
        )
        yield _Entry(place, spellings(name), "", residents)


def _wards(ground: Ground) -> Iterator[_Entry]:
    columns = ("code", "name", "district_name", "longitude", "latitude")
    for code, name, district, longitude, latitude in _rows(ground.wards, columns):
        place = Place(
            name=name,
            kind="ward",
            where=district,
            longitude=round(longitude, DECIMALS),
            latitude=round(latitude, DECIMALS),
            bounds=None,
            zoom=_WARD_ZOOM,
        )
        yield _Entry(place, spellings(name), code, 0)


def _rows(table: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[column].tolist() for column in columns), strict=True)


def _areas(areas: BoundarySet, kind: PlaceKind, approximate: frozenset[str]) -> Iterator[_Entry]:
    """The areas in force by the latest outlines."""
    rows = areas.display.iloc[list(areas.eras[-1].rows)]
    outlines = geometries_to_degrees(rows.geometry, DECIMALS)
    middles = shapely.get_coordinates(shapely.point_on_surface(outlines)).round(DECIMALS)
    sides = np.round(shapely.bounds(outlines), DECIMALS).tolist()
    for code, name, (longitude, latitude), (west, south, east, north) in zip(
        rows["code"], rows["name"], middles.tolist(), sides, strict=True
    ):
        bounds = (west, south, east, north)
        where = "approximate outline" if code in approximate else ""
        place = Place(
            name=name,
            kind=kind,
            where=where,
            longitude=longitude,
            latitude=latitude,
            bounds=bounds,
            zoom=zoom_to(bounds),
        )
        yield _Entry(place, spellings(name), code, 0)


def _told_apart(entries: Sequence[_Entry], ground: Ground) -> list[_Entry]:
    """With places of one label told apart by their NPA, or else by where they lie."""
    told = list(entries)
    for fact in (partial(_npa_of, ground), _point_of):
        times = Counter(entry.place.label for entry in told)
        told = [_further(e, fact(e.place)) if times[e.place.label] > 1 else e for e in told]
    return told


def _further(entry: _Entry, fact: str) -> _Entry:
    where = ", ".join(part for part in (entry.place.where, fact) if part)
    return entry._replace(place=replace(entry.place, where=where))


def _npa_of(ground: Ground, place: Place) -> str:
    (code,) = ground.npas.latest_code_at(*to_metres([place.longitude], [place.latitude]))
    return ground.npa_label(code) if code else ""


def _point_of(place: Place) -> str:
    return f"at {place.latitude:.4f}, {place.longitude:.4f}"
