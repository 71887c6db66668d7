"""Street Safe to the public: fixed counts by quarter and NPA, which no sums give away.

The last tests are an attacker's: they ask for many periods and areas, gather every figure that is
answered, and look by linear programming for a withheld count that these pin down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations, product

import numpy as np
import pytest
from scipy.optimize import linprog

from layers.audience import Audience
from layers.errors import BadQuery
from layers.view import View
from tests.layers.desk import Desk, open_desk

PUBLIC = Audience.PUBLIC
THRESHOLD = 5
TOTAL_PUBLISHED_ELSEWHERE = 643
NPAS = ("NA", "NC", "NE", "NH", "NL", "NN", "NR", "NS", "NW", "outside")
STARTS = ("2021-07", "2021-10", "2022-02-03", "2023-04")
ENDS = ("2021-12", "2022-06", "2023-02-03", "2023-12")

Cell = tuple[str, str]


def cells_of(view: View) -> dict[Cell, int | None]:
    """The published table: a figure, or None where it is withheld."""
    if not view.tables:
        return {}
    (table,) = view.tables
    return {
        (row[0], quarter): None if figure == "withheld" else int(figure.replace(",", ""))
        for row in table.rows
        for quarter, figure in zip(table.columns[1:], row[1:], strict=True)
        if figure
    }


def asked(desk: Desk) -> Iterator[View]:
    areas: list[list[str]] = [[], *([npa] for npa in NPAS), *map(list, combinations(NPAS[:4], 2))]
    for first, last in product(STARTS, ENDS):
        if first <= last:
            for npas in areas if first in STARTS[:2] else areas[:4]:
                yield desk.view("street_safe", PUBLIC, from_=first, to=last, npa=npas)
    yield desk.view("street_safe", PUBLIC)


@pytest.fixture(scope="module")
def views(demo: Desk) -> list[View]:
    return list(asked(demo))


@pytest.fixture(scope="module")
def whole(demo: Desk) -> dict[Cell, int | None]:
    return cells_of(demo.view("street_safe", PUBLIC, from_="2021", to="2023"))


def test_no_published_count_is_below_the_threshold(views: list[View]):
    assert len(views) > 100
    for view in views:
        figures = [figure for figure in cells_of(view).values() if figure is not None]
        assert all(figure >= THRESHOLD for figure in figures)
        for column in {"reports", "reports_possibly"} & set(view.records.columns):
            assert (view.records[column].dropna() >= THRESHOLD).all()


def test_a_cell_has_one_figure_whatever_is_asked(views: list[View], whole: dict[Cell, int | None]):
    assert len(whole) == 100
    assert 20 < sum(figure is None for figure in whole.values()) < 80
    seen: set[Cell] = set()
    for view in views:
        for cell, figure in cells_of(view).items():
            assert figure == whole[cell], cell
            seen.add(cell)
    assert seen == set(whole)


def test_every_sum_is_one_of_published_cells_and_tells_no_more(views: list[View]):
    for view in views:
        table = cells_of(view)
        published = sum(figure for figure in table.values() if figure is not None)
        withheld = sum(figure is None for figure in table.values())
        assert view.counts.matched == published
        assert view.counts.withheld == withheld
        assert view.by_npa[["surely", "possibly"]].to_numpy().sum() == published
        shown = view.records.columns.intersection(["reports", "reports_possibly"])
        drawn = view.records[shown].fillna(0).to_numpy().sum()
        assert drawn == published
        said = [int(text.replace(",", "")) for text in re.findall(r"[\d,]*\d", view.caption[0])]
        assert view.counts.surely in said or view.caption[0].startswith("No ")
        for name, figure in view.by_npa[["npa_name", "surely"]].itertuples(index=False):
            of_row = [value for (row, _), value in table.items() if row == name and value]
            assert figure <= sum(of_row)


def feasible(cells: list[Cell], whole: dict[Cell, int | None], views: list[View]):
    """Bounds of every withheld count, given all that was answered and the published total."""
    hidden = [cell for cell in cells if whole[cell] is None]
    known = sum(figure for figure in whole.values() if figure is not None)
    place = {cell: index for index, cell in enumerate(hidden)}
    least, rows = [], set()
    for view in views:
        table = cells_of(view)
        members = frozenset(place[cell] for cell, figure in table.items() if figure is None)
        figures = sum(figure for figure in table.values() if figure is not None)
        if members and members not in rows:
            rows.add(members)
            line = np.zeros(len(hidden))
            line[list(members)] = -1.0
            least.append((line, figures - view.counts.matched))
    matrix = np.array([line for line, _ in least])
    limits = np.array([float(limit) for _, limit in least])
    total = np.ones((1, len(hidden)))
    for index, cell in enumerate(hidden):
        aim = np.zeros(len(hidden))
        bounds = []
        for sign in (1.0, -1.0):
            aim[index] = sign
            solved = linprog(
                aim,
                A_ub=matrix,
                b_ub=limits,
                A_eq=total,
                b_eq=[TOTAL_PUBLISHED_ELSEWHERE - known],
                bounds=(0, None),
            )
            assert solved.success
            bounds.append(sign * solved.fun)
        yield cell, *bounds


def test_nothing_answered_pins_down_a_withheld_count(
    views: list[View], whole: dict[Cell, int | None]
):
    found = list(feasible(list(whole), whole, views))
    assert len(found) == sum(figure is None for figure in whole.values())
    for cell, lowest, highest in found:
        assert highest - lowest >= 1, f"{cell} can only be {lowest}"
        assert highest >= THRESHOLD, f"{cell} can be shown to be below {THRESHOLD}"


@pytest.fixture
def small(desk: Desk) -> Desk:
    """One quarter: 9 reports in Wigston and Harborough, 3 in North West Leicestershire."""
    rows = [f"A{n},2022-02-01,52.598,-1.080,badly-lit" for n in range(9)]
    rows += [f"B{n},2022-02-01,52.724,-1.369,badly-lit" for n in range(3)]
    desk.take("street_safe", "a.csv", "\n".join(["report_id,date,lat,lon,concerns", *rows]))
    return desk


def test_the_only_other_count_goes_with_a_small_one(small: Desk):
    view = small.view("street_safe", PUBLIC)
    cells = cells_of(view)
    assert ("Wigston and Harborough", "Jan to Mar 2022") in cells
    assert set(cells.values()) == {None}
    assert (view.counts.matched, view.counts.withheld) == (0, len(cells))
    assert view.records["reports"].isna().all()
    assert not re.search(r"\b(3|9|12)\b", view.caption[0].replace("2022", ""))


def test_the_public_table_follows_a_later_import(small: Desk):
    small.view("street_safe", PUBLIC)
    rows = [f"C{n},2022-02-01,52.724,-1.369,no-cctv" for n in range(3)]
    small.take("street_safe", "b.csv", "\n".join(["report_id,date,lat,lon,concerns", *rows]))
    figures = set(cells_of(small.view("street_safe", PUBLIC)).values()) - {None}
    assert figures
    assert figures <= {6, 9}


def test_a_quarter_is_published_when_it_is_over(small: Desk):
    rows = [f"C{n},2022-02-01,52.724,-1.369,no-cctv" for n in range(30)]
    small.take("street_safe", "b.csv", "\n".join(["report_id,date,lat,lon,concerns", *rows]))
    during = small.view("street_safe", PUBLIC, date(2022, 3, 31))
    assert (cells_of(during), during.counts.matched) == ({}, 0)
    after = small.view("street_safe", PUBLIC, date(2022, 4, 1))
    assert after.counts.matched >= 33 - 9
    again = small.view("street_safe", PUBLIC, date(2022, 3, 31))
    assert cells_of(again) == {}, "no answer of one day is kept for another"


@pytest.mark.parametrize("params", [{"type": "badly-lit"}, {"bbox": "-1.4,52.7,-1.3,52.8"}])
def test_what_would_cut_the_table_anew_is_for_staff(small: Desk, params: dict[str, str]):
    with pytest.raises(BadQuery, match="published as fixed counts"):
        small.view("street_safe", PUBLIC, **params)
    assert small.view("street_safe", Audience.STAFF, **params).counts.surely > 0


def test_no_report_no_table(desk: Desk):
    view = desk.view("street_safe", PUBLIC)
    assert (len(view.records), view.tables, view.counts.withheld) == (0, (), 0)


def test_the_table_is_the_same_for_another_day_and_order(small: Desk, tmp_path_factory):
    other = open_desk(tmp_path_factory.mktemp("other"))
    rows = (small.files / "a.csv").read_text().splitlines()
    other.take("street_safe", "b.csv", "\n".join([rows[0], *reversed(rows[1:])]))
    ask = {"from_": "2022", "to": "2022"}
    assert cells_of(other.view("street_safe", PUBLIC, **ask)) == cells_of(
        small.view("street_safe", PUBLIC, **ask)
    )
    other.workspace.close()
