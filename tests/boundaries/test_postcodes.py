"""Files of postcodes: every row is accounted for, and a kill leaves the old state or the new."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from boundaries.errors import UnreadableGround, UnreadablePostcodes
from boundaries.gazetteer import Gazetteer
from boundaries.place import Found
from boundaries.postcode_files import PostcodesRead, read_postcodes
from boundaries.postcode_index import PostcodeIndex, as_postcode, like_postcode
from boundaries.postcode_report import PostcodeReport
from boundaries.postcodes import (
    load_postcodes,
    postcode_account,
    postcode_faults,
    postcodes_stamp,
    save_postcodes,
)
from geo.crs import to_degrees
from geo.errors import InvalidValue
from tests.layers.desk import shipped_ground

AT = datetime(2026, 1, 2, 9, 30)
IN_CITY = (458_700, 304_500)
IN_RUTLAND = (486_000, 308_700)
FAR = (530_000, 180_000)
NSPL_2025 = (
    "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,lad25cd,lsoa21cd,lat,long"
)
ONSPD_2024 = "pcd,pcd2,pcds,dointr,doterm,oscty,oslaua,usertype,oseast1m,osnrth1m,osgrdind,lat,long"
GROUND = shipped_ground()


def nspl(postcode: str, point: tuple[int, int], ended: str = "") -> str:
    (longitude,), (latitude,) = to_degrees([point[0]], [point[1]])
    compact = postcode.replace(" ", "")
    return (
        f'"{compact}","{postcode}","{postcode}","198001","{ended}","0",{point[0]},{point[1]},'
        f'"1","E06000016","E01013600",{latitude:.6f},{longitude:.6f}'
    )


def write(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    return path


def read(*paths: Path, year: int | None = None) -> PostcodesRead:
    return read_postcodes(paths, GROUND.districts, year)


def counts(report: PostcodeReport) -> dict[str, int]:
    kept = report.account()
    names = ("rows", "taken", "outside", "terminated", "unplaced", "repeated", "unusable")
    return {name: kept[name] for name in names if kept[name]}


@pytest.fixture
def nspl_file(tmp_path: Path) -> Path:
    return write(
        tmp_path,
        "NSPL_MAY_2025_UK.csv",
        NSPL_2025,
        nspl("LE1 1AA", IN_CITY),
        nspl("LE1 1AB", (IN_CITY[0] + 100, IN_CITY[1])),
        nspl("LE15 6AA", IN_RUTLAND),
        nspl("SW1A 1AA", FAR),
        nspl("LE1 9ZZ", IN_CITY, ended="199606"),
        '"GY11AA","GY1 1AA","GY1 1AA","198001","","0",,,"9","L99999999","L99999999",99.999999,0',
    )


def test_what_lies_in_the_districts_is_taken_and_the_rest_accounted_for(nspl_file: Path) -> None:
    done = read(nspl_file)
    assert done.frame["postcode"].tolist() == ["LE1 1AA", "LE1 1AB", "LE15 6AA"]
    assert done.frame.iloc[0].tolist() == ["LE1 1AA", *map(float, IN_CITY)]
    assert counts(done.report) == {
        "rows": 6, "taken": 3, "outside": 1, "terminated": 1, "unplaced": 1,
    }  # fmt: skip
    (file,) = done.report.files
    assert (file.name, file.rows) == (nspl_file.name, 6)
    assert file.digest == hashlib.sha256(nspl_file.read_bytes()).hexdigest()


def test_the_lines_of_the_licences_carry_the_year_of_the_file(nspl_file: Path) -> None:
    assert read(nspl_file).report.attribution == (
        "Contains OS data © Crown copyright and database right 2025",
        "Contains Royal Mail data © Royal Mail copyright and database right 2025",
        "Source: Office for National Statistics licensed under the Open Government Licence v.3.0",
    )
    assert "right 2031" in read(nspl_file, year=2031).report.attribution[0]


def test_the_shipped_lines_are_the_same_words(nspl_file: Path) -> None:
    """So that a footer says each once."""
    assert set(GROUND.npas.attribution) <= set(read(nspl_file).report.attribution)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (ONSPD_2024, '"LE1 1AA","LE1  1AA","LE1 1AA","1980","","x","y","0","0458700","0304500","1",'
         "52.634000,-1.134000"),
        ("pcd,lat,long", '"LE1 1AA",52.634,-1.134'),
        ("Postcode,Latitude,Longitude", "le11aa,52.634,-1.134"),
        ("pcd7,oseast1m,osnrth1m", '"LE11AA",458700,304500'),
        ("﻿pcds,east1m,north1m", "LE1 1AA , 458700 , 304500"),
        ("pcds,east1m,north1m,lat,long", "LE1 1AA,,,52.634,-1.134"),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_names_in_every_edition(
    tmp_path: Path, header: str, row: str
) -> None:
    done = read(write(tmp_path, "ours.csv", header, row))
    assert done.frame["postcode"].tolist() == ["LE1 1AA"]
    assert done.frame["easting_m"].iloc[0] == pytest.approx(458_700, abs=300)
    assert done.frame["northing_m"].iloc[0] == pytest.approx(304_500, abs=300)


def test_metres_of_the_grid_come_before_degrees(tmp_path: Path) -> None:
    path = write(
        tmp_path, "a.csv", "pcds,east1m,north1m,lat,long", "LE1 1AA,458701,304502,51.5,0.1"
    )
    assert read(path).frame.iloc[0].tolist() == ["LE1 1AA", 458_701.0, 304_502.0]


def test_the_irish_grid_is_not_taken_for_ours(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "a.csv",
        "pcds,east1m,north1m,lat,long",
        "LE1 1AA,458700,304500,52.634,-1.134",
        "BT1 1AA,458700,304500,54.6,-5.93",
        "BT1 1AB,458700,304500,,",
    )
    assert counts(read(path).report) == {"rows": 3, "taken": 1, "outside": 1, "unplaced": 1}


def test_code_point_open_has_no_header_and_lines_of_its_own(tmp_path: Path) -> None:
    codes = '"E92000001","E19000001","E18000001","","E06000016","E05010458"'
    path = write(
        tmp_path,
        "le.csv",
        f'"LE1 1AA",10,458700,304500,{codes}',
        f'"LE101AA",10,442700,294000,{codes}',
        f'"LE1 1AC",90,0,0,{codes}',
    )
    done = read(path, year=2025)
    assert done.frame["postcode"].tolist() == ["LE1 1AA", "LE10 1AA"]
    assert counts(done.report) == {"rows": 3, "taken": 2, "unplaced": 1}
    assert done.report.files[0].rows == 3
    assert done.report.attribution == (
        "Contains OS data © Crown copyright and database right 2025",
        "Contains Royal Mail data © Royal Mail copyright and database right 2025",
        "Contains National Statistics data © Crown copyright and database right 2025",
    )


def test_without_a_year_the_lines_go_without_one(tmp_path: Path) -> None:
    path = write(tmp_path, "le.csv", '"LE1 1AA",10,458700,304500,a,b,c,d,e,f')
    assert read(path).report.attribution[0].endswith("database right")


def test_several_files_are_one_and_what_comes_again_is_counted(
    tmp_path: Path, nspl_file: Path
) -> None:
    packed = tmp_path / "ONSPD_FEB_2024_UK_LE.csv.gz"
    packed.write_bytes(gzip.compress(nspl_file.read_bytes()))
    done = read(nspl_file, packed)
    assert counts(done.report) == {
        "rows": 12, "taken": 3, "outside": 2, "terminated": 2, "unplaced": 2, "repeated": 3,
    }  # fmt: skip
    assert "right 2025" in done.report.attribution[0]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("LE1 1AA,458700", "the row has 2 cells and not 3"),
        ("LE1 1AA,458700,304500,,", "the row has 5 cells and not 3"),
        ("LE1 1A,458700,304500", "the postcode cannot be read"),
        (",458700,304500", "the postcode cannot be read"),
        ("LE1 1AC,east,304500", "the position is no number"),
        ("LE1 1AC,nan,304500", "the position is no number"),
        ("LE1 1AC,inf,304500", "the position is no number"),
    ],
)
def test_an_unusable_row_is_named_and_the_rest_are_taken(
    tmp_path: Path, row: str, why: str
) -> None:
    good = "LE1 1AA,458700,304500"
    path = write(tmp_path, "a.csv", "pcds,east1m,north1m", good, "", row, "LE1 1AB,458800,304500")
    report = read(path).report
    assert counts(report) == {"rows": 3, "taken": 2, "unusable": 1}
    assert [(item.file_name, item.row, item.why) for item in report.unusable] == [("a.csv", 4, why)]
    assert f"a.csv, row 4: {why}." in report.as_text()


def test_many_unusable_rows_are_counted_and_the_first_named(tmp_path: Path) -> None:
    rows = ["LE1 1AA,458700,304500", *["nonsense"] * 1_200]
    text = read(write(tmp_path, "a.csv", "pcds,east1m,north1m", *rows)).report.as_text()
    assert "1,200 unusable" in text
    assert "rows 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 1,190 more" in text


def test_degrees_off_the_earth_are_unusable_but_not_those_that_ons_writes(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "a.csv",
        "pcds,lat,long",
        "LE1 1AA,52.634,-1.134",
        "LE1 1AB,152.6,-1.1",
        "LE1 1AC,99.999999,0.000000",
        "LE1 1AD,-1.134,52.634",
    )
    assert counts(read(path).report) == {
        "rows": 4, "taken": 1, "unusable": 1, "unplaced": 1, "outside": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.csv", None, ["gone.csv", "cannot be read"]),
        ("empty.csv", b"", ["empty.csv is empty"]),
        ("other.csv", b"a,b\n1,2\n", ["pcds", "east1m", "other.csv begins with 'a, b'"]),
        ("half.csv", b"pcds,east1m,lat\nLE1 1AA,1,2\n", ["half.csv"]),
        ("zip.csv", b"PK\x03\x04\xff\xfe\x00\x00", ["zip.csv", "Unzip it"]),
        ("cut.csv.gz", gzip.compress(b"pcds,east1m,north1m\n" * 99, mtime=0)[:-9], ["cut.csv.gz"]),
        ("not.csv.gz", b"pcds,east1m,north1m\n", ["not.csv.gz"]),
        ("latin.csv", "pcds,lat,long,name\nLE1 1AA,52,1,Zoë".encode("latin-1"), ["UTF-8"]),
        ("nul.csv", b"pcds,east1m,north1m\n\x00" + b"x" * 200_000, ["nul.csv"]),
        ("far.csv", b"pcds,east1m,north1m\nSW1A 1AA,530000,180000\n", ["1 rows of far.csv none"]),
        ("bare.csv", b"pcds,east1m,north1m\n", ["0 rows of bare.csv none"]),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(
    tmp_path: Path, name: str, content: bytes | None, words: list[str]
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadablePostcodes) as refused:
        read(path)
    for word in words:
        assert word in str(refused.value)
    assert str(tmp_path) not in str(refused.value) or name == "gone.csv"


def test_a_report_whose_rows_do_not_add_up_is_refused(nspl_file: Path) -> None:
    with pytest.raises(InvalidValue, match="accounted for"):
        replace(read(nspl_file).report, rows=7)


def test_chunks_change_nothing(nspl_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read(nspl_file)
    monkeypatch.setattr("boundaries.postcode_files._ROWS_AT_ONCE", 1)
    by_ones = read(nspl_file)
    assert by_ones.report == whole.report
    pd.testing.assert_frame_equal(by_ones.frame, whole.frame)


def test_what_is_saved_is_loaded_with_its_account(tmp_path: Path, nspl_file: Path) -> None:
    assert load_postcodes(tmp_path) is None
    assert postcode_account(tmp_path) is None
    assert (postcodes_stamp(tmp_path), postcode_faults(tmp_path)) == ("", [])
    done = read(nspl_file)
    save_postcodes(tmp_path, done, AT)
    loaded, account = load_postcodes(tmp_path), postcode_account(tmp_path)
    assert loaded is not None
    assert account is not None
    pd.testing.assert_frame_equal(loaded, done.frame)
    assert (account.taken, account.rows, account.file_names) == (3, 6, (nspl_file.name,))
    assert account.attribution == done.report.attribution
    assert postcode_faults(tmp_path) == []
    kept = json.loads((tmp_path / "boundaries/postcodes/account.json").read_text())
    assert (kept["added"], kept["terminated"], kept["unusable"]) == ("2026-01-02T09:30:00", 1, 0)


def test_a_second_file_takes_the_place_of_the_first(tmp_path: Path, nspl_file: Path) -> None:
    save_postcodes(tmp_path, read(nspl_file), AT)
    stamps = {postcodes_stamp(tmp_path)}
    for number in range(3):
        point = (IN_CITY[0] + number, IN_CITY[1])
        other = write(tmp_path, "b.csv", NSPL_2025, nspl("LE2 2BB", point))
        save_postcodes(tmp_path, read(other), AT)
        stamps.add(postcodes_stamp(tmp_path))
        loaded = load_postcodes(tmp_path)
        assert loaded is not None
        assert loaded.to_numpy().tolist() == [["LE2 2BB", *map(float, point)]]
    assert len(stamps) == 4
    assert len(list((tmp_path / "boundaries" / "postcodes").glob("*.parquet"))) <= 2


@pytest.mark.parametrize("at", ["os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize("step", [1, 2])
def test_a_process_killed_while_saving_leaves_the_old_postcodes(
    tmp_path: Path, nspl_file: Path, monkeypatch: pytest.MonkeyPatch, at: str, step: int
) -> None:
    save_postcodes(tmp_path, read(nspl_file), AT)
    other = read(write(tmp_path, "b.csv", NSPL_2025, nspl("LE2 2BB", IN_CITY)))
    calls = []

    def killed(*arguments: object, **options: object) -> object:
        calls.append(arguments)
        if len(calls) == step:
            raise KeyboardInterrupt
        return whole(*arguments, **options)

    with monkeypatch.context() as patched:
        name = at.rpartition(".")[2]
        owner = Path if at.startswith("pathlib") else __import__("os")
        whole = getattr(owner, name)
        patched.setattr(owner, name, killed)
        with pytest.raises(KeyboardInterrupt):
            save_postcodes(tmp_path, other, AT)
    loaded = load_postcodes(tmp_path)
    assert loaded is not None
    assert len(loaded) == 3
    assert postcode_faults(tmp_path) == []
    save_postcodes(tmp_path, other, AT)
    again = load_postcodes(tmp_path)
    assert again is not None
    assert again["postcode"].tolist() == ["LE2 2BB"]
    assert not list((tmp_path / "boundaries" / "postcodes").glob(".*"))


def drop_parquet(folder: Path) -> None:
    next(folder.glob("*.parquet")).unlink()


def spoil_parquet(folder: Path) -> None:
    path = next(folder.glob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def change_parquet(folder: Path) -> None:
    path = next(folder.glob("*.parquet"))
    pd.read_parquet(path).assign(easting_m=0.0).to_parquet(path)


def spoil_account(folder: Path) -> None:
    (folder / "account.json").write_text("{")


def list_account(folder: Path) -> None:
    (folder / "account.json").write_text("[]")


def empty_account(folder: Path) -> None:
    (folder / "account.json").write_text("{}")


@pytest.mark.parametrize(
    "harm",
    [drop_parquet, spoil_parquet, change_parquet, spoil_account, list_account, empty_account],
)
def test_damage_is_found_and_told_in_a_sentence(
    tmp_path: Path, nspl_file: Path, harm: object
) -> None:
    save_postcodes(tmp_path, read(nspl_file), AT)
    harm(tmp_path / "boundaries" / "postcodes")  # type: ignore[operator]
    with pytest.raises(UnreadableGround, match="Add them again"):
        load_postcodes(tmp_path)
    (fault,) = postcode_faults(tmp_path)
    assert "boundaries add postcodes" in fault
    save_postcodes(tmp_path, read(nspl_file), AT)
    assert postcode_faults(tmp_path) == []


@pytest.fixture(scope="module")
def index() -> PostcodeIndex:
    rows = [
        ("LE1 1AA", 458_700, 304_500),
        ("LE1 1AB", 458_900, 304_500),
        ("LE1 2AA", 458_800, 304_800),
        ("LE11 1AA", 453_500, 319_500),
        ("LE11 1AC", 453_700, 319_500),
        ("LE15 6AA", 486_000, 308_700),
        ("LE1A 1AA", 458_000, 304_000),
        ("SW1A 1AA", 530_000, 180_000),
    ]
    return PostcodeIndex(
        GROUND, pd.DataFrame(rows, columns=["postcode", "easting_m", "northing_m"])
    )


def names(found: Found) -> list[str]:
    return [place.name for place in found.places]


@pytest.mark.parametrize("typed", ["LE1 1AA", "le11aa", " Le1  1aA ", "LE11AA", "l e 1 1 a a"])
def test_a_whole_postcode_is_found_in_any_case_and_spacing(
    index: PostcodeIndex, typed: str
) -> None:
    found = index.search(typed, 10)
    (place,) = found.places
    (longitude,), (latitude,) = to_degrees([458_700], [304_500])
    assert (place.name, place.kind, place.where) == ("LE1 1AA", "postcode", "Leicester")
    assert (place.longitude, place.latitude) == (round(longitude, 5), round(latitude, 5))
    assert found.total == 1


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("LE1", ["LE1", "LE11", "LE15", "LE1A"]),
        ("le 1", ["LE1", "LE11", "LE15", "LE1A"]),
        ("LE11", ["LE11", "LE1 1"]),
        ("LE1 1", ["LE1 1"]),
        ("LE11 1", ["LE11 1"]),
        ("LE111", ["LE11 1"]),
        ("LE1 1A", ["LE1 1AA", "LE1 1AB"]),
        ("LE11A", ["LE1 1AA", "LE1 1AB"]),
        ("LE111A", ["LE11 1AA", "LE11 1AC"]),
        ("LE1A", ["LE1A"]),
        ("LE1 9", []),
        ("SW1A 1AA", []),
        ("LE", []),
        ("1AA", []),
        ("", []),
        ("LE1 1AA 1", []),
    ],
)
def test_the_beginning_of_a_postcode_finds_areas_or_postcodes_and_drops_neither(
    index: PostcodeIndex, typed: str, found: list[str]
) -> None:
    assert names(index.search(typed, 10)) == found
    assert index.search(typed, 10).total == len(found)
    assert names(index.search(typed, 1)) == found[:1]
    assert index.search(typed, 1).total == len(found)


def test_an_area_is_the_mean_of_its_postcodes_here_and_says_so(index: PostcodeIndex) -> None:
    (sector,) = index.search("LE1 1", 10).places
    (longitude,), (latitude,) = to_degrees([458_800], [304_500])
    assert (sector.longitude, sector.latitude) == (round(longitude, 5), round(latitude, 5))
    assert sector.label == "LE1 1 (postcode sector, middle of its 2 postcodes here)"
    assert sector.bounds is not None
    (alone,) = index.search("LE1 2", 10).places
    assert (alone.where, alone.bounds) == ("its one postcode here", None)


def test_a_postcode_that_is_not_held_has_its_sector_or_district_near(index: PostcodeIndex) -> None:
    found = index.search("LE1 1ZZ", 10)
    assert (names(found), [place.name for place in found.near]) == ([], ["LE1 1"])
    assert [place.name for place in index.search("LE1 9ZZ", 10).near] == ["LE1"]
    assert index.search("AB1 1AA", 10) == Found()


def test_postcodes_and_names_are_found_together(index: PostcodeIndex) -> None:
    gazetteer = Gazetteer.of(GROUND, index)
    assert gazetteer.search("LE1 1AA").places[0].kind == "postcode"
    assert gazetteer.search("leicester") == Gazetteer.of(GROUND).search("leicester")
    assert [place.name for place in gazetteer.search("LE1 1ZZ").near] == ["LE1 1"]
    assert Gazetteer.of(GROUND).search("LE1 1AA") == Found()


def test_postcodes_outside_the_districts_in_use_are_left_out(index: PostcodeIndex) -> None:
    assert len(index) == 7
    none = PostcodeIndex(
        GROUND, pd.DataFrame({"postcode": ["SW1A 1AA"], "easting_m": [5e5], "northing_m": [2e5]})
    )
    assert len(none) == 0
    assert none.search("SW1A 1AA", 10) == Found()
    assert none.search("SW1", 10) == Found()


@pytest.mark.parametrize(
    ("text", "postcode", "like"),
    [
        ("le1 1aa", "LE1 1AA", True),
        ("M11AA", "M1 1AA", True),
        ("EC1A 1BB", "EC1A 1BB", True),
        ("LE1", "", True),
        ("LE", "", False),
        ("Leicester", "", False),
        ("LE1 1AAA", "", False),
        ("", "", False),
    ],
)
def test_texts_that_may_be_postcodes(text: str, postcode: str, like: bool) -> None:
    assert as_postcode(text) == postcode
    assert like_postcode(text) is like
