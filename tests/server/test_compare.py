"""Two periods compared: figures by hand, what cannot be compared, and the page made of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from html import unescape

import pytest
from flask.testing import FlaskClient

from geo.dates import DateInterval
from layers.files import read_table
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.compare.comparison import SMALLEST_BASE, Change, Count, change_of
from server.compare.periods import Basis, basis_of, equally_long, overlap, year_before
from server.compare.words import CHANCE, change_in_words, change_text, count_text
from tests.server.conftest import Browser

HEADER = "Month,Longitude,Latitude,Crime type"
CITY, CHARNWOOD = "-1.1300,52.6300", "-1.2060,52.7720"
MONTHS = {
    ("2021-03", CITY): 30,
    ("2021-03", CHARNWOOD): 10,
    ("2021-04", CITY): 20,
    ("2022-03", CITY): 36,
    ("2022-03", CHARNWOOD): 4,
    ("2022-04", CITY): 20,
    ("2022-04", CHARNWOOD): 2,
    ("2022-06", CITY): 5,
    ("2019-03", CITY): 7,
}
VISITS = """visit_id,date,place,latitude,longitude,visitor,visit_type,date_basis
A,2022-03-10,Leicester,52.63,-1.13,PCC,surgery,stated
B,2022-03-11,Leicester,52.63,-1.13,PCC,surgery,stated
C,2022-03,Leicester,52.63,-1.13,PCC,event,inferred-month
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with a few months of made-up crime; 2022-05 is not held."""
    folder = tmp_path_factory.mktemp("compared")
    workspace = Workspace.open(folder / "workspace", REGISTRY.schemas)
    rows = [f"{month},{at},Burglary" for (month, at), n in MONTHS.items() for _ in range(n)]
    for layer, text in (("crime", "\n".join([HEADER, *rows])), ("visits", VISITS)):
        file = folder / f"{layer}.csv"
        file.write_text(text)
        REGISTRY.get(layer).take(read_table(file), workspace, Intake(datetime(2026, 11, 22)))
    yield workspace
    workspace.close()


@pytest.fixture
def client(made: Workspace, make_app) -> FlaskClient:
    return Browser(make_app(made))


def text_of(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html)))


def rows_of(client: FlaskClient, address: str) -> dict[str, dict[str, str]]:
    """The rows of the comparison as CSV, by name of their area without its marks."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "text/csv"
    rows = csv.DictReader(io.StringIO(answer.get_data(as_text=True)))
    return {row["npa_name"].removesuffix(" (approximate)"): row for row in rows}


def lead(client: FlaskClient, address: str, read_page) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return read_page(answer.get_data(as_text=True)).captions[0]


SPRINGS = "from=2022-03&to=2022-04&with_from=2021-03&with_to=2021-04"


def test_the_figures_are_those_counted_by_hand(client) -> None:
    rows = rows_of(client, f"/maps/crime/compare.csv?{SPRINGS}")
    city = next(row for row in rows.values() if row["earlier"] == "50")
    assert (city["later"], city["difference"], city["percent"]) == ("56", "6", "12.0")
    charnwood = rows["Charnwood"]
    assert (charnwood["earlier"], charnwood["later"], charnwood["difference"]) == ("10", "6", "-4")
    assert charnwood["percent"] == "", f"10 is fewer than {SMALLEST_BASE}"
    assert (rows["Total"]["earlier"], rows["Total"]["later"]) == ("60", "62")
    assert rows["Total"]["difference"] == "2"
    assert {row["no_difference_because"] for row in rows.values()} == {""}


@pytest.mark.parametrize("layer", ["visits", "crime", "street-safe"])
def test_the_rows_add_up_to_the_total(staff, layer) -> None:
    rows = rows_of(staff, f"/maps/{layer}/compare.csv")
    total = rows.pop("Total")
    assert total["difference"]
    for name in ("earlier", "earlier_possibly", "later", "later_possibly", "difference"):
        assert sum(int(row[name]) for row in rows.values()) == int(total[name])


def test_the_page_leads_with_both_counts_and_says_what_chance_can_do(client, read_page) -> None:
    first, *rest = lead(client, f"/maps/crime/compare?{SPRINGS}", read_page)
    assert first == (
        "60 records in March 2021 to April 2021; 62 records in March 2022 to April 2022: "
        "2 more, 3% more in the later period."
    )
    assert rest[-1] == CHANCE
    assert any(str(SMALLEST_BASE) in sentence for sentence in rest)


def test_page_and_csv_show_the_same_figures(client, read_page) -> None:
    html = client.get(f"/maps/crime/compare?{SPRINGS}").get_data(as_text=True)
    shown = {row[0].split()[-1]: row[2:4] for row in read_page(html).rows if len(row) == 4}
    rows = rows_of(client, f"/maps/crime/compare.csv?{SPRINGS}").values()
    assert {row["npa_code"]: [row["earlier"], row["later"]] for row in rows if row["npa_code"]} == {
        code: counts for code, counts in shown.items() if len(code) == 2
    }
    assert '<span aria-hidden="true">\u22124</span>' in html
    assert '<span class="visually-hidden">4 fewer</span>' in html


def test_the_earlier_period_comes_first_however_it_was_asked(client) -> None:
    other = "from=2021-03&to=2021-04&with_from=2022-03&with_to=2022-04"
    one = client.get(f"/maps/crime/compare.csv?{SPRINGS}").data
    assert client.get(f"/maps/crime/compare.csv?{other}").data == one


def test_unless_asked_the_same_months_a_year_before_are_compared(client) -> None:
    default = client.get("/maps/crime/compare.csv?from=2022-03&to=2022-04").data
    assert default == client.get(f"/maps/crime/compare.csv?{SPRINGS}").data


def test_a_month_that_is_missing_is_named_and_nothing_is_subtracted(client, read_page) -> None:
    query = "from=2022-04&to=2022-06&with_from=2021-03&with_to=2021-04"
    first, *rest = lead(client, f"/maps/crime/compare?{query}", read_page)
    assert first.endswith("27 records in April 2022 to June 2022: the two cannot be compared.")
    gap = "No records are held for May 2022; that is not zero crime."
    assert gap in rest
    rows = rows_of(client, f"/maps/crime/compare.csv?{query}")
    assert {row["no_difference_because"] for row in rows.values()} == {"not comparable"}
    assert {row["difference"] + row["percent"] for row in rows.values()} == {""}
    assert rows["Total"]["later"] == "27"


def test_a_period_of_which_nothing_is_held_is_not_zero(client, read_page) -> None:
    query = "from=2022-03&to=2022-04&with_from=2020-11&with_to=2020-12"
    first, *_ = lead(client, f"/maps/crime/compare?{query}", read_page)
    assert first.startswith("No figures are held of November 2020 to December 2020; 62 records")
    rows = rows_of(client, f"/maps/crime/compare.csv?{query}")
    assert {row["earlier"] for row in rows.values()} == {""}
    html = client.get(f"/maps/crime/compare?{query}").get_data(as_text=True)
    assert "no figures" in html


def test_unequal_periods_are_said_and_compared_by_their_averages(client, read_page) -> None:
    query = "from=2022-03&to=2022-04&with_from=2021-03&with_to=2021-03"
    first, second, *_ = lead(client, f"/maps/crime/compare?{query}", read_page)
    assert first.endswith("on average 9.0 fewer a month, 22% fewer in the later period.")
    assert "1 month and 2 months" in second
    rows = rows_of(client, f"/maps/crime/compare.csv?{query}")
    assert (rows["Total"]["earlier"], rows["Total"]["later"]) == ("40", "62")
    assert (rows["Total"]["difference"], rows["Total"]["difference_per"]) == ("-9.00", "month")
    html = text_of(client.get(f"/maps/crime/compare?{query}").get_data(as_text=True))
    assert "62 31.0 a month" in html


def test_before_the_areas_existed_only_the_total_is_compared(client, read_page) -> None:
    query = "from=2021-03&to=2021-03&with_from=2019-03&with_to=2019-03"
    rows = rows_of(client, f"/maps/crime/compare.csv?{query}")
    total = rows.pop("Total")
    assert total["difference"] == "33"
    assert {row["no_difference_because"] for row in rows.values()} == {"not comparable"}
    assert any(
        "areas of today" in said for said in lead(client, f"/maps/crime/compare?{query}", read_page)
    )


def test_what_may_lie_in_a_period_is_counted_apart(client, read_page) -> None:
    query = "from=2022-03&to=2022-03"
    rows = rows_of(client, f"/maps/visits/compare.csv?{query}")
    assert (rows["Total"]["later"], rows["Total"]["later_possibly"]) == ("2", "1")
    assert rows["Total"]["difference"] == "2"
    said = lead(client, f"/maps/visits/compare?{query}", read_page)
    assert said[0] == "No stops in March 2021; 2 stops in March 2022: 2 more in the later period."
    assert "That no stops are held of March 2021 does not mean that there were none." in said
    assert any("may lie in a period" in sentence for sentence in said)
    page = client.get(f"/maps/visits/compare?{query}").get_data(as_text=True)
    assert "Possibly in it" in page


def test_parts_of_months_are_not_called_nothing_or_the_same(client, read_page) -> None:
    query = "from=2022-03-05&to=2022-03-20&with_from=2021-03-05&with_to=2021-03-20"
    total = rows_of(client, f"/maps/crime/compare.csv?{query}")["Total"]
    assert (total["earlier"], total["earlier_possibly"], total["later_possibly"]) == (
        "0",
        "40",
        "40",
    )
    assert (total["difference"], total["no_difference_because"]) == ("", "not certain")
    said = lead(client, f"/maps/crime/compare?{query}", read_page)
    assert said[0] == (
        "No records surely and 40 possibly in 5 March 2021 to 20 March 2021; no records surely and "
        "40 possibly in 5 March 2022 to 20 March 2022: no difference can be given, as what may lie "
        "in a period could make it quite another."
    )
    assert not any("no records are held" in sentence for sentence in said)


def test_parts_of_quarters_are_not_called_nothing_or_the_same(public) -> None:
    query = "from=2021-11&to=2021-11&with_from=2021-10&with_to=2021-10"
    total = rows_of(public, f"/maps/street-safe/compare.csv?{query}")["Total"]
    assert int(total["later_possibly"]) > 0
    assert (total["difference"], total["no_difference_because"]) == ("", "not certain")
    page = text_of(public.get(f"/maps/street-safe/compare?{query}").get_data(as_text=True))
    assert "the same in both" not in page
    assert "No Street Safe reports surely and at least" in page


@pytest.mark.parametrize(
    ("earlier", "later", "change"),
    [
        (Count(10, 2), Count(13), 3),
        (Count(10, 3), Count(13), None),
        (Count(10, 4), Count(13), None),
        (Count(10), Count(7, 2), -3),
        (Count(10), Count(7, 3), None),
        (Count(10, 0), Count(10, 0), 0),
        (Count(10, 1), Count(10, 0), None),
        (Count(10, 0, 0, 1), Count(90, 0), None),
    ],
)
def test_a_difference_is_given_if_what_is_possible_cannot_turn_it(earlier, later, change) -> None:
    found = change_of(earlier, later, Basis(), "")
    assert (found.amount, found.reason) == (change, "" if change is not None else "not certain")


@pytest.mark.parametrize(
    ("earlier", "later", "given"),
    [
        (Count(0, 6496), Count(8463), False),
        (Count(21923), Count(29233, 4222), False),
        (Count(21923), Count(44000, 40), True),
        (Count(100, 1), Count(140), True),
    ],
)
def test_an_average_that_lacks_a_month_in_doubt_is_not_compared(earlier, later, given) -> None:
    """The days of a month that is cut are in the average, and its records are not."""
    found = change_of(earlier, later, Basis("30 days", 0.9, 1.0), "")
    assert (found.amount is not None) is given
    assert found.reason == ("" if given else "not certain")


def test_a_period_that_cuts_a_month_has_no_average_to_compare(public) -> None:
    query = "from=2022-02&to=2022-02&with_from=2021-02-01&with_to=2021-02-27"
    total = rows_of(public, f"/maps/crime/compare.csv?{query}")["Total"]
    assert (total["difference"], total["no_difference_because"]) == ("", "not certain")


def test_none_of_crime_in_a_month_that_is_held_is_none(public, read_page) -> None:
    query = "from=2021-01&to=2021-01&with_from=2022-06&with_to=2022-06&npa=NR&type=robbery"
    said = lead(public, f"/maps/crime/compare?{query}", read_page)
    assert "No records in January 2021" in said[0]
    assert not any("does not mean that there were none" in sentence for sentence in said)


def test_withheld_counts_stay_withheld_for_the_public(public, staff) -> None:
    query = "from=2023-01&to=2023-12"
    rows = rows_of(public, f"/maps/street-safe/compare.csv?{query}")
    assert {row["no_difference_because"] for row in rows.values()} == {"withheld"}
    whole = [row for row in rows.values() if row["earlier"] == ""]
    assert whole
    assert all(int(row["earlier_withheld"]) > 0 for row in whole)
    page = public.get(f"/maps/street-safe/compare?{query}").get_data(as_text=True)
    assert "at least 264" in text_of(page).lower()
    assert "withheld" in page
    half = "from=2023-01&to=2023-06"
    assert rows_of(staff, f"/maps/street-safe/compare.csv?{half}")["Total"]["difference"]
    not_all_held = rows_of(staff, f"/maps/street-safe/compare.csv?{query}")["Total"]
    assert (not_all_held["difference"], not_all_held["no_difference_because"]) == (
        "",
        "not comparable",
    )


def test_counts_that_are_not_published_for_all_of_a_period_are_not_compared(
    public, read_page
) -> None:
    query = "from=2023-01&to=2024-06&with_from=2022-01&with_to=2022-12"
    said = lead(public, f"/maps/street-safe/compare?{query}", read_page)
    assert "the two cannot be compared" in said[0]
    assert any("published for" in sentence for sentence in said)


def test_overlapping_periods_are_said_to_overlap(client, read_page) -> None:
    query = "from=2022-03&to=2022-04&with_from=2022-04&with_to=2022-05"
    said = lead(client, f"/maps/crime/compare?{query}", read_page)
    assert "The periods overlap: what lies in April 2022 is counted in both." in said


def test_a_filter_holds_for_both_periods(client) -> None:
    rows = rows_of(client, f"/maps/crime/compare.csv?{SPRINGS}&npa=NL")
    assert set(rows) == {"Charnwood", "Total"}
    assert (rows["Total"]["earlier"], rows["Total"]["later"]) == ("10", "6")
    none = rows_of(client, f"/maps/crime/compare.csv?{SPRINGS}&type=drugs")
    assert (none["Total"]["earlier"], none["Total"]["later"]) == ("0", "0")


def settings_of(client: FlaskClient, side: str, query: str = SPRINGS) -> dict[str, object]:
    script = client.get(f"/maps/crime/compare/{side}.js?{query}").get_data(as_text=True)
    (text,) = re.findall(r"patchmap\.(?:dataLayer|tiledLayer)\((\{.*\})\);", script)
    return json.loads(text)


def test_both_maps_have_the_same_classes_and_each_its_period(client) -> None:
    left, right = (settings_of(client, side) for side in ("left", "right"))
    assert left["legend"] == right["legend"]
    uppers = [entry["upper"] for entry in left["legend"]["classes"]]
    assert max(upper for upper in uppers if upper is not None) >= 56
    assert "from=2021-03-01&to=2021-04-30" in left["url"]
    assert "from=2022-03-01&to=2022-04-30" in right["url"]


def test_the_legend_tells_what_is_not_held_from_zero(client) -> None:
    query = "from=2022-03&to=2022-04&with_from=2020-11&with_to=2020-12"
    left, right = (settings_of(client, side, query)["legend"] for side in ("left", "right"))
    assert left == right
    assert left["classes"][-1]["label"] == "No records held: not zero"
    assert len(left["classes"]) > 2
    labels = [entry["label"] for entry in settings_of(client, "left")["legend"]["classes"]]
    assert "No records held: not zero" not in labels


def test_the_pictures_for_those_without_scripts_are_of_their_periods(client) -> None:
    for side, period in (
        ("left", "March 2021 to April 2021"),
        ("right", "March 2022 to April 2022"),
    ):
        answer = client.get(f"/maps/crime/compare/{side}.svg?{SPRINGS}")
        assert answer.mimetype == "image/svg+xml"
        assert period in answer.get_data(as_text=True)
    page = client.get(f"/maps/crime/compare?{SPRINGS}").get_data(as_text=True)
    assert page.count("compare-picture") == 2


def test_the_map_page_leads_here_and_this_page_back(client, read_page) -> None:
    page = client.get("/maps/crime?from=2022-03&to=2022-04&npa=NL&by=month").get_data(as_text=True)
    (address,) = [link for link in read_page(page).links() if "/compare" in link]
    assert address == "/maps/crime/compare?from=2022-03-01&to=2022-04-30&npa=NL"
    links = read_page(client.get(address).get_data(as_text=True)).links()
    assert "/maps/crime?from=2022-03-01&to=2022-04-30&npa=NL" in links
    own = [link for link in links if link.startswith("/maps/crime/compare?")]
    assert own
    assert all("with_from=2021-03-01&with_to=2021-04-30" in link for link in own)
    for link in own:
        assert client.get(link).status_code == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("with_from=2021-03", "with_to is missing"),
        ("with_to=2021-03", "with_from is missing"),
        ("with_from=spring&with_to=2021-03", "with_from: A date is needed"),
        ("with_from=2021-03&with_from=2021-04&with_to=2021-05", "with_from can be given once"),
        ("with_from=2021-04&with_to=2021-03", "must end on or after"),
        ("with_from=2022-03&with_to=2022-04", "Two different periods are needed"),
        ("by=month", "Leave by out"),
        ("colour=red", "'colour'"),
        ("npa=XX", "'XX'"),
        ("view=far", "view must be"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(client, query, said) -> None:
    for ending in ("", ".csv", "/left.js", "/right.svg"):
        answer = client.get(f"/maps/crime/compare{ending}?from=2022-03&to=2022-04&{query}")
        assert answer.status_code == 400
        assert said in unescape(answer.get_data(as_text=True))


@pytest.mark.parametrize("page", ["estate", "people-zones", "all", "home", "moon"])
def test_only_maps_of_one_dated_layer_are_compared(client, page) -> None:
    assert client.get(f"/maps/{page}/compare").status_code == 404
    assert "/compare" not in client.get(f"/maps/{page}").get_data(as_text=True)


def test_there_are_two_maps_and_no_third(client) -> None:
    assert client.get("/maps/crime/compare/middle.js").status_code == 404
    assert client.get("/maps/crime/compare/middle.svg").status_code == 404


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2024-02", "2023-02"),
        ("2024-02-29", "2023-02-28"),
        ("2022", "2021"),
    ],
)
def test_the_year_before(period, before) -> None:
    assert year_before(DateInterval.parse(period)) == DateInterval.parse(before)


def test_a_longer_period_goes_back_as_many_years_as_keep_it_apart() -> None:
    two_years = DateInterval(date(2021, 1, 1), date(2022, 12, 31))
    assert year_before(two_years) == DateInterval(date(2019, 1, 1), date(2020, 12, 31))


def test_how_periods_of_other_lengths_are_compared() -> None:
    march, spring = DateInterval.parse("2022-03"), DateInterval(date(2022, 3, 1), date(2022, 5, 31))
    fortnight = DateInterval(date(2022, 3, 1), date(2022, 3, 15))
    assert equally_long(march, DateInterval.parse("2022-02"))
    assert equally_long(fortnight, DateInterval(date(2022, 3, 16), date(2022, 3, 30)))
    leap = DateInterval(date(2024, 2, 10), date(2024, 3, 10))
    assert equally_long(leap, DateInterval(date(2023, 2, 10), date(2023, 3, 10)))
    assert basis_of(march, spring) == Basis("month", 1, 3)
    assert basis_of(fortnight, march) == Basis("30 days", 0.5, 31 / 30)
    assert overlap(march, DateInterval.parse("2022-04")) is None


def test_figures_in_words() -> None:
    month = Basis("month", 1, 2)
    assert change_in_words(Change(0.0), Basis()) == "the same"
    assert change_in_words(Change(0.04), month) == "about the same"
    assert change_in_words(Change(-1.25, -25.0), month) == "1.2 fewer a month, 25% fewer"
    assert change_text(Change(1234.0), Basis()) == "+1,234"
    assert change_text(Change(None, None, "withheld"), Basis()) == "withheld"
    assert count_text(Count(0, 0, withheld=2)) == "withheld"
    assert count_text(Count(9, 0, withheld=2)) == "at least 9"
    assert count_text(Count(held=False)) == "no figures"


def test_the_form_of_a_comparison_within_an_area_holds_the_periods_and_the_area_once(public):
    """The controls are found by name, as what cuts the ground stands before them."""
    address = "/maps/crime/compare?from=2022-03&to=2022-03&area=-1.2,52.6 -1.1,52.6 -1.1,52.7"
    html = public.get(address).get_data(as_text=True)
    assert html.count('name="area"') == 1
    held = {
        name: re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', html).group(1)
        for name in ("from", "to", "with_from", "with_to")
    }
    assert held == {
        "from": "2022-03-01",
        "to": "2022-03-31",
        "with_from": "2021-03-01",
        "with_to": "2021-03-31",
    }
