"""A map's script: deterministic, free of data, safe against what titles may hold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from layers.spec import Legend, StyleClass
from server.maps import (
    MAP_ELEMENT_ID,
    GroundLayer,
    MapLayer,
    MapPage,
    PopupField,
    map_script,
)

LEGEND = Legend(
    "Type of visit",
    "visit_type",
    (
        StyleClass("Community day", "#12436D", "circle", value="community-day"),
        StyleClass("1 to 5", "#28A197", "area", lower=1, upper=5),
    ),
)
VISITS = MapLayer(
    id="visits",
    title="Community visits",
    url="/api/layers/visits.geojson?npa=NA&type=event",
    drawn_as="records",
    legend=LEGEND,
    popup=(
        PopupField("place", "Place"),
        PopupField("asked_by", "Asked by", True, (("nhs-trust", "NHS trust"),)),
    ),
    switched_on=True,
)
PAGE = MapPage(
    title="Community visits",
    bounds=(-1.6, 52.39, -0.43, 52.98),
    layers=(VISITS, replace(VISITS, id="sites", title="Police sites", switched_on=False)),
    ground=(GroundLayer("npas", "Outlines", "/ground/npas.geojson", True),),
    attribution="Contains OS data",
)


def settings(script: str, function: str) -> list[dict[str, Any]]:
    """The JSON that a script hands to one of our functions, for each call."""
    pattern = rf"patchmap\.{function}\((?:\w+, )?(\{{.*\}})\);"
    return [json.loads(text) for text in re.findall(pattern, script)]


def test_equal_pages_give_the_same_script():
    assert map_script(PAGE) == map_script(PAGE)


def test_the_map_is_drawn_into_the_element_that_the_template_must_hold():
    assert f'L.map(\n                "{MAP_ELEMENT_ID}"' in map_script(PAGE)


def test_a_layer_hands_over_its_address_legend_and_popup_and_no_data():
    visits, sites = settings(map_script(PAGE), "dataLayer")
    assert visits["url"] == VISITS.url
    assert visits["popup"] == [
        {"property": "place", "label": "Place", "is_choice": False, "words": {}},
        {
            "property": "asked_by",
            "label": "Asked by",
            "is_choice": True,
            "words": {"nhs-trust": "NHS trust"},
        },
    ]
    assert visits["legend"]["property"] == "visit_type"
    assert [entry["upper"] for entry in visits["legend"]["classes"]] == [None, 5]
    assert sites["title"] == "Police sites"
    assert "FeatureCollection" not in map_script(PAGE)


def test_only_layers_that_are_switched_on_are_added():
    script = map_script(PAGE)
    assert "lazy_data_visits_area.addTo" in script
    assert "lazy_data_sites_area.addTo" not in script
    assert '"Police sites" : lazy_data_sites_area' in script


def test_the_first_view_is_south_west_to_north_east_in_leaflets_order():
    (prepared,) = settings(map_script(PAGE), "prepareMap")
    assert prepared["bounds"] == [[52.39, -1.6], [52.98, -0.43]]


def test_both_zoom_limits_reach_leaflet_without_a_basemap():
    script = map_script(PAGE)
    assert '"maxZoom": 18' in script
    assert '"minZoom": 7' in script


@pytest.mark.parametrize("given", ["</script><b>", "<img src=x onerror=alert(1)>", "a'\"b"])
def test_markup_in_a_title_never_reaches_the_script_as_markup(given):
    page = replace(PAGE, title=given, layers=(replace(VISITS, title=given),), attribution=given)
    script = map_script(page)
    assert given not in script
    (layer,) = settings(script, "dataLayer")
    assert layer["title"] == given
    assert "<" not in script.replace("\\u003c", "")


def test_no_address_off_the_host_without_a_basemap():
    assert "//" not in map_script(PAGE)


def test_a_basemap_is_drawn_from_the_address_that_is_set():
    page = replace(
        PAGE, basemap_url="https://tiles.example/{z}/{x}/{y}.png", basemap_attribution="<i>Maps</i>"
    )
    script = map_script(page)
    assert 'L.tileLayer(\n                "https://tiles.example/{z}/{x}/{y}.png"' in script
    assert "<i>" not in script


@pytest.mark.parametrize(
    ("page", "name", "value", "words"),
    [
        ("visits", "initiated_by", "pcc-programme", "PCC programme"),
        ("street-safe", "npa_approximate", "true", "yes"),
        ("estate", "public_access", "open", "Open to callers"),
    ],
)
def test_choices_come_with_the_words_of_tables_and_legends(
    public: FlaskClient, page: str, name: str, value: str, words: str
):
    (layer,) = settings(public.get(f"/maps/{page}/map.js").text, "dataLayer")
    (field,) = (field for field in layer["popup"] if field["property"] == name)
    assert field["is_choice"]
    assert field["words"][value] == words


def test_free_text_has_no_words_and_an_open_choice_its_usual_ones(public: FlaskClient):
    (visits,) = settings(public.get("/maps/visits/map.js").text, "dataLayer")
    fields = {field["property"]: field for field in visits["popup"]}
    assert (fields["reason"]["is_choice"], fields["reason"]["words"]) == (False, {})
    assert fields["date_basis"]["is_choice"]
    assert fields["date_basis"]["words"]["inferred-month"] == "Inferred month"


def test_staff_read_each_concern_in_words(app: Flask, as_staff: Callable[[Flask], FlaskClient]):
    script = as_staff(app).get("/maps/street-safe/map.js").text
    (layer,) = settings(script, "dataLayer")
    (concerns,) = (field for field in layer["popup"] if field["property"] == "concerns")
    assert concerns["words"]["no-cctv"] == "No CCTV"
