"""Recorded crime on disk: GeoParquet, one partition a month, sorted along a Hilbert curve.

A manifest names the file of each month and is replaced in one step, so a killed import leaves
either all the months of before or all the months of after.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq
import shapely

from boundaries.replacing import replacing
from layers.errors import DamagedWorkspace

T = TypeVar("T")

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, eq=False)
class CrimePoints:
    """What counting needs of a month's records: position and type.

    Metres in EPSG:27700, not a number for a record without a position.
    """

    easting_m: npt.NDArray[np.float64]
    northing_m: npt.NDArray[np.float64]
    crime_type: pd.Categorical


class CrimeStore:
    """Months of crime records in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def months(self) -> tuple[str, ...]:
        """The months held, ``YYYY-MM``, in order."""
        return tuple(sorted(self._manifest()))

    def version(self) -> str:
        """Changes whenever a month does."""
        return hashlib.sha256(orjson.dumps(self._manifest())).hexdigest()[:16]

    def digest(self, month: str) -> str:
        """The digest of a month's content; empty when the month is not held."""
        return self.digests().get(month, "")

    def digests(self) -> dict[str, str]:
        """The digest of each month's content, the months in order."""
        return {
            month: name.rpartition("-")[2].removesuffix(".parquet")
            for month, name in sorted(self._manifest().items())
        }

    def rows(self) -> dict[str, int]:
        """Records held by month, read from the files' own footers.

        Raises:
            DamagedWorkspace: a file is missing or not readable.
        """
        return {month: self._footer_rows(month, name) for month, name in self._manifest().items()}

    def read(self, month: str) -> gpd.GeoDataFrame:
        """One month's records, EPSG:27700.

        Raises:
            DamagedWorkspace: the file that the manifest names is not there or not readable.
        """
        return self._opened(month, gpd.read_parquet)

    def points(self, month: str) -> CrimePoints:
        """Position and type of one month's records, without making a geometry of each.

        Raises:
            DamagedWorkspace: the file that the manifest names is not there or not readable.
        """
        return self._opened(month, _read_points)

    def small_areas(self, month: str) -> tuple[CrimePoints, pd.Categorical]:
        """As :meth:`points`, with the code of the small area (LSOA) that each record states.

        Both come from the same file, so that they fit even if the month is replaced meanwhile.

        Raises:
            DamagedWorkspace: the file that the manifest names is not there or not readable.
        """
        return self._opened(month, lambda path: (_read_points(path), _read_codes(path)))

    def _opened(self, month: str, read: Callable[[Path], T]) -> T:
        name = self._manifest()[month]
        try:
            return read(self._folder / name)
        except FileNotFoundError as error:
            if self._manifest().get(month, name) != name:  # replaced since the manifest was read
                return self._opened(month, read)
            raise _unreadable(month, name, error) from error
        except (OSError, ValueError, KeyError) as error:
            raise _unreadable(month, name, error) from error

    def replace(self, months: Mapping[str, gpd.GeoDataFrame]) -> None:
        """Put these months in place of what is held of them, all in one step."""
        self._folder.mkdir(parents=True, exist_ok=True)
        before = self._manifest()
        after = dict(before)
        for month, frame in months.items():
            after[month] = f"{month}-{content_digest(frame)}.parquet"
            self._write(after[month], _along_hilbert_curve(frame))
        with replacing(self._folder / MANIFEST) as path:
            path.write_bytes(orjson.dumps(after, option=orjson.OPT_SORT_KEYS))
        for name in set(before.values()) - set(after.values()):
            (self._folder / name).unlink(missing_ok=True)

    def faults(self) -> list[str]:
        """What keeps the partitions from being whole, as sentences; empty when they are."""
        found = []
        for month in self.months():
            try:
                if content_digest(self.read(month)) != self.digest(month):
                    found.append(f"The crime of {month} was changed outside Patchmap.")
            except DamagedWorkspace as error:
                found.append(str(error))
        return found

    def _footer_rows(self, month: str, name: str) -> int:
        try:
            return int(pq.read_metadata(self._folder / name).num_rows)
        except (OSError, pa.ArrowException) as error:
            raise _unreadable(month, name, error) from error

    def _manifest(self) -> dict[str, str]:
        path = self._folder / MANIFEST
        if not path.is_file():
            return {}
        try:
            manifest: dict[str, str] = orjson.loads(path.read_bytes())
        except (OSError, orjson.JSONDecodeError) as error:
            raise DamagedWorkspace(
                f"{path.name} in the crime folder cannot be read: {error}. Import crime again."
            ) from error
        return manifest

    def _write(self, name: str, frame: gpd.GeoDataFrame) -> None:
        located = bool(frame.geometry.notna().any())
        encoding = "geoarrow" if located else "WKB"  # geoarrow cannot tell a column of nothing
        with replacing(self._folder / name) as path:
            frame.to_parquet(path, compression="zstd", index=False, geometry_encoding=encoding)


def _unreadable(month: str, name: str, error: Exception) -> DamagedWorkspace:
    return DamagedWorkspace(
        f"The crime of {month} should be in {name}, which cannot be read: {error}. Import that "
        "month again."
    )


def _read_points(path: Path) -> CrimePoints:
    columns = pq.read_table(
        path, columns=["crime_type", "geometry"], read_dictionary=["crime_type"]
    )
    kinds = pd.Categorical(columns["crime_type"].to_pandas())
    points = columns["geometry"].combine_chunks()
    if pa.types.is_struct(points.type):
        x, y = (_numbers(points, axis) for axis in ("x", "y"))
    else:  # written as well-known binary by version 0.1
        found = shapely.from_wkb(points.to_numpy(zero_copy_only=False))
        x, y = shapely.get_x(found), shapely.get_y(found)
    return CrimePoints(x, y, kinds)


def _read_codes(path: Path) -> pd.Categorical:
    column = pq.read_table(path, columns=["lsoa_code"], read_dictionary=["lsoa_code"])
    return pd.Categorical(column["lsoa_code"].to_pandas())


def _numbers(points: pa.StructArray, axis: str) -> npt.NDArray[np.float64]:
    """One ordinate of each point, NaN where the point is null."""
    values = pa.compute.struct_field(points, axis)
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64)


def content_digest(frame: gpd.GeoDataFrame) -> str:
    """A digest of a month's records that does not depend on their order."""
    columns = sorted(set(frame.columns) - {"geometry"})
    text = pd.DataFrame({name: frame[name].astype(str) for name in columns})
    text["x"], text["y"] = (
        frame.geometry.x.round(2).astype(str),
        frame.geometry.y.round(2).astype(str),
    )
    hashes = np.sort(pd.util.hash_pandas_object(text, index=False).to_numpy())
    return hashlib.sha256(hashes.tobytes()).hexdigest()[:20]


def _along_hilbert_curve(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    located = frame[~frame.geometry.isna()]
    rest = frame[frame.geometry.isna()]
    if located.empty:
        return frame
    return pd.concat([located.iloc[np.argsort(located.hilbert_distance().to_numpy())], rest])
