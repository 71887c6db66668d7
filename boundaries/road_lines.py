"""Road lines made fit for a network: split where ways share a point, of one piece, cut to size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import BRITISH_NATIONAL_GRID
from geo.network import pieces

MARGIN_M: Final = 10_000.0
"""Roads so far outside the force area count: ways may lead through a neighbour's."""

Lines = npt.NDArray[Any]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Lines with the row each came from, and how many lie apart from the largest piece."""

    frame: gpd.GeoDataFrame
    apart: int


def split_where_shared(lines: Lines) -> tuple[Lines, IntArray]:
    """Lines cut at every point that they share with another or themselves, and the row of each.

    OpenStreetMap draws a way past its junctions, which are the points it has in common with other
    ways. Lines that cross without a common point, such as bridges, are not cut.
    """
    points, of = shapely.get_coordinates(lines, return_index=True)
    _, number, times = np.unique(points, axis=0, return_inverse=True, return_counts=True)
    shared = times[number.reshape(-1)] > 1
    first = np.r_[True, of[1:] != of[:-1]]
    last = np.r_[first[1:], True]
    inner = shared & ~first & ~last
    repeats = 1 + inner.astype(np.int64)
    doubled = np.repeat(np.arange(len(points)), repeats)
    starts_anew = np.r_[True, doubled[1:] == doubled[:-1]] | first[doubled]
    part = np.cumsum(starts_anew) - 1
    cut = shapely.linestrings(points[doubled], indices=part)
    rows = of[doubled][starts_anew]
    some = shapely.length(cut) > 0
    return cut[some], rows[some].astype(np.int64)


def one_piece(frame: gpd.GeoDataFrame) -> Pieces:
    """The largest piece of roads that join, whatever their direction; the rest is left out.

    A scrap that joins nothing would have whoever is put on it find no way.
    """
    piece = pieces(frame.geometry.to_numpy())
    kept = piece == np.bincount(piece).argmax()
    return Pieces(frame[kept].reset_index(drop=True), int((~kept).sum()))


def near(lines: Lines, area: shapely.Geometry) -> npt.NDArray[np.bool_]:
    """Which lines lie within the margin of an area, wholly or in part."""
    shapely.prepare(area)
    return np.asarray(shapely.dwithin(lines, area, MARGIN_M))


def as_frame(table: pd.DataFrame, lines: Lines) -> gpd.GeoDataFrame:
    """Rows with their lines in EPSG:27700."""
    return gpd.GeoDataFrame(table.reset_index(drop=True), geometry=lines, crs=BRITISH_NATIONAL_GRID)
