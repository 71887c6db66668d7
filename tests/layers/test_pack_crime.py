"""Crime in the demonstration pack: real counts, and the illustrative points drawn from them."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from boundaries.ground import Ground, load_ground
from geo.crs import to_metres
from geo.errors import InvalidFrame
from layers.pack.crime_points import HEADER, illustrative_months

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "layers" / "data"
LSOAS = ROOT / "boundaries" / "data" / "lsoa_2011.csv"


def crime_counts() -> pd.DataFrame:
    text = dict.fromkeys(("month", "lsoa11_code", "crime_type"), str)
    return pd.read_csv(PACK / "crime_counts.csv.gz", dtype=text, keep_default_na=False)


def lsoa_points() -> pd.DataFrame:
    return pd.read_csv(LSOAS, dtype={"code": str, "name": str}, keep_default_na=False)


@pytest.fixture(scope="module")
def ground() -> Ground:
    return load_ground(None)


def npas_at(ground: Ground, easting_m: np.ndarray, northing_m: np.ndarray) -> np.ndarray:
    day = np.full(len(easting_m), np.datetime64("2022-10-01").astype(object))
    return ground.npa_at(easting_m, northing_m, day)


def test_crime_counts_hold_twenty_four_months():
    counts = crime_counts()
    assert counts["month"].nunique() == 24
    assert counts["records"].sum() == 210_339
    assert counts["crime_type"].nunique() == 14
    october = counts[counts["month"] == "2022-10"]
    assert october["records"].sum() == 9_802 - 15
    assert october.loc[october["lsoa11_code"] == "", "records"].sum() == 402


@pytest.mark.real_data
def test_crime_counts_are_those_of_the_published_files(shared_data: Path):
    published = pd.read_csv(
        shared_data / "crime" / "2021-06-leicestershire-street.csv.gz",
        dtype=str,
        keep_default_na=False,
    )
    counts = crime_counts()
    counts = counts[counts["month"] == "2021-06"]
    ours = counts.set_index(["lsoa11_code", "crime_type"])["records"]
    theirs = published.groupby(["LSOA code", "Crime type"]).size()
    inside = theirs.index.get_level_values(0).isin({"", *lsoa_points()["code"]})
    assert ours.to_dict() == theirs[inside].to_dict()


def drawn(counts: pd.DataFrame, **changes: object) -> dict[str, pd.DataFrame]:
    options = {
        "force_name": "Some Police",
        "same_area": lambda codes, _x, _y: np.full(len(codes), True),
    }
    return dict(illustrative_months(counts, lsoa_points(), 5, **(options | changes)))


def test_points_keep_every_count_and_say_what_they_are():
    counts = crime_counts()
    began = time.perf_counter()
    months = drawn(counts)
    assert time.perf_counter() - began < 3
    assert list(months) == sorted(counts["month"].unique())
    october = months["2022-10"]
    assert tuple(october.columns) == HEADER
    again = october.groupby(["LSOA code", "Crime type"]).size().to_dict()
    expected = counts[counts["month"] == "2022-10"].set_index(["lsoa11_code", "crime_type"])
    assert again == expected["records"].to_dict()

    anti_social = october["Crime type"] == "Anti-social behaviour"
    assert set(october.loc[anti_social, "Crime ID"]) == {""}
    ids = pd.concat([month.loc[month["Crime ID"] != "", "Crime ID"] for month in months.values()])
    assert ids.is_unique
    assert ids.str.startswith("illustrative-").all()
    located = october["LSOA code"] != ""
    assert ((october["Longitude"] != "") == located).all()
    assert october.loc[located, "Location"].str.startswith("Illustrative place ").all()
    assert set(october.loc[~located, "Location"]) == {"No Location"}


def test_places_are_the_same_in_every_month_and_lie_within_their_lsoa_s_reach():
    rows = pd.concat(drawn(crime_counts()).values())
    rows = rows[rows["LSOA code"] != ""]
    assert (
        rows.groupby("Location")[["Longitude", "Latitude", "LSOA code"]].nunique().max().max() == 1
    )
    assert rows.groupby("LSOA code")["Location"].nunique().max() == 12
    lsoas = lsoa_points().set_index("code").loc[rows["LSOA code"]]
    x, y = to_metres(rows["Longitude"].astype(float), rows["Latitude"].astype(float))
    centre_x, centre_y = to_metres(lsoas["longitude"], lsoas["latitude"])
    assert (np.hypot(x - centre_x, y - centre_y) < np.sqrt(lsoas["area_m2"] / np.pi) + 1).all()


def test_a_month_is_the_same_whichever_others_are_drawn():
    counts = crime_counts()
    alone = drawn(counts[counts["month"] == "2022-10"])["2022-10"]
    pd.testing.assert_frame_equal(alone, drawn(counts)["2022-10"])


def test_places_stay_in_the_npa_of_their_lsoa_s_point(ground: Ground):
    lsoas = lsoa_points()
    own = pd.Series(
        npas_at(ground, *to_metres(lsoas["longitude"], lsoas["latitude"])), lsoas["code"]
    )

    def same_area(codes: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return npas_at(ground, x, y) == own.reindex(codes).to_numpy(dtype=object)

    counts = crime_counts()
    rows = drawn(counts[counts["month"] == "2022-10"], same_area=same_area)["2022-10"]
    rows = rows[rows["LSOA code"] != ""]
    x, y = to_metres(rows["Longitude"].astype(float), rows["Latitude"].astype(float))
    assert (npas_at(ground, x, y) == own.loc[rows["LSOA code"]].to_numpy(dtype=object)).all()


def test_where_no_place_fits_the_lsoa_s_own_point_is_used():
    counts = crime_counts().head(50)
    rows = drawn(counts, same_area=lambda codes, _x, _y: np.full(len(codes), False))["2020-11"]
    rows = rows[rows["LSOA code"] != ""]
    lsoas = lsoa_points().set_index("code").loc[rows["LSOA code"]]
    assert rows["Longitude"].astype(float).to_numpy() == pytest.approx(lsoas["longitude"], abs=2e-6)


def test_counts_of_another_vintage_are_refused():
    counts = pd.DataFrame(
        {
            "month": ["2022-10"],
            "lsoa11_code": ["E01099999"],
            "crime_type": ["Drugs"],
            "records": [2],
        }
    )
    with pytest.raises(InvalidFrame, match="1 have none, such as E01099999"):
        drawn(counts)
