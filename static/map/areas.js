/* Areas and cells: filled by class; what has no figure is hatched, what is approximate dashed. */
(function (patchmap) {
  "use strict";

  /** So many areas of a layer can be buttons without a keyboard being lost among them. */
  patchmap.MOST_FOCUSABLE = 60;

  /** A canvas cannot draw the hatching: there only the outline is left. What has no figure is covered. */
  function pathStyle(style, asSvg) {
    if (style.shape === "hatched") {
      return {
        color: style.colour, weight: 2, dashArray: "4 4",
        fillColor: "url(#hatching)", fillOpacity: asSvg ? 1 : 0,
      };
    }
    if (style.shape === "dashed") {
      return { color: style.colour, weight: 2.5, dashArray: "7 5", fillColor: style.colour, fillOpacity: 0.12 };
    }
    if (style.shape === "filled") {
      return { color: "#6F777B", weight: 0.75, fillColor: style.colour, fillOpacity: 0.8 };
    }
    return { color: style.colour, weight: 3, fillColor: style.colour, fillOpacity: 0.2 };
  }

  const places = new WeakMap();

  /** Where a feature lies, worked out once: a point, and the bounds of what is not just a point. */
  patchmap.placeOf = function (feature) {
    if (!places.has(feature)) {
      const { type, coordinates } = feature.geometry;
      const bounds = type === "Point" ? null : L.geoJSON(feature).getBounds();
      const latlng = bounds ? bounds.getCenter() : L.GeoJSON.coordsToLatLng(coordinates);
      places.set(feature, { latlng, bounds });
    }
    return places.get(feature);
  };

  /** Whether any of a feature lies within bounds; an area may be judged by the box around it. */
  patchmap.liesIn = function (bounds, feature) {
    const place = patchmap.placeOf(feature);
    return place.bounds ? bounds.intersects(place.bounds) : bounds.contains(place.latlng);
  };

  /** The order in which places are read: from north to south, then from west to east. */
  patchmap.readingOrder = (a, b) => b.lat - a.lat || a.lng - b.lng;

  function inRing(ring, { lat, lng }) {
    let inside = false;
    ring.forEach(([x, y], index) => {
      const [beforeX, beforeY] = ring.at(index - 1);
      if ((y > lat) !== (beforeY > lat) && lng < (beforeX - x) * (lat - y) / (beforeY - y) + x) {
        inside = !inside;
      }
    });
    return inside;
  }

  /** Whether a place lies in a GeoJSON polygon and in none of its holes. */
  patchmap.contains = function ({ type, coordinates }, latlng) {
    const polygons = { Polygon: [coordinates], MultiPolygon: coordinates }[type] ?? [];
    return polygons.some(([outer, ...holes]) => inRing(outer, latlng)
      && !holes.some((hole) => inRing(hole, latlng)));
  };

  function makeButton(map, path, record) {
    const element = path.getElement();
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", patchmap.fullName(record.options, record.properties));
    element.setAttribute("data-record", patchmap.recordKey(record));
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        patchmap.openPopup(map, path.getCenter(), [record], patchmap.finder(map, record, element));
      }
    });
  }

  /** Only the areas in view can be reached by the Tab key; the smallest by their markers alone. */
  function keepReachable(map, group) {
    const reachable = (bounds) => map.getBounds().intersects(bounds) && !patchmap.points(map).needsMarker({ bounds });
    const update = () => group.eachLayer((path) => path.getElement()
      .setAttribute("tabindex", reachable(path.getBounds()) ? "0" : "-1"));
    group.on("add", () => {
      update();
      map.on("moveend", update);
    });
    group.on("remove", () => map.off("moveend", update));
  }

  /**
   * The polygons of a layer. A few are buttons, drawn as SVG; many are drawn on a canvas, where
   * the Tab key cannot go, and are reached by the list of what is in view.
   */
  patchmap.polygons = function (map, options, features) {
    const focusable = features.length <= patchmap.MOST_FOCUSABLE;
    const pane = focusable ? "areas" : "cells";
    const order = (a, b) => patchmap.readingOrder(patchmap.placeOf(a).latlng, patchmap.placeOf(b).latlng);
    const group = L.geoJSON([...features].sort(order), {
      pane,
      renderer: focusable ? patchmap.svgRenderer(map, pane) : map.getRenderer({ options: { pane } }),
      style: (feature) => pathStyle(patchmap.classOf(options.legend, feature.properties), focusable),
      onEachFeature({ properties }, path) {
        const record = { options, properties };
        path.on("click", (event) => {
          const element = focusable ? path.getElement() : null;
          L.DomEvent.stopPropagation(event);
          patchmap.openPopup(map, event.latlng, [record], patchmap.finder(map, record, element));
        });
        if (focusable) {
          path.on("add", () => makeButton(map, path, record));
        }
      },
    });
    if (focusable) {
      keepReachable(map, group);
    }
    return group;
  };
})((window.patchmap ??= {}));
