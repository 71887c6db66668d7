"""Whether one kind follows another: counts by hand and by loop, false alarms, power, relations."""

from __future__ import annotations

import numpy as np
import pytest

from geo.errors import InvalidValue
from geo.following import Events, following

SEED = 11
SIDE_M = 3000
DAYS = 365


def events(points, days, reports=None, name="r") -> Events:
    ids = reports if reports is not None else [f"{name}{number}" for number in range(len(days))]
    return Events(
        np.asarray(points, dtype=float).reshape(-1, 2),
        np.asarray(days, dtype=np.int64),
        np.asarray(ids, dtype=object),
    )


def scattered(rng: np.random.Generator, number: int, name: str) -> Events:
    return events(rng.uniform(0, SIDE_M, (number, 2)), rng.integers(0, DAYS, number), name=name)


def followed(rng: np.random.Generator, share: float) -> tuple[Events, Events]:
    """Events of which a share of the second kind comes 100 m and a fortnight after a first."""
    first, second = scattered(rng, 120, "a"), scattered(rng, 120, "b")
    planted = int(share * 120)
    points, days = second.points_m.copy(), second.days.copy()
    points[:planted] = first.points_m[:planted] + rng.uniform(-70, 70, (planted, 2))
    days[:planted] = first.days[:planted] + rng.integers(1, 15, planted)
    return first, events(points, days, name="b")


def test_pairs_by_hand() -> None:
    first = events([(0, 0), (1000, 0)], [10, 10], name="a")
    second = events([(0, 90), (0, 110), (1000, 50), (0, 0)], [12, 12, 3, 10], name="b")
    found = following(first, second, 100, 7, seed=SEED)
    assert found.near == 3, "one is 110 m away"
    assert (found.after.found, found.before.found) == (1, 1), "one is of the same day"


def test_pairs_are_those_of_a_loop() -> None:
    rng = np.random.default_rng(SEED)
    first, second = scattered(rng, 80, "a"), scattered(rng, 60, "b")
    found = following(first, second, 400, 30, seed=SEED, permutations=1)
    after = before = near = 0
    for place, day in zip(first.points_m, first.days, strict=True):
        for other, later in zip(second.points_m, second.days, strict=True):
            if np.hypot(*(place - other)) <= 400:
                near += 1
                after += 0 < later - day <= 30
                before += 0 < day - later <= 30
    assert near > 50
    assert (found.near, found.after.found, found.before.found) == (near, after, before)


def test_chance_is_known_where_all_are_near() -> None:
    first = events(np.zeros((1, 2)), [0], name="a")
    second = events(np.zeros((10, 2)), np.arange(1, 11), name="b")
    found = following(first, second, 1, 4, seed=SEED)
    assert (found.after.found, found.after.by_chance, found.after.p_value) == (4, 4.0, 1.0)


def test_a_report_is_no_pair_with_itself() -> None:
    rng = np.random.default_rng(SEED)
    both = scattered(rng, 50, "r")
    alone = following(both, both, 1, 30, seed=SEED)
    assert alone.near == 0
    assert (alone.after.found, alone.after.by_chance) == (0, 0.0)


def test_false_alarms_come_at_the_stated_rate() -> None:
    p_values = []
    for number in range(400):
        rng = np.random.default_rng((SEED, number))
        first, second = scattered(rng, 120, "a"), scattered(rng, 120, "b")
        found = following(first, second, 300, 30, seed=number, permutations=99)
        p_values.append((found.after.p_value, found.order_p_value))
    rates = (np.array(p_values) <= 0.05).mean(axis=0)
    assert (rates <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)).all(), rates
    assert (rates >= 0.01).all(), "it is not blind either"


def test_busy_places_and_busy_days_are_no_alarm() -> None:
    alarms = 0
    for number in range(200):
        rng = np.random.default_rng((SEED, 1, number))
        kinds = []
        for name in "ab":
            points = np.vstack((rng.uniform(0, SIDE_M, (60, 2)), rng.normal(1500, 80, (60, 2))))
            days = np.concatenate((rng.integers(0, DAYS, 60), rng.integers(180, 200, 60)))
            kinds.append(events(points, rng.permutation(days), name=name))
        found = following(*kinds, 300, 30, seed=number, permutations=99)
        alarms += found.after.p_value <= 0.05
    assert alarms / 200 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)


def test_what_follows_is_found_and_its_order_told() -> None:
    found = []
    for number in range(60):
        first, second = followed(np.random.default_rng((SEED, 2, number)), 0.25)
        found.append(following(first, second, 150, 21, seed=number, permutations=199))
    assert np.mean([each.after.p_value <= 0.05 for each in found]) >= 0.95
    assert np.mean([each.order_p_value <= 0.05 for each in found]) >= 0.95
    assert np.mean([each.before.p_value <= 0.05 for each in found]) <= 0.15


def test_the_other_way_round_nothing_follows() -> None:
    first, second = followed(np.random.default_rng(SEED), 0.25)
    found = following(second, first, 150, 21, seed=SEED)
    assert found.before.p_value <= 0.01
    assert found.order_p_value >= 0.9


def test_order_of_rows_origin_and_first_day_do_not_matter() -> None:
    rng = np.random.default_rng(SEED)
    first, second = followed(rng, 0.1)
    told = following(first, second, 150, 21, seed=SEED)
    turned = rng.permutation(len(first.days))
    moved = [
        Events(each.points_m + 5000, each.days + 700, each.reports) for each in (first, second)
    ]
    moved[0] = Events(
        *(values[turned] for values in (moved[0].points_m, moved[0].days, moved[0].reports))
    )
    assert following(*moved, 150, 21, seed=SEED) == told


def test_a_wider_radius_has_no_fewer_pairs() -> None:
    rng = np.random.default_rng(SEED)
    first, second = scattered(rng, 80, "a"), scattered(rng, 60, "b")
    near = [
        following(first, second, radius, 30, seed=1, permutations=1) for radius in (50, 200, 900)
    ]
    assert near[0].near <= near[1].near <= near[2].near
    assert near[0].after.found <= near[1].after.found <= near[2].after.found


def test_nothing_is_followed_by_nothing() -> None:
    found = following(events([], []), events([(0, 0)], [1]), 100, 10, seed=SEED)
    assert (found.near, found.after.found, found.after.p_value) == (0, 0, 1.0)


@pytest.mark.parametrize(("radius", "days", "times"), [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_what_cannot_be_measured_is_refused(radius: float, days: int, times: int) -> None:
    with pytest.raises(InvalidValue, match="above 0"):
        following(events([], []), events([], []), radius, days, seed=1, permutations=times)
