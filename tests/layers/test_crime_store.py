"""Months of crime: each replaced whole and in one step, identical records all kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.crime_store import CrimeStore
from layers.errors import DamagedWorkspace
from tests.layers.desk import Desk

HEAD = "Crime ID,Month,Longitude,Latitude,LSOA code,Crime type\n"
DRUGS = "a1,2022-01,-1.13,52.63,E01013600,Drugs\n"
ASB = ",2022-01,-1.08,52.598,E01025943,Anti-social behaviour\n"
FEBRUARY = "b1,2022-02,-1.106,52.583,E01025950,Robbery\n"
KEPT = (".parquet", ".json", ".npz", ".sqlite")


def types(desk: Desk, month: str) -> list[str]:
    return sorted(desk.workspace.crime.read(month)["crime_type"])


def test_identical_records_all_stay(desk: Desk):
    report = desk.take("crime", "a.csv", HEAD + ASB * 3 + DRUGS)
    assert (report.rows, report.added, report.rejected) == (4, 4, 0)
    assert desk.view("crime").counts.surely == 4
    assert desk.take("crime", "a.csv", HEAD + DRUGS + ASB * 3).unchanged == 4, "order is nothing"
    assert desk.take("crime", "a.csv", HEAD + DRUGS + ASB * 2).updated == 3


def test_a_month_replaces_that_month_and_no_other(desk: Desk):
    desk.take("crime", "a.csv", HEAD + DRUGS + ASB + FEBRUARY)
    february = desk.workspace.crime.digest("2022-02")
    report = desk.take("crime", "b.csv", HEAD + DRUGS * 3)
    assert (report.updated, types(desk, "2022-01")) == (3, ["drugs"] * 3)
    assert "2022-01: 3 records in place of 2." in report.notes
    assert desk.workspace.crime.digest("2022-02") == february
    assert desk.workspace.crime.rows() == {"2022-01": 3, "2022-02": 1}
    assert desk.view("crime").counts.surely == 4


def test_views_follow_a_replaced_month(desk: Desk):
    desk.take("crime", "a.csv", HEAD + DRUGS)
    assert desk.view("crime").records["most_common"].tolist() == ["Drugs"]
    desk.take("crime", "a.csv", HEAD + DRUGS.replace("Drugs", "Robbery"))
    assert desk.view("crime").records["most_common"].tolist() == ["Robbery"]


def test_a_kill_before_the_manifest_leaves_the_old_months(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    desk.take("crime", "a.csv", HEAD + DRUGS + FEBRUARY)
    before = desk.workspace.crime.version()

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("layers.crime_store.orjson.dumps", killed)
    with pytest.raises(KeyboardInterrupt):
        desk.take("crime", "b.csv", HEAD + ASB + FEBRUARY * 2)
    monkeypatch.undo()
    for store in (desk.workspace.crime, CrimeStore(desk.workspace.path / "crime")):
        assert store.version() == before
        assert store.rows() == {"2022-01": 1, "2022-02": 1}
        assert store.faults() == []
    assert types(desk, "2022-01") == ["drugs"]
    assert len(desk.workspace.store.imports()) == 1
    desk.take("crime", "b.csv", HEAD + ASB + FEBRUARY * 2)
    assert desk.workspace.crime.rows() == {"2022-01": 1, "2022-02": 2}


def test_a_kill_between_partitions_leaves_the_old_months(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    desk.take("crime", "a.csv", HEAD + DRUGS + FEBRUARY)
    write, written = CrimeStore._write, []

    def killed(store: CrimeStore, name: str, frame: object) -> None:
        if written:
            raise OSError("the disk is full")
        written.append(name)
        write(store, name, frame)  # type: ignore[arg-type]

    monkeypatch.setattr(CrimeStore, "_write", killed)
    with pytest.raises(OSError, match="disk is full"):
        desk.take("crime", "b.csv", HEAD + ASB + FEBRUARY * 2)
    monkeypatch.undo()
    assert desk.workspace.crime.rows() == {"2022-01": 1, "2022-02": 1}
    assert desk.workspace.crime.faults() == []


def test_replaced_partitions_are_cleared_away(desk: Desk):
    desk.take("crime", "a.csv", HEAD + DRUGS)
    desk.take("crime", "b.csv", HEAD + ASB)
    assert len(list((desk.workspace.path / "crime").glob("*.parquet"))) == 1


def test_a_missing_or_changed_partition_is_a_fault(desk: Desk):
    desk.take("crime", "a.csv", HEAD + DRUGS + FEBRUARY)
    first, second = sorted((desk.workspace.path / "crime").glob("*.parquet"))
    january = first.read_bytes()
    first.unlink()
    assert "The crime of 2022-01 should be in" in " ".join(desk.workspace.crime.faults())
    with pytest.raises(DamagedWorkspace, match="Import that month again"):
        desk.workspace.crime.read("2022-01")
    first.write_bytes(second.read_bytes())
    assert desk.workspace.crime.faults() == ["The crime of 2022-01 was changed outside Patchmap."]
    first.write_bytes(january)
    assert desk.workspace.crime.faults() == []


def test_a_broken_manifest_is_a_sentence(desk: Desk):
    desk.take("crime", "a.csv", HEAD + DRUGS)
    (desk.workspace.path / "crime" / "manifest.json").write_text("{")
    with pytest.raises(DamagedWorkspace, match=r"manifest\.json in the crime folder"):
        desk.workspace.crime.months()


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("month", "vintage", "rows"), [("2022-10", "2011", 9_802), ("2024-01", "2021", None)]
)
def test_the_vintage_of_lsoa_codes_is_said(
    desk: Desk, shared_data: Path, month: str, vintage: str, rows: int | None
):
    path = shared_data / "crime" / f"{month}-leicestershire-street.csv.gz"
    report = desk.take_file("crime", path)
    assert report.rejected == 0
    assert rows is None or report.rows == rows
    (said,) = (note for note in report.notes if note.startswith("LSOA"))
    assert said.startswith(f"LSOA codes are of {vintage}: ")
    assert said.count("% match") == 2


def test_a_server_that_runs_as_another_user_may_read_what_was_imported(desk: Desk):
    desk.take("crime", "a.csv", HEAD + DRUGS)
    desk.view("crime")
    desk.workspace.add_notices({"crime": ["Made up."]})
    files = [path for path in desk.workspace.path.rglob("*") if path.suffix in KEPT]
    assert {path.suffix for path in files} == set(KEPT)
    assert {path.name for path in files if not path.stat().st_mode & 0o004} == set()


def test_a_manifest_that_may_not_be_read_is_said_in_a_sentence(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    desk.take("crime", "a.csv", HEAD + DRUGS)

    def refused(_: Path) -> bytes:
        raise PermissionError("permission denied")

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(DamagedWorkspace, match=r"manifest\.json .* cannot be read"):
        desk.workspace.crime.months()
