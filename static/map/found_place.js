/* The place that was searched for and found: marked by its name, and kept in the page's address. */
(function (patchmap) {
  "use strict";

  const MOST_LOOKED_AT = 50;
  const PADDING_PX = 24;
  const PIN = "M12 1a8 8 0 0 0-8 8c0 5.5 8 14 8 14s8-8.5 8-14a8 8 0 0 0-8-8Zm0 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z";
  const SVG = "http://www.w3.org/2000/svg";
  const stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
  const element = patchmap.element;
  const markers = new WeakMap();

  function pin() {
    const svg = document.createElementNS(SVG, "svg");
    const path = document.createElementNS(SVG, "path");
    const attributes = {
      class: "place-marker-pin", width: 24, height: 24, viewBox: "0 0 24 24",
      "aria-hidden": "true", focusable: "false",
    };
    for (const [key, value] of Object.entries(attributes)) {
      svg.setAttribute(key, value);
    }
    path.setAttribute("d", PIN);
    path.setAttribute("fill", "#0b0c0c");
    path.setAttribute("fill-rule", "evenodd");
    svg.append(path);
    return svg;
  }

  function unmark() {
    for (const map of patchmap.maps) {
      markers.get(map)?.remove();
      markers.delete(map);
    }
  }

  /** Take the mark of the place found last off every map. */
  patchmap.forgetPlace = function () {
    unmark();
    patchmap.state.set("place", "");
  };

  function mark(map, place) {
    const html = element("div", {}, [pin(), element("span", { class: "place-marker-name" }, [place.name])]);
    const icon = L.divIcon({ html, className: "place-marker", iconSize: [0, 0] });
    const marker = L.marker([place.latitude, place.longitude], {
      icon, interactive: false, keyboard: false, zIndexOffset: 5000,
    }).addTo(map);
    markers.set(map, marker);
  }

  function move(map, { bounds, latitude, longitude, zoom }) {
    const animate = !stillness.matches;
    if (bounds) {
      const [west, south, east, north] = bounds;
      const padding = [PADDING_PX, PADDING_PX];
      map.flyToBounds([[south, west], [north, east]], { animate, padding, duration: 0.8 });
    } else {
      map.flyTo([latitude, longitude], zoom, { animate, duration: 0.8 });
    }
  }

  function say(text) {
    for (const status of document.querySelectorAll(".place-search-status")) {
      status.textContent = text;
    }
  }

  /** What names a place in the page's address; a name that the public may not know is not put there. */
  function keepPlace({ kind, label }) {
    const mayName = kind !== "site" || document.querySelector("[data-names-sites]");
    patchmap.state.set("place", mayName ? label : "");
  }

  /**
   * Move every map of the page to a place, as `/api/places` describes it, and mark it there by its
   * name. With `focus` the first map takes the focus: only for what the reader has just chosen.
   */
  patchmap.goTo = function (place, { focus = false } = {}) {
    unmark();
    keepPlace(place);
    for (const map of patchmap.maps) {
      map.closePopup();
      mark(map, place);
      move(map, place);
    }
    if (focus) {
      patchmap.maps[0]?.getContainer().focus();
    }
    say(`Map moved to ${place.label}.`);
  };

  /** The place of a label, as the search finds it for this reader; undefined where it does not. */
  async function placeOfLabel(label) {
    const query = new URLSearchParams({ q: label.split(" (")[0], limit: MOST_LOOKED_AT });
    const { places } = await patchmap.fetchJson(`/api/places?${query}`);
    return places.find((place) => place.label === label);
  }

  function restorePlace(place) {
    patchmap.maps.forEach((map) => mark(map, place));
    if (!patchmap.state.get("view")) {
      patchmap.maps.forEach((map) => move(map, place));
    }
    for (const input of document.querySelectorAll("[data-place-search] input[type=search]")) {
      input.value ||= place.name;
    }
    say(`The map marks ${place.label}.`);
  }

  /** Mark the place that the page's address names. */
  async function restore(label) {
    let place;
    try {
      place = await placeOfLabel(label);
    } catch {
      say("The place of this link could not be loaded.");
      return;
    }
    if (patchmap.state.get("place") !== label) {
      return;
    }
    if (place) {
      restorePlace(place);
    } else {
      patchmap.forgetPlace();
      say("The place of this link cannot be found here.");
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const label = patchmap.state.get("place");
    if (label && patchmap.maps.length) {
      restore(label);
    }
  });
})((window.patchmap ??= {}));
