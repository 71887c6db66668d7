"""Counts by small area, NPA, month and type: what pandas counts, kept, and made anew when due."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from boundaries.lsoa_vintages import ELSEWHERE, NONE, lsoa_vintages
from layers import area_counts as module
from layers.area_counts import CRIME, area_counts
from layers.crime_counts import SLUGS
from layers.crime_intake import ASB, CRIME_TYPES
from tests.layers.desk import Desk, open_desk, shipped_ground

MONTHS = ("2021-03", "2022-03", "2022-10")
HEAD = "Crime ID,Month,Longitude,Latitude,LSOA code,Crime type\n"
DRUGS = "a,2022-01,-1.13,52.63,{code},Drugs\n"
SLUG_OF = {label: slug for slug, label in CRIME_TYPES}


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[Desk]:
    made = open_desk(tmp_path_factory.mktemp("sampled"))
    for month in MONTHS:
        made.take_file("crime", _file(shared_data, month))
    yield made
    made.workspace.close()


def _file(shared_data: Path, month: str) -> Path:
    return shared_data / "crime" / f"{month}-leicestershire-street.csv.gz"


def _rows(shared_data: Path, month: str) -> pd.DataFrame:
    """The month's rows by small area of 2021, worked out by pandas and the look-up alone."""
    rows = pd.read_csv(_file(shared_data, month), dtype=str, keep_default_na=False)
    copies = rows.duplicated() & (rows["Crime ID"] != "")
    changes = pd.read_csv(
        Path(__file__).parents[2] / "boundaries" / "data" / "lsoa_2011_2021.csv", dtype=str
    )
    ours = set(lsoa_vintages(shipped_ground()).codes)
    changes = changes[changes["lsoa21_code"].isin(ours)]
    single = changes.drop_duplicates("lsoa11_code", keep=False)
    successor = dict(zip(single["lsoa11_code"], single["lsoa21_code"], strict=True))
    successor |= {code: code for code in ours}
    rows = rows[~copies]
    return rows.assign(
        slug=rows["Crime type"].map(SLUG_OF),
        area=rows["LSOA code"].map(successor).fillna(""),
        split=rows["LSOA code"].isin(set(changes["lsoa11_code"]) - set(successor)),
    )


@pytest.mark.real_data
@pytest.mark.parametrize("month", MONTHS)
def test_counts_by_area_and_type_are_what_pandas_counts(
    sampled: Desk, shared_data: Path, month: str
):
    counts = area_counts(sampled.workspace)
    number, rows = counts.months.index(month), _rows(shared_data, month)
    expected = rows.groupby(["slug", "area"]).size().unstack(fill_value=0)
    expected = expected.reindex(index=SLUGS, columns=counts.codes, fill_value=0).to_numpy()
    found = counts.by_small_area[number]
    parents = lsoa_vintages(shipped_ground()).successors
    divided = sorted({part for areas in parents.values() if len(areas) > 1 for part in areas})
    whole = np.setdiff1d(np.arange(len(counts.codes)), divided)
    assert (found[:, whole] == expected[:, whole]).all()
    in_parts = expected[:, divided].sum(axis=1)
    in_parts += rows[rows["split"]].groupby("slug").size().reindex(SLUGS, fill_value=0).to_numpy()
    assert (found[:, divided].sum(axis=1) == in_parts).all(), "a split area keeps its records"
    by_type = rows.groupby("slug").size().reindex(SLUGS, fill_value=0).to_numpy()
    assert (counts.total[number] == by_type).all()
    no_code = rows[rows["LSOA code"] == ""].groupby("slug").size().reindex(SLUGS, fill_value=0)
    assert (counts.without_code[number] == no_code.to_numpy()).all()


@pytest.mark.real_data
@pytest.mark.parametrize("month", MONTHS)
def test_counts_by_npa_are_those_of_the_crime_page(sampled: Desk, month: str):
    counts = area_counts(sampled.workspace)
    paged = sampled.by_npa(sampled.view("crime", from_=month, to=month))
    found = counts.by_npa[counts.months.index(month)].sum(axis=0)
    assert {code: paged.get(code, 0) for code in counts.npa_codes} == dict(
        zip(counts.npa_codes, found.tolist(), strict=True)
    )


@pytest.mark.real_data
def test_no_record_is_dropped_and_those_without_an_area_are_told_of(
    sampled: Desk, shared_data: Path
):
    counts = area_counts(sampled.workspace)
    for month in MONTHS:
        rows = _rows(shared_data, month)
        rows = rows[rows["slug"] != ASB]
        none, elsewhere, whole = counts.without_area([month], CRIME)
        assert (none, whole) == (int((rows["LSOA code"] == "").sum()), len(rows))
        assert elsewhere == int(
            ((rows["LSOA code"] != "") & (rows["area"] == "") & ~rows["split"]).sum()
        )
    share = {month: counts.without_area([month], CRIME)[0] for month in MONTHS}
    assert share["2022-10"] > 3 * share["2021-03"] > 0


def test_an_area_of_2011_goes_to_its_successor_and_a_split_one_to_the_nearest_part():
    vintages = lsoa_vintages(shipped_ground())
    old, parts = next((code, each) for code, each in vintages.successors.items() if len(each) > 1)
    merged = next(
        code
        for code, each in vintages.successors.items()
        if len(each) == 1 and code not in vintages.codes
    )
    stated = pd.Categorical([old, old, old, merged, "", "E01000001", vintages.codes[3]])
    points = vintages.points_m[[parts[0], parts[1], 0, 0, 0, 0, 0]].copy()
    points[2] = np.nan
    assert vintages.areas_of(stated, points[:, 0], points[:, 1]).tolist() == [
        *(parts[0], parts[1], ELSEWHERE, vintages.successors[merged][0], NONE, ELSEWHERE, 3)
    ]


def _kept(desk: Desk) -> list[str]:
    return sorted(path.name for path in (desk.workspace.path / "counts").glob("*-areas-*"))


def test_crime_loaded_anew_is_counted_anew_and_one_file_a_month_is_kept(desk: Desk):
    code = lsoa_vintages(shipped_ground()).codes[0]
    desk.take("crime", "one.csv", HEAD + DRUGS.format(code=code))
    first = area_counts(desk.workspace)
    assert first.in_months(first.by_small_area, ["2022-01"], "drugs").sum() == 1
    (name,) = _kept(desk)
    desk.take("crime", "two.csv", HEAD + DRUGS.format(code=code) + DRUGS.format(code="")[1:])
    second = area_counts(desk.workspace)
    assert second.without_area(["2022-01"], "drugs") == (1, 0, 2)
    (other,) = _kept(desk)
    assert other != name


def test_a_process_killed_while_it_keeps_counts_leaves_the_old_or_the_new(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    desk.take("crime", "one.csv", HEAD + DRUGS.format(code=""))
    area_counts(desk.workspace)
    before = _kept(desk)
    desk.take("crime", "two.csv", HEAD + DRUGS.format(code="") + DRUGS.format(code="")[1:])

    def killed(stream, **_: object) -> None:
        stream.write(b"half of a file")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("numpy.savez", killed)
        with pytest.raises(KeyboardInterrupt):
            area_counts(desk.workspace)
    assert _kept(desk) == before
    assert area_counts(desk.workspace).without_area(["2022-01"], "drugs") == (2, 0, 2)


def test_kept_counts_are_read_and_not_counted_again(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    desk.take("crime", "one.csv", HEAD + DRUGS.format(code=""))
    held = area_counts(desk.workspace)

    def refuse(*_: object) -> None:
        raise AssertionError("counted again")

    monkeypatch.setattr(module, "_counted", refuse)
    again = module._all_months(desk.workspace)
    assert (again.total == held.total).all()
    assert (again.without_code == held.without_code).all()
