"""Hot spots of recorded crime: the same in every form, every decision told, found by a loop."""

from __future__ import annotations

import csv
import html
import io
import re

import numpy as np
import pytest
from flask.testing import FlaskClient

from tests.server.conftest import ReadPage

PAGE = "/crime/hot-spots"
API = "/api/crime/hot-spots"
ASKED = "from=2022-01&to=2022-10&cell_m=2000"


def rows_of(client: FlaskClient, asked: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"{API}.csv?{asked}").text)))


def cells_of(client: FlaskClient, asked: str) -> dict[str, int]:
    answer = client.get(f"/api/layers/crime.geojson?{asked}").get_json()
    return {
        feature["properties"]["cell_id"]: feature["properties"]["records"]
        for feature in answer["features"]
    }


def axial(cell_id: str) -> tuple[int, int]:
    _, q, r = cell_id.split("_")
    return int(q[1:]), int(r[1:])


def test_records_are_those_of_the_crime_layer(public: FlaskClient) -> None:
    asked = f"{ASKED}&type=burglary"
    held = cells_of(public, asked)
    found = rows_of(public, asked)
    assert len(found) > 5
    assert all(int(row["records"]) == held.get(row["cell_id"], 0) for row in found)
    said = public.get(f"{API}?{asked}").get_json()["decisions"]
    assert said["events"] + said["left_out_events"] == sum(held.values())


def test_all_crimes_leave_anti_social_behaviour_out(public: FlaskClient) -> None:
    both = [public.get(f"{API}?{ASKED}&type={kind}").get_json() for kind in ("crime", "burglary")]
    asb = public.get(f"{API}?{ASKED}&type=anti-social-behaviour").get_json()["decisions"]
    everything = sum(cells_of(public, ASKED).values())
    crimes = both[0]["decisions"]
    assert crimes["events"] + crimes["left_out_events"] + asb["events"] + asb[
        "left_out_events"
    ] == pytest.approx(everything)
    assert any("Anti-social behaviour is no crime" in each for each in both[0]["caption"])


def test_scores_are_those_of_a_loop_over_neighbours(public: FlaskClient) -> None:
    """The sum of a cell and the six around it, less seven means, in one and the same unit."""
    of_layer = f"{ASKED}&type=burglary"
    asked = f"{of_layer}&tested=count"
    held = {axial(cell): count for cell, count in cells_of(public, of_layer).items()}
    said = public.get(f"{API}?{asked}").get_json()["decisions"]
    mean = said["events"] / said["cells"]
    steps = ((0, 0), (1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1))
    units = []
    for row in rows_of(public, asked):
        q, r = axial(row["cell_id"])
        around = [held.get((q + dq, r + dr), 0) for dq, dr in steps]
        if all(around):  # so that all seven are surely cells of the area
            units.append((sum(around) - 7 * mean) / float(row["score"]))
    assert len(units) > 3
    n, counts = said["cells"], np.array([*held.values()])
    spread = np.sqrt((counts**2).sum() / n - mean**2)
    expected = spread * np.sqrt(7 * (n - 7) / (n - 1))
    assert np.ptp(units) < 0.001 * np.mean(units)
    assert np.mean(units) == pytest.approx(expected, rel=0.005), "but for cells left out"


def test_forms_say_the_same(public: FlaskClient, read_page: ReadPage) -> None:
    said = public.get(f"{API}?{ASKED}").get_json()
    rows, features = (
        rows_of(public, ASKED),
        public.get(f"{API}.geojson?{ASKED}").get_json()["features"],
    )
    assert [row["cell_id"] for row in rows] == [each["properties"]["cell_id"] for each in features]
    assert sum(each["cells"] for each in said["clusters"]) == len(rows) > 0
    assert sum(each["records"] for each in said["clusters"]) == sum(
        int(row["records"]) for row in rows
    )
    page = public.get(f"{PAGE}?{ASKED}").text
    shown = [row for row in read_page(page).rows if len(row) == 6]
    assert [(row[0], row[2], row[3]) for row in shown] == [
        (each["name"], f"{each['cells']:,}", f"{each['records']:,}") for each in said["clusters"]
    ]
    assert f"{said['decisions']['permutations']:,} permutations" in " ".join(said["method"])


def test_a_stricter_rate_names_no_more(public: FlaskClient) -> None:
    named = [
        {row["cell_id"] for row in rows_of(public, f"{ASKED}&rate={rate}")}
        for rate in ("0.01", "0.05", "0.1")
    ]
    assert named[0] <= named[1] <= named[2]
    assert named[0] < named[2]


def test_each_cell_stands_at_the_surest_rate(public: FlaskClient) -> None:
    for row in rows_of(public, f"{ASKED}&rate=0.1"):
        adjusted = float(row["adjusted_p"])
        surest = 1 if adjusted <= 0.01 else 5 if adjusted <= 0.05 else 10
        assert row["standing"] == (f"hot-{surest}" if float(row["score"]) > 0 else "cold")


def test_months_that_are_not_held_are_told(public: FlaskClient) -> None:
    part = public.get(f"{API}?from=2022-09&to=2022-12&cell_m=2000").get_json()
    assert part["months"] == ["2022-09", "2022-10"]
    assert "Not held, left out and not read as zero" in " ".join(part["caption"])
    none = public.get(f"{API}?from=2010-01&to=2010-03").get_json()
    assert (none["decisions"], none["clusters"]) == (None, [])
    assert "no sign of calm" in none["caption"][0]
    assert public.get(f"{PAGE}?from=2010-01&to=2010-03").status_code == 200
    assert public.get(f"{API}.geojson?from=2010&to=2010").get_json()["features"] == []


def test_few_records_are_not_read_into(public: FlaskClient) -> None:
    said = public.get(
        f"{API}?from=2021-01&to=2021-01&type=theft-from-the-person&cell_m=2000"
    ).get_json()
    assert said["decisions"]["events"] < 60
    assert not said["decisions"]["enough"]
    assert any("Nothing should be read into this" in each for each in said["caption"])


def test_the_category_of_violence_is_not_read_as_more(public: FlaskClient) -> None:
    said = public.get(f"{API}?{ASKED}&type=violent-crime").get_json()
    assert any("cannot show violence against women and girls" in each for each in said["caption"])


def test_made_up_points_are_said_to_be(public: FlaskClient) -> None:
    assert any(
        "drawn at random" in each for each in public.get(f"{API}?{ASKED}").get_json()["caption"]
    )


@pytest.mark.parametrize("asked", ["cell_m=250", "rate=0.2", "tested=log", "by=npa"])
def test_what_cannot_be_asked_is_said(public: FlaskClient, asked: str) -> None:
    answer = public.get(f"{API}?{asked}")
    assert answer.status_code == 400
    assert asked.split("=")[0] in answer.get_json()["detail"]


def test_map_and_picture_show_the_cells(public: FlaskClient) -> None:
    (address,) = re.findall(
        r'src="(/crime/hot-spots/map.js[^"]+)"', public.get(f"{PAGE}?{ASKED}").text
    )
    script = public.get(html.unescape(address)).text
    assert f"{API}.geojson?" in script
    assert "cell_m=2000" in script
    drawn = public.get(f"{PAGE}/picture.svg?{ASKED}").text
    assert "Hot at 5%" in drawn
    without = public.get(f"{PAGE}/picture.svg?{ASKED}&on=npas").text
    assert len(without) < len(drawn)
