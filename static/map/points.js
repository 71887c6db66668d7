/*
 * Points as buttons: records that would cover each other on the screen share one marker, of
 * whichever layer they are, so that every marker can be hit. An area too small to be hit at the
 * map's zoom has a marker too.
 */
(function (patchmap) {
  "use strict";

  const TARGET_PX = 28;
  /** So far that of two markers side by side neither leaves less than 24 px of the other, even aslant. */
  const APART_PX = 36;
  const NUMBER_BEYOND_PX = 8;
  const SEVERAL_KINDS = Object.freeze({ colour: "#FFFFFF", shape: "circle" });

  const ButtonIcon = L.Icon.extend({
    options: {
      className: "map-marker",
      iconSize: [TARGET_PX, TARGET_PX],
      iconAnchor: [TARGET_PX / 2, TARGET_PX / 2],
    },

    createIcon() {
      const { records } = this.options;
      const count = records.length;
      const [first] = records;
      const mixed = records.some(({ style }) => style !== first.style);
      const { shape, colour } = mixed ? SEVERAL_KINDS : first.style;
      const doubtful = records.every(({ properties }) => properties.in_period === "possibly");
      const layerIds = new Set(records.map(({ options }) => options.id));
      const name = count === 1
        ? patchmap.fullName(first.options, first.properties)
        : `${count} records: ${patchmap.heading(first.options, first.properties)} and ${count - 1} more`;
      const button = patchmap.element("button", {
        type: "button",
        "aria-label": name,
        "data-count": count,
        "data-record": patchmap.recordKey(first),
        "data-layers": [...layerIds].join(" "),
      }, [patchmap.symbol(shape, colour, count > 1 ? TARGET_PX : 20)]);
      if (count > 1) {
        const place = mixed ? "map-count map-count-inside" : "map-count";
        button.append(patchmap.element("span", { class: place, "aria-hidden": "true" }, [String(count)]));
      }
      this._setIconStyles(button, "icon");
      button.classList.toggle("map-marker-doubtful", doubtful);
      return button;
    },

    createShadow: () => null,
  });

  /** Records in groups whose first points lie at least ``APART_PX`` apart at a zoom. */
  patchmap.groupsOnScreen = function (map, records, zoom) {
    const groups = [];
    const squares = new Map();
    const square = (column, row) => squares.get(`${column},${row}`) ?? [];
    for (const record of records) {
      const point = map.project(record.latlng, zoom);
      const column = Math.floor(point.x / APART_PX);
      const row = Math.floor(point.y / APART_PX);
      const near = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => square(column + dx, row + dy)))
        .map((group) => ({ group, distance: group.point.distanceTo(point) }))
        .filter(({ distance }) => distance < APART_PX)
        .sort((a, b) => a.distance - b.distance);
      if (near.length) {
        near[0].group.records.push(record);
      } else {
        const group = { point, latlng: record.latlng, records: [record] };
        groups.push(group);
        squares.set(`${column},${row}`, [...square(column, row), group]);
      }
    }
    return groups;
  };

  /** The point records of all layers that are switched on, drawn together. */
  class Points {
    constructor(map) {
      this.map = map;
      this.records = new Map();
      this.groups = [];
      this.shown = L.layerGroup().addTo(map);
      map.on("zoomend", this.draw, this);
      map.on("moveend", this.keepReachable, this);
    }

    set(options, points, areas) {
      this.records.set(options.id, [...points, ...areas].map((feature) => ({
        options,
        properties: feature.properties,
        style: patchmap.classOf(options.legend, feature.properties),
        ...patchmap.placeOf(feature),
      })));
      this.draw();
    }

    /** Whether a record needs a marker: each point, and an area narrower than one. */
    needsMarker({ bounds }) {
      if (!bounds) {
        return true;
      }
      const zoom = this.map.getZoom();
      const corner = (latlng) => this.map.project(latlng, zoom);
      const size = corner(bounds.getSouthEast()).subtract(corner(bounds.getNorthWest()));
      return Math.min(size.x, size.y) < TARGET_PX;
    }

    delete(layerId) {
      this.records.delete(layerId);
      this.draw();
    }

    /** In the order of the layers, whichever came over the line first: one address, one map. */
    draw() {
      const records = patchmap.layersOf(this.map).flatMap(({ options }) => this.records.get(options.id) ?? [])
        .filter((record) => this.needsMarker(record));
      patchmap.keepingFocus(this.map, () => {
        this.shown.clearLayers();
        this.groups = patchmap.groupsOnScreen(this.map, records, this.map.getZoom())
          .sort((a, b) => patchmap.readingOrder(a.latlng, b.latlng))
          .map((group) => ({ ...group, marker: this.marker(group) }));
        this.groups.forEach(({ marker }) => this.shown.addLayer(marker));
        this.keepReachable();
      });
      patchmap.labels(this.map).place();
    }

    /** Only the markers in view can be reached by the Tab key, in the order of reading. */
    keepReachable() {
      const inView = this.map.getBounds();
      for (const { latlng, marker } of this.groups) {
        marker.getElement().tabIndex = inView.contains(latlng) ? 0 : -1;
      }
    }

    /** The group of records that holds the record of a key. */
    groupOf(key) {
      return this.groups.find(({ records }) => records.some((record) => patchmap.recordKey(record) === key));
    }

    /** The group whose marker is nearest to a place, of those no farther than some pixels. */
    groupNear(latlng, withinPx) {
      const at = this.map.project(latlng);
      return this.groups.map((group) => ({ group, distance: group.point.distanceTo(at) }))
        .filter(({ distance }) => distance <= withinPx)
        .sort((a, b) => a.distance - b.distance)[0]?.group;
    }

    /** Open the popup of a group, the record of a key first. */
    open(group, { key = "", opener, ...options } = {}) {
      const isFirst = (record) => patchmap.recordKey(record) === key;
      const records = [...group.records].sort((a, b) => isFirst(b) - isFirst(a));
      const marker = patchmap.finder(this.map, records[0], group.marker.getElement());
      patchmap.openPopup(this.map, group.latlng, records, opener ?? marker, options);
    }

    /** What the markers cover, with the numbers at their corners, in pixels of the map's zoom. */
    boxes() {
      return this.groups.map(({ point, records }) => {
        const beyond = records.length > 1 ? NUMBER_BEYOND_PX : 0;
        return {
          left: point.x - TARGET_PX / 2, right: point.x + TARGET_PX / 2 + beyond,
          top: point.y - TARGET_PX / 2 - beyond, bottom: point.y + TARGET_PX / 2,
        };
      });
    }

    marker({ latlng, records }) {
      const icon = new ButtonIcon({ records });
      const marker = L.marker(latlng, { icon, keyboard: false, riseOnHover: true });
      return marker.on("click", () => {
        this.open(this.groups.find((group) => group.marker === marker));
      });
    }
  }

  const held = new WeakMap();

  patchmap.points = function (map) {
    if (!held.has(map)) {
      held.set(map, new Points(map));
    }
    return held.get(map);
  };

  /** The element that stands for a record now: the marker that holds it, or its outline. */
  function elementOf(map, key) {
    const marker = patchmap.points(map).groupOf(key)?.marker.getElement();
    const outline = () => map.getContainer().querySelector(`path[data-record="${CSS.escape(key)}"]`);
    return marker ?? (key ? outline() : null);
  }

  /** Finds what opened a record: the element itself, or what has taken its place since. */
  patchmap.finder = (map, record, element) => () => (element?.isConnected
    ? element : elementOf(map, patchmap.recordKey(record)));

  /** Draw anew; when that takes away the focused element, the focus goes to what replaces it. */
  patchmap.keepingFocus = function (map, redraw) {
    const container = map.getContainer();
    const focused = document.activeElement;
    const wasInside = container.contains(focused);
    redraw();
    if (wasInside && !focused.isConnected) {
      const replaced = elementOf(map, focused.dataset.record ?? "") ?? container;
      replaced.focus({ preventScroll: true });
    }
  };
})((window.patchmap ??= {}));
