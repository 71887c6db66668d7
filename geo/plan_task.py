"""What is to be planned: places, people and their need, months, and the days that areas lack."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import maximum_bipartite_matching
from scipy.spatial import cKDTree

from geo.errors import InvalidValue

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class PlanTask:
    """What is to be planned.

    ``places_m`` are the candidates as an ``(n, 2)`` array and ``place_area`` the number of the
    area each lies in; ``people_m`` and ``need`` are the points of small areas and what reaching
    each is worth. ``quota`` is how many days each month takes. ``lacking`` has a row an area and
    a column a month: the days that the run of ``window_months`` ending with that month still lacks
    before anything is planned; what is below 1 lacks none. ``alike`` has a row for each two places
    of which one can be visited; none of the first column stands in the second.

    Raises:
        InvalidValue: shapes that do not fit, a value below 0 or not a number, or a place on both
            sides of ``alike``.
    """

    places_m: FloatArray
    place_area: IntArray
    people_m: FloatArray
    need: FloatArray
    quota: tuple[int, ...]
    lacking: IntArray
    reach_m: float
    travel_m: float
    stops: int
    window_months: int = 12
    alike: IntArray = field(default_factory=lambda: np.empty((0, 2), dtype=np.int64))

    def __post_init__(self) -> None:
        areas, months = self.lacking.shape
        shapes = (
            self.places_m.shape == (len(self.place_area), 2)
            and self.people_m.shape == (len(self.need), 2)
            and months == len(self.quota)
            and (not len(self.place_area) or self.place_area.max() < areas)
        )
        numbers = np.concatenate((self.need, self.quota, self.place_area))
        if not shapes or not np.all(np.isfinite(numbers) & (numbers >= 0)) or self.stops < 1:
            raise InvalidValue(
                "A plan needs a point and an area for each place, a point and a need of 0 or more "
                "for each small area, a number of days for each month, and at least 1 stop a day; "
                f"given {self.places_m.shape}, {self.place_area.shape}, {self.people_m.shape}, "
                f"{self.need.shape}, {self.quota}, {self.lacking.shape} and {self.stops}."
            )
        both = np.intersect1d(self.alike[:, 0], self.alike[:, 1])
        if len(both) or (len(self.alike) and self.alike.max() >= len(self.place_area)):
            raise InvalidValue(
                "Places of which one can be visited are needed in two columns of numbers, none of "
                f"them in both, below {len(self.place_area)}; given {self.alike.tolist()}."
            )

    @property
    def days(self) -> int:
        """The days to be planned."""
        return sum(self.quota)

    def most_places(self) -> IntArray:
        """How many places each area has that can all be visited in one plan.

        That is all of them but as many as there are pairs in a largest matching of those that are
        alike (the theorem of Kőnig).
        """
        held = np.bincount(self.place_area, minlength=len(self.lacking))
        shape = (len(self.place_area), len(self.place_area))
        graph = sparse.csr_array((np.ones(len(self.alike)), self.alike.T), shape=shape)
        matched = maximum_bipartite_matching(sparse.csr_matrix(graph), perm_type="column") >= 0
        most: IntArray = held - np.bincount(self.place_area[matched], minlength=len(held))
        return most

    def reached_from(self) -> sparse.csr_array:
        """Which small areas (rows) are reached from which places (columns)."""
        shape = (len(self.need), len(self.places_m))
        if not all(shape):
            return sparse.csr_array(shape)
        pairs = cKDTree(self.people_m).query_ball_point(self.places_m, self.reach_m)
        places = np.repeat(np.arange(len(pairs)), [len(mine) for mine in pairs])
        people = np.concatenate([np.asarray(mine, dtype=np.int64) for mine in pairs])
        return sparse.csr_array((np.ones(len(people)), (people, places)), shape=shape)

    def companions(self) -> tuple[IntArray, IntArray]:
        """Which place may be a further stop of a day at which main place, as two columns."""
        none = np.empty(0, dtype=np.int64)
        if self.stops < 2 or not len(self.places_m):
            return none, none
        own = self.reached_from().T @ self.need
        rank = np.empty(len(own), dtype=np.int64)
        rank[np.argsort(-own, kind="stable")] = np.arange(len(own))
        pairs = cKDTree(self.places_m).query_pairs(self.travel_m, output_type="ndarray")
        pairs = pairs[self.place_area[pairs[:, 0]] == self.place_area[pairs[:, 1]]]
        first_is_main = rank[pairs[:, 0]] < rank[pairs[:, 1]]
        main = np.where(first_is_main, pairs[:, 0], pairs[:, 1])
        other = np.where(first_is_main, pairs[:, 1], pairs[:, 0])
        order = np.lexsort((other, main))
        return main[order].astype(np.int64), other[order].astype(np.int64)
