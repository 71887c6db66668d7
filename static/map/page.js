/* What every map has: the order of drawing, the first view, and its part of the page's address. */
(function (patchmap) {
  "use strict";

  const PANES = { land: 340, districts: 345, npas: 350, cells: 410, areas: 420, labels: 450 };
  const WIDE_PX = 800;
  const ZOOM_DIGITS = 4;
  const DEGREE_DECIMALS = 5;
  const PADDING_PX = 4;
  const STEP = 0.4;
  const WAYS = [["west", "\u2190", -1, 0], ["north", "\u2191", 0, -1], ["south", "\u2193", 0, 1], ["east", "\u2192", 1, 0]];

  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
    const { panBy } = L.Map.prototype;
    L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false });
    L.Map.include({
      panBy(offset, options) {
        return panBy.call(this, offset, { ...options, animate: false });
      },
    });
  }

  /* The control stands beside the map, where it has room: its height is not cut to the map's. */
  L.Control.Layers.include({
    expand() {
      this._container.classList.add("leaflet-control-layers-expanded");
      this._checkDisabledLayers();
      return this;
    },
  });

  /** The maps of the page in the order in which they were made. */
  patchmap.maps = [];

  const renderers = new WeakMap();

  /** One SVG renderer for each pane of a map, beside the canvas that is the rule. */
  patchmap.svgRenderer = function (map, pane) {
    const held = renderers.get(map) ?? {};
    renderers.set(map, held);
    held[pane] ??= L.svg({ pane, padding: 0.5 });
    return held[pane];
  };

  /** What is kept of each map: its ground's bounds, the way back to them, the record to open. */
  const kept = new WeakMap();

  /** The bounds of the ground that a map shows. */
  patchmap.groundBounds = (map) => kept.get(map).bounds;

  function viewInWords(map) {
    const { lat, lng } = map.getCenter();
    const zoom = Number(map.getZoom().toPrecision(ZOOM_DIGITS));
    return `${zoom}/${lat.toFixed(DEGREE_DECIMALS)}/${lng.toFixed(DEGREE_DECIMALS)}`;
  }

  /**
   * Show the view of the address, or else the bounds, and go on showing these while the map
   * changes its size, until it is moved. Answers with the way back to the bounds.
   */
  function keepInView(map, bounds, view) {
    let untouched = true;
    const show = () => {
      const { x, y } = map.getSize();
      if (Math.min(x, y) > 2 * PADDING_PX) {
        map.fitBounds(bounds, { animate: false, padding: [PADDING_PX, PADDING_PX] });
      }
      untouched = true;
      patchmap.state.set("view", "");
    };
    if (view) {
      map.setView([view.latitude, view.longitude], view.zoom, { animate: false });
      untouched = false;
    } else {
      show();
    }
    map.on("movestart", () => {
      untouched = false;
    });
    map.on("moveend", () => untouched || patchmap.state.set("view", viewInWords(map)));
    map.on("resize", () => untouched && show());
    return show;
  }

  /** The wheel scrolls the page, unless the map has the focus or Ctrl is held: then it zooms. */
  function leaveWheelToPage(container) {
    container.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !container.contains(document.activeElement)) {
        event.stopImmediatePropagation();
      }
    }, { capture: true, passive: true });
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
    kept.set(map, { bounds, show: keepInView(map, bounds, settings.view), toOpen: settings.open });
    map.setMaxBounds(bounds.pad(1.5));
    map.attributionControl.setPrefix("Leaflet");
    if (settings.attribution && map.getSize().x >= WIDE_PX) {
      map.attributionControl.addAttribution(settings.attribution);
    }
    map.getContainer().setAttribute("role", "region");
    map.getContainer().setAttribute("aria-label", `Map: ${settings.title}`);
    if (window.matchMedia("(pointer: coarse)").matches) {
      map.zoomControl.setPosition("bottomright");
    }
    patchmap.maps.push(map);
    leaveWheelToPage(map.getContainer());
    patchmap.closePopupsByEscape(map);
    patchmap.crosshair(map);
  };

  /** The key of the record that the address wants open, told once, to the layer that holds it. */
  patchmap.takeRecordToOpen = function (map, layerId) {
    const { toOpen } = kept.get(map);
    if (!toOpen?.startsWith(`${layerId}:`)) {
      return "";
    }
    kept.get(map).toOpen = "";
    return toOpen;
  };

  function button(label, children, action) {
    const made = patchmap.element("button", { type: "button", class: "map-move", ...label }, children);
    made.addEventListener("click", action);
    return made;
  }

  /** Moving the map without dragging it, below it, where a thumb is; and the way back. */
  function moveButtons(map) {
    const moves = WAYS.map(([side, arrow, x, y]) => button(
      { "aria-label": `Move the map ${side}` }, [arrow],
      () => map.panBy(map.getSize().scaleBy(L.point(x, y)).multiplyBy(STEP).round()),
    ));
    const reset = button({}, ["Reset view"], () => {
      map.closePopup();
      kept.get(map).show();
    });
    return patchmap.element("div", { class: "map-moves", role: "group", "aria-label": "Move the map" },
      [...moves, reset]);
  }

  const controls = new WeakMap();

  /** The layers that can be switched on and off, in the order of their control. */
  patchmap.layersOf = (map) => (controls.get(map)?._layers ?? []).map(({ layer }) => layer);

  /** The words above a map and its legends are those of the layers that are switched on. */
  function showWordsOf(layerIds) {
    for (const part of document.querySelectorAll("[data-shown-with]")) {
      part.hidden = !layerIds.includes(part.dataset.shownWith);
    }
  }

  function keepSwitchedOn(map) {
    const on = patchmap.layersOf(map).filter((layer) => layer.options.id && map.hasLayer(layer))
      .map((layer) => layer.options.id);
    patchmap.state.set("on", on.join(",") || "none");
    showWordsOf(on);
  }

  /** Called last: the layer control and the ways to move stand beside the map, not on the ground. */
  patchmap.mapReady = function (map, control) {
    const container = control.getContainer();
    container.removeAttribute("aria-haspopup");
    patchmap.besideMap(map, "controls").append(container);
    const row = document.querySelector(`[data-under="${map.getContainer().id}"]`);
    if (row) {
      row.prepend(moveButtons(map));
    } else {
      map.getContainer().after(moveButtons(map));
    }
    controls.set(map, control);
    map.on("overlayadd overlayremove", () => keepSwitchedOn(map));
    patchmap.listInView(map);
  };
})((window.patchmap ??= {}));
