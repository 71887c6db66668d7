"""Kept counts are only ever a copy: a file that is gone, damaged, old or another's is not read."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boundaries.builder import build
from boundaries.outlines import read_outlines
from boundaries.recipe import RECIPES, read_recipe
from boundaries.saved import save_build
from layers import crime, crime_counts
from layers.count_files import kept_counts
from layers.crime import COUNTS
from layers.crime_counts import MonthCounts
from layers.registry import REGISTRY
from layers.workspace import Workspace
from tests.layers.desk import Desk

HEAD = "Crime ID,Month,Longitude,Latitude,Crime type\n"
DRUGS = ",2022-01,-1.13,52.63,Drugs\n"
ROBBERY = ",2022-01,-1.08,52.598,Robbery\n"
FEBRUARY = ",2022-02,-1.106,52.583,Robbery\n"
ARRAYS = ("q", "r", "kind", "place", "records")


def made_up(month: str = "2022-01", seed: int = 1) -> MonthCounts:
    rng = np.random.default_rng(seed)
    return MonthCounts(
        month,
        rng.integers(-500, 500, 40, dtype=np.int32),
        rng.integers(-500, 500, 40, dtype=np.int32),
        rng.integers(0, 14, 40, dtype=np.int8),
        rng.integers(0, 13, 40, dtype=np.int16),
        rng.integers(1, 900, 40, dtype=np.int32),
    )


def alike(one: MonthCounts, other: MonthCounts) -> bool:
    return one.month == other.month and all(
        getattr(one, name).dtype == getattr(other, name).dtype
        and np.array_equal(getattr(one, name), getattr(other, name))
        for name in ARRAYS
    )


class Counting:
    """Counts when asked, and how often it was asked."""

    def __init__(self, gives: MonthCounts) -> None:
        self.gives, self.times = gives, 0

    def __call__(self) -> MonthCounts:
        self.times += 1
        return self.gives


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a whole file of counts."""
    folder = tmp_path_factory.mktemp("whole")
    kept_counts(folder, "2022-01", 1000.0, "a", made_up)
    (path,) = folder.iterdir()
    return path.read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged")


def recounted(folder: Path, content: bytes) -> bool:
    """Whether this file is counted anew; the answer is right either way, and the file mended."""
    path = folder / "2022-01-1000-a.npz"
    path.write_bytes(content)
    first, second = Counting(made_up()), Counting(made_up(seed=2))
    assert alike(kept_counts(folder, "2022-01", 1000.0, "a", first), made_up())
    assert alike(kept_counts(folder, "2022-01", 1000.0, "a", second), made_up())
    assert second.times == 0, "the file was mended"
    assert files(folder) == [path.name]
    return first.times == 1


def test_counts_are_made_once_and_then_read(tmp_path: Path):
    counting = Counting(made_up())
    for _ in range(3):
        assert alike(kept_counts(tmp_path / "new", "2022-01", 500.0, "x", counting), made_up())
    assert counting.times == 1
    assert files(tmp_path / "new") == ["2022-01-500-x.npz"]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_file_with_one_byte_changed_is_never_believed(
    folder: Path, whole: bytes, data: st.DataObject
):
    at = data.draw(st.integers(0, len(whole) - 1))
    content = bytearray(whole)
    content[at] ^= data.draw(st.integers(1, 255))
    recounted(folder, bytes(content))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2_000))
@example(0)
@example(1)
def test_a_truncated_file_is_counted_anew(folder: Path, whole: bytes, length: int):
    assert recounted(folder, whole[: min(length, len(whole) - 1)])


def foreign() -> dict[str, Callable[[Path], None]]:
    counts = {name: getattr(made_up(), name) for name in ARRAYS}

    def without(name: str) -> dict[str, np.ndarray]:
        return {key: values for key, values in counts.items() if key != name}

    def text(path: Path) -> None:
        path.write_text("q,r,kind\n1,2,3\n")

    def array(path: Path) -> None:
        with path.open("wb") as stream:
            np.save(stream, np.arange(40))

    def pickled(path: Path) -> None:
        path.write_bytes(pickle.dumps(counts))

    def objects(path: Path) -> None:
        np.savez(path, **without("kind"), kind=np.array(["drugs", None] * 20, dtype=object))

    return {
        "text": text,
        "array": array,
        "pickle": pickled,
        "objects": objects,
        "lacking": lambda path: np.savez(path, **without("records")),
        "shorter": lambda path: np.savez(path, **without("place"), place=counts["place"][:-1]),
        "wider": lambda path: np.savez(path, **{k: v[:, None] for k, v in counts.items()}),
        "decimals": lambda path: np.savez(path, **without("q"), q=counts["q"] / 2),
        "single": lambda path: np.savez(path, **{k: v[0] for k, v in counts.items()}),
    }


@pytest.mark.parametrize("kind", foreign())
def test_a_foreign_file_is_counted_anew(tmp_path: Path, kind: str):
    path = tmp_path / "2022-01-1000-a.npz"
    foreign()[kind](path)
    assert recounted(tmp_path, path.read_bytes())


def test_a_folder_in_the_place_of_a_file_is_no_reason_not_to_answer(tmp_path: Path):
    (tmp_path / "2022-01-1000-a.npz").mkdir()
    assert alike(kept_counts(tmp_path, "2022-01", 1000.0, "a", made_up), made_up())
    assert files(tmp_path) == ["2022-01-1000-a.npz"], "nothing unfinished is left"


def test_old_files_of_the_same_month_and_width_go_and_no_others(tmp_path: Path):
    for month, width_m in (("2022-01", 500.0), ("2022-01", 1000.0), ("2022-02", 1000.0)):
        kept_counts(tmp_path, month, width_m, "old", lambda m=month: made_up(m))
    fresh = kept_counts(tmp_path, "2022-01", 1000.0, "new", lambda: made_up(seed=9))
    assert alike(fresh, made_up(seed=9))
    assert files(tmp_path) == [
        "2022-01-1000-new.npz",
        "2022-01-500-old.npz",
        "2022-02-1000-old.npz",
    ]


def test_a_folder_that_cannot_be_made_is_no_reason_not_to_answer(tmp_path: Path):
    (tmp_path / "counts").write_text("a file in the place of the folder")
    counting = Counting(made_up())
    for _ in range(2):
        assert alike(kept_counts(tmp_path / "counts", "2022-01", 500.0, "x", counting), made_up())
    assert counting.times == 2


@pytest.mark.parametrize("refused", ["mkstemp", "savez", "replace", "unlink"])
def test_a_disk_that_refuses_is_no_reason_not_to_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
):
    kept_counts(tmp_path, "2022-01", 500.0, "old", made_up)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("the disk is read-only, or full")

    at = {"mkstemp": "tempfile.mkstemp", "savez": "numpy.savez"}
    with monkeypatch.context() as patched:
        patched.setattr(at.get(refused, f"pathlib.Path.{refused}"), refuse)
        found = kept_counts(tmp_path, "2022-01", 500.0, "new", lambda: made_up(seed=4))
    assert alike(found, made_up(seed=4))
    again = Counting(made_up(seed=4))
    assert alike(kept_counts(tmp_path, "2022-01", 500.0, "new", again), made_up(seed=4))
    if refused != "unlink":
        assert again.times == 1
        assert not list(tmp_path.glob(".unfinished-*")), "nothing unfinished is left"


def test_an_error_in_counting_leaves_the_old_file(tmp_path: Path):
    kept_counts(tmp_path, "2022-01", 500.0, "old", made_up)

    def fails() -> MonthCounts:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kept_counts(tmp_path, "2022-01", 500.0, "new", fails)
    assert files(tmp_path) == ["2022-01-500-old.npz"]


def test_threads_that_count_at_once_leave_one_whole_file(tmp_path: Path):
    together = threading.Barrier(4)
    found: list[MonthCounts] = []

    def count() -> MonthCounts:
        together.wait(timeout=30)  # all four have found no file before one is written
        return made_up()

    def ask() -> None:
        found.append(kept_counts(tmp_path, "2022-01", 500.0, "x", count))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(found) == 4
    assert all(alike(counts, made_up()) for counts in found)
    assert files(tmp_path) == ["2022-01-500-x.npz"]
    counting = Counting(made_up(seed=2))
    assert alike(kept_counts(tmp_path, "2022-01", 500.0, "x", counting), made_up())


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """Which months were counted from their records, in cells how wide."""
    done: list[tuple[str, float]] = []

    def count(month: str, points: object, grid: object, ground: object) -> MonthCounts:
        done.append((month, grid.across_flats_m))  # type: ignore[attr-defined]
        return crime_counts.count_month(month, points, grid, ground)  # type: ignore[arg-type]

    monkeypatch.setattr(crime, "count_month", count)
    return done


def opened_again(desk: Desk) -> Desk:
    """The same workspace as a server that starts anew has it."""
    return Desk(Workspace.open(desk.workspace.path, REGISTRY.schemas), desk.files)


def kinds(desk: Desk, **params: str) -> dict[str, str]:
    return dict(desk.view("crime", **params).tables[0].rows)


def test_a_start_anew_reads_what_was_counted(desk: Desk, counted: list[tuple[str, float]]):
    desk.take("crime", "a.csv", HEAD + DRUGS * 2 + ROBBERY + FEBRUARY)
    before = kinds(desk)
    assert counted == [("2022-01", 1000), ("2022-02", 1000)]
    again = opened_again(desk)
    assert kinds(again) == before
    assert len(counted) == 2
    assert kinds(again, cell_m="500") == before
    assert counted[2:] == [("2022-01", 500), ("2022-02", 500)], "another width, other counts"
    again.workspace.close()


def test_a_replaced_month_never_reads_the_old_file(desk: Desk, counted: list[tuple[str, float]]):
    folder = desk.workspace.path / COUNTS
    desk.take("crime", "a.csv", HEAD + DRUGS * 2 + FEBRUARY)
    assert kinds(desk)["Drugs"] == "2"
    first = files(folder)
    desk.take("crime", "a.csv", HEAD + ROBBERY * 3)
    assert "Drugs" not in kinds(desk)
    assert kinds(desk)["Robbery"] == "4"
    assert counted == [("2022-01", 1000), ("2022-02", 1000), ("2022-01", 1000)]
    assert len(set(files(folder)) & set(first)) == 1
    assert len(files(folder)) == 2, "the old file is gone"
    desk.take("crime", "a.csv", HEAD + DRUGS * 2)
    again = opened_again(desk)
    assert (kinds(again)["Drugs"], kinds(again)["Robbery"]) == ("2", "1")
    again.workspace.close()


@pytest.mark.real_data
def test_rebuilt_ground_never_reads_the_old_file(
    desk: Desk, shared_data: Path, counted: list[tuple[str, float]]
):
    edge = ",2022-01,-1.1003,52.6010,Drugs\n"
    desk.take("crime", "a.csv", HEAD + DRUGS + edge * 3)
    desk.view("crime")
    shipped = files(desk.workspace.path / COUNTS)
    recipe = read_recipe(RECIPES / "leicestershire.toml")
    wards = read_outlines(shared_data / "boundaries" / "ward_2025.geojson")
    save_build(desk.workspace.path, build(recipe, wards))
    desk.workspace.reload_ground()
    view = desk.view("crime")
    ground = desk.workspace.ground
    points = desk.workspace.crime.points("2022-01")
    codes = ground.npa_at(points.easting_m, points.northing_m, datetime(2022, 1, 1).date())
    held = {code: count for code, count in desk.by_npa(view).items() if count}
    assert held == {code: int((codes == code).sum()) for code in set(codes)}
    assert counted == [("2022-01", 1000)] * 2
    assert len(files(desk.workspace.path / COUNTS)) == 1
    assert files(desk.workspace.path / COUNTS) != shipped


def test_counts_whose_numbers_meant_something_else_are_not_read(
    desk: Desk, counted: list[tuple[str, float]], monkeypatch: pytest.MonkeyPatch
):
    desk.take("crime", "a.csv", HEAD + DRUGS * 2 + ROBBERY)
    held = kinds(desk)
    monkeypatch.setattr(crime_counts, "SLUGS", (*crime_counts.SLUGS, "a-new-type"))
    again = opened_again(desk)
    assert kinds(again) == held
    assert len(counted) == 2
    again.workspace.close()


def test_damaged_files_of_a_workspace_are_mended(desk: Desk, counted: list[tuple[str, float]]):
    desk.take("crime", "a.csv", HEAD + DRUGS * 2 + ROBBERY + FEBRUARY)
    before = desk.view("crime").records
    for path in (desk.workspace.path / COUNTS).iterdir():
        os.truncate(path, path.stat().st_size // 2)
    again = opened_again(desk)
    assert again.view("crime").records.equals(before)
    once_more = opened_again(desk)
    assert once_more.view("crime").records.equals(before)
    assert len(counted) == 4
    again.workspace.close()
    once_more.workspace.close()
