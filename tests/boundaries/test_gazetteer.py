"""Places by name: which come first, what is folded, and that nothing is guessed in silence."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries.builder import build
from boundaries.gazetteer import Gazetteer, spellings
from boundaries.ground import Ground, load_ground
from boundaries.outlines import Outlines
from boundaries.place import KIND_ORDER, Place, zoom_to
from boundaries.recipe import Recipe
from boundaries.saved import save_build
from tests.layers.desk import shipped_ground

SHARED = Gazetteer.of(shipped_ground())


@pytest.fixture
def gazetteer() -> Gazetteer:
    return SHARED


def labels(gazetteer: Gazetteer, text: str, limit: int = 10) -> list[str]:
    return [place.label for place in gazetteer.search(text, limit).places]


def a_place(name: str, where: str = "", kind: str = "site") -> Place:
    return Place(name, kind, where, -1.1, 52.6, None, 14)  # type: ignore[arg-type]


def made_up(*places: Place) -> Gazetteer:
    """A gazetteer of nothing but these."""
    bare = shipped_ground()
    none = bare.settlements.iloc[:0]
    return Gazetteer.of(replace(bare, settlements=none, wards=bare.wards.iloc[:0]), None, places)


def test_every_settlement_area_and_ward_is_found_by_its_own_name(gazetteer: Gazetteer) -> None:
    ground = shipped_ground()
    wanted = [
        *(("settlement", name) for name in ground.settlements["name"]),
        *(("ward", name) for name in ground.wards["name"]),
        *(("npa", ground.npa_name(code)) for code in ground.npa_codes),
        *(("district", ground.districts.name(code)) for code in ground.districts.codes),
    ]
    assert len(wanted) > 300
    for kind, name in wanted:
        found = gazetteer.search(name, 50).places
        assert any((place.kind, place.name) == (kind, name) for place in found), name


def test_the_npa_whose_code_is_na_is_not_lost(gazetteer: Gazetteer) -> None:
    first = gazetteer.search("NA").places[0]
    assert (first.kind, first.name) == ("npa", "Wigston and Harborough")
    assert gazetteer.search("na").places[0] == first


def test_matches_come_in_order_of_how_well_they_match() -> None:
    names = ("Able Oak", "Oakham", "Aroak", "Oak", "Oak Hill")
    found = made_up(*(a_place(name) for name in names)).search("oak")
    assert [place.name for place in found.places] == [
        "Oak",
        "Oak Hill",
        "Oakham",
        "Able Oak",
        "Aroak",
    ]
    assert (found.total, found.near) == (5, ())


def test_of_equal_matches_settlements_come_first_and_large_before_small(
    gazetteer: Gazetteer,
) -> None:
    kinds = [place.kind for place in gazetteer.search("charnwood").places]
    assert kinds == sorted(kinds, key=KIND_ORDER.__getitem__)
    starting = [p for p in gazetteer.search("bar", 50).places if p.kind == "settlement"]
    residents = shipped_ground().settlements.set_index("name")["population"]
    begin = [int(residents[p.name]) for p in starting if p.name.startswith("Bar")]
    assert len(begin) > 1
    assert begin == sorted(begin, reverse=True)


def test_the_limit_leaves_the_best_and_says_how_many_there_are(gazetteer: Gazetteer) -> None:
    every = gazetteer.search("le", 500)
    few = gazetteer.search("le", 3)
    assert few.places == every.places[:3]
    assert few.total == every.total == len(every.places) > 3


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ASHBY DE LA ZOUCH", "Ashby-de-la-Zouch"),
        ("ashby-de-la-zouch", "Ashby-de-la-Zouch"),
        ("Áshby dé la Zoúch", "Ashby-de-la-Zouch"),
        ("  barrow   upon soar ", "Barrow upon Soar"),
        ("Barrow-upon-Soar", "Barrow upon Soar"),
        ("oadby st peters", "Oadby St Peter's"),
        ("Oadby St. Peter’s", "Oadby St Peter's"),
        ("oadby saint peter's", "Oadby St Peter's"),
        ("narborough and littlethorpe", "Narborough & Littlethorpe"),
        ("barlestone nailstone & osbaston", "Barlestone, Nailstone and Osbaston"),
    ],
)
def test_spellings_that_mean_the_same_find_the_same(
    gazetteer: Gazetteer, typed: str, name: str
) -> None:
    assert gazetteer.search(typed).places[0].name == name


def test_st_may_be_saint_or_the_beginning_of_another_word(gazetteer: Gazetteer) -> None:
    assert "Stoney Stanton (settlement, Blaby)" in labels(gazetteer, "st", 50)
    assert any("St Peter's" in label for label in labels(gazetteer, "st", 50))
    place = a_place("Charles Street")
    assert made_up(place).search("Charles St").places == (place,)


@given(st.text(max_size=40))
def test_any_text_folds_to_letters_and_figures_and_folding_again_changes_nothing(
    text: str,
) -> None:
    for form in spellings(text):
        assert form == form.strip()
        assert all(char.isalnum() or char == " " for char in form)
        assert form in spellings(form)
    assert spellings(unicodedata.normalize("NFD", text)) == spellings(
        unicodedata.normalize("NFC", text)
    )


@settings(max_examples=50)
@given(st.text(max_size=60))
def test_no_text_breaks_the_search_and_places_and_near_ones_exclude_each_other(
    text: str,
) -> None:
    found = SHARED.search(text, 5)
    assert len(found.places) <= 5
    assert not (found.places and found.near)
    assert found.total >= len(found.places)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Hinkley", "Hinckley"),
        ("Lougborough", "Loughborough"),
        ("Markfeild", "Markfield"),
        ("Wigstone Magna", "Wigston Magna"),
        ("Soar upon Barow", "Barrow upon Soar"),
    ],
)
def test_a_near_spelling_is_offered_and_not_taken(
    gazetteer: Gazetteer, typed: str, name: str
) -> None:
    found = gazetteer.search(typed)
    assert (found.places, found.total) == ((), 0)
    assert name in [place.name for place in found.near]
    assert len(found.near) <= 5


def test_where_something_matches_no_near_spelling_is_offered(gazetteer: Gazetteer) -> None:
    assert gazetteer.search("hinckley").near == ()


@pytest.mark.parametrize("text", ["", "   ", "'", "-", "zqxzqx", "xz", "\0"])
def test_what_is_like_nothing_finds_nothing(gazetteer: Gazetteer, text: str) -> None:
    found = gazetteer.search(text)
    assert (found.places, found.near, found.total) == ((), (), 0)


@pytest.mark.parametrize("letter", "bchlnosw")
def test_no_two_places_read_alike(gazetteer: Gazetteer, letter: str) -> None:
    every = labels(gazetteer, letter, 1000)
    assert len(every) == len(set(every)) > 10


def test_places_of_one_name_are_told_apart() -> None:
    ground = shipped_ground()
    twice = pd.DataFrame(
        {
            "name": ["Norton", "Norton", "Norton"],
            "population": [10, 10, 10],
            "longitude": [-1.20, -1.13, -1.13],
            "latitude": [52.77, 52.63, 52.64],
            "district_code": ["E07000130", "E06000016", "E06000016"],
        }
    )
    found = Gazetteer.of(replace(ground, settlements=twice)).search("Norton").places
    assert len(found) == 3
    assert len({place.label for place in found}) == 3
    assert "Norton (settlement, Charnwood)" in [place.label for place in found]
    in_city = [place.where for place in found if place.where.startswith("Leicester")]
    assert all(re.search(r"Leicester, .+\(approximate\)", where) for where in in_city)


def test_the_same_search_gives_the_same_answer_whatever_the_order_of_the_rows() -> None:
    ground = shipped_ground()
    turned = replace(
        ground,
        settlements=ground.settlements.iloc[::-1].reset_index(drop=True),
        wards=ground.wards.iloc[::-1].reset_index(drop=True),
    )
    for text in ("le", "st", "north", "Hinkley", "NA"):
        assert Gazetteer.of(turned).search(text, 50) == SHARED.search(text, 50)


def test_places_lie_where_the_ground_has_them(gazetteer: Gazetteer) -> None:
    (leicester, *_) = gazetteer.search("Leicester").places
    assert (leicester.longitude, leicester.latitude) == (-1.13169, 52.6386)
    assert leicester.bounds is None
    for place in gazetteer.search("charnwood").places[:2]:
        assert place.bounds is not None
        west, south, east, north = place.bounds
        assert west < place.longitude < east
        assert south < place.latitude < north


def test_an_approximate_area_says_so(gazetteer: Gazetteer) -> None:
    found = gazetteer.search("west leicester").places
    assert {place.where for place in found if place.name == "West Leicester"} == {
        "approximate outline"
    }
    assert {place.where for place in found if place.name == "North West Leicestershire"} == {""}


def test_another_force_has_its_own_places(
    tmp_path: Path, recipe: Recipe, outlines: Outlines
) -> None:
    save_build(tmp_path, build(recipe, outlines))
    ground: Ground = load_ground(tmp_path)
    gazetteer = Gazetteer.of(ground)
    assert gazetteer.search("Leicester").places == ()
    by_code = gazetteer.search("NA").places[0]
    assert (by_code.kind, by_code.name) == ("npa", ground.npa_name("NA"))
    assert any(place.kind == "district" for place in gazetteer.search("holms").places)


def test_only_areas_in_force_are_found(tmp_path: Path, recipe: Recipe, outlines: Outlines) -> None:
    save_build(tmp_path, build(recipe, outlines))
    ground = load_ground(tmp_path)
    latest = {ground.npas.frame["code"].iloc[row] for row in ground.npas.eras[-1].rows}
    gazetteer = Gazetteer.of(ground)
    for code in ground.npa_codes:
        found = [place for place in gazetteer.search(code).places if place.kind == "npa"]
        assert bool(found) == (code in latest), code


@pytest.mark.parametrize(
    ("bounds", "zoom"),
    [
        ((-180.0, -85.0, 180.0, 85.0), 7),
        ((-1.1, 52.6, -1.1, 52.6), 16),
        ((-1.0, 52.0, -1.0 + 360 / 2**10 * 320 / 256, 52.0001), 10),
    ],
)
def test_the_zoom_shows_the_whole_of_an_area(
    bounds: tuple[float, float, float, float], zoom: int
) -> None:
    assert zoom_to(bounds) == zoom
