"""The rules of the house, read from its own files."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
ROOMS = ("geo", "boundaries", "layers", "server")
MODULES = sorted(path for room in ROOMS for path in (PROJECT / room).rglob("*.py"))
LONGEST = 300


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def trees(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    for path in MODULES:
        if not rooms or name_of(path).split("/")[0] in rooms:
            yield name_of(path), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def importers(package: str) -> set[str]:
    return {name for name, tree in trees() if package in imported(tree)}


def test_there_are_modules_to_read() -> None:
    assert len(MODULES) > 60


def test_the_rooms_are_entered_one_way() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [command, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize("package", ["flask", "werkzeug", "waitress", "flask_talisman"])
def test_the_web_is_known_in_the_server_alone(package: str) -> None:
    assert importers(package)
    assert all(name.startswith("server/") for name in importers(package))


def test_one_module_imports_folium_and_one_pyproj() -> None:
    assert importers("folium") | importers("branca") == {"server/maps.py"}
    assert importers("pyproj") == {"geo/crs.py"}


def test_the_environment_is_read_in_one_place() -> None:
    readers = set()
    for name, tree in trees():
        for node in ast.walk(tree):
            asked = isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
            named = isinstance(node, ast.alias) and node.name in ("environ", "getenv", "dotenv")
            if asked or named:
                readers.add(name)
    assert readers <= {"server/settings.py"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_no_longer_than_a_reader_can_hold(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def undocumented(tree: ast.Module) -> list[str]:
    missing = [] if ast.get_docstring(tree) else ["the module"]

    def look(nodes: list[ast.stmt], within: str) -> None:
        for node in nodes:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if node.name.startswith("_"):
                continue
            if not ast.get_docstring(node):
                missing.append(f"{within}{node.name}")
            if isinstance(node, ast.ClassDef):
                look(node.body, f"{node.name}.")

    look(tree.body, "")
    return missing


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_everything_public_has_a_docstring(path: Path) -> None:
    assert not undocumented(ast.parse(path.read_text(encoding="utf-8")))


def area_facts() -> re.Pattern[str]:
    """Names and codes of the areas that are shipped, the city's own, and the code families."""
    facts = set()
    for file, keys in (("npas", ("code", "name")), ("districts", ("code", "name"))):
        document = json.loads((PROJECT / "boundaries" / "data" / f"{file}.geojson").read_text())
        for feature in document["features"]:
            facts |= {str(feature["properties"][key]) for key in keys}
    assert len(facts) >= 30
    facts -= {"NA"}  # the missing value of every reader has that name too; looked for below
    facts |= {"Leicestershire", "Loughborough", "11 March 2020", "2020-03-11"}
    words = "|".join(re.escape(fact) for fact in sorted(facts, key=len, reverse=True))
    return re.compile(rf"\b(?:{words}|E0[67]\d{{6}}|E0[15]\d{{6}})\b|date\(2020, 3, 11\)")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_force_is_written_into_a_module(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = area_facts().search(text)
    assert not found, found[0]
    strings = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    assert "NA" not in strings


def text_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    paths = [PROJECT / name for name in names if name]
    if not paths:
        pytest.skip("a checkout by git is needed to tell the project's files from others")
    binary = {".png", ".gz", ".parquet", ".ico", ".jpg", ".gpkg"}
    return [path for path in paths if path.is_file() and path.suffix not in binary]


NOT_TO_BE_NAMED = re.compile(
    "|".join(
        (
            "npm" + r"js\.(?:org|com)",
            "pypi" + r"\.org",
            "python" + r"hosted\.org",
            r"--(?:extra-)?" + "index-" + "url",
            "arti" + "factory",
            r"/(?:" + "root|home/[a-z]+|work|Users" + r")/(?!\.)",
        )
    ),
    re.IGNORECASE,
)


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    said = []
    for path in text_files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            found = NOT_TO_BE_NAMED.search(line)
            if found:
                said.append(f"{name_of(path)}:{number}: {found[0]}")
    assert not said, "\n".join(said[:20])
