/* What every map has: the order of drawing, the first view and the way back to it. */
(function (patchmap) {
  "use strict";

  const PANES = { land: 340, districts: 345, npas: 350, cells: 410, areas: 420, labels: 450 };
  const WIDE_PX = 800;

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

  const views = new WeakMap();

  /** Show the bounds, and go on showing them while the map changes its size, until it is moved. */
  function keepInView(map, bounds) {
    let untouched = true;
    const show = () => {
      map.fitBounds(bounds, { animate: false, padding: [4, 4] });
      untouched = true;
    };
    map.on("movestart", () => {
      untouched = false;
    });
    map.on("resize", () => untouched && show());
    views.set(map, show);
    show();
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
    keepInView(map, bounds);
    map.setMaxBounds(bounds.pad(1.5));
    map.attributionControl.setPrefix("Leaflet");
    if (settings.attribution && map.getSize().x >= WIDE_PX) {
      map.attributionControl.addAttribution(settings.attribution);
    }
    map.getContainer().setAttribute("role", "region");
    map.getContainer().setAttribute("aria-label", `Map: ${settings.title}`);
    patchmap.closePopupsByEscape(map);
  };

  function resetButton(map) {
    const button = patchmap.element("button", { type: "button", class: "map-reset" }, ["Reset view"]);
    button.addEventListener("click", () => {
      map.closePopup();
      views.get(map)();
    });
    return button;
  }

  /** Called last: the layer control and the way back stand beside the map, not on the ground. */
  patchmap.mapReady = function (map, control) {
    const container = control.getContainer();
    container.removeAttribute("aria-haspopup");
    document.getElementById("map-controls").append(container, resetButton(map));
  };
})((window.patchmap ??= {}));
