/* A map by keyboard alone: a cross at its centre, and Enter to open what lies under it. */
(function (patchmap) {
  "use strict";

  const NEAR_PX = 24;
  const ABOUT = "crosshair";

  /** Where a place is, in the names of the ground that is switched on; an empty text without. */
  function whereabouts(map, latlng) {
    const outlines = patchmap.groundFeatures(map, "outlines");
    const area = outlines.find(({ geometry }) => patchmap.contains(geometry, latlng));
    const nearest = patchmap.nearestPlace(map, latlng);
    const within = outlines.length ? [area ? `in ${area.properties.npa_name}` : "outside all areas"] : [];
    return [...(nearest ? [`near ${nearest}`] : []), ...within].join(", ");
  }

  /** Open what lies at a place: a marker nearby, or else a cell, or else the areas there. */
  function openAt(map, latlng) {
    const opener = () => map.getContainer();
    const group = patchmap.points(map).groupNear(latlng, NEAR_PX);
    if (group) {
      patchmap.points(map).open(group, { opener });
      return true;
    }
    return patchmap.layersOf(map)
      .filter((layer) => layer.options.popup && map.hasLayer(layer))
      .sort((a, b) => Boolean(b.options.tiles_url) - Boolean(a.options.tiles_url))
      .some((layer) => layer.openAt(latlng, opener));
  }

  function openUnderCross(map) {
    const centre = map.getCenter();
    if (!openAt(map, centre)) {
      const where = whereabouts(map, centre);
      patchmap.say(ABOUT, `Nothing of the layers shown lies here${where ? `: ${where}` : ""}.`, map);
    }
  }

  /** Give a map its cross and the key that goes with it. */
  patchmap.crosshair = function (map) {
    const container = map.getContainer();
    const keys = document.getElementById(`${container.id}-keys`);
    container.append(patchmap.element("div", { class: "map-crosshair", "aria-hidden": "true" }));
    if (keys) {
      container.setAttribute("aria-describedby", keys.id);
    }
    container.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === container && !patchmap.mode) {
        event.preventDefault();
        openUnderCross(map);
      }
    });
    map.on("movestart popupopen", () => patchmap.say(ABOUT, "", map));
  };
})((window.patchmap ??= {}));
