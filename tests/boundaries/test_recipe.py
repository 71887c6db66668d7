from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from boundaries.errors import InvalidRecipe
from boundaries.recipe import RECIPES, Recipe, read_recipe

DATA = Path(__file__).resolve().parents[1] / "data"


def changed(tmp_path: Path, before: str, after: str) -> Path:
    text = (DATA / "northshire.toml").read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "changed.toml"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return path


def test_a_recipe_of_another_force_is_read_as_it_stands(recipe: Recipe) -> None:
    assert recipe.force.name == "Northshire Constabulary"
    assert recipe.force.npas_since == date(2015, 4, 1)
    assert [(npa.code, npa.date_to) for npa in recipe.npas] == [
        ("NA", date(2018, 3, 31)),
        ("NA", None),
        ("MW", None),
        ("HO", None),
    ]
    assert recipe.npas[1].approximate


def test_the_shipped_recipe_marks_the_city_and_keeps_the_code_na() -> None:
    shipped = read_recipe(RECIPES / "leicestershire.toml")
    assert " ".join(npa.code for npa in shipped.npas) == "NN NL NR NH NA NW NS NE NC"
    assert {npa.code for npa in shipped.npas if npa.approximate} == {"NW", "NS", "NE", "NC"}
    assert {npa.group for npa in shipped.npas if npa.approximate} == {"city"}
    assert {npa.date_from for npa in shipped.npas} == {shipped.force.npas_since}
    notes = {npa.code: npa.note for npa in shipped.npas}
    assert "Castle" in notes["NC"]
    assert "Castle" in notes["NS"]
    assert "Troon" in notes["NE"]
    assert "Wycliffe" in notes["NE"]


@pytest.mark.real_data
def test_the_shipped_recipe_agrees_with_the_compiled_lists(shared_data: Path) -> None:
    def read(path: Path) -> pd.DataFrame:
        return pd.read_csv(path, dtype=str, keep_default_na=False)

    shipped = read_recipe(RECIPES / "leicestershire.toml")
    npas = read(shared_data / "boundaries" / "npas.csv")
    assert [(n.code, n.name, n.group) for n in shipped.npas] == list(
        npas[["npa_code", "name", "group"]].itertuples(index=False, name=None)
    )
    lookup = read(shared_data / "lookups" / "ward2025_npa_inferred.csv")
    city = lookup[lookup["lad25_code"] == "E06000016"]
    expected = {
        ward: prefix.split("|")[0]
        for ward, prefix in zip(city["ward25_code"], city["npa_prefix_inferred"], strict=True)
    }
    assert {ward: npa.code for npa in shipped.npas for ward in npa.wards} == expected
    county = lookup[lookup["lad25_code"] != "E06000016"]
    by_district = dict(zip(county["lad25_code"], county["npa_prefix_inferred"], strict=True))
    assert {d: npa.code for npa in shipped.npas for d in npa.districts} == by_district


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ('code = "S12000902"', 'code = "S12000901"', "S12000901 comes twice"),
        ("date_to = 2018-03-31\n", "", "NA is given twice for the same days"),
        ('wards = ["S13000001"]', 'wards = ["S13000002"]', "S13000002 is given to NA and MW"),
        ('wards = ["S13000001"]', 'wards = ["S13000001", "S13000001"]', "S13000001 twice"),
        ('wards = ["S13000001"]\n', "", "either districts or wards.*neither"),
        (
            'wards = ["S13000001"]\n',
            'wards = ["S13000001"]\ndistricts = ["S12000901"]\n',
            "either districts or wards.*both",
        ),
        ('districts = ["S12000902"]', 'districts = ["S12000999"]', "S12000999.*no \\[\\[district"),
        ("date_to = 2018-03-31", "date_to = 2014-03-31", "on or after the day it begins"),
        ("date_from = 2018-04-01", 'date_from = "April 2018"', "needs date_from as date"),
        ('code = "MW"', "code = 7", "needs code as str"),
        ('code = "MW"', 'code = " MW"', "without spaces"),
        ('name = "Holms"\n', "", "missing or unknown: name"),
        ('name = "Holms"', 'name = "Holms"\ncolour = "red"', "missing or unknown: colour"),
        ("[force]", "[farce]", "needs a \\[force\\] table"),
        ("[force]", "[force", "cannot be read"),
    ],
)
def test_a_wrong_recipe_is_refused_with_a_reason(
    tmp_path: Path, before: str, after: str, reason: str
) -> None:
    with pytest.raises(InvalidRecipe, match=reason):
        read_recipe(changed(tmp_path, before, after))


def test_a_missing_recipe_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidRecipe, match=r"nowhere\.toml"):
        read_recipe(tmp_path / "nowhere.toml")


def test_no_force_is_written_into_the_code() -> None:
    shipped = read_recipe(RECIPES / "leicestershire.toml")
    told = {unit for npa in shipped.npas for unit in npa.units}
    told |= {f'"{npa.code}"' for npa in shipped.npas} | {npa.name for npa in shipped.npas}
    told |= {shipped.force.area_short, shipped.force.id, shipped.force.npas_since.isoformat()}
    project = RECIPES.parents[1]
    for module in [*project.glob("geo/*.py"), *project.glob("boundaries/*.py")]:
        text = module.read_text(encoding="utf-8")
        assert not [word for word in told if word in text], module.name
