"""Location models as spopt builds them, solved by HiGHS, with what the solver proved.

spopt takes long to load and is asked for only when something is sited. Its own figures are not
read: which sites are open is, and the bound comes from HiGHS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from geo.costs import FloatArray
from geo.siting_task import NoSites

BoolArray = npt.NDArray[np.bool_]

_NEAR: Final = 0.0
_FAR: Final = 2.0
_RADIUS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Solved:
    """The columns that are open, and what no choice can pass, in the units of the model."""

    chosen: tuple[int, ...]
    bound: float


def cover_most(covers: BoolArray, weights: FloatArray, p: int, time_limit_s: float) -> Solved:
    """The ``p`` columns that cover the most weight of the rows.

    Raises:
        NoSites: none was found in the time.
    """
    scale = float(weights.sum())
    model = _spopt().MCLP.from_cost_matrix(_costs(covers), weights / scale, _RADIUS, p)
    solved = _solved(model, time_limit_s)
    return Solved(solved.chosen, min(-solved.bound, 1.0) * scale)


def cover_all(covers: BoolArray, time_limit_s: float) -> Solved:
    """The fewest columns that cover every row.

    Raises:
        NoSites: none was found in the time.
    """
    return _solved(_spopt().LSCP.from_cost_matrix(_costs(covers), _RADIUS), time_limit_s)


def least_cost(costs: FloatArray, p: int, fixed: Sequence[int], time_limit_s: float) -> Solved:
    """The ``p`` columns, ``fixed`` ones among them, with the least cost of all rows in all.

    A row is served only by a column with a finite cost. Which column serves it follows from which
    are open, so that only the opening needs to be whole.

    Raises:
        NoSites: there is no such choice, or none was found in the time.
    """
    way = np.isfinite(costs)
    settled = np.array(fixed, dtype=np.int64) if len(fixed) else None
    each = np.ones(len(costs))
    model = _spopt().PMedian.from_cost_matrix(np.where(way, costs, 0.0), each, p, settled)
    for variable, open_to in zip(model.cli_assgn_vars.ravel(), way.ravel(), strict=True):
        variable.cat = "Continuous"
        if not open_to:
            variable.upBound = 0
    return _solved(model, time_limit_s)


def _spopt() -> Any:
    from pulp.v4_migration import set_v4_migration_warnings
    from spopt import locate

    set_v4_migration_warnings(False)  # spopt builds as PuLP 3 does, and no later PuLP is allowed
    return locate


def _costs(covers: BoolArray) -> FloatArray:
    return np.where(covers, _NEAR, _FAR)


def _solved(model: Any, time_limit_s: float) -> Solved:
    """The solution by HiGHS; PuLP calls it optimal too when only the time is over."""
    import highspy
    from pulp import HiGHS

    solver = HiGHS(msg=False, gapRel=0.0, gapAbs=0.0, timeLimit=max(time_limit_s, 0.1))
    model.problem.solve(solver)
    info = model.problem.solverModel.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        raise NoSites(
            "No choice of sites was found that serves everyone who can be served. Open more of "
            "them, exclude fewer, or give it more time."
        )
    opened = [index for index, each in enumerate(model.fac_vars) if round(each.value() or 0)]
    return Solved(tuple(opened), float(info.mip_dual_bound))
