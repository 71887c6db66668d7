"""The plan agrees with every plan there is, and is never worse than the next best day each time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.errors import InvalidValue
from geo.planning import NoPlan, PlanTask, plan_days
from tests.geo.planners import apart, best_by_force, lacking_of, next_best, reached_of


def random_task(seed, places, people, areas, quota, stops):
    """Places and people scattered over 20 km, areas in strips from west to east."""
    rng = np.random.default_rng(seed)
    places_m = rng.uniform(0, 20_000, (places, 2))
    return PlanTask(
        places_m=places_m,
        place_area=(places_m[:, 0] * areas / 20_000).astype(np.int64),
        people_m=rng.uniform(0, 20_000, (people, 2)),
        need=rng.integers(0, 500, people).astype(float),
        quota=quota,
        lacking=rng.integers(-1, 3, (areas, len(quota))),
        reach_m=4000,
        travel_m=7000,
        stops=stops,
        window_months=2,
        alike=alike_of(places_m, areas) if seed % 2 else np.empty((0, 2), dtype=np.int64),
    )


def alike_of(places_m, areas):
    """Each even place is like the odd ones of its area within 5 km."""
    area = (places_m[:, 0] * areas / 20_000).astype(np.int64)
    pairs = [
        (even, odd)
        for even in range(0, len(area), 2)
        for odd in range(1, len(area), 2)
        if area[even] == area[odd] and np.hypot(*(places_m[even] - places_m[odd])) < 5000
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def days_by_month(task, plan):
    days = np.zeros(task.lacking.shape, dtype=int)
    for day in plan.days:
        days[day.area, day.month] += 1
    return days


@pytest.mark.parametrize("stops", [1, 2, 3])
@pytest.mark.parametrize("seed", range(8))
def test_a_small_plan_is_as_good_as_the_best_of_all(seed, stops):
    task = random_task(seed, places=7, people=25, areas=2, quota=(1, 0, 2), stops=stops)
    lacking, reached = best_by_force(task)
    plan = plan_days(task, gap=0.0)
    assert plan.lacking == lacking == lacking_of(task, days_by_month(task, plan))
    visited = [place for day in plan.days for place in day.places]
    assert plan.reached == pytest.approx(reached)
    assert plan.reached == pytest.approx(reached_of(task, visited))
    assert plan.bound == pytest.approx(reached)


@pytest.mark.parametrize("seed", range(40))
def test_a_plan_is_never_worse_than_the_next_best_day_each_time(seed):
    task = random_task(seed, places=40, people=120, areas=4, quota=(2, 3, 0, 2), stops=1 + seed % 3)
    lacking, reached = next_best(task)
    plan = plan_days(task)
    assert plan.lacking <= lacking
    if plan.lacking == lacking:
        assert plan.reached >= reached * (1 - plan.gap) - 1e-6
    assert plan.gap <= 0.005
    assert plan.bound >= plan.reached


@pytest.mark.parametrize("seed", range(10))
def test_a_plan_keeps_its_own_rules(seed):
    task = random_task(seed, places=40, people=120, areas=4, quota=(2, 3, 0, 2), stops=3)
    plan = plan_days(task)
    visited = [place for day in plan.days for place in day.places]
    assert len(visited) == len(set(visited))
    assert apart(task, visited)
    assert days_by_month(task, plan).sum(axis=0).tolist() == list(task.quota)
    main, other = task.companions()
    allowed = set(zip(main.tolist(), other.tolist(), strict=True))
    for day in plan.days:
        first, *others = day.places
        assert len(day.places) <= task.stops
        assert {task.place_area[place] for place in day.places} == {day.area}
        assert {(first, place) for place in others} <= allowed
        for place in others:
            assert np.hypot(*(task.places_m[first] - task.places_m[place])) <= task.travel_m


@pytest.mark.parametrize("seed", range(5))
def test_the_order_and_the_unit_of_need_change_nothing(seed):
    task = random_task(seed, places=20, people=60, areas=3, quota=(2, 2), stops=2)
    turned = PlanTask(
        task.places_m[::-1],
        task.place_area[::-1],
        task.people_m[::-1],
        task.need[::-1] * 1000,
        task.quota,
        task.lacking,
        task.reach_m,
        task.travel_m,
        task.stops,
        task.window_months,
        len(task.place_area) - 1 - task.alike,
    )
    one, other = plan_days(task, gap=0.0), plan_days(turned, gap=0.0)
    assert other.lacking == one.lacking
    assert other.reached == pytest.approx(one.reached * 1000)


def test_days_that_are_lacking_come_before_need():
    """All the need lies in one area; the other has had no day."""
    task = PlanTask(
        places_m=np.array([[0.0, 0], [5000, 0], [50_000, 0]]),
        place_area=np.array([0, 0, 1]),
        people_m=np.array([[0.0, 0], [5000, 0]]),
        need=np.array([10.0, 9]),
        quota=(1, 1),
        lacking=np.array([[0, 0], [1, 1]]),
        reach_m=1000,
        travel_m=0,
        stops=1,
    )
    plan = plan_days(task)
    assert [(day.area, day.month) for day in plan.days] == [(1, 0), (0, 1)]
    assert plan.reached == 10


def test_what_cannot_be_met_is_said_and_the_rest_is_met():
    task = random_task(1, places=20, people=60, areas=4, quota=(0, 1), stops=1)
    task = PlanTask(
        task.places_m,
        task.place_area,
        task.people_m,
        task.need,
        task.quota,
        np.full((4, 2), 2),
        4000,
        0,
        1,
    )
    assert plan_days(task).lacking == 15


def test_of_areas_that_lack_days_the_one_that_lacks_more_comes_first():
    task = PlanTask(
        places_m=np.array([[0.0, 0], [1000, 0], [50_000, 0], [51_000, 0]]),
        place_area=np.array([0, 0, 1, 1]),
        people_m=np.array([[0.0, 0], [50_000, 0]]),
        need=np.array([100.0, 1]),
        quota=(1, 1, 1),
        lacking=np.array([[1, 1, 1], [2, 2, 2]]),
        reach_m=500,
        travel_m=0,
        stops=1,
    )
    assert next(day.area for day in plan_days(task).days) == 1


def test_more_days_than_places_are_refused_in_words():
    task = random_task(1, places=3, people=10, areas=1, quota=(4,), stops=1)
    with pytest.raises(NoPlan, match="Plan fewer days than there are places"):
        plan_days(task)


def test_of_two_places_that_are_alike_one_is_visited_though_both_reach_more():
    task = PlanTask(
        places_m=np.array([[0.0, 0], [1500, 0], [50_000, 0]]),
        place_area=np.array([0, 0, 0]),
        people_m=np.array([[-900.0, 0], [2400, 0], [50_000, 0]]),
        need=np.array([10.0, 9, 1]),
        quota=(2,),
        lacking=np.zeros((1, 1), dtype=np.int64),
        reach_m=1000,
        travel_m=2000,
        stops=2,
    )
    assert plan_days(task).reached == 20
    alike = replace(task, alike=np.array([[0, 1]]))
    assert plan_days(alike).reached == 11
    assert alike.most_places().tolist() == [2]
    with pytest.raises(NoPlan):
        plan_days(replace(alike, quota=(3,)))


def test_a_place_on_both_sides_is_refused():
    task = random_task(2, places=3, people=10, areas=1, quota=(1,), stops=1)
    for alike in ([[0, 1], [1, 2]], [[0, 3]]):
        with pytest.raises(InvalidValue, match="none of them in both"):
            replace(task, alike=np.array(alike))


def test_a_task_that_does_not_fit_together_is_refused():
    task = random_task(1, places=3, people=10, areas=1, quota=(1,), stops=1)
    with pytest.raises(InvalidValue, match="a need of 0 or more"):
        PlanTask(
            task.places_m,
            task.place_area,
            task.people_m,
            -task.need - 1,
            (1,),
            task.lacking,
            1,
            1,
            1,
        )


def test_a_plan_of_nothing_is_empty():
    task = random_task(1, places=3, people=10, areas=1, quota=(0,), stops=1)
    plan = plan_days(task)
    assert (plan.days, plan.reached, plan.gap) == ((), 0.0, 0.0)


def test_without_places_or_people_there_is_nothing_to_plan():
    nothing = np.empty((0, 2))
    task = PlanTask(
        nothing, np.empty(0, dtype=int), nothing, np.empty(0), (0, 0), np.ones((1, 2), int), 1, 1, 2
    )
    assert (plan_days(task).days, plan_days(task).lacking) == ((), 2)
