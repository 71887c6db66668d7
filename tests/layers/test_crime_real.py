"""Real crime on real ground: the figures that were measured beforehand by other means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.view import View
from tests.layers.desk import Desk, open_desk

pytestmark = pytest.mark.real_data

OCTOBER = {"from_": "2022-10", "to": "2022-10"}
BY_NPA = {
    "NL": 1_430,
    "NH": 1_365,
    "NW": 1_296,
    "NE": 1_276,
    "NC": 1_261,
    "NN": 831,
    "NA": 797,
    "NS": 601,
    "NR": 528,
    "Outside the force area": 15,
    "No location": 402,
}


def held_in_cells(view: View) -> int:
    (said,) = re.findall(r"The cells hold ([\d,]+):", " ".join(view.caption))
    return int(said.replace(",", ""))


def test_october_2022_on_the_wards_of_2025(real: Desk):
    view = real.view("crime", **OCTOBER)
    counts = view.counts
    assert (counts.surely, counts.possibly) == (9_802, 0)
    assert counts.surely - counts.unlocated == 9_400
    assert counts.outside == 15
    assert real.by_npa(view) == BY_NPA
    caption = " ".join(view.caption)
    assert caption.startswith("9,802 records, October 2022.")
    assert "9,050 of them are crimes and 752 are incidents of anti-social behaviour." in caption
    assert dict(row for row in view.tables[0].rows)["All crimes"] == "9,050"
    assert view.tables[0].rows[-1] == ("Anti-social behaviour (not crimes)", "752")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[Desk]:
    """The same month on the outlines that are shipped."""
    made = open_desk(tmp_path_factory.mktemp("shipped"))
    made.take_file("crime", shared_data / "crime" / "2022-10-leicestershire-street.csv.gz")
    yield made
    made.workspace.close()


def test_the_shipped_outlines_come_within_one_in_a_hundred(shipped: Desk):
    found = shipped.by_npa(shipped.view("crime", **OCTOBER))
    assert found["No location"] == BY_NPA["No location"]
    for code, count in BY_NPA.items():
        assert found[code] == pytest.approx(count, rel=0.01, abs=1), code
    assert sum(found.values()) == 9_802


@pytest.mark.parametrize("by", ["cell", "month"])
@pytest.mark.parametrize("cell_m", ["500", "1000", "2000"])
def test_cells_add_up_to_what_the_caption_says(real: Desk, cell_m: str, by: str):
    view = real.view("crime", cell_m=cell_m, by=by, from_="2020-02", to="2022-10")
    cells = view.records
    assert held_in_cells(view) == cells["records"].sum()
    assert (cells["crimes"] + cells["anti_social_behaviour"] == cells["records"]).all()
    if by == "month":
        assert (cells["date_from"].dt.to_period("M") == cells["date_to"].dt.to_period("M")).all()
    assert not cells.duplicated(["cell_id", "date_from"] if by == "month" else "cell_id").any()
    counts = view.counts
    assert held_in_cells(view) == counts.matched - counts.unlocated - counts.outside
    (unlocated,) = re.findall(r"([\d,]+) of these have no location", " ".join(view.caption))
    assert int(unlocated.replace(",", "")) == counts.unlocated


def test_the_cells_of_one_month_hold_what_lies_inside(real: Desk):
    assert real.view("crime", **OCTOBER).records["records"].sum() == 9_400 - 15


def test_npas_asked_for_one_by_one_add_up_to_the_whole(real: Desk):
    whole = real.view("crime", **OCTOBER)
    parts = {code: real.view("crime", npa=code, **OCTOBER) for code in list(BY_NPA)[:9]}
    for code, view in parts.items():
        assert view.counts.surely == held_in_cells(view) == BY_NPA[code]
    assert sum(held_in_cells(view) for view in parts.values()) == held_in_cells(whole)
    outside = real.view("crime", npa="outside", **OCTOBER)
    assert (outside.counts.surely, held_in_cells(outside)) == (15, 0)
    pair = real.view("crime", npa=["NA", "NL"], **OCTOBER)
    assert pair.counts.surely == BY_NPA["NA"] + BY_NPA["NL"]


def test_types_asked_for_one_by_one_add_up_to_the_whole(real: Desk):
    spec = real.view("crime", **OCTOBER).layer
    slugs = [option.value for option in spec.types if option.value != "crime"]
    counts = {slug: real.view("crime", type=slug, **OCTOBER).counts.surely for slug in slugs}
    assert (sum(counts.values()), counts["anti-social-behaviour"]) == (9_802, 752)
    assert real.view("crime", type="crime", **OCTOBER).counts.surely == 9_050


def test_months_that_began_before_the_npas_have_none_but_stand_in_cells(real: Desk):
    view = real.view("crime", from_="2020-02", to="2020-03")
    found = real.by_npa(view)
    assert all(found[code] == 0 for code in list(BY_NPA)[:9])
    assert found["No NPA before 11 March 2020"] == held_in_cells(view) > 10_000
    cells = view.records
    assert set(cells["npa_code"]) == {""}
    assert set(cells["npa_name"]) == {"No NPA before 11 March 2020"}
    assert "Records of months that began before 11 March 2020 have no NPA." in view.caption


def test_a_box_holds_less_than_the_whole_and_splits_it(real: Desk):
    west = real.view("crime", bbox="-1.7,52.3,-1.13,53.1", **OCTOBER).counts
    east = real.view("crime", bbox="-1.13,52.3,-0.3,53.1", **OCTOBER).counts
    assert west.unlocated == east.unlocated == 0
    assert west.surely + east.surely == pytest.approx(9_400, abs=15)
    assert min(west.surely, east.surely) > 2_000
