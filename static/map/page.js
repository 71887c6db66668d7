/* What every map has: the order of drawing, the first view and the way back to it. */
(function (patchmap) {
  "use strict";

  const PANES = { land: 340, districts: 345, npas: 350, cells: 410, areas: 420, labels: 450 };
  const WIDE_PX = 600;

  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
    L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false });
  }

  const renderers = new WeakMap();

  /** One SVG renderer for each pane of a map, beside the canvas that is the rule. */
  patchmap.svgRenderer = function (map, pane) {
    const held = renderers.get(map) ?? {};
    renderers.set(map, held);
    held[pane] ??= L.svg({ pane, padding: 0.5 });
    return held[pane];
  };

  const isWide = (map) => map.getSize().x >= WIDE_PX;

  function resetControl(map, showAll) {
    const control = L.control({ position: isWide(map) ? "topleft" : "bottomright" });
    control.onAdd = () => {
      const button = patchmap.element("button", { type: "button", class: "map-reset" }, ["Reset view"]);
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("click", () => {
        map.closePopup();
        showAll();
      });
      return button;
    };
    control.addTo(map);
  }

  /**
   * Called by a map's script before its layers are added. On a narrow map the attribution would
   * cover the ground: there it stands in the page's footer alone.
   */
  patchmap.prepareMap = function (map, settings) {
    for (const [name, order] of Object.entries(PANES)) {
      const pane = map.createPane(name);
      pane.style.zIndex = order;
    }
    map.getPane("labels").style.pointerEvents = "none";
    const bounds = L.latLngBounds(settings.bounds);
    const showAll = () => map.fitBounds(bounds, { animate: false, padding: [4, 4] });
    showAll();
    map.setMaxBounds(bounds.pad(0.5));
    map.attributionControl.setPrefix("Leaflet");
    if (settings.attribution && isWide(map)) {
      map.attributionControl.addAttribution(settings.attribution);
    }
    map.getContainer().setAttribute("role", "region");
    map.getContainer().setAttribute("aria-label", `Map: ${settings.title}`);
    resetControl(map, showAll);
    patchmap.closePopupsByEscape(map);
  };

  /** Called last: on a wide map the layer control stands open. */
  patchmap.mapReady = function (map, control) {
    if (isWide(map)) {
      control.remove();
      control.options.collapsed = false;
      control.addTo(map);
    }
  };
})((window.patchmap ??= {}));
