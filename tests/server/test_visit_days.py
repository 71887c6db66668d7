"""The days of visits over time, and the areas without a stop: as page, map, picture and data."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo.dates import DateInterval
from layers.workspace import Workspace
from server.visits import asked as asked_module
from server.visits.account import Account
from server.visits.asked import Asked, asked
from server.visits.days_chart import days_chart
from server.visits.unvisited import unvisited
from tests.server.conftest import Browser, MakeApp, ReadPage

PAGE = "/visits/commitment"
WARDS = f"{PAGE}/wards".replace("/visits", "/api/visits")
YEARS = (
    "from=2024-04-01&to=2025-03-31",
    "from=2021-06-15&to=2022-02-03",
    "from=2015&to=2025-03-31",
)
FILTERS = (
    "",
    "visitor=Deputy%20PCC",
    "initiated_by=invitation",
    "type=event&type=surgery",
    "type=community-day&visitor=PCC&initiated_by=unknown",
)


def asked_of(app: Flask, query: str) -> tuple[Asked, Account]:
    with app.test_request_context("/"):
        what = asked(parse_qs(query))
        return what, what.account()


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_the_account_is_one_mark(app: Flask, year: str, filters: str) -> None:
    what, account = asked_of(app, f"{year}&{filters}")
    chart = days_chart(account)
    assert [row.name for row in chart.rows] == [area.name for area in account.npas]
    for row, area in zip(chart.rows, account.npas, strict=True):
        kinds = [mark.kind for mark in row.marks]
        assert kinds.count("day") + kinds.count("span") == area.days.surely == len(row.surely)
        assert kinds.count("possibly") == area.days.possibly == len(row.possibly)
        for mark, day in zip(row.marks, area.visits, strict=True):
            assert 0 <= mark.left <= mark.left + mark.width <= 100.001
            assert (mark.kind == "day") == (day.is_day and day.membership(what.period) == "in")
            assert mark.words == day.in_words()


def test_a_mark_stands_where_its_day_is(app: Flask) -> None:
    _, account = asked_of(app, YEARS[0])
    (eastern,) = (area for area in account.npas if area.code == "NE")
    row = days_chart(account).rows[account.npas.index(eastern)]
    marks = dict(zip(eastern.visits, row.marks, strict=True))
    day = DateInterval(date(2024, 6, 13), date(2024, 6, 13))
    days_before = (date(2024, 6, 13) - date(2024, 4, 1)).days
    assert marks[day].left == pytest.approx(100 * (days_before + 0.5) / 365, abs=0.001)
    (span,) = (mark for mark in marks.values() if mark.kind == "span")
    assert span.words == "August 2024 to December 2024"
    assert span.left == pytest.approx(100 * 122 / 365, abs=0.001)
    assert span.width == pytest.approx(100 * 153 / 365, abs=0.001)


def test_what_reaches_beyond_the_period_is_cut_at_its_edge(app: Flask) -> None:
    _, account = asked_of(app, "from=2024-10-01&to=2025-03-31")
    marks = [mark for row in days_chart(account).rows for mark in row.marks]
    possible = [mark for mark in marks if mark.kind == "possibly"]
    assert possible
    assert {mark.left for mark in possible} == {0}


def test_the_ticks_are_months_or_years(app: Flask) -> None:
    months = days_chart(asked_of(app, YEARS[0])[1]).ticks
    assert [tick.label for tick in months][:2] == ["Apr", "May"]
    assert [(tick.label, tick.year) for tick in months if tick.year] == [
        ("Apr", "2024"),
        ("Jan", "2025"),
    ]
    assert len(months) == 12
    years = days_chart(asked_of(app, YEARS[2])[1]).ticks
    assert [tick.label for tick in years] == [*map(str, range(2015, 2025)), ""], (
        "three months are no room for the name of the last year"
    )
    part = days_chart(asked_of(app, "from=2024-04-28&to=2025-03-31")[1]).ticks
    assert part[0].label == "", "two days of April are no room for its name"


PERIODS = (
    *YEARS,
    "from=2024-04-28&to=2025-03-31",
    "from=2024-12-01&to=2025-11-30",
    "from=2023-10-01&to=2025-03-31",
    "from=2020-04-01&to=2025-03-31",
    "from=2021-12-20&to=2025-01-05",
    "from=2024-05-01&to=2024-05-31",
    "from=1985&to=2025-03-31",
)


@pytest.mark.parametrize("period", PERIODS)
def test_labels_of_the_chart_never_collide(app: Flask, period: str) -> None:
    """A label is about 27 pixels wide, and a chart 288 in the narrowest and 432 in a wide page."""
    ticks = days_chart(asked_of(app, period)[1]).ticks
    narrow = [tick.left for tick in ticks if tick.label and not tick.wide]
    wide = [tick.left for tick in ticks if tick.label]
    years = [tick.left for tick in ticks if tick.year]
    assert narrow
    for places, chart_px in ((narrow, 288), (wide, 432), (years, 288)):
        at = [place * chart_px / 100 for place in places]
        assert all(later - earlier > 27 for earlier, later in pairwise(at))
        assert all(left + 27 < chart_px for left in at)


def test_the_year_stands_under_the_month_with_which_it_begins(app: Flask) -> None:
    ticks = days_chart(asked_of(app, "from=2024-12-01&to=2025-11-30")[1]).ticks
    assert [(tick.label, tick.year) for tick in ticks if tick.year] == [("Jan", "2025")]


def rows_of(client: FlaskClient, query: str) -> list[dict[str, str]]:
    answered = client.get(f"{WARDS}.csv?{query}")
    assert answered.status_code == 200, answered.text
    return list(csv.DictReader(io.StringIO(answered.text)))


@pytest.mark.parametrize("filters", FILTERS)
def test_wards_without_a_stop_are_the_same_everywhere(
    app: Flask, public: FlaskClient, filters: str
) -> None:
    query = f"{YEARS[0]}&{filters}"
    _, account = asked_of(app, query)
    without = {ward.code for ward in unvisited(account.wards)}
    with_a_stop = {w.code for w in account.wards if w.stops.surely + w.stops.possibly}
    assert without.isdisjoint(with_a_stop)
    assert len(without | with_a_stop) == len(account.wards) == 176
    assert {row["ward_code"] for row in rows_of(public, query)} == without
    document = public.get(f"{WARDS}.geojson?{query}").get_json()
    assert {each["properties"]["ward_code"] for each in document["features"]} == without
    assert {each["geometry"]["type"] for each in document["features"]} == {"Point"}
    page = public.get(f"{PAGE}?{query}").text
    assert f"{len(without)} of 176 wards have none." in page
    listed = re.search(r'<ul class="columns">(.*?)</ul>', page, re.DOTALL)
    assert listed is not None
    assert listed.group(1).count("<li>") == len(without)


def test_areas_without_a_stop_are_named(public: FlaskClient) -> None:
    page = public.get(f"{PAGE}?{YEARS[0]}").text
    assert "NPAs without a stop: South Leicester (approximate)." in page
    assert "Districts without a stop: none." in page


def test_the_map_and_the_picture_have_the_wards_as_a_layer_of_their_own(
    public: FlaskClient,
) -> None:
    script = public.get(f"{PAGE}/map.js?{YEARS[0]}").text
    assert f"{WARDS}.geojson" in script
    assert '"Wards without a stop"' in script
    drawn = public.get(f"{PAGE}/picture.svg?{YEARS[0]}").text
    assert "Centre of a ward without a stop" not in drawn, "they would hide the areas"
    page = public.get(f"{PAGE}?{YEARS[0]}").text
    assert '<section class="legend" data-shown-with="wards_without_stop" hidden>' in page
    asked_for = f"{YEARS[0]}&on=commitment,wards_without_stop"
    assert "Centre of a ward without a stop" in public.get(f"{PAGE}/picture.svg?{asked_for}").text
    switched_off = public.get(f"{PAGE}/picture.svg?{YEARS[0]}&on=commitment,outlines").text
    assert "Centre of a ward without a stop" not in switched_off
    alone = public.get(f"{PAGE}/picture.svg?{YEARS[0]}&on=wards_without_stop").text
    assert "How the commitment stands" not in alone


@pytest.mark.parametrize("filters", FILTERS)
def test_one_account_serves_page_script_picture_and_data(
    demo: Workspace, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, filters: str
) -> None:
    made = []
    account_of = asked_module.account_of

    def counted(*given: object) -> Account:
        made.append(given)
        return account_of(*given)

    monkeypatch.setattr(asked_module, "account_of", counted)
    client = Browser(make_app(demo))
    query = f"from=2023-05-02&to=2024-05-0{1 + FILTERS.index(filters)}&{filters}"
    for address in (PAGE, f"{PAGE}/map.js", f"{PAGE}/picture.svg", f"{WARDS}.csv",
                    "/api/visits/commitment.csv"):  # fmt: skip
        assert client.get(f"{address}?{query}").status_code == 200
    assert len(made) == 1


def test_the_chart_and_its_table_are_on_the_page(
    app: Flask, public: FlaskClient, read_page: ReadPage
) -> None:
    text = public.get(f"{PAGE}?{YEARS[0]}").text
    page = read_page(text)
    chart = days_chart(asked_of(app, YEARS[0])[1])
    for row in chart.rows:
        said = [row.name, "; ".join(row.surely) or "None", "; ".join(row.possibly) or "None"]
        assert said in page.rows
    discs = [a for tag, a in page.tags if tag == "circle" and a.get("class") == "days-day"]
    assert len(discs) == 1 + sum(mark.kind == "day" for row in chart.rows for mark in row.marks)
    assert " style=" not in text


def test_addresses_of_the_wards_take_what_the_page_takes(
    public: FlaskClient, read_page: ReadPage
) -> None:
    page = read_page(public.get(f"{PAGE}?{YEARS[0]}&visitor=PCC").text)
    (link,) = (link for link in page.links() if link.startswith(f"{WARDS}.csv"))
    assert parse_qs(urlsplit(link).query)["visitor"] == ["PCC"]
    assert public.get(f"{WARDS}.csv?npa=NA").status_code == 400
