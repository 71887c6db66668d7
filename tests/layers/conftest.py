"""Desks for the tests of this room: empty ones, the demonstration, and real crime."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from boundaries.builder import build
from boundaries.outlines import read_outlines
from boundaries.recipe import RECIPES, read_recipe
from boundaries.saved import save_build
from layers.demo import load_demo
from layers.registry import REGISTRY
from layers.workspace import Intake
from tests.layers.desk import AT, Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty workspace of one's own."""
    made = open_desk(tmp_path)
    yield made
    made.workspace.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A workspace with the demonstration pack, to be read only."""
    made = open_desk(tmp_path_factory.mktemp("demo"))
    load_demo(made.workspace, REGISTRY, Intake(AT), lambda _: None)
    yield made
    made.workspace.close()


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[Desk]:
    """A workspace with NPAs built from the wards of 2025 and real crime, to be read only."""
    folder = tmp_path_factory.mktemp("real")
    wards = read_outlines(shared_data / "boundaries" / "ward_2025.geojson")
    made = open_desk(folder)
    save_build(made.workspace.path, build(read_recipe(RECIPES / "leicestershire.toml"), wards))
    made.workspace.reload_ground()
    for month in ("2020-02", "2020-03", "2022-10"):
        made.take_file("crime", shared_data / "crime" / f"{month}-leicestershire-street.csv.gz")
    yield made
    made.workspace.close()
