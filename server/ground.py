"""Building and listing boundaries for the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from boundaries.builder import Build, build
from boundaries.ground import save_build
from boundaries.outlines import read_outlines
from boundaries.recipe import RECIPES, read_recipe
from boundaries.saved import saved_builds
from layers.workspace import Workspace


def build_boundaries(workspace: Workspace, recipe: str, outlines: Path) -> Build:
    """Build the areas of a recipe; they are in use only after :func:`use_boundaries`.

    ``recipe`` is the name of a shipped recipe or the path of a TOML file; empty for the shipped
    recipe of the force whose ground is in use.

    Raises:
        PatchmapError: the recipe or the outlines cannot be used.
    """
    named = RECIPES / f"{recipe or workspace.ground.force.id}.toml"
    return build(read_recipe(named if named.is_file() else Path(recipe)), read_outlines(outlines))


def use_boundaries(workspace: Workspace, built: Build) -> None:
    """Make built areas the ones in use.

    Raises:
        IncompleteBuild: an area of the recipe is missing or lacks a part; those in use stay.
    """
    save_build(workspace.path, built)
    workspace.reload_ground()


def listed_boundaries(workspace: Workspace) -> list[dict[str, Any]]:
    """The sets in use, then earlier builds that the workspace still keeps."""
    ground = workspace.ground
    rows = [
        {
            "set": areas.id,
            "areas": len(areas.frame),
            "detail": areas.detail,
            "build_id": areas.build_id,
            "current": True,
        }
        for areas in (ground.npas, ground.districts)
    ]
    rows += [
        {
            "set": "build",
            "areas": saved.report["units_used"],
            "detail": saved.detail,
            "build_id": saved.build_id,
            "current": False,
        }
        for saved in saved_builds(workspace.path)
        if not saved.current
    ]
    return rows
