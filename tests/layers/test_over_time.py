"""What stands still while time and imports go on: published quarters, cells, months of crime."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pandas as pd
import pytest

from layers.audience import Audience
from layers.files import read_table
from layers.location import NO_AREA_NAME
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.exporting import export_view
from tests.layers.desk import AT, Desk

PUBLIC = Audience.PUBLIC
REPORTS = "report_id,date,lat,lon,concerns\n"
IN_MAY = [
    f"{place[:6]}{number},2022-05,{place},no-cctv"
    for place, count in (("52.724,-1.369", 9), ("52.769,-1.205", 9), ("52.672,-0.731", 7))
    for number in range(count)
]
"""Enough in three areas for the two larger counts to be published."""
Cells = dict[tuple[str, pd.Timestamp], int | None]


def published(desk: Desk, today: date) -> Cells:
    view = desk.view("street_safe", PUBLIC, today, from_="2021", to="2024")
    (table,) = view.tables or (None,)
    if table is None:
        return {}
    return {
        (row[0], column): None if cell == "withheld" else int(cell)
        for row in table.rows
        for column, cell in zip(table.columns[1:], row[1:], strict=True)
    }


def test_a_later_quarter_changes_nothing_in_an_earlier_one(demo: Desk):
    last = published(demo, date(2024, 6, 1))
    seen = 0
    for month in pd.date_range("2021-10-01", "2024-04-01", freq="QS"):
        for cell, figure in published(demo, month.date()).items():
            assert figure == last[cell], (month, cell)
            seen += 1
    assert seen > 300
    assert any(figure is None for figure in last.values())
    assert any(figure is not None for figure in last.values())


def test_a_report_of_no_one_quarter_is_counted_in_none(desk: Desk):
    rows = [f"Y{n},2022,52.724,-1.369,no-cctv" for n in range(30)]
    rows += IN_MAY
    desk.take("street_safe", "a.csv", REPORTS + "\n".join(rows))
    view = desk.view("street_safe", PUBLIC, date(2024, 1, 1), from_="2022", to="2022")
    assert view.counts.surely == 18
    assert desk.view("street_safe", from_="2022", to="2022").counts.surely == 55


def test_one_mistyped_year_does_not_stop_the_public_table(desk: Desk):
    mistyped = "X,1801-05-03,52.724,-1.369,no-cctv"
    desk.take("street_safe", "a.csv", REPORTS + "\n".join([*IN_MAY, mistyped]))
    view = desk.view("street_safe", PUBLIC, date(2024, 1, 1), from_="2022", to="2022")
    assert view.counts.surely == 18


def test_a_cell_is_the_same_cell_however_small_the_box(demo: Desk):
    whole = demo.view("crime", from_="2022-10", to="2022-10").records.set_index("cell_id")
    busiest = whole["records"].idxmax()
    centre = whole.loc[[busiest]].geometry.centroid.to_crs(4326).iloc[0]
    box = f"{centre.x - 0.0001},{centre.y - 0.0001},{centre.x + 0.0001},{centre.y + 0.0001}"
    view = demo.view("crime", from_="2022-10", to="2022-10", bbox=box)
    assert dict(zip(view.records["cell_id"], view.records["records"], strict=True)) == {
        busiest: whole.loc[busiest, "records"]
    }


def test_imports_at_the_same_time_lose_no_month(desk: Desk):
    months = [f"2022-{month:02}" for month in range(1, 13)]
    tables = [
        read_table(desk.write(f"{month}.csv", f"Month,Crime type\n{month},Drugs\n"))
        for month in months
    ]

    def take(index: int) -> int:
        workspace = Workspace.open(desk.workspace.path, REGISTRY.schemas)
        report = REGISTRY.get("crime").take(tables[index], workspace, Intake(AT))
        workspace.close()
        return report.added

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(take, range(12))) == 12
    assert list(desk.workspace.crime.months()) == months


@pytest.mark.parametrize("layer", ["visits", "sites", "crime"])
@pytest.mark.parametrize("audience", list(Audience))
def test_an_export_of_all_areas_leaves_no_record_out(demo: Desk, layer: str, audience: Audience):
    chosen, workspace = REGISTRY.get(layer), demo.workspace
    now = datetime(2026, 1, 2)
    areas = [*workspace.ground.npa_codes, "outside"]
    whole = export_view(chosen, workspace, {}, audience, now)
    by_area = export_view(chosen, workspace, {"npa": areas}, audience, now)
    located = whole.counts.matched - whole.counts.unlocated
    assert by_area.counts.matched == located > 0


def test_a_gap_between_areas_is_not_called_an_earlier_time(desk: Desk):
    ground = desk.workspace.ground
    areas = REGISTRY.get("npas")
    view = export_view(areas, desk.workspace, {}, Audience.STAFF, AT)
    missing = view.records["npa_code"] != ground.npa_codes[0]
    columns = ["npa_code", "npa_name", "group", "approximate"]
    outlines = view.records[missing].to_crs(4326)
    lines = [
        ",".join([*map(str, row), f'"{outline.wkt}"'])
        for row, outline in zip(
            outlines[columns].itertuples(index=False), outlines.geometry, strict=True
        )
    ]
    desk.take("npas", "gap.csv", "\n".join([",".join([*columns, "wkt"]), *lines]))
    desk.workspace.reload_ground()
    inside = view.records[~missing].to_crs(4326).geometry.representative_point().iloc[0]
    header = "visit_id,date,place,visit_type,longitude,latitude\n"
    desk.take("visits", "v.csv", f"{header}V1,2024-06-10,Here,event,{inside.x},{inside.y}\n")
    assert list(desk.view("visits").records["npa_name"]) == [NO_AREA_NAME]
