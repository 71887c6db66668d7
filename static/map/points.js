/*
 * Points as buttons: records that would cover each other on the screen share one marker, of
 * whichever layer they are, so that every marker can be hit. An area too small to be hit at the
 * map's zoom has a marker too.
 */
(function (patchmap) {
  "use strict";

  const TARGET_PX = 28;
  const APART_PX = 32;
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
      const heading = patchmap.heading(first.options, first.properties);
      const button = patchmap.element("button", {
        type: "button",
        "aria-label": count === 1 ? heading : `${count} records: ${heading} and ${count - 1} more`,
        "data-count": count,
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
    }

    set(options, points, areas) {
      const record = (latlng, bounds, properties) => ({
        options, properties, latlng, bounds, style: patchmap.classOf(options.legend, properties),
      });
      this.records.set(options.id, [
        ...points.map(({ geometry, properties }) => record(
          L.GeoJSON.coordsToLatLng(geometry.coordinates), null, properties,
        )),
        ...areas.map((feature) => {
          const bounds = L.geoJSON(feature).getBounds();
          return record(bounds.getCenter(), bounds, feature.properties);
        }),
      ]);
      this.draw();
    }

    /** Whether a record needs a marker: each point, and an area smaller than one. */
    needsMarker({ bounds }) {
      if (!bounds) {
        return true;
      }
      const zoom = this.map.getZoom();
      const corner = (latlng) => this.map.project(latlng, zoom);
      const size = corner(bounds.getSouthEast()).subtract(corner(bounds.getNorthWest()));
      return Math.max(size.x, size.y) < TARGET_PX;
    }

    delete(layerId) {
      this.records.delete(layerId);
      this.draw();
    }

    draw() {
      this.shown.clearLayers();
      const records = [...this.records.values()].flat().filter((record) => this.needsMarker(record));
      this.groups = patchmap.groupsOnScreen(this.map, records, this.map.getZoom());
      for (const group of this.groups) {
        this.shown.addLayer(this.marker(group));
      }
      patchmap.labels(this.map).place();
    }

    /** What the markers cover, in pixels of the map's zoom. */
    boxes() {
      return this.groups.map(({ point }) => ({
        left: point.x - TARGET_PX / 2, right: point.x + TARGET_PX / 2,
        top: point.y - TARGET_PX / 2, bottom: point.y + TARGET_PX / 2,
      }));
    }

    marker({ latlng, records }) {
      const icon = new ButtonIcon({ records });
      const marker = L.marker(latlng, { icon, keyboard: false, riseOnHover: true });
      return marker.on("click", () => {
        patchmap.openPopup(this.map, latlng, records, marker.getElement());
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
})((window.patchmap ??= {}));
