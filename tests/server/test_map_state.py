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
states = st.builds(
    MapState,
    st.none() | views,
    st.none() | st.lists(st.sampled_from(LAYERS), unique=True).map(tuple),
    st.sampled_from(["", "visits:V0056", "people_zones:PZ 1/2", "crime:h1000_q283_r-351"]),
    st.sampled_from(["", "2022-03", "0999-12"]),
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
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(name: str, value: str, words: str) -> None:
    with pytest.raises(BadQuery, match=words):
        MapState.parse({name: [value]}, LAYERS)


@pytest.mark.parametrize("name", STATE_PARAMS)
def test_a_state_is_given_once(name: str) -> None:
    with pytest.raises(BadQuery, match=name):
        MapState.parse({name: ["visits", "npas"]}, LAYERS)
