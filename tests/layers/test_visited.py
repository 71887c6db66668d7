"""The rule of stops that are known by their district alone, and all that follows it."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.crs import BRITISH_NATIONAL_GRID, to_metres
from geo.dates import DateInterval
from geo.rotation import Commitment, Tally
from layers import visited
from layers.answer import answer
from layers.audience import Audience
from layers.query import everything
from layers.registry import REGISTRY
from layers.view import View
from layers.workspace import Workspace
from server.visits.account import account_of
from tests.layers.desk import Desk

TODAY = date(2026, 11, 22)
HEADER = "visit_id,date,place,stated_npa,latitude,longitude,location_precision,visitor,visit_type\n"
STOPS = {
    # Within the city, which lies in several areas; the first and the last are of the west there.
    "city-not-stated": ("", 52.6400, -1.1700, "district"),
    "city-stated": ("NW", 52.6400, -1.1700, "district"),
    "city-stated-elsewhere": ("NS", 52.6400, -1.1700, "district"),
    "city-venue": ("", 52.6400, -1.1700, "venue"),
    "city-not-said": ("", 52.6400, -1.1700, ""),
    # A district of which all lies in one area.
    "borough-not-stated": ("", 52.5900, -1.1000, "district"),
}


@pytest.fixture
def held(desk: Desk) -> tuple[View, Workspace]:
    rows = [
        f"{name},2024-06-{10 + number},{name},{npa},{north},{east},{stands_for},PCC,community-day"
        for number, (name, (npa, north, east, stands_for)) in enumerate(STOPS.items())
    ]
    report = desk.take("visits", "visits.csv", HEADER + "\n".join(rows) + "\n")
    assert not report.rejected
    layer = REGISTRY.get("visits")
    view = answer(layer, desk.workspace, everything(layer.spec, Audience.STAFF), TODAY)
    return view, desk.workspace


def test_an_npa_counts_where_it_is_stated_or_the_whole_district_lies_in_it(
    held: tuple[View, Workspace],
) -> None:
    stops = held[0].records.set_index("visit_id")
    assert stops["npa_code"].to_dict() == {
        "city-not-stated": "",
        "city-stated": "NW",
        "city-stated-elsewhere": "",
        "city-venue": "NW",
        "city-not-said": "NW",
        "borough-not-stated": "NA",
    }
    assert stops.loc["city-not-stated", "npa_name"] == "NPA not known"
    (unknown,) = held[0].by_npa.query("npa_name == 'NPA not known'").to_dict("records")
    assert unknown["surely"] == 2


def test_the_caption_says_how_many_stops_stand_for_no_place(held: tuple[View, Workspace]) -> None:
    assert visited.sentence(4) in held[0].caption
    assert "4 of these stops are known by their district alone" in visited.sentence(4)
    assert visited.sentence(1).startswith("1 of these stops is known by its district alone")
    assert visited.sentence(0) == ""


def test_a_district_reaches_nobody_and_is_in_no_ward(held: tuple[View, Workspace]) -> None:
    view, workspace = held
    year = DateInterval(date(2024, 4, 1), date(2025, 3, 31))

    def account(stops: gpd.GeoDataFrame):
        return account_of(stops, workspace.ground, year, year.date_to, Commitment(), 3000)

    wide = view.records[view.records["location_precision"] == "district"]
    places = view.records[view.records["location_precision"] != "district"]
    of_wide, of_places, of_all = account(wide), account(places), account(view.records)
    assert of_wide.near == 0
    assert of_places.near == of_all.near > 0
    assert not any(ward.stops.surely for ward in of_wide.wards)
    assert sum(ward.stops.surely for ward in of_all.wards) == len(places)
    assert sum(district.stops.surely for district in of_all.districts) == len(view.records)
    assert of_all.by_district == Tally(4, 0)
    assert {npa.code: npa.by_district.surely for npa in of_all.npas if npa.by_district.surely} == {
        "NW": 1,
        "NA": 1,
    }


def test_places_are_the_located_stops_that_stand_for_one(held: tuple[View, Workspace]) -> None:
    stops = held[0].records
    chosen = visited.at_places(stops)
    assert set(stops.loc[chosen, "visit_id"]) == {"city-venue", "city-not-said"}
    east, north = to_metres([-1.17], [52.64])
    assert np.allclose(visited.places_m(stops), [[east[0], north[0]]] * 2, atol=0.2)
    nowhere = gpd.GeoDataFrame(
        {"location_precision": ["venue", "venue"]},
        geometry=[None, shapely.Point()],
        crs=BRITISH_NATIONAL_GRID,
    )
    assert not visited.at_places(nowhere).any()
    assert visited.places_m(nowhere).shape == (0, 2)


def test_the_seven_of_the_demonstration_are_all_stated() -> None:
    pack = Path(visited.__file__).with_name("data") / "visits.csv"
    with pack.open(encoding="utf-8", newline="") as stream:
        wide = [row for row in csv.DictReader(stream) if row["location_precision"] == "district"]
    assert len(wide) == 7
    assert all(row["stated_npa"] for row in wide)
