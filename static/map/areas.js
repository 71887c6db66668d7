/* Areas and cells: filled by class; a hatched class has an outline of dashes and no colour. */
(function (patchmap) {
  "use strict";

  /** So many areas of a layer can be buttons without a keyboard being lost among them. */
  patchmap.MOST_FOCUSABLE = 60;

  const isCount = ({ lower, upper }) => (lower ?? null) !== null || (upper ?? null) !== null;

  /** A canvas cannot draw the hatching: there only the outline is left. What has no figure is covered. */
  function pathStyle(style, asSvg) {
    if (style.shape === "hatched") {
      return {
        color: style.colour, weight: 2, dashArray: "4 4",
        fillColor: "url(#hatching)", fillOpacity: asSvg ? (style.value === "" ? 1 : 0.35) : 0,
      };
    }
    if (isCount(style)) {
      return { color: "#6F777B", weight: 0.75, fillColor: style.colour, fillOpacity: 0.8 };
    }
    return { color: style.colour, weight: 3, fillColor: style.colour, fillOpacity: 0.2 };
  }

  function makeButton(map, path, record) {
    const element = path.getElement();
    element.setAttribute("tabindex", "0");
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", patchmap.heading(record.options, record.properties));
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        patchmap.openPopup(map, path.getCenter(), [record], element);
      }
    });
  }

  /**
   * The polygons of a layer. A few are buttons, drawn as SVG; many are drawn on a canvas, where
   * a keyboard cannot go, and are read in the tables.
   */
  patchmap.polygons = function (map, options, features) {
    const focusable = features.length <= patchmap.MOST_FOCUSABLE;
    const pane = focusable ? "areas" : "cells";
    return L.geoJSON(features, {
      pane,
      renderer: focusable ? patchmap.svgRenderer(map, pane) : map.getRenderer({ options: { pane } }),
      style: (feature) => pathStyle(patchmap.classOf(options.legend, feature.properties), focusable),
      onEachFeature({ properties }, path) {
        const record = { options, properties };
        path.on("click", ({ latlng }) => {
          patchmap.openPopup(map, latlng, [record], focusable ? path.getElement() : null);
        });
        if (focusable) {
          path.on("add", () => makeButton(map, path, record));
        }
      },
    });
  };
})((window.patchmap ??= {}));
