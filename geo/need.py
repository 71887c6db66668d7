"""Need as a visible mix: scores of small areas between 0 and 1, weighted, times residents."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from geo.errors import InvalidValue

FloatArray = npt.NDArray[np.float64]


def rank_scores(values: npt.ArrayLike) -> FloatArray:
    """How high each value stands among all: 0 the lowest, 1 the highest, equals in the middle.

    What is not known (NaN) stays unknown. Where all that are known are equal, or only one is,
    each stands in the middle.

    >>> rank_scores([10, 30, 30, 50]).tolist()
    [0.0, 0.5, 0.5, 1.0]
    """
    scores = np.array(values, dtype=np.float64)
    known = np.isfinite(scores)
    if known.sum() < 2:
        scores[known] = 0.5
        return scores
    scores[known] = (rankdata(scores[known]) - 1) / (known.sum() - 1)
    return scores


def mixed_need(
    residents: npt.ArrayLike, scores: Mapping[str, FloatArray], weights: Mapping[str, float]
) -> FloatArray:
    """Residents, each counted by the weighted mean of the scores of their small area.

    A score that is not known of an area is left out of its mean, so that unknown is neither high
    nor low; an area of which none is known counts as the middle.

    >>> mixed_need([100, 100], {"a": np.array([1.0, 0.0])}, {"a": 2.0}).tolist()
    [100.0, 0.0]

    Raises:
        InvalidValue: a weight is below 0 or not a number, or all are 0.
    """
    given = np.array([weights[name] for name in scores], dtype=float)
    if not np.all(np.isfinite(given) & (given >= 0)) or not given.sum():
        raise InvalidValue(
            "A weight of 0 or more is needed for each part of the need, and one above 0; given "
            f"{dict(weights)}."
        )
    table = np.array(list(scores.values()), dtype=float)
    known = np.isfinite(table)
    weight = np.where(known, given[:, None], 0.0)
    total = weight.sum(axis=0)
    summed = (np.where(known, table, 0.0) * weight).sum(axis=0)
    mean = np.divide(summed, total, out=np.full(total.shape, 0.5), where=total > 0)
    return np.asarray(np.asarray(residents, dtype=float) * mean, dtype=np.float64)
