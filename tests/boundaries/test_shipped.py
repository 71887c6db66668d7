from __future__ import annotations

import csv
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from boundaries import shipped, shipped_files
from boundaries.errors import InvalidRecipe
from boundaries.provenance import read_sources
from boundaries.shipped import main, rebuild
from boundaries.shipped_files import SHIPPED, SOURCES

PROJECT = SHIPPED.parents[1]
ONS_LINE = "Source: Office for National Statistics licensed under the Open Government Licence v.3.0"


@pytest.mark.real_data
def test_one_command_rebuilds_every_file_byte_for_byte(shared_data: Path, tmp_path: Path) -> None:
    assert main([str(shared_data), str(tmp_path)]) == 0
    names = sorted(path.name for path in SHIPPED.iterdir())
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    for name in names:
        assert (tmp_path / name).read_bytes() == (SHIPPED / name).read_bytes(), name


def test_the_command_says_what_it_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "Two folders are needed" in capsys.readouterr().err
    assert main([str(tmp_path), str(tmp_path / "out")]) == 2
    assert "ward_2025.geojson" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_exactly_one_recipe_is_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "RECIPES", tmp_path)
    with pytest.raises(InvalidRecipe, match="found 0"):
        rebuild(tmp_path, tmp_path / "out")


@pytest.mark.parametrize("name", ["npas", "districts"])
def test_outlines_are_small_valid_and_meet_edge_to_edge(name: str) -> None:
    path = SHIPPED / f"{name}.geojson"
    assert path.stat().st_size < 150_000
    collection = json.loads(path.read_text(encoding="utf-8"))
    assert len(collection["features"]) == 9
    frame = gpd.GeoDataFrame.from_features(collection["features"])
    shapes = frame.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    outer = shapely.get_exterior_ring(shapely.get_parts(shapes))
    assert shapely.is_ccw(outer).all()


def test_the_city_outlines_say_that_they_are_approximate() -> None:
    collection = json.loads((SHIPPED / "npas.geojson").read_text(encoding="utf-8"))
    rows = [feature["properties"] for feature in collection["features"]]
    assert [row["code"] for row in rows if row["approximate"] is True] == ["NW", "NS", "NE", "NC"]
    assert [row["code"] for row in rows if row["approximate"] is False] == [
        "NN",
        "NL",
        "NR",
        "NH",
        "NA",
    ]


def test_every_shipped_file_has_its_source_and_every_source_its_file() -> None:
    sources = {source.id: source for source in read_sources(SOURCES)}
    files = {path.stem: path for path in SHIPPED.iterdir() if path.suffix != ".toml"}
    assert sources.keys() == files.keys()
    for name, path in files.items():
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                rows = sum(1 for _ in csv.DictReader(file))
            assert rows == sources[name].rows_out, name
        if "Office for National Statistics" in sources[name].publisher:
            assert sources[name].attribution[0] == ONS_LINE
    for name in ("npas", "districts", "wards", "lsoa_2021", "lsoa_2011"):
        line = sources[name].attribution[1]
        assert line.startswith("Contains OS data © Crown copyright and database right 20"), name
    assert "GeoNames" in sources["settlements"].attribution[0]


def test_a_table_keeps_the_text_na(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped_files, "SHIPPED", tmp_path)
    (tmp_path / "wards.csv").write_text("code,name,population\nNA,,07\n", encoding="utf-8")
    assert shipped_files.table("wards").values.tolist() == [["NA", "", 7]]


def test_the_package_carries_what_it_needs_at_run_time(tmp_path: Path) -> None:
    """A wheel's worth of files, alone in another folder, gives the whole ground."""
    archive = tmp_path / "rooms.zip"
    with zipfile.ZipFile(archive, "w") as rooms:
        for room in ("geo", "boundaries"):
            for path in (PROJECT / room).rglob("*"):
                if path.is_file() and "__pycache__" not in path.parts:
                    rooms.write(path, path.relative_to(PROJECT))
    alone = tmp_path / "far" / "away"
    with zipfile.ZipFile(archive) as rooms:
        rooms.extractall(alone)
    asked = (
        "import boundaries.ground as g; ground = g.load_ground(None); "
        "print(g.__file__, int(ground.residents_by_npa().sum()), len(ground.settlements))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", asked], cwd=alone, capture_output=True, text=True, check=True
    )
    place, residents, settlements = ran.stdout.rsplit(maxsplit=2)
    assert place.startswith(str(alone))
    assert (residents, settlements) == ("1122017", "136")
