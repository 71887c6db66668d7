"""A change of sites: columns that change alone give what a new start gives, point by point."""

from __future__ import annotations

import numpy as np
import pytest

from geo.costs import straight_lines
from geo.coverage import People
from geo.errors import InvalidValue
from geo.what_if import difference, worst_served


@pytest.mark.parametrize("seed", range(10))
def test_changed_columns_give_what_a_new_start_gives(seed):
    rng = np.random.default_rng(seed)
    people_m, sites_m = rng.uniform(0, 30_000, (80, 2)), rng.uniform(0, 30_000, (12, 2))
    new_m, moved_m = rng.uniform(0, 30_000, (2, 2)), rng.uniform(0, 30_000, (1, 2))
    people = People(rng.integers(0, 900, 80), [2000, 5000], {"side": rng.choice(["e", "w"], 80)})
    after = straight_lines(people_m, sites_m).changed(
        closed=[3, 7],
        opened=straight_lines(people_m, new_m),
        moved={1: straight_lines(people_m, moved_m).values},
    )
    kept = [site for site in range(12) if site not in (1, 3, 7)]
    anew = straight_lines(people_m, np.vstack([sites_m[kept], new_m, moved_m]))
    one, other = people.served(after), people.served(anew)
    np.testing.assert_allclose(one.cost, other.cost)
    assert one.total == other.total
    assert one.groups == other.groups
    assert not set(one.nearest.tolist()) & {3, 7}


@pytest.mark.parametrize("seed", range(10))
def test_a_difference_is_what_loops_find(seed):
    rng = np.random.default_rng(seed)
    values = straight_lines(rng.uniform(0, 9000, (60, 2)), rng.uniform(0, 9000, (6, 2)))
    residents, labels = rng.integers(0, 900, 60), rng.choice(["a", "b", "c"], 60)
    people = People(residents, [1500, 3000], {"area": labels})
    before = people.served(values.changed(closed=[0]))
    after = people.served(values.changed(closed=[1, 2]))
    found = difference(people, before, after)
    for label in ("a", "b", "c"):
        change = found.groups["area"][label]
        gained, lost, nearer, farther = [0, 0], [0, 0], 0, 0
        for i in np.flatnonzero(labels == label):
            was, now = before.cost[i], after.cost[i]
            nearer += residents[i] * (now < was)
            farther += residents[i] * (now > was)
            for row, threshold in enumerate((1500, 3000)):
                gained[row] += residents[i] * (now <= threshold < was)
                lost[row] += residents[i] * (was <= threshold < now)
        assert change.gained == tuple(gained)
        assert change.lost == tuple(lost)
        assert (change.nearer, change.farther) == (nearer, farther)
    for row in range(2):
        net = found.total.gained[row] - found.total.lost[row]
        assert after.total.within[row] - before.total.within[row] == net


def test_the_last_way_lost_and_the_first_won():
    people = People([5, 7], [100])
    costs = straight_lines([[0, 0], [50, 0]], [[0, 0]])
    none = people.served(costs.changed(closed=[0]))
    some = people.served(costs)
    assert difference(people, some, none).change.tolist() == [np.inf, np.inf]
    assert difference(people, some, none).total.lost == (12.0,)
    won = difference(people, none, some)
    assert won.change.tolist() == [-np.inf, -np.inf]
    assert (won.total.nearer, won.nearer.tolist()) == (12.0, [True, True])
    still = difference(people, none, none)
    assert still.change.tolist() == [0.0, 0.0]
    assert not still.nearer.any()
    assert not still.farther.any()


def test_the_worst_served_come_first_and_empty_groups_not_at_all():
    people = People([10, 10, 10, 0], [100], {"area": ["a", "b", "c", "d"]})
    costs = straight_lines([[50, 0], [900, 0], [500, 0], [1, 0]], [[0, 0]])
    assert worst_served(people.served(costs), "area") == ("b", "c", "a")
    assert worst_served(people.served(costs.changed(closed=[0])), "area") == ("a", "b", "c")


def test_coverages_of_other_thresholds_are_not_compared():
    costs = straight_lines([[0, 0]], [[0, 0]])
    one, other = People([1], [100]), People([1], [200])
    with pytest.raises(InvalidValue, match="same people, measure and thresholds"):
        difference(one, one.served(costs), other.served(costs))
