"""Places by name for one audience: those of the ground, postcodes added, and visible sites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import geopandas as gpd

from boundaries.errors import UnreadableGround
from boundaries.gazetteer import Gazetteer
from boundaries.place import DECIMALS, Place
from boundaries.postcode_index import PostcodeIndex, like_postcode
from boundaries.postcode_report import PostcodeAccount
from boundaries.postcodes import load_postcodes, postcode_account, postcodes_stamp
from geo.crs import to_degrees
from layers.answer import answer
from layers.audience import Audience
from layers.errors import BadQuery
from layers.protocol import Layer
from layers.query import Params, everything
from layers.workspace import Workspace

LONGEST_TEXT: Final = 100
DEFAULT_LIMIT: Final = 10
MOST_PLACES: Final = 50
WITHOUT_POSTCODES: Final = "Postcodes can be searched once a postcode file is added."
DAMAGED_POSTCODES: Final = "Postcodes cannot be searched now, as the added file is damaged."
_SITE_ZOOM: Final = 15
_SAID_STATUSES: Final = ("closed", "planned")


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """What was typed, and how many places are wanted at most."""

    text: str
    limit: int = DEFAULT_LIMIT

    @classmethod
    def parse(cls, params: Params) -> PlaceQuery:
        """Read ``q`` and ``limit``.

        Raises:
            BadQuery: another parameter, a text that is too long, or a limit out of range.
        """
        for name, values in params.items():
            if name not in ("q", "limit"):
                raise BadQuery(f"Places can be asked for by q and limit; given {name!r}.")
            if len(values) > 1:
                raise BadQuery(f"{name} can be given once; given {len(values)} times.")
        text = next(iter(params.get("q", ())), "").strip()
        if len(text) > LONGEST_TEXT:
            raise BadQuery(
                f"q must have at most {LONGEST_TEXT} characters; given {len(text)}. Give the name "
                "of one place."
            )
        given = next(iter(params.get("limit", ())), "").strip() or str(DEFAULT_LIMIT)
        if not (
            len(given) <= LONGEST_TEXT
            and given.isascii()
            and given.isdecimal()
            and 1 <= int(given) <= MOST_PLACES
        ):
            raise BadQuery(
                f"limit must be a whole number from 1 to {MOST_PLACES}; given {given[:20]!r}."
            )
        return cls(text, int(given))


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """The places that a query finds, or those of a near spelling, and a note that says which."""

    query: PlaceQuery
    places: tuple[Place, ...]
    near: tuple[Place, ...]
    note: str


@dataclass(frozen=True, slots=True)
class _Held:
    """What a workspace holds of postcodes; ``damaged`` tells it from one without any."""

    account: PostcodeAccount | None
    damaged: bool = False


def find_places(
    workspace: Workspace, sites: Layer, query: PlaceQuery, audience: Audience, today: date
) -> PlaceAnswer:
    """The places that an audience may find.

    ``sites`` is the layer whose published records are found by their names. What it does not
    publish for the audience is in no answer, near spellings and counts included.
    """
    if not query.text:
        return PlaceAnswer(query, (), (), "")
    found = _gazetteer(workspace, sites, audience, today).search(query.text, query.limit)
    note = _found_in_words(len(found.places), found.total, bool(found.near))
    if not found.total and like_postcode(query.text):
        note = " ".join((note, *postcode_sentences(workspace)))
    return PlaceAnswer(query, found.places, found.near, note)


def named_places(
    workspace: Workspace, sites: Layer, text: str, audience: Audience, today: date
) -> tuple[Place, ...]:
    """The places that a label, or else a whole name or code, names to an audience."""
    return _gazetteer(workspace, sites, audience, today).named(text)


def postcode_sentences(workspace: Workspace) -> list[str]:
    """Why postcodes cannot be searched; nothing where they can."""
    held = _held(workspace)
    if not held.damaged and held.account is None:
        return [WITHOUT_POSTCODES]
    return [DAMAGED_POSTCODES] if held.damaged or _index(workspace) is None else []


def added_postcodes(workspace: Workspace) -> PostcodeAccount | None:
    """What was added of postcodes; None where none were, or they are damaged."""
    return _held(workspace).account


def postcode_attribution(workspace: Workspace) -> tuple[str, ...]:
    """The lines that the licences of the added postcodes ask for."""
    account = added_postcodes(workspace)
    return account.attribution if account else ()


def _held(workspace: Workspace) -> _Held:
    def compute() -> _Held:
        try:
            return _Held(postcode_account(workspace.path))
        except UnreadableGround:
            return _Held(None, damaged=True)

    return workspace.derived("postcode account", postcodes_stamp(workspace.path), compute)


def _index(workspace: Workspace) -> PostcodeIndex | None:
    """The added postcodes; without them, or where they are damaged, None."""

    def compute() -> PostcodeIndex | None:
        try:
            postcodes = load_postcodes(workspace.path)
        except UnreadableGround:
            return None
        return None if postcodes is None else PostcodeIndex(workspace.ground, postcodes)

    return workspace.derived("postcode index", postcodes_stamp(workspace.path), compute)


def _gazetteer(workspace: Workspace, sites: Layer, audience: Audience, today: date) -> Gazetteer:
    def compute() -> Gazetteer:
        view = answer(sites, workspace, everything(sites.spec, audience), today)
        return Gazetteer.of(workspace.ground, _index(workspace), _site_places(view.records))

    version = f"{sites.version(workspace)}/{postcodes_stamp(workspace.path)}/{today}"
    return workspace.derived(("gazetteer", audience), version, compute)


def _site_places(records: gpd.GeoDataFrame) -> Iterator[Place]:
    """Sites with a position: told apart by address, and those closed or planned marked."""
    located = records[~(records.geometry.isna() | records.geometry.is_empty)]
    longitude, latitude = to_degrees(located.geometry.x, located.geometry.y)
    columns = (located[name].tolist() for name in ("name", "address", "npa_name", "status"))
    for name, address, npa_name, status, west_east, south_north in zip(
        *columns, longitude.tolist(), latitude.tolist(), strict=True
    ):
        said = status if status in _SAID_STATUSES else ""
        yield Place(
            name=name,
            kind="site",
            where=", ".join(part for part in (said, address or npa_name) if part),
            longitude=round(west_east, DECIMALS),
            latitude=round(south_north, DECIMALS),
            bounds=None,
            zoom=_SITE_ZOOM,
        )


def _found_in_words(shown: int, total: int, near: bool) -> str:
    if not total:
        asked = " Did you mean one of these?" if near else ""
        return f"No place has this name.{asked}"
    if total > shown:
        return f"{total:,} places match. The first {shown} are listed."
    return "1 place matches." if total == 1 else f"{total:,} places match."
