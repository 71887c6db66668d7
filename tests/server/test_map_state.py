"""The state of a map goes through an address and back unchanged, or is refused in words."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import BadQuery
from server.map_state import MAX_ZOOM, MIN_ZOOM, STATE_PARAMS, MapState, MapView

LAYERS = ("visits", "npas", "outlines")

views = st.builds(
    lambda zoom, latitude, longitude: MapView(zoom / 100, latitude / 1e5, longitude / 1e5),
    st.integers(int(MIN_ZOOM) * 100, int(MAX_ZOOM) * 100),
    st.integers(-85 * 10**5, 85 * 10**5),
    st.integers(-180 * 10**5, 180 * 10**5),
)
AREA = "-1.25000,52.70000 -1.00000,52.70000 -1.00000,52.55000"
LINE = "-1.25000,52.70000 -1.00000,52.55000 -1.25000,52.55000 -1.00000,52.70000"
drawn = st.sampled_from([("", ""), (AREA, ""), ("", LINE)])
states = st.builds(
    lambda view, on, record, month, marks, place: MapState(view, on, record, month, *marks, place),
    st.none() | views,
    st.none() | st.lists(st.sampled_from(LAYERS), unique=True).map(tuple),
    st.sampled_from(["", "visits:V0056", "people_zones:PZ 1/2", "crime:h1000_q283_r-351"]),
    st.sampled_from(["", "2022-03", "0999-12"]),
    drawn,
    st.sampled_from(
        [
            "",
            "Leicester (district)",
            "Oadby (settlement, Oadby and Wigston)",
            "St John’s & All Saints (ward, Blaby)",
            "LE1 (postcode district)",
        ]
    ),
)


@given(state=states)
def test_an_address_restores_everything(state: MapState) -> None:
    address = urlencode(state.params())
    assert MapState.parse(parse_qs(address), LAYERS) == state


def test_nothing_set_is_nothing_in_the_address() -> None:
    assert MapState().params() == []
    assert MapState.parse({"npa": ["NA"], "from": ["2022"]}, LAYERS) == MapState()


def test_none_switched_on_is_not_the_same_as_nothing_said() -> None:
    nothing_said, none_on = MapState(), MapState(on=())
    assert none_on.params() == [("on", "none")]
    assert nothing_said.shows("visits", True)
    assert not none_on.shows("visits", True)
    assert MapState(on=("npas",)).shows("npas", False)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("view", "here", "zoom/latitude/longitude"),
        ("view", "9/52.7", "zoom/latitude/longitude"),
        ("view", "6.9/52.7/-1.1", "a zoom from 7 to 18"),
        ("view", "nan/52.7/-1.1", "given 'nan/52.7/-1.1'"),
        ("view", "9/inf/-1.1", "a place in degrees"),
        ("view", "9/52.7/-181", "a place in degrees"),
        ("on", "visits,nothing", "given 'nothing'"),
        ("open", "visits", "layer:id"),
        ("open", "visits:" + "x" * 201, "layer:id"),
        ("month", "2022", "a year and a month"),
        ("month", "2022-13", "month: "),
        ("month", "March", "month: "),
        ("draw", "-1.1,52.6 -1.0,52.6", "draw: area must have 3 to 100 corners"),
        ("draw", "-1.1,52.6 -1.0,52.7 -1.1,52.7 -1.0,52.6", "draw: .* neither cross nor touch"),
        ("draw", "here there everywhere", "draw: .* longitude,latitude"),
        ("draw", " ".join(f"-1.{n:03},52.6" for n in range(101)), "given 101"),
        ("measure", "-1.1,52.6", "2 to 100 points"),
        ("measure", " ".join(f"-1.{n:03},52.6" for n in range(101)), "given 101"),
        ("measure", "-1.1,52.6 nan,52.7", "given 'nan,52.7'"),
        ("measure", "-1.1,52.6 -1.0,91", "longitude,latitude in degrees"),
        ("measure", "-1.1,52.6 -1.0,52.7,3", "longitude,latitude in degrees"),
        ("place", "Oadby", "place must name a place"),
        ("place", "Call 01234 for a prize", "place must name a place"),
        ("place", "x" * 300 + " (ward)", "place must name a place"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(name: str, value: str, words: str) -> None:
    with pytest.raises(BadQuery, match=words):
        MapState.parse({name: [value]}, LAYERS)


def test_a_map_has_one_tool_in_use() -> None:
    with pytest.raises(BadQuery, match="draw and measure cannot be given together"):
        MapState.parse({"draw": [AREA], "measure": [LINE]}, LAYERS)


def test_places_are_kept_to_the_metre() -> None:
    state = MapState.parse({"measure": ["-1.123456789,52.6 -1,52.7"]}, LAYERS)
    assert state.measure == "-1.12346,52.60000 -1.00000,52.70000"


def test_marks_are_left_to_the_scripts_of_the_page() -> None:
    state = MapState(month="2022-03", draw=AREA, place="Leicester (district)")
    assert state.without_marks() == MapState(month="2022-03")


@pytest.mark.parametrize("name", STATE_PARAMS)
def test_a_state_is_given_once(name: str) -> None:
    with pytest.raises(BadQuery, match=name):
        MapState.parse({name: ["visits", "npas"]}, LAYERS)
