"""Local Moran's I against esda, and what its quadrants say."""

from __future__ import annotations

import esda
import numpy as np
import pytest
from libpysal.weights import DistanceBand

from geo.hotspots import PERMUTATION, Significance
from geo.local_moran import QUADRANTS, local_moran
from geo.neighbours import within_band


def ground(seed: int) -> tuple[np.ndarray, np.ndarray, float]:
    random = np.random.default_rng(seed)
    return random.uniform(0, 1e4, (70, 2)), random.gamma(2, 2, 70), 3000.0


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("seed", range(5))
def test_measure_quadrants_and_tails_are_those_of_esda(seed: int) -> None:
    points_m, values, band_m = ground(seed)
    weights = DistanceBand(points_m, band_m, binary=True, silence_warnings=True)
    theirs = esda.Moran_Local(values, weights, transformation="B", permutations=4999, seed=seed)
    ours = local_moran(values, within_band(points_m, band_m), Significance("permutation", 4999, 1))
    np.testing.assert_allclose(ours.local_i * 69 / 70, theirs.Is, atol=1e-9)
    np.testing.assert_array_equal(ours.quadrant + 1, theirs.q)
    spread = np.sqrt(theirs.p_sim * (1 - theirs.p_sim) * 2 / 5000)
    assert (np.abs(ours.p / 2 - theirs.p_sim) < 5 * spread + 1e-3).all()
    way = np.sign(values - values.mean())
    sokal = (theirs.Is * 70 / 69 - theirs.EIc) / np.sqrt(theirs.VIc)
    np.testing.assert_allclose(ours.z * way, sokal, atol=1e-9)


def test_a_high_place_among_low_ones_is_told_from_a_cluster() -> None:
    x, y = np.meshgrid(np.arange(20) * 1000, np.arange(20) * 1000)
    values = np.random.default_rng(1).poisson(4, 400).astype(float).reshape(20, 20)
    values[3:6, 3:6] += 20
    values[4, 4] = 0
    found = local_moran(
        values.ravel(), within_band(np.column_stack((x.ravel(), y.ravel())), 1500), PERMUTATION
    )
    place = 4 * 20 + 4
    assert QUADRANTS[found.quadrant[place]] == "low-high"
    assert found.p[place] == pytest.approx(PERMUTATION.least_p)
    for rate in (0.05, 0.2):
        named = sum(found.named(rate, quadrant).sum() for quadrant in QUADRANTS)
        assert named == (found.adjusted <= rate).sum()
    assert found.named(0.2, "low-high")[place]


def test_where_nothing_differs_nothing_is_told() -> None:
    points_m, _, band_m = ground(1)
    for test in (PERMUTATION, Significance("analytic")):
        found = local_moran(np.full(70, 3.3), within_band(points_m, band_m), test)
        assert np.abs(found.local_i).max() < 1e-9
        assert (found.p == 1).all()
