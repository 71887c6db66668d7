"""Small areas as points: every resident once, and in one area of each grouping."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np

from boundaries.ground import load_ground
from boundaries.small_areas import DECILE, DISTRICT, GROUPINGS, NPA, SETTING, small_areas

CENSUS_2021 = 1_122_017


def test_every_resident_is_in_one_area_of_each_grouping():
    ground = load_ground(None)
    areas = small_areas(ground)
    assert areas.residents.sum() == CENSUS_2021
    assert len(set(areas.codes)) == len(areas.codes) == len(areas.points_m) == 634
    for grouping in GROUPINGS:
        assert len(areas.labels[grouping]) == 634
        assert all(areas.labels[grouping])
    by_npa = Counter()
    for code, residents in zip(areas.labels[NPA], areas.residents.tolist(), strict=True):
        by_npa[code] += residents
    assert dict(by_npa) == ground.residents_by_npa().to_dict()
    assert by_npa["NA"] == 155_384


def test_labels_are_texts_of_the_ground():
    ground = load_ground(None)
    areas = small_areas(ground)
    assert set(areas.labels[NPA]) == set(ground.npa_codes)
    assert set(areas.labels[DISTRICT]) == set(ground.districts.codes)
    assert {int(decile) for decile in areas.labels[DECILE]} == set(range(1, 11))
    assert set(areas.labels[SETTING]) == {"Urban", "Larger rural", "Smaller rural"}
    assert areas.urban.sum() == areas.labels[SETTING].count("Urban")


def test_points_lie_where_the_npa_says():
    ground = load_ground(None)
    areas = small_areas(ground)
    found = ground.npa_at(areas.points_m[:, 0], areas.points_m[:, 1], date(2026, 11, 1))
    assert np.array_equal(found, np.array(areas.labels[NPA], dtype=object))
