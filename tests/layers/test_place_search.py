"""Places for an audience: what is not published is not findable, by whatever spelling."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from boundaries.postcode_files import read_postcodes
from boundaries.postcodes import save_postcodes
from layers.audience import Audience
from layers.errors import BadQuery
from layers.place_search import (
    DAMAGED_POSTCODES,
    WITHOUT_POSTCODES,
    PlaceAnswer,
    PlaceQuery,
    added_postcodes,
    find_places,
    postcode_attribution,
    postcode_sentences,
)
from layers.registry import REGISTRY
from tests.layers.desk import AT, TODAY, Desk

SITES = REGISTRY.get("sites")
HEADER = "site_id,name,site_type,address,latitude,longitude,status,visibility\n"
TWO = (
    "P1,Quorndon Lodge,police-station,Main Street,52.74,-1.17,open,public\n"
    "S1,Xanthippe House,police-station,Hidden Lane,52.63,-1.13,open,staff\n"
    "S2,Zephyrine Suite,custody-suite,Hidden Lane,52.63,-1.13,open,\n"
)


def find(
    desk: Desk, text: str, audience: Audience = Audience.PUBLIC, limit: int = 50
) -> PlaceAnswer:
    return find_places(desk.workspace, SITES, PlaceQuery(text, limit), audience, TODAY)


def add_postcodes(desk: Desk, *rows: str) -> None:
    path = desk.write("NSPL_2025.csv", "\n".join(["pcds,east1m,north1m", *rows]))
    read = read_postcodes([path], desk.workspace.ground.districts)
    save_postcodes(desk.workspace.path, read, AT)


def test_a_site_is_found_by_its_name_with_its_address(desk: Desk) -> None:
    desk.take("sites", "sites.csv", HEADER + TWO)
    (place,) = find(desk, "quorndon lod").places
    assert place.label == "Quorndon Lodge (police site, Main Street)"
    assert (place.longitude, place.latitude) == (-1.17, 52.74)
    assert find(desk, "quorndon lod").note == "1 place matches."


@pytest.mark.parametrize(
    "typed",
    ["Xanthippe House", "xanthippe", "Xantippe House", "anthipp", "X", "S1", "Hidden Lane",
     "Zephyrine Suite", "zephirine suite", "suite", "House"],
)  # fmt: skip
def test_the_public_cannot_find_what_is_for_staff(desk: Desk, typed: str) -> None:
    desk.take("sites", "sites.csv", HEADER + TWO)
    without = find(desk, typed)
    assert not any(p.kind == "site" for p in (*without.places, *without.near))
    desk.take("sites", "none.csv", HEADER + TWO.replace("Xanthippe", "Other").replace("Zeph", "Q"))
    assert find(desk, typed) == without


def test_staff_find_all(desk: Desk) -> None:
    desk.take("sites", "sites.csv", HEADER + TWO)
    for typed, name in (("xanthippe", "Xanthippe House"), ("zephyrine", "Zephyrine Suite")):
        assert [p.name for p in find(desk, typed, Audience.STAFF).places] == [name]
    assert [p.name for p in find(desk, "Xantippe Huose", Audience.STAFF).near] == [
        "Xanthippe House"
    ]
    assert find(desk, "xanthippe").places == ()


def test_the_demonstration_gives_the_public_no_site_that_its_view_lacks(demo: Desk) -> None:
    view = demo.view("sites", Audience.PUBLIC, public_access=["open", "by-appointment", "none",
                     "unknown"], status=["open", "closed", "planned", "unknown"])  # fmt: skip
    everything = demo.view("sites", Audience.STAFF)
    hidden = set(everything.records["name"]) - set(view.records["name"])
    assert hidden
    for name in hidden:
        found = find(demo, name)
        assert name not in {p.name for p in (*found.places, *found.near)}
        assert name in {p.name for p in find(demo, name, Audience.STAFF).places}


def test_a_closed_or_planned_site_says_so(desk: Desk) -> None:
    rows = (
        "A,Alder House,police-station,Mill Road,52.7,-1.2,closed,public\n"
        "B,Birch House,police-station,,52.7,-1.2,planned,public\n"
    )
    desk.take("sites", "sites.csv", HEADER + rows)
    assert find(desk, "alder house").places[0].where == "closed, Mill Road"
    assert find(desk, "birch house").places[0].where == "planned, Charnwood"


def test_a_site_without_a_position_is_not_a_place(desk: Desk) -> None:
    desk.take("sites", "sites.csv", HEADER + "A,Alder House,police-station,,,,open,public\n")
    assert find(desk, "alder house").places == ()


def test_sites_of_one_name_are_told_apart(desk: Desk) -> None:
    rows = (
        "A,Alder House,police-station,Mill Road,52.7,-1.2,open,public\n"
        "B,Alder House,police-station,Mill Road,52.63,-1.13,open,public\n"
    )
    desk.take("sites", "sites.csv", HEADER + rows)
    assert len({p.label for p in find(desk, "alder house").places}) == 2


def test_what_is_imported_is_found_at_once(desk: Desk) -> None:
    assert find(desk, "quorndon lodge").places == ()
    desk.take("sites", "sites.csv", HEADER + TWO)
    assert find(desk, "quorndon lodge").places
    hidden = TWO.replace("open,public", "open,staff")
    desk.take("sites", "again.csv", HEADER + hidden)
    assert find(desk, "quorndon lodge").places == ()


def test_the_note_says_what_was_found(desk: Desk) -> None:
    assert find(desk, "oadby").note == "7 places match."
    assert find(desk, "oadby", limit=3).note == "7 places match. The first 3 are listed."
    assert find(desk, "hinkley").note == "No place has this name. Did you mean one of these?"
    assert find(desk, "zqxzqx").note == "No place has this name."
    assert find(desk, "") == PlaceAnswer(PlaceQuery("", 50), (), (), "")


def test_postcodes_are_found_once_they_are_added(desk: Desk) -> None:
    assert find(desk, "LE1 1AA").note == f"No place has this name. {WITHOUT_POSTCODES}"
    assert postcode_sentences(desk.workspace) == [WITHOUT_POSTCODES]
    assert postcode_attribution(desk.workspace) == ()
    add_postcodes(desk, "LE1 1AA,458700,304500")
    (place,) = find(desk, "le11aa").places
    assert place.label == "LE1 1AA (postcode, Leicester)"
    assert postcode_sentences(desk.workspace) == []
    assert postcode_attribution(desk.workspace)[0].endswith("2025")
    account = added_postcodes(desk.workspace)
    assert account is not None
    assert (account.taken, account.file_names) == (1, ("NSPL_2025.csv",))
    add_postcodes(desk, "LE2 2BB,458700,304500")
    assert find(desk, "le11aa").places == ()
    assert find(desk, "le11aa").note == "No place has this name."
    assert find(desk, "le2 2bb").places


@pytest.mark.parametrize("file", ["account.json", "*.parquet"])
def test_damaged_postcodes_are_told_and_leave_the_names(desk: Desk, file: str) -> None:
    add_postcodes(desk, "LE1 1AA,458700,304500")
    (path,) = (Path(desk.workspace.path) / "boundaries" / "postcodes").glob(file)
    path.write_bytes(b"nothing")
    assert find(desk, "LE1 1AA").note == f"No place has this name. {DAMAGED_POSTCODES}"
    assert postcode_sentences(desk.workspace) == [DAMAGED_POSTCODES]
    assert find(desk, "oadby").places
    add_postcodes(desk, "LE1 1AA,458700,304500")
    assert find(desk, "LE1 1AA").places


def test_the_day_does_not_change_what_is_found(desk: Desk) -> None:
    desk.take("sites", "sites.csv", HEADER + TWO)
    query = PlaceQuery("quorndon lodge")
    answers = {
        find_places(desk.workspace, SITES, query, Audience.PUBLIC, day)
        for day in (date(2026, 1, 2), date(2026, 1, 3))
    }
    assert len(answers) == 1


def test_a_query_is_read_from_parameters() -> None:
    assert PlaceQuery.parse({}) == PlaceQuery("")
    assert PlaceQuery.parse({"q": ["  Oadby "], "limit": [" 3 "]}) == PlaceQuery("Oadby", 3)
    assert PlaceQuery.parse({"q": ["x" * 100], "limit": [""]}) == PlaceQuery("x" * 100)


@pytest.mark.parametrize(
    ("params", "word"),
    [
        ({"q": ["x" * 101]}, "100"),
        ({"q": ["a", "b"]}, "2 times"),
        ({"limit": ["0"]}, "1 to 50"),
        ({"limit": ["51"]}, "'51'"),
        ({"limit": ["-1"]}, "'-1'"),
        ({"limit": ["ten"]}, "'ten'"),
        ({"limit": ["٣"]}, "limit"),
        ({"limit": ["9" * 5000]}, "limit"),
        ({"kind": ["ward"]}, "'kind'"),
    ],
)
def test_what_a_query_cannot_say_is_refused(params: dict[str, list[str]], word: str) -> None:
    with pytest.raises(BadQuery, match=word):
        PlaceQuery.parse(params)
