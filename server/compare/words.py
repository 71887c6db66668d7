"""A comparison in plain words: the sentences that lead it, and each of its figures as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geo.dates import DateInterval
from server.compare.comparison import SMALLEST_BASE, Change, Comparison, Count, Reason, Side
from server.compare.periods import Basis, length_in_words, overlap
from server.phrases import MINUS

NO_DIFFERENCE_AS: Final[Mapping[Reason, str]] = {
    "withheld": "as figures are withheld",
    "not certain": "as what may lie in a period could make it quite another",
}
CHANCE: Final = "Small differences can be chance: nothing here tests whether one is more than that."


def sentences(comparison: Comparison) -> tuple[str, ...]:
    """What the comparison shows, the figures first, then what a reader must know of them."""
    said = [_lead(comparison)]
    if comparison.basis.per:
        said.append(_lengths(comparison))
    shared = overlap(comparison.earlier.period, comparison.later.period)
    if shared:
        said.append(f"The periods overlap: what lies in {shared.in_words()} is counted in both.")
    said += dict.fromkeys([*comparison.earlier.lacks, *comparison.later.lacks])
    if not comparison.comparable:
        said.append("Choose two periods that are held whole to see the difference.")
    said += _unregistered(comparison)
    if comparison.areas_differ and comparison.comparable:
        said.append(
            "The areas of today did not exist in all of the earlier period, so only the totals are "
            "compared."
        )
    said += _of_figures(comparison)
    said.append(CHANCE)
    return tuple(said)


def count_text(count: Count) -> str:
    """The records surely in a period.

    >>> count_text(Count(1200, 3))
    '1,200'
    """
    return _figure(count.surely, count.withheld, count.held)


def possibly_text(count: Count) -> str:
    """The records possibly in a period."""
    return _figure(count.possibly, count.withheld_possibly, count.held)


def average_text(count: Count, length: float) -> str:
    """The average of what is surely in a period, by its length."""
    if not count.held or (count.withheld and not count.surely):
        return count_text(count)
    least = "at least " if count.withheld else ""
    return f"{least}{count.surely / length:,.1f}"


def change_text(change: Change, basis: Basis) -> str:
    """A change as a figure with its sign; what stands in its place where there is none.

    >>> change_text(Change(-12.0, -6.0), Basis())
    '\u221212 (\u22126%)'
    """
    if change.amount is None:
        return change.reason
    percent = "" if change.percent is None else f" ({_signed(round(change.percent), '')}%)"
    return f"{_signed(_rounded(change.amount, basis), _form(basis))}{percent}"


def change_in_words(change: Change, basis: Basis) -> str:
    """A change as one would say it.

    >>> change_in_words(Change(12.0), Basis())
    '12 more'
    """
    if change.amount is None:
        return change.reason
    amount = _rounded(change.amount, basis)
    if not amount:
        return "about the same" if basis.per else "the same"
    word = "more" if amount > 0 else "fewer"
    said = f"{abs(amount):{_form(basis)}} {word}"
    if basis.per:
        said += f" {per_in_words(basis)}"
    return said if change.percent is None else f"{said}, {abs(round(change.percent))}% {word}"


def per_in_words(basis: Basis) -> str:
    """What averages are of: ``a month`` or ``per 30 days``; empty for plain counts."""
    if not basis.per:
        return ""
    return "a month" if basis.per == "month" else f"per {basis.per}"


def _figure(count: int, withheld: int, held: bool) -> str:
    if not held:
        return "no figures"
    if withheld:
        return f"at least {count:,}" if count else "withheld"
    return f"{count:,}"


def _form(basis: Basis) -> str:
    return ",.1f" if basis.per else ",.0f"


def _rounded(amount: float, basis: Basis) -> float:
    return round(amount, 1) if basis.per else round(amount)


def _signed(amount: float, form: str) -> str:
    sign = "+" if amount > 0 else MINUS if amount < 0 else ""
    return f"{sign}{abs(amount):{form}}"


def _lead(comparison: Comparison) -> str:
    earlier, later = (
        _quantity(comparison, side) for side in (comparison.earlier, comparison.later)
    )
    change, basis = comparison.total.change, comparison.basis
    if change.reason == "not comparable":
        outcome = "the two cannot be compared"
    elif change.reason:
        outcome = f"no difference can be given, {NO_DIFFERENCE_AS[change.reason]}"
    elif not _rounded(change.amount or 0, basis):
        outcome = f"{change_in_words(change, basis)} in both"
    else:
        average = "on average " if basis.per else ""
        outcome = f"{average}{change_in_words(change, basis)} in the later period"
    sentence = f"{earlier}; {later}: {outcome}."
    return sentence[0].upper() + sentence[1:]


def _quantity(comparison: Comparison, side: Side) -> str:
    layer, count = comparison.layer, side.count
    when = side.period.in_words()
    if not count.held:
        return f"no figures are held of {when}"
    if count.withheld and not count.surely:
        return f"no count of {layer.plural} can be published for {when}"
    noun = layer.singular if count.surely == 1 else layer.plural
    if not count.surely and (count.possibly or count.withheld_possibly):
        possibly = "a withheld number" if not count.possibly else possibly_text(count)
        return f"no {noun} surely and {possibly} possibly in {when}"
    number = count_text(count) if count.surely else "no"
    return f"{number} {noun} in {when}"


def _lengths(comparison: Comparison) -> str:
    first, second = (
        length_in_words(side.period) for side in (comparison.earlier, comparison.later)
    )
    return (
        f"The periods are not equally long, {first} and {second}, so the differences are those of "
        f"the averages {per_in_words(comparison.basis)}; the maps show whole counts."
    )


def _unregistered(comparison: Comparison) -> list[str]:
    """A register with nothing in a period is no proof that there was nothing."""
    empty: list[DateInterval] = [
        side.period
        for side in (comparison.earlier, comparison.later)
        if not side.lacks and side.count == Count() and not side.knows_gaps
    ]
    plural = comparison.layer.plural
    return [
        f"That no {plural} are held of {period.in_words()} does not mean that there were none."
        for period in empty
    ]


def _of_figures(comparison: Comparison) -> list[str]:
    said = []
    counts = [side.count for side in (comparison.earlier, comparison.later)]
    if any(count.withheld or count.withheld_possibly for count in counts):
        said.append(
            "A count with a withheld figure in it is the least there is, and no difference is "
            "given of it."
        )
    if any(count.possibly for count in counts):
        said.append(
            "What may lie in a period, because its dates reach beyond it, is counted apart and is "
            "in no difference."
        )
    if any(row.change.percent is not None for row in (*comparison.rows, comparison.total)):
        said.append(
            f"Percentages are of the earlier period, and are given where it counts "
            f"{SMALLEST_BASE} or more."
        )
    return said
