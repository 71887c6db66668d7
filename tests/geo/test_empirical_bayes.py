"""Smoothed rates, against published numbers and another program."""

from __future__ import annotations

import struct
from pathlib import Path

import libpysal
import numpy as np
import pytest
from esda.smoothing import Empirical_Bayes, Spatial_Empirical_Bayes
from libpysal.weights import W

from geo.empirical_bayes import global_rates, local_rates, nearest_neighbours
from geo.errors import InvalidValue

SEEDS = range(8)


def _dbf_columns(path: Path, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Columns of numbers of a dBASE III file."""
    data = path.read_bytes()
    rows, head, width = struct.unpack("<IHH", data[4:12])
    fields, at, offset = {}, 32, 1
    while data[at] != 0x0D:
        name = data[at : at + 11].split(b"\0")[0].decode()
        fields[name] = (offset, data[at + 16])
        offset, at = offset + data[at + 16], at + 32
    records = [data[head + row * width : head + (row + 1) * width] for row in range(rows)]
    return {
        name: np.array([float(r[fields[name][0] : sum(fields[name])]) for r in records])
        for name in names
    }


def test_the_published_rates_of_sudden_infant_deaths() -> None:
    """North Carolina, births and deaths of 1974: the example of esda."""
    path = Path(libpysal.examples.get_path("sids2.dbf"))
    columns = _dbf_columns(path, ("SID74", "BIR74"))
    smoothed = global_rates(columns["SID74"], columns["BIR74"])
    published = [0.0016973, 0.0017054, 0.0017731, 0.0020129, 0.0035349]
    for rate in published:
        assert np.abs(smoothed - rate).min() < 5e-8
    oracle = Empirical_Bayes(columns["SID74"], columns["BIR74"]).r.ravel()
    assert smoothed == pytest.approx(oracle, rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_rates_over_all_are_those_of_esda(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people = rng.integers(300, 4000, 60)
    counts = rng.poisson(people * rng.gamma(2, 0.02, 60))
    oracle = Empirical_Bayes(counts, people).r.ravel()
    assert global_rates(counts, people) == pytest.approx(oracle, rel=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
def test_rates_around_an_area_are_those_of_esda(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people = rng.integers(300, 4000, 50)
    counts = rng.poisson(people * rng.gamma(2, 0.02, 50))
    near = nearest_neighbours(rng.uniform(0, 9000, (50, 2)), 7)
    weights = W({n: row.tolist() for n, row in enumerate(near)}, id_order=list(range(50)))
    oracle = Spatial_Empirical_Bayes(counts, people, weights).r.ravel()
    assert local_rates(counts, people, near) == pytest.approx(oracle, rel=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_smoothed_rate_lies_between_its_own_and_the_mean(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people = rng.integers(100, 5000, 80)
    counts = rng.poisson(people * 0.05 * rng.lognormal(0, 0.6, 80))
    smoothed, own = global_rates(counts, people), counts / people
    mean = counts.sum() / people.sum()
    assert ((smoothed - np.minimum(own, mean)) > -1e-12).all()
    assert ((np.maximum(own, mean) - smoothed) > -1e-12).all()
    order = rng.permutation(80)
    assert global_rates(counts[order], people[order]) == pytest.approx(smoothed[order])


def test_areas_that_differ_by_chance_alone_have_one_rate() -> None:
    people = np.full(40, 1000)
    counts = np.tile([49, 51], 20)
    assert global_rates(counts, people) == pytest.approx(0.05)


def test_smoothing_brings_rates_nearer_to_the_truth() -> None:
    rng = np.random.default_rng(6)
    people = rng.integers(200, 2000, 400)
    truth = rng.gamma(6, 0.003, 400)
    counts = rng.poisson(people * truth)
    crude = np.mean((counts / people - truth) ** 2)
    assert np.mean((global_rates(counts, people) - truth) ** 2) < 0.8 * crude


def test_where_nobody_lives_there_is_no_smoothed_rate() -> None:
    near = [np.array([1]), np.array([0]), np.array([0, 1])]
    for smoothed in (
        global_rates([4, 5, 9], [100, 0, 300]),
        local_rates([4, 5, 9], [100, 0, 300], near),
    ):
        assert np.isnan(smoothed).tolist() == [False, True, False]


def test_neighbours_are_the_nearest_and_never_the_area_itself() -> None:
    points_m = np.array([[0.0, 0], [10, 0], [25, 0], [25, 0], [90, 0]])
    near = nearest_neighbours(points_m, 2)
    assert all(area not in row for area, row in enumerate(near))
    assert set(near[0]) == {1, 2} or set(near[0]) == {1, 3}
    assert [len(row) for row in nearest_neighbours(points_m[:2], 5)] == [1, 1]
    assert [len(row) for row in nearest_neighbours(points_m[:1], 5)] == [0]


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(InvalidValue, match="one of each"):
        global_rates([1, 2], [100])
    with pytest.raises(InvalidValue, match="of 2 areas"):
        local_rates([1, 2], [100, 100], [])
