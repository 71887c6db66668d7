"""What people do with a map: switch layers, open popups, choose what is shown."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser


def shown_records(visitor) -> int:
    markers = visitor.page.locator(".map-marker")
    counts = markers.evaluate_all("all => all.map(marker => marker.dataset.count)")
    return sum(int(count) for count in counts)


def caption_records(visitor) -> int:
    """The records that the caption's first sentences speak of: surely and possibly."""
    text = visitor.page.locator(".caption[data-layer=visits]").inner_text()
    surely = re.match(r"([\d,]+|No) stops?", text)
    possibly = re.search(r"([\d,]+) more may", text)
    assert surely, text
    found = [surely.group(1).replace("No", "0"), possibly.group(1) if possibly else "0"]
    return sum(int(number.replace(",", "")) for number in found)


def table_records(visitor) -> int:
    totals = visitor.page.locator("[data-total]").all_text_contents()
    return sum(int(total.replace(",", "")) for total in totals)


def popup_of_one_visit(visitor, properties):
    """The open popup of a map whose only visit has these properties."""
    body = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [-1.0, 52.7]},
                "properties": {"visit_type": "event", **properties},
            }
        ],
    }
    visitor.page.route("**/api/layers/visits.geojson*", lambda route: route.fulfill(json=body))
    visitor.open("/maps/visits")
    visitor.page.locator(".map-marker").click()
    popup = visitor.page.locator(".leaflet-popup .popup")
    popup.wait_for()
    return popup


def facts(popup) -> dict[str, str]:
    """What a popup says, by label."""
    labels, values = popup.locator("dt"), popup.locator("dd")
    return dict(zip(labels.all_inner_texts(), values.all_inner_texts(), strict=True))


def assert_readable(visitor) -> None:
    """Every value of an open popup has room for a word or two."""
    widths = visitor.page.locator(".leaflet-popup dd").evaluate_all(
        "all => all.map(value => value.getBoundingClientRect().width)"
    )
    assert widths
    assert min(widths) > 100


def test_a_layer_is_fetched_when_it_is_switched_on_and_not_before(visitor):
    visitor.open("/maps/all")
    assert visitor.fetched("/api/layers/visits.geojson")
    assert not visitor.fetched("/api/layers/crime.geojson")
    crime = visitor.page.get_by_role("checkbox", name="Recorded crime and anti-social behaviour")
    crime.check()
    visitor.page.wait_for_function(
        "() => /Recorded crime.*on the map/.test(document.getElementById('map-status').textContent)"
    )
    assert visitor.fetched("/api/layers/crime.geojson")
    assert visitor.page.locator(".leaflet-cells-pane canvas").count() == 1


def test_a_layer_that_is_switched_off_takes_its_markers_and_words_away(visitor):
    visitor.open("/maps/visits")
    assert visitor.page.locator(".map-marker").count() > 0
    visitor.page.get_by_role("checkbox", name="Community visits").uncheck()
    assert visitor.page.locator(".map-marker").count() == 0
    assert visitor.page.locator("#map-status").inner_text() == ""


def test_a_click_on_a_marker_opens_its_facts(visitor):
    visitor.open("/maps/estate")
    marker = visitor.page.locator(".map-marker[data-count='1']").first
    name = marker.get_attribute("aria-label")
    marker.click()
    popup = visitor.page.locator(".leaflet-popup")
    assert popup.get_by_role("heading").inner_text() == name
    assert "Public access" in popup.inner_text()
    assert_readable(visitor)


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_opens_a_popup_and_escape_gives_the_focus_back(visitor, key):
    visitor.open("/maps/visits")
    marker = visitor.page.locator(".map-marker").first
    marker.focus()
    visitor.page.keyboard.press(key)
    popup = visitor.page.locator(".leaflet-popup .popup")
    popup.wait_for()
    assert popup.evaluate("element => element === document.activeElement")
    assert visitor.axe_findings() == []
    visitor.page.keyboard.press("Escape")
    popup.wait_for(state="detached")
    assert marker.evaluate("element => element === document.activeElement")


def test_an_area_opens_from_the_keyboard_too(visitor):
    visitor.open("/maps/street-safe")
    area = visitor.page.get_by_role("button", name="Charnwood")
    area.focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.locator(".leaflet-popup").get_by_role("heading", name="Charnwood").wait_for()


def test_a_click_on_a_cell_opens_its_counts(visitor):
    visitor.open("/maps/crime")
    at = visitor.page.evaluate(
        """async () => {
            const cells = [];
            map_area.eachLayer(layer => layer.feature?.properties.cell_id && cells.push(layer));
            const point = map_area.latLngToContainerPoint(cells[0].getBounds().getCenter());
            return {x: point.x, y: point.y};
        }"""
    )
    visitor.page.locator(".map").click(position=at)
    assert "Anti-social behaviour" in visitor.page.locator(".leaflet-popup").inner_text()
    assert_readable(visitor)


def test_a_narrower_window_still_shows_the_whole_area(visitor):
    visitor.open("/maps/people-zones")
    visitor.page.set_viewport_size({"width": 700, "height": 900})
    visitor.page.wait_for_function(
        """() => {
            const ground = map_area.getBounds(), shown = L.latLngBounds();
            map_area.eachLayer(layer => layer.feature?.properties.npa_code
                && layer.getBounds && shown.extend(layer.getBounds()));
            return ground.contains(shown);
        }"""
    )


def test_a_withheld_figure_is_told_apart_without_its_colour(visitor):
    visitor.open("/maps/street-safe")
    withheld = visitor.page.locator("path[fill='url(#hatching)']")
    assert withheld.count() > 0
    assert withheld.first.get_attribute("stroke-dasharray")


def test_a_filter_changes_map_table_and_caption_alike(visitor):
    visitor.open("/maps/visits")
    before = shown_records(visitor)
    assert before == table_records(visitor) == caption_records(visitor)
    visitor.page.get_by_label("Wigston and Harborough").check()
    visitor.page.get_by_role("button", name="Show").click()
    visitor.page.wait_for_url("**npa=NA**")
    visitor.settle()
    after = shown_records(visitor)
    assert 0 < after < before
    assert after == table_records(visitor) == caption_records(visitor)


def test_a_record_possibly_in_the_period_is_drawn_apart_and_says_so(visitor):
    visitor.open("/maps/visits?from=2023-07-15&to=2023-07-31")
    doubtful = visitor.page.locator(".map-marker-doubtful")
    assert doubtful.count() > 0
    doubtful.first.click()
    assert "Possibly in it" in visitor.page.locator(".leaflet-popup").inner_text()


def test_an_empty_choice_says_so(visitor):
    visitor.open("/maps/visits?npa=NS&from=2024-01&to=2024-02")
    assert "nothing to show" in visitor.page.locator("#map-status").inner_text()
    assert caption_records(visitor) == 0


def test_markers_part_as_the_map_comes_nearer_and_none_is_lost(visitor):
    visitor.open("/maps/visits")
    before, together = shown_records(visitor), visitor.page.locator(".map-marker").count()
    for _ in range(3):
        visitor.page.get_by_role("button", name="Zoom in").click()
        visitor.page.wait_for_timeout(400)
    assert visitor.page.locator(".map-marker").count() > together
    assert shown_records(visitor) == before


def test_reset_shows_the_whole_area_again(visitor):
    visitor.open("/maps/people-zones")
    scale = visitor.page.locator(".leaflet-control-scale-line").first
    whole = scale.inner_text()
    visitor.page.get_by_role("button", name="Zoom in").click()
    visitor.page.wait_for_function(
        "text => document.querySelector('.leaflet-control-scale-line').textContent !== text",
        arg=whole,
    )
    visitor.page.get_by_role("button", name="Reset view").click()
    assert scale.inner_text() == whole


def test_a_layer_that_cannot_be_loaded_says_so(visitor):
    visitor.page.route("**/api/layers/visits.geojson*", lambda route: route.fulfill(status=503))
    visitor.open("/maps/visits")
    status = visitor.page.locator("#map-status")
    assert "Community visits could not be loaded" in status.inner_text()
    assert any("503" in problem for problem in visitor.problems)
    visitor.problems.clear()


def test_text_from_data_is_never_read_as_markup(visitor):
    hostile = '<img src="https://elsewhere.example/x.png" onerror="window.hit = true">'
    popup = popup_of_one_visit(visitor, {"place": hostile, "reason": hostile})
    assert hostile in popup.inner_text()
    assert popup.locator("img").count() == 0
    assert visitor.page.evaluate("window.hit") is None


def test_a_popup_says_choices_in_words_and_leaves_free_text_alone(visitor):
    said = facts(
        popup_of_one_visit(
            visitor,
            {
                "place": "market-place",
                "date": "2023-07-04",
                "initiated_by": "pcc-programme; unknown",
                "visitor": "no-cctv",
                "reason": "constructor; unknown",
                "location_precision": "constructor",
                "npa_approximate": True,
            },
        )
    )
    assert visitor.page.locator(".popup-heading").inner_text() == "market-place"
    assert said == {
        "Date": "4 July 2023",
        "Type": "Event",
        "Visitor": "no-cctv",
        "Initiated by": "PCC programme; Unknown",
        "Reason": "constructor; unknown",
        "NPA outline approximate": "yes",
        "The point stands for": "constructor",
    }


@pytest.mark.parametrize(
    "text", ["http://[", "https://", "ftp://a.example/x", "javascript:alert(1)"]
)
def test_what_is_no_web_address_is_text_and_the_popup_opens(visitor, text):
    popup = popup_of_one_visit(visitor, {"place": "Oadby", "reason": text})
    assert facts(popup)["Reason"] == text
    assert popup.locator("a").count() == 0


def test_a_web_address_is_a_link_that_shows_its_host(visitor):
    address = "https://council.example/visits?id=1"
    popup = popup_of_one_visit(visitor, {"place": "Oadby", "reason": address})
    link = popup.get_by_role("link", name="council.example")
    assert link.get_attribute("href") == address
