"""Two views of one layer compared: the value that the comparing page and its CSV are made from.

The earlier period always comes first, and a difference is the later count less the earlier one:
"more" means more than there was, whichever period was asked for first. Nothing is judged, and
nothing is tested for chance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from geo.dates import DateInterval
from layers.audience import Audience
from layers.errors import BadQuery
from layers.publication import ProtectedCounts
from layers.spec import LayerSpec
from layers.view import View
from server.compare.periods import Basis, basis_of

SMALLEST_BASE: Final = 20
"""Percentages are given of counts from here up; of fewer they mislead."""

MOST_DOUBT: Final = 0.25
"""How large a part of a difference of averages may be in doubt for it to be given."""

TOTAL: Final = "Total"

FIGURES: Final = ("surely", "possibly", "withheld", "withheld_possibly")
"""The columns of a view's ``by_npa`` that hold counts."""

Place = tuple[str, str]
"""Code and name of an area; the name alone for what lies in none."""

Reason = Literal["", "not comparable", "withheld", "not certain"]
"""Not certain: what is possibly in the periods could turn more into fewer, or change the figure."""


@dataclass(frozen=True, slots=True)
class Count:
    """A published count: ``surely`` in a period, and ``possibly`` apart.

    ``withheld`` and ``withheld_possibly`` are the figures held back in each: with any, the count is
    the least. Not ``held``: nothing of the period is held, so counts of 0 say nothing.
    """

    surely: int = 0
    possibly: int = 0
    withheld: int = 0
    withheld_possibly: int = 0
    held: bool = True


NOTHING: Final = Count()


@dataclass(frozen=True, slots=True)
class Change:
    """From the earlier to the later count.

    ``amount`` is the difference of the counts, or of their averages where the periods are not
    equally long; None where none can be given, for the ``reason``. ``percent`` is of the earlier
    one, None where that is too small.
    """

    amount: float | None
    percent: float | None = None
    reason: Reason = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One area, or what lies in none and has no code."""

    npa_code: str
    npa_name: str
    earlier: Count
    later: Count
    change: Change


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two periods; ``lacks`` says what is not held of it or not published.

    ``knows_gaps``: that nothing is counted means that there was nothing, as what is not held would
    be known.
    """

    period: DateInterval
    count: Count
    lacks: tuple[str, ...]
    knows_gaps: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Counts of two periods by area; the rows add up to the total.

    ``areas_differ``: the areas of today did not exist in all of both periods, so only the total is
    compared.
    """

    layer: LayerSpec
    earlier: Side
    later: Side
    basis: Basis
    rows: tuple[Row, ...]
    total: Row
    areas_differ: bool = False

    @property
    def comparable(self) -> bool:
        """Whether all of both periods is held and published."""
        return not (self.earlier.lacks or self.later.lacks)


def compare(one: View, other: View, areas_since: date) -> Comparison:
    """Compare two views of one layer that differ in their periods alone, in whichever order.

    Args:
        areas_since: the day from which the areas of today exist.

    Raises:
        BadQuery: a view has no period.
    """
    before, after = sorted((one, other), key=_period)
    earlier, later = _side(before), _side(after)
    basis = basis_of(earlier.period, later.period)
    areas_differ = earlier.period.date_from.replace(day=1) < areas_since
    reason: Reason = "not comparable" if earlier.lacks or later.lacks else ""
    by_area: Reason = "not comparable" if areas_differ else reason
    first, second = _by_place(before, earlier), _by_place(after, later)
    elsewhere = sorted(place for place in first.keys() | second.keys() if not place[0])
    places = [*(place for place in first if place[0]), *elsewhere]
    rows = tuple(
        _row(
            place,
            first.get(place, replace(NOTHING, held=earlier.count.held)),
            second.get(place, replace(NOTHING, held=later.count.held)),
            basis,
            by_area,
        )
        for place in places
    )
    total = _row(("", TOTAL), earlier.count, later.count, basis, reason)
    return Comparison(one.layer, earlier, later, basis, rows, total, areas_differ)


def _period(view: View) -> DateInterval:
    if view.query.period is None:
        raise BadQuery(
            f"{view.layer.title} can be compared between two periods; none is given and no dated "
            "record is held. Give from, to, with_from and with_to."
        )
    return view.query.period


def _side(view: View) -> Side:
    lacks = (*view.gaps, *_unpublished(view))
    counted = view.counts.matched > 0 or view.counts.withheld > 0
    held = not lacks or counted or any(month.held for month in view.by_month)
    total = {name: int(view.by_npa[name].sum()) for name in FIGURES}
    return Side(_period(view), Count(**total, held=held), lacks, view.layer.knows_gaps)


def _unpublished(view: View) -> tuple[str, ...]:
    """What of the period lies outside the quarters that are published as counts."""
    if not isinstance(view.layer.publication, ProtectedCounts) or view.audience is Audience.STAFF:
        return ()
    period, records = _period(view), view.records
    if records.empty:
        return (f"Nothing is published for {period.in_words()}; that is not zero.",)
    published = DateInterval(records["date_from"].min().date(), records["date_to"].max().date())
    if published.date_from <= period.date_from and period.date_to <= published.date_to:
        return ()
    return (
        f"Of {period.in_words()}, counts are published for {published.in_words()} alone; what is "
        "not published is not zero.",
    )


def _by_place(view: View, side: Side) -> dict[Place, Count]:
    return {
        (str(row["npa_code"]), str(row["npa_name"])): Count(
            **{name: int(row[name]) for name in FIGURES}, held=side.count.held
        )
        for row in view.by_npa.to_dict("records")
    }


def _row(place: Place, earlier: Count, later: Count, basis: Basis, reason: Reason) -> Row:
    return Row(*place, earlier, later, change_of(earlier, later, basis, reason))


def change_of(earlier: Count, later: Count, basis: Basis, reason: Reason) -> Change:
    """What changed, unless a ``reason`` is given or found why that cannot be said."""
    if reason or earlier.withheld or later.withheld:
        return Change(None, None, reason or "withheld")
    base = earlier.surely / basis.earlier
    amount = later.surely / basis.later - base
    if _is_uncertain(amount, earlier, later, basis):
        return Change(None, None, "not certain")
    percent = 100 * amount / base if earlier.surely >= SMALLEST_BASE else None
    return Change(amount, percent)


def _is_uncertain(amount: float, earlier: Count, later: Count, basis: Basis) -> bool:
    """Whether a difference is quite another if what is possibly in a period lies in it.

    It is where its sign could turn. Averages are of days that also hold what is in doubt: they are
    too low by it, so there no more than a part of `MOST_DOUBT` of the difference may be in doubt.
    """
    if earlier.withheld_possibly or later.withheld_possibly:
        return True
    less, more = earlier.possibly / basis.earlier, later.possibly / basis.later
    turns = less + more > 0 and amount - less <= 0 <= amount + more
    return turns or (bool(basis.per) and less + more > MOST_DOUBT * abs(amount))
