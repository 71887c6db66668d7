"""Choices of sites: the published case of San Francisco, and every choice there is."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from pulp import HiGHS
from pulp.v4_migration import set_v4_migration_warnings
from spopt import locate

from geo import siting
from geo.costs import CostMatrix, straight_lines
from geo.errors import InvalidValue
from geo.siting import (
    NoSites,
    Siting,
    SitingTask,
    location_set_covering,
    maximal_covering,
    p_centre,
    p_median,
)
from geo.siting_compare import runner_up, trade_off
from geo.siting_median import narrowed
from tests.geo.siters import fewest, figures, ranked

WITHIN = 400.0


@pytest.fixture(scope="module")
def city() -> tuple[SitingTask, list[str]]:
    """205 census tracts and 16 stores of San Francisco, with distances along the streets."""
    folder = files("spopt") / "tests" / "test_locate" / "data"
    with (folder / "SF_network_distance_candidateStore_16_censusTract_205_new.csv").open() as file:
        pairs = pd.read_csv(file)
    table = pairs.pivot(index="DestinationName", columns="name", values="distance")
    demand = pairs.drop_duplicates("DestinationName").set_index("DestinationName")["demand"]
    task = SitingTask(
        CostMatrix(table.to_numpy(), "distance_m", "road network"),
        demand.reindex(table.index).to_numpy(float),
    )
    return task, table.columns.tolist()


def names(found: Siting, stores: list[str]) -> set[str]:
    return {stores[site].removeprefix("Store_") for site in found.opened}


def test_the_stores_that_cover_the_most_people(city):
    task, stores = city
    assert (task.costs.values.shape, task.demand.sum()) == ((205, 16), 955_113)
    found = maximal_covering(task, 4, 5000)
    assert (found.value, found.proven, found.gap) == (875_247, True, pytest.approx(0, abs=1e-9))
    assert names(found, stores) == {"11", "12", "15", "2"}


def test_the_share_of_people_is_not_the_share_of_points(city):
    found = maximal_covering(city[0], 4, 5000)
    assert found.demand_share == pytest.approx(0.91638, abs=5e-6)
    assert found.point_share == pytest.approx(184 / 205)


def test_what_each_further_store_brings(city):
    task, _ = city
    covered = [each.value for each in trade_off(task, "maximal covering", 6, 5000)]
    assert covered == [448_255, 671_938, 791_499, 875_247, 927_402, 941_462]
    total = [each.value * task.demand.sum() for each in trade_off(task, "p-median", 6)]
    assert total == pytest.approx(
        [
            5_731_159_103.675,
            4_009_098_972.135,
            3_385_565_397.532,
            2_848_268_129.7145,
            2_554_123_350.188,
            2_347_055_166.677,
        ]
    )


def test_the_stores_with_the_least_mean_and_the_least_largest_way(city):
    task, stores = city
    median = p_median(task, 4, within=5000)
    assert median.value == pytest.approx(2982.1269, abs=5e-5)
    assert names(median, stores) == {"11", "12", "15", "2"}
    assert median.demand_share == pytest.approx(0.91638, abs=5e-6)
    centre = p_centre(task, 4)
    assert centre.value == pytest.approx(7403.063811)
    assert names(centre, stores) == {"11", "13", "15", "7"}
    assert median.proven
    assert centre.proven


def test_the_fewest_stores_that_cover_everyone(city):
    task, _ = city
    found = location_set_covering(task, 5000)
    assert (found.value, found.demand_share, found.beyond, found.proven) == (8, 1.0, 0, True)
    other = runner_up(task, found)
    assert (other.siting.value, other.worse, other.close()) == (8, 0.0, True)
    assert other.siting.opened != found.opened


def test_the_next_best_stores_are_named(city):
    task, stores = city
    best = maximal_covering(task, 4, 5000)
    every = ranked(task, "maximal covering", 4, 5000)
    other = runner_up(task, best)
    assert other.siting.value == every[1][0]
    assert other.siting.opened == every[1][1]
    assert other.worse == pytest.approx(1 - every[1][0] / every[0][0])
    assert {site for site, _ in other.without} == set(best.opened)
    assert len(stores) == 16


def random_task(seed, settled=True, way=1.0, people=14, sites=8):
    rng = np.random.default_rng(seed)
    people_m, sites_m = rng.uniform(0, 1000, (people, 2)), rng.uniform(0, 1000, (sites, 2))
    values = np.array(straight_lines(people_m, sites_m).values)
    values[rng.random(values.shape) > way] = np.inf
    order = [int(site) for site in rng.permutation(sites)]
    lists = (order[:1], order[1:2], order[2:3]) if settled else ((), (), ())
    demand = rng.integers(0, 90, people).astype(float)
    return SitingTask(CostMatrix(values, "distance_m", "table"), demand, *map(tuple, lists))


SOLVE = {
    "maximal covering": lambda task, p: maximal_covering(task, p, WITHIN),
    "p-median": p_median,
    "p-centre": p_centre,
}


@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize("problem", SOLVE)
@pytest.mark.parametrize("seed", range(6))
def test_the_choice_is_the_best_of_all(seed, problem, settled):
    """With and without a site that is there, one that is required and one that is excluded."""
    task = random_task(seed, settled)
    for p in (1, 3):
        every = ranked(task, problem, p, WITHIN)
        found = SOLVE[problem](task, p)
        assert found.value == pytest.approx(every[0][0])
        assert figures(task, found.opened, WITHIN)[problem] == pytest.approx(every[0][0])
        assert found.proven
        assert len(found.opened) == p
        assert set(task.required) <= set(found.opened)
        assert set(found.sites) == {*found.opened, *task.existing}
        assert not set(task.excluded) & set(found.sites)


@pytest.mark.parametrize("problem", SOLVE)
@pytest.mark.parametrize("seed", range(3))
def test_the_runner_up_is_the_best_of_all_others(seed, problem):
    task = random_task(seed)
    found = SOLVE[problem](task, 3)
    others = [one for one in ranked(task, problem, 3, WITHIN) if one[1] != found.opened]
    other = runner_up(task, found)
    assert other.siting.value == pytest.approx(others[0][0])
    assert other.siting.opened != found.opened
    for site, value in other.without:
        best = next(one for one in others if site not in one[1])
        assert value == pytest.approx(best[0])


@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_no_fewer_sites_cover_all_who_can_be(seed, settled):
    task = random_task(seed, settled)
    found = location_set_covering(task, WITHIN)
    assert found.value == fewest(task, WITHIN)
    allowed = [site for site in range(8) if site not in task.excluded]
    near = task.costs.values <= WITHIN
    beyond = task.demand[~near[:, allowed].any(axis=1)].sum()
    assert found.beyond == beyond
    assert task.demand[~near[:, list(found.sites)].any(axis=1)].sum() == beyond


@pytest.mark.parametrize("problem", ["p-median", "p-centre"])
@pytest.mark.parametrize("seed", range(12))
def test_where_ways_are_missing_everyone_is_served_or_it_is_refused(seed, problem):
    task = random_task(seed, settled=False, way=0.45)
    every = ranked(task, problem, 3, WITHIN)
    if np.isinf(every[0][0]):
        with pytest.raises(NoSites, match="Open more of them"):
            SOLVE[problem](task, 3)
    else:
        assert SOLVE[problem](task, 3).value == pytest.approx(every[0][0])


PLAIN = {
    "maximal covering": lambda m, t: m.MCLP.from_cost_matrix(t.costs.values, t.demand, WITHIN, 4),
    "p-median": lambda m, t: m.PMedian.from_cost_matrix(t.costs.values, t.demand, 4),
    "p-centre": lambda m, t: m.PCenter.from_cost_matrix(t.costs.values, 4),
}


@pytest.mark.parametrize("problem", PLAIN)
@pytest.mark.parametrize("seed", range(2))
def test_models_of_all_rows_and_columns_are_no_better(seed, problem):
    """spopt called plainly, with nothing left out before."""
    set_v4_migration_warnings(False)
    task = random_task(seed, settled=False, people=50, sites=15)
    task = SitingTask(task.costs, task.demand + 1)
    plain = PLAIN[problem](locate, task)
    plain.problem.solve(HiGHS(msg=False))
    opened = [site for site, each in enumerate(plain.fac_vars) if round(each.value())]
    found = SOLVE[problem](task, 4)
    assert found.value == pytest.approx(figures(task, opened, WITHIN)[problem])


@pytest.mark.parametrize("seed", range(6))
def test_no_best_choice_is_left_out_of_a_median_made_small(seed):
    task = random_task(seed, settled=False)
    left = narrowed(task.costs.values * task.demand[:, None], np.full(14, np.inf), 3)
    every = ranked(task, "p-median", 3, WITHIN)
    least = every[0][0] * task.demand.sum()
    assert left.bound <= least * (1 + 1e-9)
    assert left.value >= least * (1 - 1e-9)
    assert set(every[0][1]) <= set(left.columns.tolist())


@pytest.mark.parametrize("seed", range(3))
def test_more_sites_never_make_it_worse(seed):
    task = random_task(seed, people=60, sites=20)
    for problem in SOLVE:
        values = [each.value for each in trade_off(task, problem, 6, WITHIN)]
        rising = values if problem == "maximal covering" else values[::-1]
        assert rising == sorted(rising)
        assert len(values) == 6


def test_a_choice_that_is_not_proven_says_how_far_it_may_be_off(monkeypatch):
    """Where the solver's time is over at once, the choice in hand stands beside its bound."""

    def no_time(*_: object) -> None:
        raise NoSites("no time")

    task = random_task(5, settled=False, people=60, sites=20)
    best = p_median(task, 4)
    monkeypatch.setattr(siting, "least_cost", no_time)
    monkeypatch.setattr("geo.siting_median._STEPS", 3)
    hurried = p_median(task, 4)
    assert hurried.bound < best.value <= hurried.value
    assert hurried.gap == pytest.approx((hurried.value - hurried.bound) / hurried.value)
    assert not hurried.proven


def test_people_without_any_way_are_counted_and_left_out():
    values = np.array([[10.0, 20], [np.inf, np.inf]])
    task = SitingTask(CostMatrix(values, "distance_m", "table"), np.array([3.0, 4]))
    for found in (p_median(task, 1), p_centre(task, 1), location_set_covering(task, 15)):
        assert (found.opened, found.beyond) == ((0,), 4.0)
    assert maximal_covering(task, 1, 15).demand_share == pytest.approx(3 / 7)
    nobody = SitingTask(CostMatrix(values[1:], "distance_m", "table"), np.array([4.0]))
    with pytest.raises(NoSites, match="Nobody has a way"):
        p_median(nobody, 1)


@pytest.mark.parametrize("problem", SOLVE)
def test_existing_sites_alone_are_judged_too(problem):
    """No site opens; where the one that is there does not serve everyone, that is said."""
    costs = CostMatrix(np.array([[100.0, 9], [300, 9]]), "distance_m", "table")
    task = SitingTask(costs, np.array([1.0, 3]), existing=(0,))
    found = SOLVE[problem](task, 0)
    assert (found.opened, found.sites, found.proven) == ((), (0,), True)
    assert found.value == figures(task, (), WITHIN)[problem]
    assert [len(each.opened) for each in trade_off(task, problem, 5, WITHIN)] == [0, 1]
    broken = CostMatrix(np.array([[100.0, 9], [np.inf, 9]]), "distance_m", "table")
    alone = SitingTask(broken, np.array([1.0, 3]), existing=(0,))
    if problem == "maximal covering":
        assert SOLVE[problem](alone, 0).value == 1
    else:
        with pytest.raises(NoSites, match="Open more of them"):
            SOLVE[problem](alone, 0)


def test_what_cannot_be_asked_is_refused():
    task = random_task(1)
    for p in (0, 7):
        with pytest.raises(InvalidValue, match="From 1 to 6 sites can open"):
            p_median(task, p)
    with pytest.raises(InvalidValue, match="distance or time of 0 or more"):
        maximal_covering(task, 1, float("nan"))
    with pytest.raises(InvalidValue, match="existing, required or excluded"):
        SitingTask(task.costs, task.demand, (1,), (1,))
    with pytest.raises(InvalidValue, match="Demand above 0"):
        SitingTask(task.costs, task.demand * 0)
    with pytest.raises(InvalidValue, match="known numbers of 0 or more"):
        SitingTask(task.costs, task.demand * np.nan)
    with pytest.raises(InvalidValue, match="A trade-off needs"):
        trade_off(task, "location set covering", 3, WITHIN)
