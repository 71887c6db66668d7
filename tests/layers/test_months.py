"""Counts by month are those that a query for the month alone would give."""

from __future__ import annotations

import pytest

from layers.audience import Audience
from layers.months import MOST_MONTHS
from layers.view import View

CRIME = "Month,Longitude,Latitude,Crime type\n"
BURGLARY = "{month},-1.13,52.63,Burglary\n"

VISITS = """visit_id,date,place,latitude,longitude,visitor,visit_type,date_basis
A,2023-01-10,Leicester,52.63,-1.13,PCC,surgery,stated
B,2023-01-31,Leicester,52.63,-1.13,PCC,surgery,stated
C,2023-02,Leicester,52.63,-1.13,PCC,surgery,stated-month
D,2023-03,Leicester,52.63,-1.13,PCC,surgery,inferred-month
"""


def counts(view: View) -> dict[str, tuple[int, int]]:
    return {month.month: (month.surely, month.possibly) for month in view.by_month}


def test_a_stop_is_in_its_month_and_a_doubtful_one_possibly_in_each(desk) -> None:
    desk.take("visits", "visits.csv", VISITS)
    view = desk.view("visits", from_="2022-12", to="2023-06")
    assert counts(view) == {
        "2022-12": (0, 0),
        "2023-01": (2, 1),
        "2023-02": (1, 1),
        "2023-03": (0, 1),
        "2023-04": (0, 1),
        "2023-05": (0, 1),
        "2023-06": (0, 0),
    }
    assert all(month.held for month in view.by_month)


def test_a_part_of_a_month_counts_what_lies_in_that_part(desk) -> None:
    desk.take("visits", "visits.csv", VISITS)
    view = desk.view("visits", from_="2023-01-15", to="2023-02-10")
    assert counts(view) == {"2023-01": (1, 1), "2023-02": (0, 2)}
    assert [str(month.days.date_from) for month in view.by_month] == ["2023-01-15", "2023-02-01"]
    assert [str(month.days.date_to) for month in view.by_month] == ["2023-01-31", "2023-02-10"]


def test_a_month_of_which_no_crime_is_held_is_told_from_one_without_crime(desk) -> None:
    rows = [BURGLARY.format(month=month) for month in ("2022-03", "2022-03", "2022-05")]
    desk.take("crime", "2022-street.csv", CRIME + "".join(rows))
    view = desk.view("crime", from_="2022-03", to="2022-05", type="drugs")
    assert [(month.surely, month.held) for month in view.by_month] == [
        (0, True),
        (0, False),
        (0, True),
    ]
    assert counts(desk.view("crime", from_="2022-03", to="2022-05")) == {
        "2022-03": (2, 0),
        "2022-04": (0, 0),
        "2022-05": (1, 0),
    }


@pytest.mark.parametrize("layer", ["visits", "crime", "street_safe"])
@pytest.mark.parametrize(
    "asked",
    [{}, {"from_": "2022-03-10", "to": "2022-10-20"}, {"npa": "NA", "from_": "2021-11"}],
    ids=["default", "days", "area"],
)
def test_each_month_of_the_demonstration_is_what_a_query_for_it_gives(demo, layer, asked) -> None:
    view = demo.view(layer, **asked)
    assert len(view.by_month) > 6
    for month in view.by_month:
        ends = {"from_": str(month.days.date_from), "to": str(month.days.date_to)}
        alone = demo.view(layer, **{**asked, **ends})
        assert (month.surely, month.possibly) == (alone.counts.surely, alone.counts.possibly)
        assert month.held is not bool(alone.gaps)
    assert sum(month.surely for month in view.by_month) <= view.counts.surely


def test_what_is_not_counted_by_month_has_no_months(demo) -> None:
    assert demo.view("sites").by_month == ()
    assert demo.view("street_safe", Audience.PUBLIC).by_month == ()
    years = 2022 - MOST_MONTHS // 12
    assert demo.view("crime", from_=f"{years}-12", to="2022-12").by_month == ()
    assert len(demo.view("crime", from_=f"{years + 1}-01", to="2022-12").by_month) == MOST_MONTHS
