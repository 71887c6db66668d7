"""Need is residents times a mean of scores that anybody can work out again."""

from __future__ import annotations

import numpy as np
import pytest

from geo.errors import InvalidValue
from geo.need import mixed_need, rank_scores


def test_scores_are_ranks_from_0_to_1():
    assert rank_scores([5, 1, 3]).tolist() == [1, 0, 0.5]


def test_what_is_unknown_stays_unknown_and_moves_no_other():
    scores = rank_scores([5, np.nan, 1])
    assert scores[[0, 2]].tolist() == [1, 0]
    assert np.isnan(scores[1])


@pytest.mark.parametrize("values", [[7], [7, 7, 7]])
def test_where_nothing_differs_all_stand_in_the_middle(values):
    assert set(rank_scores(values).tolist()) == {0.5}


def test_need_is_residents_times_the_weighted_mean_of_the_scores():
    scores = {"deprivation": np.array([1.0, 0.2]), "crime": np.array([0.5, np.nan])}
    need = mixed_need([100, 200], scores, {"deprivation": 3, "crime": 1})
    assert need.tolist() == pytest.approx([100 * (3 * 1 + 0.5) / 4, 200 * 0.2])


def test_an_area_of_which_nothing_is_known_counts_as_the_middle():
    assert mixed_need([10], {"a": np.array([np.nan])}, {"a": 1}).tolist() == [5]


@pytest.mark.parametrize("weight", [0, -1, float("nan")])
def test_weights_that_say_nothing_are_refused(weight):
    with pytest.raises(InvalidValue, match="one above 0"):
        mixed_need([1], {"a": np.ones(1)}, {"a": weight})
