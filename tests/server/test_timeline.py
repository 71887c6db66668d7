"""The months of a page: its slider's steps, its chart and the table beside it."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

CRIME = "/maps/crime?from=2022-01&to=2022-12"


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def timeline(html: str) -> dict:
    (text,) = re.findall(r'data-timeline="([^"]*)"', html)
    return json.loads(unescape(text))


def test_every_month_of_the_period_is_a_step_the_missing_ones_too(public) -> None:
    html = page(public, CRIME)
    steps = timeline(html)["steps"]
    assert [step["month"] for step in steps] == [f"2022-{number:02}" for number in range(1, 13)]
    assert [step["held"] for step in steps] == [True] * 10 + [False] * 2
    assert steps[1]["date_to"] == "2022-02-28"
    assert steps[-1]["words"] == "no records are held, that is not zero"
    assert html.count('class="timeline-missing"') == 2
    assert html.count('class="timeline-bar"') == 10


def test_a_part_of_a_month_is_no_extreme(public) -> None:
    says = re.compile(r'id="timeline-says">([^<]*)')
    (said,) = says.findall(page(public, "/maps/crime?from=2022-01-15&to=2022-03-10"))
    assert said.startswith("A pale part of a bar counts what may lie in the month.")
    (said,) = says.findall(page(public, "/maps/crime?from=2022-01-15&to=2022-04-10"))
    assert said.startswith("Where no date is in doubt, from 8,463 records in February 2022 to ")
    (said,) = says.findall(page(public, "/maps/crime?npa=outside"))
    assert said.startswith("No records in each month.")


def test_what_a_step_says_is_what_the_figures_of_its_month_say(public) -> None:
    for step in timeline(page(public, CRIME))["steps"]:
        address = f"/api/layers/crime/figures?from={step['date_from']}&to={step['date_to']}"
        figures = public.get(address).get_json()
        assert bool(figures["gaps"]) is not step["held"]
        if step["held"]:
            assert step["words"] == f"{figures['counts']['surely']:,} records"
            assert figures["sentences"][0] == f"{step['words']}, {step['title']}."


def test_the_table_and_the_bars_hold_the_same_figures_as_the_steps(public, read_page) -> None:
    html = page(public, CRIME)
    steps = timeline(html)["steps"]
    rows = [row for row in read_page(html).rows if row and re.fullmatch(r"\w+ 2022", row[0])]
    assert [row[0] for row in rows] == [step["title"] for step in steps]
    assert all(
        step["words"].removesuffix(" records") == row[1]
        for step, row in zip(steps, rows, strict=True)
    )
    counts = [
        int(row[1].replace(",", "")) for row, step in zip(rows, steps, strict=True) if step["held"]
    ]
    heights = [float(text) for text in re.findall(r'timeline-bar"[^>]* height="([\d.]+)"', html)]
    assert max(heights) == 60
    assert heights == pytest.approx([60 * count / max(counts) for count in counts], abs=0.06)


def test_the_chart_says_what_it_shows_from_what_and_what_is_missing(public) -> None:
    html = unescape(page(public, CRIME))
    (said,) = re.findall(r'id="timeline-says">([^<]*)<', html)
    assert said.startswith("From ")
    assert "No records are held for November 2022 to December 2022; that is not zero" in said
    assert "January 2022 to December 2022" in said
    assert re.search(r'<h3[^>]*id="timeline-title">Records per month</h3>', html)


def test_a_part_of_a_month_is_named_by_its_days(public) -> None:
    steps = timeline(page(public, "/maps/crime?from=2022-03-15&to=2022-04-30"))["steps"]
    assert steps[0]["title"] == "15 March 2022 to 31 March 2022"
    assert steps[0]["words"].startswith("no records, ")
    assert steps[0]["words"].endswith(" more possibly")


def test_a_month_of_a_register_without_a_record_is_a_count_of_none(public) -> None:
    steps = timeline(page(public, "/maps/visits?from=2010-01&to=2010-03"))["steps"]
    assert {step["words"] for step in steps} == {"no stops"}
    assert all(step["held"] for step in steps)


def test_counts_by_cell_need_a_legend_for_single_months_and_records_do_not(public) -> None:
    assert timeline(page(public, CRIME))["legend_by"] == {"by": "month"}
    assert timeline(page(public, "/maps/visits"))["legend_by"] is None


@pytest.mark.parametrize("path", ["/maps/street-safe", "/maps/estate", "/maps/all", "/"])
def test_pages_without_months_have_no_timeline(public, path) -> None:
    assert "data-timeline" not in page(public, path)


def test_staff_step_through_the_months_of_reports_that_the_public_has_by_quarter(staff) -> None:
    assert len(timeline(page(staff, "/maps/street-safe"))["steps"]) == 12
