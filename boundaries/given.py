"""NPAs whose outlines are given as they are, in place of those made from a recipe."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import geopandas as gpd
import shapely

from boundaries.builder import TOLERANCE_M, Build
from boundaries.edges import compare
from boundaries.ground import Ground
from boundaries.report import BuildReport
from boundaries.sets import BoundarySet
from geo.partition import generalise


def given_npas(ground: Ground, frame: gpd.GeoDataFrame, file_name: str) -> Build:
    """A build whose NPAs are the given areas and whose districts are those of the ground.

    ``frame`` has the columns of a `BoundarySet`, in EPSG:27700. The report says where the areas
    overlap, leave gaps, or do not cover the districts; none of these refuses them.
    """
    outlines = frame.geometry.to_numpy()
    edges_shared = bool(shapely.coverage_is_valid(outlines))
    display = frame.set_geometry(generalise(outlines, TOLERANCE_M), crs=frame.crs)
    npas = BoundarySet(
        id=ground.npas.id,
        title=ground.npas.title,
        frame=frame,
        display=display,
        detail=f"outlines given in {file_name}",
        build_id=_build_id(ground, frame),
        attribution=(),
    )
    report = BuildReport(
        file_name=file_name,
        level="npa",
        units_read=len(frame),
        units_used=len(frame),
        units_elsewhere=0,
        repaired=(),
        unused=(),
        missing=(),
        not_built=(),
        edges=compare(npas, ground.districts),
        edges_shared=edges_shared,
        tolerance_m=TOLERANCE_M,
    )
    return Build(ground.force, npas, replace(ground.districts), report)


def _build_id(ground: Ground, frame: gpd.GeoDataFrame) -> str:
    digest = hashlib.sha256(ground.districts.build_id.encode())
    digest.update(frame.drop(columns="geometry").to_csv().encode())
    for geometry in frame.geometry:
        digest.update(shapely.to_wkb(geometry, byte_order=1))
    return digest.hexdigest()[:12]
