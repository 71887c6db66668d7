"""Address parameters, read once: what they come to, and what is refused with a sentence."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.dates import DateInterval
from layers.audience import Audience
from layers.errors import BadQuery
from layers.query import BBox, LayerQuery, QueryContext, everything, parse_query
from layers.registry import REGISTRY

NAMES = {"NA": "Wigston and Harborough", "NH": "Hinckley and Blaby"}
EXTENT = DateInterval(date(2020, 11, 3), date(2022, 10, 5))
TODAY = date(2026, 1, 2)


def parsed(
    layer: str,
    audience: Audience = Audience.STAFF,
    extent: DateInterval | None = EXTENT,
    **params: str | list[str],
) -> LayerQuery:
    given_params = {
        name.rstrip("_"): [value] if isinstance(value, str) else value
        for name, value in params.items()
    }
    spec = REGISTRY.get(layer).spec
    standing = spec.time == "standing"
    context = QueryContext(None if standing else extent, NAMES, TODAY, audience)
    return parse_query(spec, given_params, context)


PERIODS = (
    ("visits", {}, "2021-11-01..2022-10-31"),
    ("visits", {"from_": "2021"}, "2021-01-01..2022-10-31"),
    ("visits", {"from_": "2021-02", "to": "2021-02"}, "2021-02-01..2021-02-28"),
    ("visits", {"from_": "2021-02-03", "to": "2021-02-03"}, "2021-02-03..2021-02-03"),
    ("visits", {"to": "2021-02"}, "2020-03-01..2021-02-28"),
    ("visits", {"to": "2021-02-10"}, "2020-03-01..2021-02-10"),
    ("visits", {"as_of": "2021-02-10"}, "2020-03-01..2021-02-10"),
    ("sites", {"from_": "2021"}, "2021-01-01..2026-01-02"),
    ("sites", {"from_": "2021", "to": "2022"}, "2021-01-01..2022-12-31"),
)


@pytest.mark.parametrize(("layer", "params", "expected"), PERIODS)
def test_a_period_holds_both_its_ends(layer: str, params: dict[str, str], expected: str):
    query = parsed(layer, **params)
    assert query.as_of is None
    assert query.period is not None
    assert f"{query.period.date_from}..{query.period.date_to}" == expected
    assert query.period_given == bool(params)


def test_standing_things_are_asked_for_on_a_day():
    assert parsed("sites").as_of == TODAY
    assert parsed("sites", as_of="2021-02").as_of == date(2021, 2, 28)
    assert parsed("npas", as_of="2019-05-06").params() == [("as_of", "2019-05-06")]


def test_without_a_dated_record_there_is_no_period():
    query = parsed("visits", extent=None)
    assert (query.period, query.params(), query.time_in_words()) == (None, [], "all dates")
    begun = parsed("visits", extent=None, from_="2025-06-01").period
    assert begun == DateInterval(date(2025, 6, 1), TODAY)


def test_canonical_parameters_are_ordered_and_hold_the_defaults():
    query = parsed(
        "visits",
        npa=["NH", "NA", "NH", ""],
        type=["surgery", "event"],
        bbox="-1.13123456,52.6,-1.1,52.7",
        initiated_by="invitation",
        to=" 2021-02-28 ",
        as_of="",
    )
    assert query.params() == [
        ("from", "2020-03-01"),
        ("to", "2021-02-28"),
        ("npa", "NA"),
        ("npa", "NH"),
        ("type", "event"),
        ("type", "surgery"),
        ("bbox", "-1.13123456,52.6,-1.1,52.7"),
        ("initiated_by", "invitation"),
    ]


@given(
    npas=st.lists(st.sampled_from(["NA", "NH", "outside"]), max_size=3),
    types=st.lists(st.sampled_from(["crime", "drugs", "robbery"]), max_size=3),
    days=st.lists(st.dates(date(1990, 1, 1), date(2030, 1, 1)), min_size=2, max_size=2),
    corner=st.tuples(st.floats(-2, -1), st.floats(52, 53)),
    cell=st.sampled_from(["", "500", "2000"]),
)
def test_canonical_parameters_read_again_are_the_same_query(npas, types, days, corner, cell):
    west, south = corner
    first = parsed(
        "crime",
        npa=npas,
        type=types,
        from_=min(days).isoformat(),
        to=max(days).isoformat(),
        bbox=f"{west!r},{south!r},{west + 0.5!r},{south + 0.25!r}",
        cell_m=cell,
    )
    again: dict[str, list[str]] = {}
    for name, value in first.params():
        again.setdefault(name, []).append(value)
    second = parse_query(
        REGISTRY.get("crime").spec, again, QueryContext(EXTENT, NAMES, TODAY, Audience.STAFF)
    )
    assert second.params() == first.params()
    assert (second.period, second.npas, second.types) == (first.period, first.npas, first.types)


REFUSED = (
    ("visits", {"colour": "red"}, "can be asked for by from, to, as_of, npa, type, bbox, area, v"),
    ("visits", {"colour": ""}, "given 'colour'"),
    ("visits", {"from_": "yesterday"}, "from: A date is needed as YYYY-MM-DD"),
    ("visits", {"to": "2021-02-30"}, "to: A date is needed"),
    ("visits", {"to": "0001-06"}, "to: A date in the years 1800 to 2199"),
    ("visits", {"from_": "9999-12-31"}, "from: A date in the years 1800 to 2199"),
    ("visits", {"from_": "2022", "to": "2021"}, "Exchange the two dates"),
    ("visits", {"from_": "2023"}, "from must not lie after 31 October 2022"),
    ("sites", {"from_": "2099"}, "from must not lie after 2 January 2026"),
    ("visits", {"from_": ["2021", "2022"]}, "from can be given once; given 2 times"),
    ("visits", {"as_of": "2021", "from_": "2020"}, "Ask either for a day"),
    ("sites", {"as_of": "2021", "to": "2022"}, "Ask either for a day"),
    ("visits", {"npa": "NQ"}, "npa must be one of NA, NH, outside; given 'NQ'"),
    ("visits", {"npa": "na"}, "given 'na'"),
    ("visits", {"type": "tour"}, "type must be one of community-day"),
    ("people_zones", {"type": "estate"}, "type must be one of nothing, as the layer has none"),
    ("crime", {"cell_m": "750"}, "cell_m must be one of 500, 1000, 2000"),
    ("crime", {"cell_m": ["500", "1000"]}, "cell_m can be given once"),
    ("visits", {"bbox": "a,b,c,d"}, "bbox must be west,south,east,north"),
    ("visits", {"bbox": "nan,52,-1,53"}, "bbox must be"),
    ("visits", {"bbox": "-1,52,-1.5,53"}, "bbox must be"),
    ("visits", {"bbox": "-1.5,53,-1,52"}, "bbox must be"),
    ("visits", {"bbox": "52,-1.5,53,-1,0"}, "bbox must be"),
    ("visits", {"bbox": "-inf,52,inf,53"}, "bbox must be"),
    ("visits", {"bbox": ["-1.5,52,-1,53", "-1.5,52,-1,53"]}, "bbox can be given once"),
)


@pytest.mark.parametrize(("layer", "params", "said"), REFUSED)
def test_what_cannot_be_asked_is_refused(layer: str, params: dict[str, str], said: str):
    with pytest.raises(BadQuery) as refusal:
        parsed(layer, **params)
    assert said in str(refusal.value)


@given(st.text(max_size=20), st.sampled_from(["from_", "to", "as_of", "npa", "type", "bbox"]))
def test_any_text_is_read_or_refused(text: str, name: str):
    with suppress(BadQuery):
        assert parsed("crime", **{name: text}).layer == "crime"


@pytest.mark.parametrize("name", ["type", "bbox"])
def test_fixed_counts_cannot_be_filtered_by_the_public(name: str):
    value = {"type": "badly-lit", "bbox": "-1.5,52,-1,53"}[name]
    with pytest.raises(BadQuery, match=f"cannot be filtered by {name}"):
        parsed("street_safe", Audience.PUBLIC, **{name: value})
    assert parsed("street_safe", Audience.PUBLIC, **{name: ""}).params()
    assert (name, value) in parsed("street_safe", Audience.STAFF, **{name: value}).params()


def test_a_public_default_holds_until_something_is_asked():
    default = parsed("sites", Audience.PUBLIC)
    assert set(default.own_values("public_access")) == {"open", "by-appointment"}
    assert parsed("sites").own_values("public_access") == ()
    asked = parsed("sites", Audience.PUBLIC, public_access="unknown")
    assert asked.own_values("public_access") == ("unknown",)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"from_": "2022-02", "to": "2022-02"}, "February 2022"),
        ({"from_": "2022-02", "to": "2022-04"}, "February 2022 to April 2022"),
        ({"from_": "2022-02-01", "to": "2022-04-29"}, "1 February 2022 to 29 April 2022"),
        ({"from_": "2022-02-03", "to": "2022-02-03"}, "3 February 2022"),
    ],
)
def test_the_period_in_words(params: dict[str, str], words: str):
    assert parsed("visits", **params).time_in_words() == words


def test_the_day_in_words():
    assert parsed("sites").time_in_words() == "as of 2 January 2026"
    spec = REGISTRY.get("visits").spec
    assert everything(spec, Audience.STAFF).time_in_words() == "all dates"


def test_a_box_is_read_in_its_order():
    assert BBox.parse("-1.5, 52,-1,53") == BBox(-1.5, 52.0, -1.0, 53.0)
