"""Tables of travel times: every row accounted for, and what is kept is what was read."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path

import pytest

from boundaries.errors import UnreadableTravelTimes
from boundaries.travel_time_files import Said, TravelTimesRead, read_travel_times
from boundaries.travel_times import (
    load_travel_times,
    save_travel_times,
    travel_times_account,
    travel_times_faults,
    travel_times_stamp,
)

AT = datetime(2026, 1, 2, 9, 30)
AREAS = ("E01000001", "E01000002", "E01000003")
SITES = ("north", "south")
GOOD = ("E01000001,north,12.5", "E01000001,south,0", "E01000002,north,")


def table(folder: Path, *rows: str, header: str = "lsoa_code,site_id,minutes") -> Path:
    path = folder / "minutes.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def read(path: Path) -> TravelTimesRead:
    said = Said("OpenRouteService", "2026-01", "ODbL", ("© somebody",))
    return read_travel_times(path, AREAS, SITES, said)


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    rows = (
        *GOOD,
        "E01000001,north,13",
        "E99000001,north,5",
        "E01000003,west,5",
        "E01000003,south,soon",
        "E01000003,south,-1",
        "E01000003,south,4000",
        "E01000003,south",
    )
    report = read(table(tmp_path, *rows)).report
    assert (report.rows, report.taken, report.no_way, len(report.unusable)) == (10, 2, 1, 7)
    assert (report.areas, report.sites, report.missing) == (3, 2, 3)
    assert [(item.row, item.why.partition(" (")[0]) for item in report.unusable] == [
        (5, "this small area and site came before"),
        (6, "the code is of no small area"),
        (7, "the site is not held"),
        (8, "minutes is no number"),
        (9, "minutes is not from 0 to 600"),
        (10, "minutes is not from 0 to 600"),
        (11, "the row has not as many cells as the first"),
    ]
    text = report.as_text()
    assert "minutes.csv, rows 9, 10: minutes is not from 0 to 600 (are they seconds?)." in text
    assert "Made by: OpenRouteService" in text
    assert "Show with the maps: © somebody" in text


def test_a_table_of_r5_is_read_by_its_headings(tmp_path: Path) -> None:
    path = table(tmp_path, "E01000001,north,7", header="from_id,to_id,travel_time_p50")
    assert read(path).frame.to_numpy().tolist() == [["E01000001", "north", 7.0]]


def test_what_is_kept_is_what_was_read(tmp_path: Path) -> None:
    assert travel_times_stamp(tmp_path) == ""
    assert load_travel_times(tmp_path) is None
    found = read(table(tmp_path, *GOOD))
    save_travel_times(tmp_path, found, AT)
    loaded = load_travel_times(tmp_path)
    assert loaded is not None
    assert loaded.to_numpy().tolist() == [["E01000001", "north", 12.5], ["E01000001", "south", 0]]
    account = travel_times_account(tmp_path)
    assert account is not None
    assert (account.taken, account.source, account.vintage) == (2, "OpenRouteService", "2026-01")
    assert travel_times_faults(tmp_path) == []
    kept = next((tmp_path / "boundaries" / "travel-times").glob("*.parquet"))
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    assert "patchmap boundaries add travel-times" in travel_times_faults(tmp_path)[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The columns lsoa_code, site_id and minutes are needed"),
        (b"a,b,c\n1,2,3\n", "The columns lsoa_code, site_id and minutes are needed"),
        (b"lsoa_code,site_id,minutes\n\xff\n", "CSV file in UTF-8"),
        (b"lsoa_code,site_id,minutes\nE99,north,5\n", "row 2: the code is of no small area"),
    ],
)
def test_a_bad_table_gets_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableTravelTimes, match=said):
        read(path)


def test_minutes_are_finite_where_a_way_is_known(tmp_path: Path) -> None:
    assert all(math.isfinite(value) for value in read(table(tmp_path, *GOOD)).frame["minutes"])
