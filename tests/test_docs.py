"""The documents say what the code says."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from layers.registry import REGISTRY
from server.cli import patchmap
from server.settings import SETTINGS

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def builder(name: str) -> ModuleType:
    """The script that writes a document."""
    spec = spec_from_file_location(name, PROJECT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reference_of_layers_is_up_to_date() -> None:
    module = builder("build_reference")
    assert module.TARGET.read_text(encoding="utf-8") == module.reference()


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_in_the_readme(setting: object) -> None:
    assert f"`{setting.name}`" in README  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(patchmap.commands))
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"`patchmap {name}" in README


@pytest.mark.parametrize("layer_id", REGISTRY.ids)
def test_every_layer_is_in_the_readme(layer_id: str) -> None:
    assert f"`{layer_id}`" in README


PAGES = (PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_picture_page_and_test_that_documents_name_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    linked = [page.parent / target for target in re.findall(r"\]\(([^)#:]+)\)", text)]
    tests = [PROJECT / path for path in re.findall(r"\btests/[\w/]+\.py\b", text)]
    missing = [path for path in (*linked, *tests) if not path.is_file()]
    assert missing == []


def test_the_version_is_in_the_changelog() -> None:
    project = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.+)"', project, re.MULTILINE)
    assert version is not None
    assert f"## {version.group(1)}" in (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
