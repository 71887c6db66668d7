from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from boundaries.builder import Build, build
from boundaries.errors import IncompleteBuild, UnreadableGround
from boundaries.ground import load_ground
from boundaries.outlines import Outlines
from boundaries.recipe import Recipe
from boundaries.report import NotBuilt
from boundaries.saved import current_build_id, save_build, saved_builds


@pytest.fixture
def built(recipe: Recipe, outlines: Outlines) -> Build:
    return build(recipe, outlines)


def test_a_saved_build_is_the_ground(tmp_path: Path, built: Build) -> None:
    save_build(tmp_path, built)
    ground = load_ground(tmp_path)
    assert ground.force == built.force
    for saved, made in ((ground.npas, built.npas), (ground.districts, built.districts)):
        assert saved.build_id == made.build_id
        assert (saved.title, saved.detail, saved.attribution) == (
            made.title,
            made.detail,
            made.attribution,
        )
        for column in ("code", "name", "group", "approximate", "note", "date_from", "date_to"):
            assert saved.frame[column].tolist() == made.frame[column].tolist()
            assert saved.display[column].tolist() == made.display[column].tolist()
        for one, other in ((saved.frame, made.frame), (saved.display, made.display)):
            assert shapely.equals_identical(
                one.geometry.to_numpy(), other.geometry.to_numpy()
            ).all()
    days = np.array(["2016-01-01", "2019-01-01"], dtype="datetime64[D]")
    assert ground.npa_at([410_500, 410_500], [1_020_500, 1_020_500], days).tolist() == ["NA", "MW"]
    assert ground.district_at(415_000, 1_020_500).tolist() == ["S12000902"]


def test_npas_and_districts_keep_their_own_sources(tmp_path: Path, built: Build) -> None:
    given = replace(built.npas, detail="outlines given in ours.geojson", attribution=())
    save_build(tmp_path, replace(built, npas=given))
    ground = load_ground(tmp_path)
    assert (ground.npas.detail, ground.npas.attribution) == (given.detail, ())
    assert ground.districts.detail == built.districts.detail
    assert ground.districts.attribution == built.districts.attribution
    assert saved_builds(tmp_path)[0].detail == given.detail


def test_places_of_another_force_are_left_out(tmp_path: Path, built: Build) -> None:
    save_build(tmp_path, built)
    ground = load_ground(tmp_path)
    assert ground.settlements.empty
    assert ground.wards.empty
    assert ground.residents_by_npa().empty


def test_saving_again_changes_nothing_and_a_new_build_becomes_current(
    tmp_path: Path, built: Build, recipe: Recipe, outlines: Outlines
) -> None:
    first = save_build(tmp_path, built)
    stamp = {path: path.stat().st_mtime_ns for path in first.iterdir()}
    assert save_build(tmp_path, built) == first
    assert stamp == {path: path.stat().st_mtime_ns for path in first.iterdir()}
    renamed = replace(recipe, npas=(replace(recipe.npas[0], name="Other"), *recipe.npas[1:]))
    second = save_build(tmp_path, build(renamed, outlines))
    assert current_build_id(tmp_path) == second.name
    listed = {saved.build_id: saved.current for saved in saved_builds(tmp_path)}
    assert listed == {first.name: False, second.name: True}
    fingerprints = {load_ground(tmp_path).fingerprint, load_ground(None).fingerprint}
    save_build(tmp_path, built)
    assert current_build_id(tmp_path) == first.name
    assert len({*fingerprints, load_ground(tmp_path).fingerprint}) == 3


@pytest.mark.parametrize("at", ["rename", "replace", "write_text"])
def test_a_process_killed_while_saving_leaves_the_old_ground(
    tmp_path: Path,
    built: Build,
    recipe: Recipe,
    outlines: Outlines,
    monkeypatch: pytest.MonkeyPatch,
    at: str,
) -> None:
    save_build(tmp_path, built)
    before = load_ground(tmp_path).fingerprint
    renamed = replace(recipe, npas=(replace(recipe.npas[0], name="Other"), *recipe.npas[1:]))
    other = build(renamed, outlines)

    def killed(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, at, killed)
        with pytest.raises(KeyboardInterrupt):
            save_build(tmp_path, other)
    assert load_ground(tmp_path).fingerprint == before
    save_build(tmp_path, other)
    assert load_ground(tmp_path).npas.build_id == other.npas.build_id
    assert not list((tmp_path / "boundaries").glob(".*"))


def test_an_incomplete_build_does_not_become_the_ground(tmp_path: Path, built: Build) -> None:
    fewer = replace(built.report, not_built=(NotBuilt("MW", "no wards."),))
    with pytest.raises(IncompleteBuild, match="leaves out MW"):
        save_build(tmp_path, replace(built, report=fewer))
    assert current_build_id(tmp_path) is None
    assert load_ground(tmp_path).npas.build_id.startswith("shipped-")


@pytest.mark.parametrize("damage", ["gone", "account", "frame", "pointer"])
def test_a_damaged_build_is_told_in_a_sentence(tmp_path: Path, built: Build, damage: str) -> None:
    folder = save_build(tmp_path, built)
    if damage == "gone":
        folder.rename(tmp_path / "elsewhere")
    elif damage == "account":
        (folder / "build.json").write_text("{", encoding="utf-8")
    elif damage == "frame":
        (folder / "npas.parquet").write_bytes(b"nothing")
    else:
        (folder.parent / "current").write_text("", encoding="utf-8")
    with pytest.raises(UnreadableGround, match="Build them again"):
        load_ground(tmp_path)


def test_an_empty_workspace_is_served_by_the_shipped_outlines(tmp_path: Path) -> None:
    assert load_ground(tmp_path).fingerprint == load_ground(None).fingerprint
    assert saved_builds(tmp_path) == ()
