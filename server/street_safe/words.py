"""The account of Street Safe reports in sentences: what was named, and what the tests can say."""

from __future__ import annotations

from typing import Final

from layers.schema import in_words
from server.phrases import within_sentence
from server.street_safe.account import Account
from server.street_safe.company import FEWEST, LEVEL, Company, Tested, Verdict

NOT_SAID: Final = "No reason given"
NOT_HELD: Final = "Not held"
MOST_NAMED: Final = 3
VERDICTS: Final[dict[Verdict, str]] = {
    "follows": "Behaviour follows place",
    "together": "They come together, in no clear order",
    "no clear sign": "No clear sign",
}
NO_CAUSE: Final = (
    "Even where one follows the other it need not be the cause: both may answer to something else, "
    "such as a season, an event or a campaign that asked for reports."
)


def sentences(account: Account) -> list[str]:
    """What the reports name, in words; empty where there is none."""
    kinds, reports = account.kinds, account.kinds.reports
    if not reports:
        return []
    place, behaviour = kinds.environmental + kinds.both, kinds.behavioural + kinds.both
    most = sorted(account.named, key=lambda each: -each.reports)[:MOST_NAMED]
    said = [
        f"The reports name {account.concerns:,} concerns: {_share(place, reports)} name one of "
        f"the place (environmental), {_share(behaviour, reports)} one of behaviour, "
        f"{kinds.both:,} of them both.",
        "Named most often: "
        + "; ".join(f"{within_sentence(in_words(each.concern))}, {each.reports:,}" for each in most)
        + ".",
    ]
    given = [(reason, count) for reason, count in account.reasons if reason]
    if given:
        reason, count = given[0]
        said.append(
            "The reason most often given for not telling the police: "
            f"{within_sentence(reason_words(reason))} ({_share(count, reports)})."
        )
    return said


def company_words(company: Company | None) -> list[str]:
    """Whether concerns of behaviour follow those of the place, and how that was tested."""
    if company is None:
        return [
            "Whether concerns of behaviour follow those of the place cannot be told here: at least "
            f"{FEWEST} reports of each, with their days, are needed."
        ]
    return [
        _answer(company.tested),
        f"Each of {company.environmental:,} reports with a concern of the place was paired with "
        f"each of {company.behavioural:,} with one of behaviour that is near and soon after, or "
        "before; a report is no pair with itself. Chance is what the days of the latter give when "
        f"they are dealt anew among their places, {company.permutations:,} times (Knox 1964). "
        f"All tests together are adjusted to a false discovery rate of {LEVEL:.0%}.",
        NO_CAUSE,
    ]


def reason_words(reason: str) -> str:
    """A reason for not telling the police."""
    return in_words(reason) if reason else NOT_SAID


def p_words(p_value: float) -> str:
    """A p-value to three decimals; less than that is said so."""
    return f"{p_value:.3f}" if p_value >= 0.001 else "below 0.001"


def _answer(tested: tuple[Tested, ...]) -> str:
    follows = [each for each in tested if each.verdict == "follows"]
    together = [each for each in tested if each.verdict == "together"]
    if follows:
        return (
            "Concerns of behaviour follow those of the place more often than by chance, and more "
            f"often than they come before them, {_where(follows)}."
        )
    if together:
        return (
            "Concerns of behaviour and of the place come together more often than by chance "
            f"{_where(together)}, but neither clearly before the other."
        )
    return (
        "There is no clear sign that concerns of behaviour follow those of the place: at none of "
        f"the {len(tested)} distances and times tested do they come after them more often than by "
        "chance."
    )


def _where(tested: list[Tested]) -> str:
    places = [f"{each.found.radius_m:,} m and {each.found.within_days} days" for each in tested]
    return "within " + ", ".join(places[:-1]) + " and within " * (len(places) > 1) + places[-1]


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({part / whole:.0%})"
