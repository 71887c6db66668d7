"""Coverage along roads, where a workspace holds them: the page fits, at each width."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner

from layers.registry import REGISTRY
from layers.workspace import Workspace
from server.app import create_app
from server.cli import patchmap
from server.settings import Settings
from tests.browser.chromium import Chromium
from tests.browser.conftest import NOW, Visitor, one_visit, serving
from tests.browser.pages import WIDTHS, checked, open_page, resize
from tests.browser.test_views import LAYOUT, TARGETS

pytestmark = pytest.mark.browser(limit_s=240)


@pytest.fixture
def visitor(chromium: Chromium, loaded: Workspace, tmp_path: Path) -> Iterator[Visitor]:
    """A visit to a copy of the demonstration that holds one road from west to east."""
    folder = shutil.copytree(loaded.path, tmp_path / "workspace")
    way = shapely.LineString([(420_000, 304_000), (510_000, 304_000)])
    frame = gpd.GeoDataFrame({"speed_kmh": [60.0]}, geometry=[way], crs="EPSG:27700")
    frame.to_file(tmp_path / "road.gpkg")
    command = ["boundaries", "add", "roads", str(tmp_path / "road.gpkg")]
    added = CliRunner().invoke(
        patchmap, [*command, "--attribution", "Made by us", "--workspace", str(folder)]
    )
    assert added.exit_code == 0, added.output
    workspace = Workspace.open(folder, REGISTRY.schemas)
    app = create_app(Settings(folder), workspace, lambda: NOW)
    with serving(app) as home, one_visit(chromium, home) as visitor:
        yield visitor
    workspace.close()


def test_coverage_along_roads_fits_and_is_accessible(visitor: Visitor) -> None:
    """Axe looks at 320 px: on wider maps the points of small areas still crowd each other."""
    open_page(visitor, "/estate/coverage?by=roads")
    assert visitor.page.locator("select[name=by]").input_value() == "roads"
    assert "shortest way along roads" in visitor.page.locator(".caption").first.inner_text()
    assert visitor.page.get_by_text("Made by us").count()
    for width in WIDTHS:
        resize(visitor.page, width)
        assert checked(visitor.page, *LAYOUT, *TARGETS, "unmarkedControls") == []
        assert visitor.axe_findings() == []
