"""What it costs people to reach sites: a matrix of metres or minutes that says how it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist

from geo.errors import InvalidValue
from geo.route import ROUTE_FACTOR, SPEED_KMH

FloatArray = npt.NDArray[np.float64]
Measure = Literal["distance_m", "minutes"]
Method = Literal["straight line", "road network", "table"]


@dataclass(frozen=True, slots=True, eq=False)
class CostMatrix:
    """The cost of the way from each demand point (row) to each site (column).

    ``measure`` is the unit of ``values``: metres along the way, or minutes. ``method`` is how they
    were found, with the ``route_factor`` of straight lines and the ``speed_kmh`` of minutes that
    were reckoned from metres. Infinite: there is no way, or the site is closed. ``values`` cannot
    be written to.

    Raises:
        InvalidValue: not a table of numbers of 0 or more, or a factor or speed that is none.
    """

    values: FloatArray
    measure: Measure
    method: Method
    route_factor: float | None = None
    speed_kmh: float | None = None

    def __post_init__(self) -> None:
        values = np.array(self.values, dtype=np.float64)
        if values.ndim != 2 or not (values >= 0).all():
            raise InvalidValue(
                "Costs are needed as a table with a row a demand point and a column a site, each 0 "
                f"or more and infinite where there is no way; given the shape {values.shape}"
                f"{' with other values' if values.ndim == 2 else ''}. Fill what is not known."
            )
        if self.measure not in ("distance_m", "minutes"):
            raise InvalidValue(f"Costs are distance_m or minutes; given {self.measure!r}.")
        _positive("route factor", self.route_factor)
        _positive("speed in km/h", self.speed_kmh)
        values.setflags(write=False)
        object.__setattr__(self, "values", values)

    @property
    def people(self) -> int:
        """The number of demand points."""
        return int(self.values.shape[0])

    @property
    def sites(self) -> int:
        """The number of sites, closed ones counted."""
        return int(self.values.shape[1])

    def minutes(self, speed_kmh: npt.ArrayLike = SPEED_KMH) -> CostMatrix:
        """Minutes at one speed, or at that of each demand point; minutes stay as they are.

        Raises:
            InvalidValue: a speed is not above 0, or there are not as many as demand points.
        """
        if self.measure == "minutes":
            return self
        speeds = np.asarray(speed_kmh, dtype=np.float64)
        if speeds.shape not in ((), (self.people,)) or not np.all(
            np.isfinite(speeds) & (speeds > 0)
        ):
            raise InvalidValue(
                f"A speed in km/h above 0 is needed, or one for each of {self.people} demand "
                f"points; given {speed_kmh!r}."
            )
        values = self.values * 60 / (speeds.reshape(-1, 1) * 1000)
        one = float(speeds) if speeds.shape == () else None
        return replace(self, values=values, measure="minutes", speed_kmh=one)

    def only(self, sites: Sequence[int]) -> CostMatrix:
        """The sites named alone, in that order, numbered anew.

        Raises:
            InvalidValue: there is no such site.
        """
        return replace(self, values=self.values[:, self.numbers(sites)])

    def changed(
        self,
        closed: Sequence[int] = (),
        opened: CostMatrix | None = None,
        moved: Mapping[int, Any] | None = None,
    ) -> CostMatrix:
        """The costs after sites close, open or move; every site keeps its number.

        Only the columns that change are touched: closed sites become infinite, those that open
        come last.

        Args:
            closed: numbers of sites.
            opened: costs to the sites that open, of the same measure.
            moved: costs to the new place of a site, a column by its number.

        Raises:
            InvalidValue: there is no such site, or costs that do not fit these.
        """
        if opened is not None and (opened.measure, opened.people) != (self.measure, self.people):
            raise InvalidValue(
                f"Sites that open need costs in {self.measure} from {self.people} demand points; "
                f"given {opened.measure} from {opened.people}."
            )
        values = np.hstack((self.values, *([] if opened is None else [opened.values])))
        for site, column in (moved or {}).items():
            values[:, self.numbers([site])[0]] = self._column(column)
        values[:, self.numbers(closed)] = np.inf
        return replace(self, values=values)

    def _column(self, column: npt.ArrayLike) -> FloatArray:
        found = np.asarray(column, dtype=np.float64)
        if found.size != self.people:
            raise InvalidValue(
                f"A site that moves needs costs from {self.people} demand points; given "
                f"{found.size}."
            )
        return found.reshape(-1)

    def numbers(self, sites: Sequence[int]) -> npt.NDArray[np.int64]:
        """The sites as an array of numbers, each of which there is.

        Raises:
            InvalidValue: there is no such site.
        """
        chosen = np.asarray(sites, dtype=np.int64).reshape(-1)
        if chosen.size and not (chosen.min() >= 0 and chosen.max() < self.sites):
            raise InvalidValue(
                f"Sites are numbered from 0 to {self.sites - 1}; given {chosen.tolist()}."
            )
        return chosen


def straight_lines(
    people_m: npt.ArrayLike, sites_m: npt.ArrayLike, route_factor: float = ROUTE_FACTOR
) -> CostMatrix:
    """Metres from people to sites: straight lines, made longer by a factor for the roads.

    Args:
        people_m: eastings and northings in EPSG:27700, as an ``(n, 2)`` array.
        sites_m: the same of the sites; there may be none.
        route_factor: how much longer a road is than the straight line.

    >>> straight_lines([[0, 0]], [[300, 400], [0, 0]], route_factor=1.2).values.tolist()
    [[600.0, 0.0]]

    Raises:
        InvalidValue: not pairs of finite coordinates, or a factor that is not above 0.
    """
    _positive("route factor", route_factor)
    apart_m = cdist(points(people_m), points(sites_m))
    return CostMatrix(apart_m * route_factor, "distance_m", "straight line", float(route_factor))


def points(points_m: npt.ArrayLike) -> FloatArray:
    """Pairs of finite coordinates as an ``(n, 2)`` array.

    Raises:
        InvalidValue: they are not.
    """
    found = np.asarray(points_m, dtype=np.float64)
    if found.size == 0:
        return found.reshape(0, 2)
    if found.ndim != 2 or found.shape[1] != 2 or not np.isfinite(found).all():
        raise InvalidValue(
            "Points are needed as pairs of finite eastings and northings in metres; given the "
            f"shape {found.shape}. Leave out what has no position."
        )
    return found


def counts(values: npt.ArrayLike, number: int, of: str) -> FloatArray:
    """One known number of 0 or more for each, such as residents of demand points.

    Raises:
        InvalidValue: not so many, or one that is not known or below 0.
    """
    found = np.asarray(values, dtype=np.float64)
    if found.shape != (number,) or not np.all(np.isfinite(found) & (found >= 0)):
        unknown = int((~np.isfinite(found)).sum())
        raise InvalidValue(
            f"{of} are needed as {number} known numbers of 0 or more; given the shape "
            f"{found.shape} with {unknown} not known. Leave the others out and say so."
        )
    return found


def _positive(what: str, value: float | None) -> None:
    if value is not None and not (np.isfinite(value) and value > 0):
        raise InvalidValue(f"A {what} above 0 is needed; given {value!r}.")
