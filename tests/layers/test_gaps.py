"""What is not held is said, and is not zero."""

from __future__ import annotations

import pytest

from tests.layers.desk import Desk

HEAD = "Month,Longitude,Latitude,Crime type\n"
ROWS = "2022-01,-1.13,52.63,Drugs\n2022-03,-1.13,52.63,Drugs\n"


@pytest.mark.parametrize(
    "asked", [{}, {"npa": "NA"}, {"type": "burglary"}, {"bbox": "-1.2,52.5,-1.1,52.6"}]
)
def test_missing_months_are_said_whatever_is_asked(desk: Desk, asked: dict[str, str]):
    desk.take("crime", "a.csv", HEAD + ROWS)
    view = desk.view("crime", from_="2022-01", to="2022-04", **asked)
    (gap,) = view.gaps
    assert gap == ("No records are held for February 2022, April 2022; that is not zero crime.")
    assert gap in view.caption


def test_nothing_held_at_all_is_said(desk: Desk):
    assert desk.view("crime").gaps == ("No recorded crime is held; that is not zero crime.",)
    desk.take("crime", "a.csv", HEAD + ROWS)
    assert "2024" in desk.view("crime", from_="2024", to="2024").gaps[0]
    assert desk.view("crime", from_="2022-03", to="2022-03").gaps == ()
