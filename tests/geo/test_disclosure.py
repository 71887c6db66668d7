"""Small counts stay hidden, also from a reader who subtracts. The oracle tries every table."""

from __future__ import annotations

import itertools
import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geo.disclosure import (
    Protected,
    feasible_interval,
    one_way_table,
    protect,
    protect_line,
    two_way_table,
)
from geo.errors import InvalidValue


def with_totals(counts: np.ndarray) -> np.ndarray:
    body = np.column_stack((counts, counts.sum(axis=1)))
    return np.vstack((body, body.sum(axis=0)))


def fitting_tables(whole: np.ndarray, published: np.ndarray, largest: int) -> np.ndarray:
    """Every table, totals included, with counts of 0 to ``largest`` that fits what is published."""
    rows, columns = whole.shape[0] - 1, whole.shape[1] - 1
    tables = np.zeros((1, 0, columns + 1), dtype=np.int64)
    for row in range(rows):
        domains = [
            [whole[row, column]] if published[row, column] else range(largest + 1)
            for column in range(columns)
        ]
        choices = np.array(list(itertools.product(*domains)), dtype=np.int64)
        choices = np.column_stack((choices, choices.sum(axis=1)))
        if published[row, -1]:
            choices = choices[choices[:, -1] == whole[row, -1]]
        tables = np.concatenate(
            (
                np.repeat(tables, len(choices), axis=0),
                np.tile(choices, (len(tables), 1))[:, None, :],
            ),
            axis=1,
        )
        seen = published[-1]
        if row == rows - 1:
            kept = (tables.sum(axis=1)[:, seen] == whole[-1, seen]).all(axis=1)
        else:
            kept = (tables.sum(axis=1)[:, seen] <= whole[-1, seen]).all(axis=1)
        tables = tables[kept]
    return np.concatenate((tables, tables.sum(axis=1, keepdims=True)), axis=1)


def assert_safe_by_enumeration(counts: np.ndarray, threshold: int, largest: int) -> None:
    whole = with_totals(counts)
    published = protect(counts, threshold).published
    assert (whole[published] >= threshold).all()
    tables = fitting_tables(whole, published, largest)
    assert (tables == whole).all(axis=(1, 2)).any()
    lowest, highest = tables.min(axis=0), tables.max(axis=0)
    hidden = ~published
    assert (lowest[hidden] < highest[hidden]).all()
    assert (highest[hidden & (whole < threshold)] >= threshold).all()


def assert_lines_safe(counts: np.ndarray, protected: Protected, threshold: int) -> None:
    """No published total minus the published members of its line leaves a small remainder."""
    whole, published = with_totals(counts), protected.published
    for values, seen in [
        *zip(whole, published, strict=True),
        *zip(whole.T, published.T, strict=True),
    ]:
        hidden = ~seen
        assert hidden.sum() != 1
        if seen[-1] and hidden.any():
            assert values[-1] - values[:-1][seen[:-1]].sum() >= threshold


@pytest.mark.parametrize("seed", range(40))
def test_no_small_table_of_two_by_three_gives_a_value_away(seed: int):
    counts = np.random.default_rng(seed).integers(0, 8, size=(2, 3))
    assert_safe_by_enumeration(counts, threshold=3, largest=9)


@pytest.mark.parametrize("seed", range(25))
def test_no_small_table_of_three_by_three_gives_a_value_away(seed: int):
    counts = np.random.default_rng(seed).integers(0, 4, size=(3, 3))
    assert_safe_by_enumeration(counts, threshold=2, largest=6)


@pytest.mark.parametrize("seed", range(20))
def test_the_interval_is_what_trying_every_table_finds(seed: int):
    random = np.random.default_rng(seed)
    counts = random.integers(0, 5, size=(3, 3))
    published = np.ones((4, 4), dtype=bool)
    published[:3, :3] = random.random((3, 3)) < 0.4
    tables = fitting_tables(with_totals(counts), published, largest=12)
    for position in range(16):
        values = tables.reshape(len(tables), -1)[:, position]
        interval = feasible_interval(two_way_table(counts), published, position)
        assert interval == (values.min(), values.max())


@settings(deadline=None, max_examples=60)
@given(
    hnp.arrays(
        np.int64, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.integers(0, 20)
    ),
    st.sampled_from([2, 3, 5, 10]),
)
def test_every_withheld_value_keeps_its_doubt(counts: np.ndarray, threshold: int):
    protected = protect(counts, threshold)
    assert_lines_safe(counts, protected, threshold)
    table, published = two_way_table(counts), protected.published.ravel()
    assert (table.values[published] >= threshold).all()
    for position in np.flatnonzero(~published):
        low, high = feasible_interval(table, published, int(position))
        assert low <= table.values[position] <= high
        assert low < high
        assert high >= threshold or table.values[position] >= threshold


def test_withholding_only_the_small_counts_would_fail():
    counts = np.array([[3, 20, 30], [25, 40, 50], [35, 60, 70]])
    table = two_way_table(counts)
    naive = table.values >= 5
    assert feasible_interval(table, naive, 0) == (3, 3)

    protected = protect(counts)
    assert protected.cells.tolist() == [
        [False, False, True],
        [False, False, True],
        [True, True, True],
    ]
    assert protected.row_totals.all()
    assert protected.col_totals.all()
    assert protected.total
    assert feasible_interval(table, protected.published, 0) == (0, 23)


def test_two_hidden_values_in_each_line_may_still_be_known():
    """Two small counts of known sum 4: neither is determined, both are known to be small."""
    counts = np.array([[2, 2, 50], [2, 2, 60], [40, 50, 60]])
    table = two_way_table(counts)
    naive = table.values >= 5
    assert feasible_interval(table, naive, 0) == (0, 4)
    protected = protect(counts)
    assert_lines_safe(counts, protected, threshold=5)
    assert feasible_interval(table, protected.published, 0)[1] >= 5


def test_several_lines_taken_together_give_nothing_away():
    """Each line hides two values, yet rows minus columns would leave one alone."""
    counts = np.array([[4, 30, 9, 8], [9, 31, 9, 9], [30, 30, 8, 9], [9, 8, 30, 30]])
    table = two_way_table(counts)
    published = np.ones((5, 5), dtype=bool)
    published[0, [0, 1]] = published[1, [0, 1]] = published[2, [2, 3]] = False
    published[3, [2, 3]] = False
    assert feasible_interval(table, published, 0)[1] > 4
    published[2:4, 2:4] = True
    published[1, 1] = True
    assert feasible_interval(table, published, 0) == (4, 4)
    assert_lines_safe(counts, protect(counts), threshold=5)


def test_the_audit_finds_what_the_lines_do_not_show():
    """In each line several values of a fair sum are hidden, yet the third must be below 5."""
    counts = np.array([[6, 12, 12], [10, 18, 2], [7, 1, 18]])
    seen = [[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 1, 1], [1, 1, 1, 1]]
    table = two_way_table(counts)
    assert feasible_interval(table, np.array(seen, dtype=bool), 6) == (0, 3)
    protected = protect(counts)
    assert feasible_interval(table, protected.published, 6)[1] >= 5
    assert protected.row_totals.all()
    assert protected.col_totals.all()


def test_counts_are_withheld_before_totals():
    protected = protect([[11, 0, 4], [9, 0, 14]])
    assert protected.row_totals.all()
    assert protected.total
    assert protected.col_totals.tolist() == [True, False, False]


def test_nothing_is_withheld_where_nothing_is_small():
    protected = protect(np.full((4, 3), 5))
    assert protected.published.all()


def test_zero_is_a_small_count_too():
    protected = protect([[0, 9, 12], [8, 9, 12], [9, 9, 12]])
    assert not protected.cells[0, 0]
    assert (~protected.cells).sum() == 4


def test_a_small_total_is_withheld_and_shielded_by_another_line():
    protected = protect([[1, 2], [30, 40], [50, 60]])
    assert protected.row_totals.tolist() == [False, False, True]
    assert protected.total


@pytest.mark.parametrize("counts", [np.zeros((2, 2), dtype=int), [[1]], [[0, 3]], np.zeros((0, 3))])
def test_a_table_of_next_to_nothing_publishes_nothing(counts: np.ndarray):
    assert not protect(counts).published.any()


def test_a_threshold_far_above_the_counts_publishes_nothing():
    assert not protect([[1, 2], [3, 4]], threshold=1000).published.any()


def test_one_line_with_its_total():
    hidden = protect_line([2, 40, 7, 60])
    assert hidden.cells.tolist() == [False, True, False, True]
    assert hidden.total
    assert protect_line([5, 6]).cells.all()
    assert not protect_line([1, 2]).total
    assert protect_line([4, 4, 9]).cells.tolist() == [False, False, True]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(1, 8))
def test_one_line_keeps_its_doubt(counts: list[int], threshold: int):
    protected = protect_line(counts, threshold)
    table = one_way_table(counts)
    published = np.append(protected.cells, protected.total)
    assert (table.values[published] >= threshold).all()
    for position in np.flatnonzero(~published):
        low, high = feasible_interval(table, published, int(position))
        assert low < high
        assert high >= threshold or table.values[position] >= threshold


def test_a_value_that_nothing_limits_has_no_upper_bound():
    table = two_way_table([[1, 2], [3, 4]])
    assert feasible_interval(table, np.zeros(9, dtype=bool), 0) == (0, math.inf)
    assert feasible_interval(table, np.ones(9, dtype=bool), 3) == (3, 3)


def test_the_same_counts_give_the_same_answer():
    counts = np.random.default_rng(8).negative_binomial(0.5, 0.05, (9, 7))
    first, second = protect(counts), protect(counts.copy())
    np.testing.assert_array_equal(first.published, second.published)


@pytest.mark.parametrize("mean", [1, 4, 8, 15])
def test_a_table_of_twelve_by_ten_is_quick(mean: int):
    counts = np.random.default_rng(mean).poisson(mean, (12, 10))
    began = time.perf_counter()
    protected = protect(counts)
    assert time.perf_counter() - began < 2
    assert_lines_safe(counts, protected, threshold=5)


@pytest.mark.parametrize("counts", [[1, 2], [[-1, 2]], [[0.5, 2]], [[True, False]]])
def test_what_is_not_a_table_of_counts_is_refused(counts: object):
    with pytest.raises(InvalidValue, match="whole numbers of 0 and more in 2"):
        protect(counts)


def test_a_threshold_below_one_is_refused():
    with pytest.raises(InvalidValue, match="1 or more; given 0"):
        protect([[9]], threshold=0)
