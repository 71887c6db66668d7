"""Built boundaries in a workspace: each build a folder of its own, one of them the current.

``<workspace>/boundaries/<build id>/`` holds four GeoParquet files and ``build.json``; the file
``current`` beside the folders names the build in use. A folder appears under its name only when
it is whole, and ``current`` is replaced in one step, so a process killed at any moment leaves
either the old state or the new one.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa

from boundaries.builder import Build
from boundaries.errors import IncompleteBuild, UnreadableGround
from boundaries.recipe import Force
from boundaries.replacing import replacing
from boundaries.sets import BoundarySet
from geo.errors import InvalidFrame

_FOLDER: Final = "boundaries"
_POINTER: Final = "current"
_ACCOUNT: Final = "build.json"


@dataclass(frozen=True, slots=True)
class SavedBuild:
    """A build that a workspace holds: what its NPAs are, and its `BuildReport.as_dict`."""

    build_id: str
    detail: str
    current: bool
    report: Mapping[str, Any]


def save_build(workspace_dir: Path, build: Build) -> Path:
    """Keep a build in the workspace and make it the current one.

    Returns:
        The folder of the build.

    Raises:
        IncompleteBuild: the build lacks an NPA of the recipe, or a unit of one.
    """
    if not build.report.complete:
        lacking = [npa.code for npa in build.report.not_built]
        lacking += [lack.unit for lack in build.report.missing]
        raise IncompleteBuild(
            f"A build with every NPA of the recipe is needed; {build.report.file_name} leaves out "
            f"{', '.join(lacking)}. Build from a file of wards of the vintage that the recipe "
            "names; the boundaries in use stay as they are."
        )
    folder = workspace_dir / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / build.npas.build_id
    if not target.is_dir():
        with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as unfinished:
            whole = Path(unfinished) / target.name
            whole.mkdir()
            _write(whole, build)
            try:
                whole.rename(target)
            except OSError:
                if not target.is_dir():
                    raise
    _point_to(folder, target.name)
    return target


def _write(folder: Path, build: Build) -> None:
    for areas in (build.npas, build.districts):
        areas.frame.to_parquet(folder / f"{areas.id}.parquet")
        areas.display.to_parquet(folder / f"{areas.id}_display.parquet")
    account = {
        "force": {**asdict(build.force), "npas_since": build.force.npas_since.isoformat()},
        "sets": {
            areas.id: {
                "title": areas.title,
                "detail": areas.detail,
                "attribution": areas.attribution,
            }
            for areas in (build.npas, build.districts)
        },
        "report": build.report.as_dict(),
    }
    (folder / _ACCOUNT).write_text(
        json.dumps(account, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def _point_to(folder: Path, build_id: str) -> None:
    with replacing(folder / _POINTER) as pointer:
        pointer.write_text(build_id + "\n", encoding="utf-8")


def current_build_id(workspace_dir: Path) -> str | None:
    """Name of the build in use in a workspace; None where the shipped outlines serve."""
    pointer = workspace_dir / _FOLDER / _POINTER
    return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else None


def saved_builds(workspace_dir: Path) -> tuple[SavedBuild, ...]:
    """Every build that a workspace holds, by its id.

    Raises:
        UnreadableGround: a build is damaged.
    """
    current = current_build_id(workspace_dir)
    folders = sorted((workspace_dir / _FOLDER).glob(f"[!.]*/{_ACCOUNT}"))
    builds = []
    for path in folders:
        account = _account(path.parent)
        name = path.parent.name
        try:
            detail, report = account["sets"]["npas"]["detail"], account["report"]
        except (KeyError, TypeError) as error:
            raise _damaged(path.parent) from error
        builds.append(SavedBuild(name, detail, name == current, report))
    return tuple(builds)


def current_sets(workspace_dir: Path) -> tuple[Force, BoundarySet, BoundarySet] | None:
    """The force, NPAs and districts in use in a workspace; None where none were built.

    Raises:
        UnreadableGround: the build in use is missing or damaged.
    """
    build_id = current_build_id(workspace_dir)
    if build_id is None:
        return None
    folder = workspace_dir / _FOLDER / build_id
    account = _account(folder)
    try:
        since = date.fromisoformat(account["force"]["npas_since"])
        force = Force(**{**account["force"], "npas_since": since})
        npas, districts = (_read_set(folder, name, account) for name in ("npas", "districts"))
    except (OSError, KeyError, TypeError, ValueError, pa.ArrowException, InvalidFrame) as error:
        raise _damaged(folder) from error
    return force, npas, districts


def _account(folder: Path) -> dict[str, Any]:
    try:
        account: dict[str, Any] = json.loads((folder / _ACCOUNT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(folder) from error
    return account


def _damaged(folder: Path) -> UnreadableGround:
    return UnreadableGround(
        f"The boundaries of build {folder.name or 'without a name'} are missing or damaged. "
        f"Build them again, or remove the file {_POINTER} in {folder.parent.name} to go back to "
        "the shipped outlines."
    )


def _read_set(folder: Path, name: str, account: Mapping[str, Any]) -> BoundarySet:
    about = account["sets"][name]
    return BoundarySet(
        id=name,
        title=about["title"],
        frame=_read_frame(folder / f"{name}.parquet"),
        display=_read_frame(folder / f"{name}_display.parquet"),
        detail=about["detail"],
        build_id=folder.name,
        attribution=tuple(about["attribution"]),
    )


def _read_frame(path: Path) -> gpd.GeoDataFrame:
    frame = gpd.read_parquet(path)
    for column in ("date_from", "date_to"):
        days = [None if pd.isna(day) else day for day in frame[column]]
        frame[column] = np.array(days, dtype=object)
    return frame
