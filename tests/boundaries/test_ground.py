from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from boundaries.builder import build
from boundaries.ground import Ground, load_ground, save_build
from boundaries.outlines import read_outlines
from boundaries.recipe import RECIPES, read_recipe
from geo.crs import to_metres
from geo.errors import InvalidFrame, InvalidValue

RESIDENTS = MappingProxyType(
    {
        "NH": 216_575,
        "NL": 183_972,
        "NE": 176_225,
        "NA": 155_384,
        "NN": 104_709,
        "NW": 99_639,
        "NR": 92_805,
        "NS": 53_895,
        "NC": 38_813,
    }
)
CRIMES = MappingProxyType(
    {
        "NL": 1430,
        "NH": 1365,
        "NW": 1296,
        "NE": 1276,
        "NC": 1261,
        "NN": 831,
        "NA": 797,
        "NS": 601,
        "NR": 528,
        "": 15,
    }
)


@pytest.fixture(scope="module")
def shipped() -> Ground:
    return load_ground(None)


@pytest.fixture(scope="module")
def best(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    workspace = tmp_path_factory.mktemp("workspace")
    outlines = read_outlines(shared_data / "boundaries" / "ward_2025.geojson")
    save_build(workspace, build(read_recipe(RECIPES / "leicestershire.toml"), outlines))
    return load_ground(workspace)


@pytest.fixture(scope="module")
def october(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(
        shared_data / "crime" / "2022-10-leicestershire-street.csv.gz",
        dtype=str,
        keep_default_na=False,
    )


def crimes_by_npa(ground: Ground, crimes: pd.DataFrame) -> dict[str, int]:
    located = crimes[crimes["Longitude"] != ""]
    easting_m, northing_m = to_metres(
        located["Longitude"].astype(float), located["Latitude"].astype(float)
    )
    codes = ground.npa_at(easting_m, northing_m, date(2022, 10, 1))
    return pd.Series(codes).value_counts().to_dict()


def test_nine_npas_and_nine_districts_are_shipped(shipped: Ground) -> None:
    assert shipped.npa_codes == ("NN", "NL", "NR", "NH", "NA", "NW", "NS", "NE", "NC")
    assert shipped.npa_name("NA") == "Wigston and Harborough"
    assert shipped.npa_name("XX") == "XX"
    assert len(shipped.districts.codes) == 9
    npas = shipped.npas.frame
    approximate = npas.loc[npas["approximate"], "code"]
    assert approximate.tolist() == ["NW", "NS", "NE", "NC"]
    assert npas.loc[npas["approximate"], "note"].str.len().gt(0).all()
    assert shipped.npas.detail == "Patchmap's own outlines, generalised at 100 m"
    assert npas.geometry.is_valid.all()


def test_there_is_no_npa_before_the_day_of_the_force(shipped: Ground) -> None:
    since = shipped.force.npas_since
    city_centre = to_metres(-1.1332, 52.6346)
    days = [date(2019, 6, 1), date(2020, 3, 10), since, date(2024, 1, 1)]
    assert shipped.npa_at(*city_centre, days).tolist() == ["", "", "NC", "NC"]
    assert [shipped.npa_in_force(day) for day in days] == [False, False, True, True]
    assert shipped.npa_at(0, 0, since).tolist() == [""]
    assert shipped.district_at(*city_centre).tolist() == ["E06000016"]
    assert shipped.district_at([0, np.nan], [0, np.nan]).tolist() == ["", ""]
    assert "eight" in shipped.force.before_note


def test_the_code_na_survives_every_table(shipped: Ground) -> None:
    for frame in (shipped.wards, shipped.settlements, *shipped.small_areas.values()):
        assert not frame.isna().any().any()
    assert shipped.residents_by_npa()["NA"] > 150_000


def test_residents_by_npa_are_those_of_the_census(shipped: Ground) -> None:
    residents = shipped.residents_by_npa()
    assert residents.index.tolist() == list(shipped.npa_codes)
    assert residents.sum() == 1_122_017
    assert (residents - pd.Series(RESIDENTS)).abs().max() == 0


def test_mid_2020_estimates_count_the_same_force_area(shipped: Ground) -> None:
    assert shipped.residents_by_npa("2011").sum() == 1_107_597
    with pytest.raises(InvalidValue, match="one of 2011, 2021"):
        shipped.residents_by_npa("2001")


def test_loading_gives_the_same_ground_each_time(shipped: Ground) -> None:
    assert load_ground(None).fingerprint == shipped.fingerprint


def test_a_set_needs_metres_and_every_column(shipped: Ground) -> None:
    with pytest.raises(InvalidFrame, match="EPSG:27700"):
        replace(shipped.npas, frame=shipped.npas.frame.to_crs("EPSG:4326"))
    with pytest.raises(InvalidFrame, match="without group"):
        replace(shipped.npas, frame=shipped.npas.frame.drop(columns="group"))


@pytest.mark.real_data
def test_residents_on_the_best_outlines(best: Ground) -> None:
    assert best.npas.detail == "outlines built from ward_2025.geojson"
    assert best.residents_by_npa().to_dict() == RESIDENTS


@pytest.mark.real_data
def test_recorded_crime_on_the_best_outlines(best: Ground, october: pd.DataFrame) -> None:
    assert len(october) == 9_802
    assert (october["Crime type"] == "Anti-social behaviour").sum() == 752
    found = crimes_by_npa(best, october)
    assert sum(found.values()) == 9_400
    assert found == CRIMES


@pytest.mark.real_data
def test_recorded_crime_on_the_shipped_outlines_is_within_one_in_a_hundred(
    shipped: Ground, october: pd.DataFrame
) -> None:
    found = crimes_by_npa(shipped, october)
    assert sum(found.values()) == 9_400
    for code in shipped.npa_codes:
        assert found[code] == pytest.approx(CRIMES[code], rel=0.01), code
