"""The demonstration pack: rebuilt byte for byte, true to its sources, and fit to be shown."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
from click.testing import CliRunner

from boundaries.ground import Ground, load_ground
from boundaries.provenance import read_sources
from geo.crs import geometries_to_metres, to_metres
from layers.pack.__main__ import main
from layers.pack.recipe import read_pack_recipe
from layers.pack.street_safe import apportioned

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "layers" / "data"
HEADERS = {
    "visits.csv": "visit_id,date,place,district,stated_npa,latitude,longitude,location_precision,"
    "visitor,visit_type,initiated_by,reason,source,date_basis",
    "sites.csv": "site_id,name,site_type,location_id,address,postcode,latitude,longitude,"
    "commanding_npa,public_access,tenure,partners,status,opened,closed,visibility,note,source",
    "site_history.csv": "event_id,site_id,date,event,public_access,hours,visibility,note,source",
    "section_106.csv": "item_id,item,council,covenant,amount_gbp,deadline,purpose,status,"
    "deed_of_variation_gbp,visibility,note,source",
    "estate_totals.csv": "measure,value,unit,as_of,visibility,note,source",
    "projects.csv": "project_id,project,site_name,category,budget_gbp,percent_complete,status,"
    "expected_completion,funding,visibility,note",
    "people_zones.csv": "zone_id,version,name,place,stated_npa,date_from,date_to,status,"
    "description,extent_description,approximate,source,wkt",
    "street_safe.csv": "report_id,date,latitude,longitude,concerns,not_reported_reason,source",
    "crime_counts.csv.gz": "month,lsoa11_code,crime_type,records",
}


def text_of(name: str) -> str:
    content = (PACK / name).read_bytes()
    return (gzip.decompress(content) if name.endswith(".gz") else content).decode("utf-8")


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(name)), strict=True))


@pytest.fixture(scope="module")
def ground() -> Ground:
    return load_ground(None)


def npas_at(ground: Ground, easting_m: np.ndarray, northing_m: np.ndarray) -> np.ndarray:
    day = np.full(len(easting_m), np.datetime64("2022-10-01").astype(object))
    return ground.npa_at(easting_m, northing_m, day)


@pytest.mark.real_data
def test_the_pack_is_rebuilt_byte_for_byte(shared_data: Path, tmp_path: Path):
    folders = [tmp_path / "once", tmp_path / "again"]
    for folder in folders:
        result = CliRunner().invoke(main, [str(shared_data), str(folder)])
        assert result.exit_code == 0, result.output
    names = sorted(path.name for path in PACK.iterdir())
    assert sorted(path.name for path in folders[0].iterdir()) == names
    for name in names:
        rebuilt = (folders[0] / name).read_bytes()
        assert rebuilt == (folders[1] / name).read_bytes(), name
        if name.endswith(".gz"):  # zlib builds may pack the same content differently
            assert gzip.decompress(rebuilt).decode("utf-8") == text_of(name)
        else:
            assert rebuilt == (PACK / name).read_bytes(), name


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_each_file_has_its_canonical_header(name: str):
    assert text_of(name).partition("\n")[0] == HEADERS[name]


def test_the_sources_account_for_every_row_of_every_file():
    sources = {source.id: source for source in read_sources(PACK / "sources.toml")}
    files = {path.name.partition(".")[0]: path.name for path in PACK.iterdir()}
    del files["sources"]
    assert set(sources) == set(files) | {"crime_points"}
    for source_id, name in files.items():
        assert sources[source_id].rows_out == len(rows_of(name)), name
    assert {source_id: source.kind for source_id, source in sources.items()} == {
        "visits": "sample",
        "sites": "real",
        "site_history": "sample",
        "projects": "real",
        "section_106": "real",
        "estate_totals": "real",
        "people_zones": "approximate",
        "street_safe": "synthetic",
        "crime_counts": "real",
        "crime_points": "synthetic",
        "events": "real",
        "glossary": "real",
        "published_totals": "real",
    }
    assert not any("{" in source.note for source in sources.values())


def test_the_rows_are_as_many_as_were_compiled():
    expected = {
        "visits": 95, "sites": 41, "site_history": 8, "projects": 15, "section_106": 4,
        "estate_totals": 6, "people_zones": 3, "street_safe": 643,
    }  # fmt: skip
    assert {name: len(rows_of(f"{name}.csv")) for name in expected} == expected


def test_stops_keep_their_stated_npa_and_lie_in_it(ground: Ground):
    stops = rows_of("visits.csv")
    stated = [stop["stated_npa"] for stop in stops]
    assert Counter(stated) == {
        "NA": 25, "NH": 19, "NR": 16, "NE": 10, "NN": 8, "NL": 8, "NC": 5, "NW": 4,
    }  # fmt: skip
    longitude, latitude = (
        [float(stop[axis]) for stop in stops] for axis in ("longitude", "latitude")
    )
    assert npas_at(ground, *to_metres(longitude, latitude)).tolist() == stated


def test_closed_lists_are_spelt_as_choices():
    stops = rows_of("visits.csv")
    assert {stop["visit_type"] for stop in stops} == {
        "community-day", "public-meeting", "surgery", "event", "partner-visit",
    }  # fmt: skip
    assert {stop["initiated_by"] for stop in stops} == {
        "pcc-programme", "invitation", "councillor-request", "resident-request", "unknown",
    }  # fmt: skip
    assert Counter(stop["date_basis"] for stop in stops) == {
        "stated": 28, "inferred-year": 23, "inferred-month": 21, "year-from-page-address": 15,
        "stated-month": 3, "date-deduced": 2, "stated-weekday-mismatch": 2,
        "date-from-other-source": 1,
    }  # fmt: skip
    sites = rows_of("sites.csv")
    assert {site["site_type"] for site in sites} == {
        "headquarters", "police-station", "front-enquiry-office", "neighbourhood-office",
        "custody-suite", "other",
    }  # fmt: skip
    assert Counter(site["public_access"] for site in sites) == {
        "none": 18, "unknown": 15, "open": 6, "by-appointment": 2,
    }  # fmt: skip
    assert Counter(site["status"] for site in sites) == {
        "open": 22, "closed": 11, "unknown": 6, "planned": 2,
    }  # fmt: skip


def test_years_are_of_opening_unless_the_site_is_closed():
    sites = rows_of("sites.csv")
    for site in sites:
        assert not (site["opened"] if site["status"] == "closed" else site["closed"])
    assert sum(bool(site["opened"] or site["closed"]) for site in sites) == 15


def test_nothing_public_points_to_a_custody_suite():
    sites = rows_of("sites.csv")
    assert {s["site_id"] for s in sites if s["visibility"] == "staff"} == {
        s["site_id"] for s in sites if s["site_type"] == "custody-suite"
    }
    public = [site for site in sites if site["visibility"] == "public"]
    assert len(public) == 37
    staff_sources = {
        address
        for site in sites
        if site["visibility"] == "staff"
        for address in site["source"].split(" ; ")
    }
    for site in public:
        assert "custody" not in " ".join(site.values()).lower(), site["site_id"]
        assert not staff_sources & set(site["source"].split(" ; "))
        assert site["source"]


def test_projects_are_for_staff():
    assert {project["visibility"] for project in rows_of("projects.csv")} == {"staff"}


def test_zones_are_drawn_circles_and_say_so():
    radius_m = {zone["zone_id"]: 0 for zone in rows_of("people_zones.csv")}
    assert set(radius_m) == {"bell-foundry", "new-parks", "thringstone-and-whitwick"}
    recipe = read_pack_recipe()
    for zone in rows_of("people_zones.csv"):
        outline = geometries_to_metres([shapely.from_wkt(zone["wkt"])])[0]
        stated_m = recipe.zone_radius_m[zone["name"]]
        assert len(outline.exterior.coords) == 25
        assert shapely.minimum_bounding_radius(outline) == pytest.approx(stated_m, abs=0.5)
        assert f"{stated_m} m radius that we drew" in zone["extent_description"]
        assert (zone["approximate"], zone["date_from"], zone["status"]) == (
            "true",
            "2018",
            "active",
        )
        assert zone["description"].endswith("Active: last confirmed June 2023.")


def test_street_safe_follows_the_published_totals_and_proportions():
    reports = rows_of("street_safe.csv")
    concerns = [report["concerns"].split("; ") for report in reports]
    assert len({report["report_id"] for report in reports}) == 643
    assert sum(map(len, concerns)) == 1869
    assert all(len(set(kinds)) == len(kinds) and 1 <= len(kinds) <= 6 for kinds in concerns)
    norfolk = {
        "badly-lit": 268, "no-cctv": 208, "drugs-or-alcohol": 181, "harassment-by-group": 148,
        "being-followed": 135, "restricted-visibility": 134, "isolated": 106, "street-layout": 106,
        "harassment-other": 105, "harassment-by-one": 98, "run-down": 92,
    }  # fmt: skip
    given = Counter(kind for kinds in concerns for kind in kinds)
    assert set(given) == set(norfolk) | {"environmental-other"}
    for kind, count in norfolk.items():
        assert given[kind] / given["badly-lit"] == pytest.approx(count / 268, abs=0.01)
    dates = [report["date"] for report in reports]
    assert dates == sorted(dates)
    assert "2021-09-01" <= dates[0] <= dates[-1] <= "2023-10-09"
    assert {report["source"] for report in reports} == {"synthetic demonstration data"}


def test_street_safe_gathers_at_the_published_hot_spots_inside_the_area(ground: Ground):
    reports = rows_of("street_safe.csv")
    places = [[float(report[axis]) for report in reports] for axis in ("longitude", "latitude")]
    easting_m, northing_m = to_metres(*places)
    assert (npas_at(ground, easting_m, northing_m) != "").all()
    rules = read_pack_recipe().street_safe
    park = next(spot for spot in rules.hot_spots if spot.name == "Victoria Park")
    x, y = to_metres([park.longitude], [park.latitude])
    near = np.hypot(easting_m - x, northing_m - y) < 3 * park.spread_m
    assert near.sum() >= park.share * 643 * 0.9
    assert sum(spot.share for spot in rules.hot_spots) < 1


def test_apportionment_keeps_the_total():
    assert apportioned([1, 1, 1], 10).tolist() == [4, 3, 3]
    assert apportioned([0.0, 2, 1], 3).tolist() == [0, 2, 1]
