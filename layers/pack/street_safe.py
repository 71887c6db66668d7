"""Made-up Street Safe reports that follow the published totals, hot spots and proportions.

Nobody's report is in here: raw reports are not published. Everything is drawn from one seed.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import BRITISH_NATIONAL_GRID, to_degrees, to_metres
from layers.pack.recipe import HotSpot, PackRecipe, StreetSafeRecipe
from layers.pack.tables import PackFile, csv_bytes, read_rows, source_of

HEADER: Final = (
    "report_id",
    "date",
    "latitude",
    "longitude",
    "concerns",
    "not_reported_reason",
    "source",
)
_SOURCE: Final = "synthetic demonstration data"
_BETWEEN_CONCERNS: Final = "; "

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


def street_safe_file(shared: Path, recipe: PackRecipe) -> PackFile:
    """``street_safe.csv``: as many reports and concerns as were published, in order of date."""
    reports, concerns = _published_totals(shared)
    rules = recipe.street_safe
    rng = np.random.default_rng(recipe.seed)
    kinds = _dealt(
        rng, _report_sizes(rng, rules, reports, concerns), _quotas(shared, rules, concerns)
    )
    longitude, latitude = to_degrees(*_positions(rng, shared, rules, reports).T)
    days = np.sort(rng.integers(0, (rules.date_to - rules.date_from).days + 1, size=reports))
    weights = np.array(list(rules.not_reported_reasons.values()), dtype=float)
    reasons = rng.choice(list(rules.not_reported_reasons), size=reports, p=weights / weights.sum())
    rows = [
        {
            "report_id": f"SS{number + 1:04d}",
            "date": (rules.date_from + timedelta(days=int(days[number]))).isoformat(),
            "latitude": f"{latitude[number]:.5f}",
            "longitude": f"{longitude[number]:.5f}",
            "concerns": _BETWEEN_CONCERNS.join(rules.concerns[k].id for k in sorted(kinds[number])),
            "not_reported_reason": str(reasons[number]),
            "source": _SOURCE,
        }
        for number in range(reports)
    ]
    source = source_of(recipe, "street_safe", 0, len(rows))
    return PackFile("street_safe.csv", csv_bytes(HEADER, rows), source)


def _published_totals(shared: Path) -> tuple[int, int]:
    totals = {
        row["measure"]: row["value"]
        for row in read_rows(shared / "engagement" / "published_totals.csv")
    }
    return int(totals["street_safe_reports"]), int(totals["street_safe_concerns"])


def apportioned(weights: npt.ArrayLike, total: int) -> IntArray:
    """A whole number split in proportion to weights, by largest remainders.

    >>> apportioned([1, 1, 2], 5).tolist()
    [1, 1, 3]
    """
    shares = np.asarray(weights, dtype=float)
    exact = shares / shares.sum() * total
    whole: IntArray = np.floor(exact).astype(np.int64)
    largest = np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]
    whole[largest] += 1
    return whole


def _quotas(shared: Path, rules: StreetSafeRecipe, concerns: int) -> IntArray:
    """How often each kind of concern occurs in all."""
    form = json.loads((shared / "streetsafe" / "streetsafe_reason_categories.json").read_text())
    counts: dict[str, int] = next(value for key, value in form.items() if "report_mentions" in key)
    return apportioned(
        [counts.get(kind.published_as, kind.weight) for kind in rules.concerns], concerns
    )


def _report_sizes(
    rng: np.random.Generator, rules: StreetSafeRecipe, reports: int, concerns: int
) -> IntArray:
    """How many concerns each report gives, in random order, adding up to the total."""
    largest = len(rules.concerns_per_report)
    sizes = np.repeat(np.arange(1, largest + 1), apportioned(rules.concerns_per_report, reports))
    rng.shuffle(sizes)
    step = 1 if sizes.sum() < concerns else -1
    movable = np.flatnonzero((sizes + step >= 1) & (sizes + step <= largest))
    sizes[rng.permutation(movable)[: abs(concerns - int(sizes.sum()))]] += step
    return sizes


def _dealt(rng: np.random.Generator, sizes: IntArray, quotas: IntArray) -> list[set[int]]:
    """Deal out every concern of the quotas, no kind twice in a report.

    The largest report is served first, from the kinds of which most are left: that always comes
    out even (Gale 1957, Ryser 1957). Chance enters by swaps that keep both sums.
    """
    left = quotas.copy()
    hands: list[set[int]] = [set() for _ in sizes]
    for report in np.argsort(-sizes, kind="stable"):
        kinds = np.argsort(-left, kind="stable")[: sizes[report]]
        hands[report] = set(kinds.tolist())
        left[kinds] -= 1
    for one, other in rng.integers(0, len(hands), size=(40 * len(hands), 2)).tolist():
        gives, takes = sorted(hands[one] - hands[other]), sorted(hands[other] - hands[one])
        if gives and takes:
            given, taken = int(rng.choice(gives)), int(rng.choice(takes))
            hands[one] = hands[one] - {given} | {taken}
            hands[other] = hands[other] - {taken} | {given}
    return hands


def _positions(
    rng: np.random.Generator, shared: Path, rules: StreetSafeRecipe, reports: int
) -> FloatArray:
    """Easting and northing of each report in metres, in random order, all well inside the area."""
    centres, spreads_m = _centres(shared, rules, reports)
    area = _inside(shared, rules.edge_margin_m)
    points = centres.copy()
    outside = np.ones(len(points), dtype=bool)
    while outside.any():
        drawn = rng.normal(centres[outside], spreads_m[outside, None])
        points[outside] = drawn
        outside = ~shapely.contains_xy(area, points[:, 0], points[:, 1])
    return rng.permutation(points)


def _centres(shared: Path, rules: StreetSafeRecipe, reports: int) -> tuple[FloatArray, FloatArray]:
    """For each report the place it is drawn around, and how widely, in metres."""
    settlements = gpd.read_file(shared / "places" / "settlements_geonames.geojson")
    settlements = settlements.to_crs(BRITISH_NATIONAL_GRID)
    used = {spot.settlement for spot in rules.hot_spots}
    others = settlements[~settlements["name"].isin(used)]
    shares = np.array([spot.share for spot in rules.hot_spots])
    elsewhere = (1 - shares.sum()) * others["population"] / others["population"].sum()
    places = np.vstack(
        (
            [_centre(spot, settlements) for spot in rules.hot_spots],
            shapely.get_coordinates(others.geometry),
        )
    )
    spreads_m = np.append(
        [spot.spread_m for spot in rules.hot_spots],
        np.full(len(others), rules.elsewhere_spread_m),
    )
    each = apportioned(np.append(shares, elsewhere), reports)
    return np.repeat(places, each, axis=0), np.repeat(spreads_m, each)


def _centre(spot: HotSpot, settlements: gpd.GeoDataFrame) -> tuple[float, float]:
    if spot.settlement:
        point = settlements.loc[settlements["name"] == spot.settlement, "geometry"].iloc[0]
        return point.x, point.y
    easting_m, northing_m = to_metres([spot.longitude], [spot.latitude])
    return float(easting_m[0]), float(northing_m[0])


def _inside(shared: Path, margin_m: float) -> Any:
    wards = gpd.read_file(shared / "boundaries" / "ward_2025.geojson")
    area = wards.to_crs(BRITISH_NATIONAL_GRID).geometry.union_all().buffer(-margin_m)
    shapely.prepare(area)
    return area
