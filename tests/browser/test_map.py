"""What people do with a map: switch layers, open popups, choose what is shown."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

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
    assert not visitor.fetched("/api/layers/crime")
    assert not visitor.fetched("/static/vendor/vector-tile")
    crime = visitor.page.get_by_role("checkbox", name="Recorded crime and anti-social behaviour")
    crime.check()
    visitor.page.locator("[data-map][data-tiles='painted']").wait_for()
    assert visitor.fetched("/api/layers/crime/tiles/")
    assert not visitor.fetched("/api/layers/crime.geojson")
    assert visitor.page.locator(".leaflet-cells-pane canvas").count() > 0


def test_words_and_legends_are_those_of_the_layers_that_are_on(visitor):
    visitor.open("/maps/all")
    page = visitor.page

    def shown(selector: str) -> list[str]:
        parts = page.locator(f"{selector}[data-shown-with]:visible")
        return parts.evaluate_all("all => all.map(part => part.dataset.shownWith)")

    for names in (["visits", "sites", "people_zones"], ["visits", "people_zones", "street_safe"]):
        assert shown(".leads p") == names
        assert shown(".legend") == names
        page.get_by_role("checkbox", name="Police sites").uncheck()
        page.get_by_role("checkbox", name="Street Safe reports").check()
    for name in ("Community visits", "People Zones", "Street Safe reports"):
        page.get_by_role("checkbox", name=name).uncheck()
    assert shown(".leads p") == shown(".legend") == []
    assert page.get_by_text("No records are shown").is_visible()


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
    heading, *rest = name.split(", ")
    assert popup.get_by_role("heading").inner_text() == heading
    area = popup.locator("dl > div", has_text="Neighbourhood Policing Area (NPA)").locator("dd")
    assert rest == [area.inner_text()]
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
    visitor.page.get_by_role("checkbox", name="Wigston and Harborough").check()
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


def parameters(visitor) -> dict[str, str]:
    """The parameters of the page's address, once they have been written."""
    visitor.page.wait_for_timeout(500)
    return dict(parse_qsl(urlsplit(visitor.page.url).query))


def test_a_page_that_nobody_moves_keeps_its_address(visitor):
    visitor.open("/maps/visits")
    visitor.page.set_viewport_size({"width": 900, "height": 700})
    assert parameters(visitor) == {}


def test_what_is_done_to_a_map_is_kept_in_its_address_and_reset_takes_the_view_away(visitor):
    visitor.open("/maps/visits?npa=NA")
    visitor.page.get_by_role("button", name="Zoom in").click()
    visitor.page.get_by_role("checkbox", name="Districts").uncheck()
    visitor.page.wait_for_timeout(400)
    marker = visitor.page.locator(".map-marker").first
    key = marker.get_attribute("data-record")
    marker.click()
    kept = parameters(visitor)
    view = visitor.page.evaluate("({z: map_area.getZoom(), ...map_area.getCenter()})")
    assert kept["npa"] == "NA"
    assert kept["on"] == "visits,outlines,settlements"
    assert kept["open"] == key
    assert kept["view"] == f"{view['z']:g}/{view['lat']:.5f}/{view['lng']:.5f}"
    visitor.page.keyboard.press("Escape")
    visitor.page.get_by_role("button", name="Reset view").click()
    assert parameters(visitor) == {"npa": "NA", "on": "visits,outlines,settlements"}


def test_an_address_restores_view_layers_and_the_open_record(visitor):
    address = f"{visitor.home}/api/layers/sites.geojson?limit=1"
    (site,) = visitor.page.request.get(address).json()["features"]
    site_id, (longitude, latitude) = site["properties"]["site_id"], site["geometry"]["coordinates"]
    state = f"view=12.25/{latitude:.5f}/{longitude:.5f}&on=sites,settlements&open=sites:{site_id}"
    visitor.open(f"/maps/all?{state}")
    popup = visitor.page.locator(".leaflet-popup .popup")
    popup.wait_for()
    assert site["properties"]["name"] in popup.inner_text()
    assert visitor.page.evaluate("map_area.getZoom()") == 12.25
    on = visitor.page.locator(".map-controls input:checked").count()
    assert on == 2
    assert not visitor.fetched("/api/layers/visits.geojson")
    assert visitor.page.evaluate("document.activeElement === document.body")


def test_an_address_restores_the_open_cell(visitor):
    address = f"{visitor.home}/api/layers/crime.geojson?limit=1"
    cell = visitor.page.request.get(address).json()["features"][0]["properties"]
    visitor.open(f"/maps/crime?open=crime:{cell['cell_id']}")
    popup = visitor.page.locator(".leaflet-popup .popup")
    popup.wait_for()
    assert f"{cell['records']:,}" in popup.inner_text()


def test_a_record_that_is_not_there_opens_nothing(visitor):
    visitor.open("/maps/visits?open=visits:no-such-visit")
    assert visitor.page.locator(".leaflet-popup").count() == 0


def test_a_popup_goes_with_its_layer(visitor):
    visitor.open("/maps/all")
    visitor.page.locator(".map-marker[data-layers='visits']").first.click()
    visitor.page.locator(".leaflet-popup").wait_for()
    visitor.page.get_by_role("checkbox", name="Community visits").uncheck()
    visitor.page.locator(".leaflet-popup").wait_for(state="detached")
    assert "open" not in parameters(visitor)


def test_links_that_keep_the_state_follow_the_map_and_a_new_choice_keeps_the_view(visitor):
    visitor.open("/maps/visits")
    visitor.page.evaluate(
        """() => {
            const href = "/maps/visits?npa=NA&open=visits:x#map";
            const link = patchmap.element("a", {"data-keeps-state": "", href});
            link.id = "kept";
            document.body.append(link);
        }"""
    )
    visitor.page.get_by_role("button", name="Zoom in").click()
    visitor.page.wait_for_url(re.compile("view="))
    view = parameters(visitor)["view"]
    href = visitor.page.locator("#kept").get_attribute("href")
    assert urlsplit(href).fragment == "map"
    assert dict(parse_qsl(urlsplit(href).query)) == {"npa": "NA", "view": view}
    visitor.page.get_by_role("button", name="Show").click()
    visitor.page.wait_for_url(re.compile("from="))
    visitor.settle()
    assert parameters(visitor)["view"] == view


def test_a_layer_that_cannot_be_loaded_says_so(visitor):
    visitor.page.route("**/api/layers/visits.geojson*", lambda route: route.fulfill(status=503))
    visitor.open("/maps/visits")
    status = visitor.page.locator("#map-status")
    assert "Community visits could not be loaded" in status.inner_text()
    assert any("503" in problem for problem in visitor.problems)
    visitor.problems.clear()
    visitor.page.unroute("**/api/layers/visits.geojson*")
    visitor.page.get_by_role("button", name="Try again: Community visits").click()
    visitor.page.locator(".map-marker").first.wait_for()
    assert "46 records on the map" in status.inner_text()
    assert visitor.page.get_by_role("button", name="Try again").count() == 0


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


def test_the_wheel_scrolls_the_page_until_the_map_has_the_focus_or_ctrl_is_held(visitor):
    visitor.open("/maps/visits")
    visitor.page.locator(".map").scroll_into_view_if_needed()
    shown = visitor.page.locator(".map").bounding_box()
    visitor.page.mouse.move(shown["x"] + 60, shown["y"] + 200)
    zoom, top = visitor.page.evaluate("[map_area.getZoom(), scrollY]")
    visitor.page.mouse.wheel(0, 200)
    visitor.page.wait_for_function("top => scrollY > top", arg=top)
    visitor.page.wait_for_timeout(300)
    assert visitor.page.evaluate("map_area.getZoom()") == zoom
    visitor.page.evaluate("top => scrollTo(0, top)", top)
    visitor.page.locator(".map").evaluate("map => map.focus({preventScroll: true})")
    visitor.page.mouse.wheel(0, -200)
    visitor.page.wait_for_function("zoom => map_area.getZoom() > zoom", arg=zoom)
    assert visitor.page.evaluate("scrollY") == top
    visitor.page.evaluate("document.activeElement.blur()")
    visitor.page.wait_for_timeout(500)
    zoom = visitor.page.evaluate("map_area.getZoom()")
    visitor.page.keyboard.down("Control")
    visitor.page.mouse.wheel(0, 200)
    visitor.page.wait_for_function("zoom => map_area.getZoom() < zoom", arg=zoom)
    visitor.page.keyboard.up("Control")
    assert visitor.page.evaluate("scrollY") == top
    assert "wheel" in visitor.page.locator(".map-keys").inner_text()


def test_a_name_that_a_marker_would_mostly_cover_is_left_out(visitor):
    """A name that can stand in one place alone: under a marker, and for the most part beside it."""
    visitor.open("/maps/visits")
    under, beside = visitor.page.evaluate(
        """async () => {
            const {groups} = patchmap.points(map_area);
            const alone = groups.find(one => one.records.length > 1 && groups.every(
                other => other === one || other.point.distanceTo(one.point) > 80));
            const at = (x, y) => map_area.unproject(alone.point.add([x, y]));
            const placed = () => new Promise(done => requestAnimationFrame(
                () => setTimeout(() => setTimeout(done))));
            const isShown = async (x, y) => {
                patchmap.labels(map_area).set("planted", [{
                    latlng: at(x, y), within: L.latLngBounds(at(x - 30, y - 9), at(x + 30, y + 9)),
                    texts: ["Planted"], rank: -1, fromZoom: 0, essential: true, bold: false,
                    dot: false,
                }]);
                await placed();
                return [...document.querySelectorAll(".map-area-name, .map-place")]
                    .some(({textContent}) => textContent === "Planted");
            };
            return [await isShown(0, 0), await isShown(36, 0)];
        }"""
    )
    assert not under
    assert beside
