"""Where residents are the wrong denominator: by people at work, else by crimes against visitors."""

from __future__ import annotations

import numpy as np
import pytest

from geo.denominators import drawn_by_visitors, more_work_than_live
from geo.errors import InvalidValue


def test_more_at_work_than_at_home() -> None:
    marked = more_work_than_live(np.array([100, 100, 0]), np.array([99, 101, 5]))
    assert marked.tolist() == [False, True, True]


def test_a_centre_of_shops_is_marked_and_a_chance_count_is_not() -> None:
    residents = np.full(100, 1500)
    thefts = np.full(100, 4)
    thefts[0], thefts[1] = 300, 30
    assert np.flatnonzero(drawn_by_visitors(residents, thefts)).tolist() == [0]
    few = np.zeros(100, dtype=int)
    few[2] = 1
    assert not drawn_by_visitors(residents, few).any(), "one theft among all marks nothing"


def test_counts_by_chance_mark_nothing() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        residents = rng.integers(900, 3000, 200)
        assert not drawn_by_visitors(residents, rng.poisson(residents * 0.003)).any()


def test_where_nobody_lives_any_such_crime_marks() -> None:
    assert drawn_by_visitors(np.array([0, 900]), np.array([2, 9])).tolist() == [True, False]
    assert drawn_by_visitors(np.array([0, 0]), np.array([2, 0])).tolist() == [True, False]
    with pytest.raises(InvalidValue, match="each area"):
        drawn_by_visitors(np.array([1]), np.array([1, 2]))
