"""The false discovery rate against the example of its authors, esda, scipy and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from esda import fdr
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control
from statsmodels.stats.multitest import multipletests

from geo.errors import InvalidValue
from geo.false_discovery import adjusted_p, threshold

EXAMPLE = (
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459),
    *(0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
)

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=80)


def test_the_example_of_benjamini_and_hochberg() -> None:
    assert threshold(EXAMPLE, 0.05) == 0.0095
    assert (adjusted_p(EXAMPLE) <= 0.05).sum() == 4
    assert sum(p <= 0.05 / len(EXAMPLE) for p in EXAMPLE) == 3


@given(p_values)
def test_adjusted_p_values_are_those_of_scipy(p: list[float]) -> None:
    np.testing.assert_allclose(adjusted_p(p), false_discovery_control(p), atol=1e-12)


@given(p_values, st.sampled_from([0.01, 0.05, 0.1]))
def test_adjusted_p_values_are_those_of_statsmodels(p: list[float], rate: float) -> None:
    named, adjusted, *_ = multipletests(p, rate, method="fdr_bh")
    ours = adjusted_p(p)
    np.testing.assert_allclose(ours, adjusted, atol=1e-12)
    clear = np.abs(adjusted - rate) > 1e-12
    np.testing.assert_array_equal((ours <= rate)[clear], named[clear])


@given(p_values, st.sampled_from([0.01, 0.05, 0.1]))
def test_both_ways_name_the_same(p: list[float], rate: float) -> None:
    named = adjusted_p(p) <= rate
    limit = threshold(p, rate)
    edge = np.abs(adjusted_p(p) - rate) < 1e-9
    assert ((np.array(p) <= limit) == named)[~edge & ((np.array(p) > 0) | (limit > 0))].all()


@given(p_values)
def test_what_esda_names_is_named(p: list[float]) -> None:
    ours, theirs = threshold(p, 0.05), fdr(np.array(p), 0.05)
    if ours > 0.05 / len(p):
        assert (np.array(p) <= theirs).sum() == (np.array(p) <= ours).sum()


def test_what_is_no_probability_is_refused() -> None:
    assert adjusted_p([]).tolist() == []
    for bad in ([0.1, 1.1], [-0.1], [float("nan")]):
        with pytest.raises(InvalidValue, match="between 0 and 1"):
            adjusted_p(bad)
    with pytest.raises(InvalidValue, match="rate between 0 and 1"):
        threshold([0.1], 0)
