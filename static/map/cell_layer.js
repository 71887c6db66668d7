/* What is said and asked of a layer of tiles: how many cells are in view, and what one holds. */
(function (patchmap) {
  "use strict";

  const SPEAK_AFTER_MS = 400;
  const BBOX_DECIMALS = 5;

  /** Bounds as the parameter `bbox`, no farther than another that the address has already. */
  function bboxOf(bounds, address) {
    const sides = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const given = new URLSearchParams(address.split("?")[1]).get("bbox")?.split(",").map(Number);
    const narrowed = sides.map((side, index) => {
      const narrower = index < 2 ? Math.max : Math.min;
      return given ? narrower(side, given[index]) : side;
    });
    return narrowed.map((side) => side.toFixed(BBOX_DECIMALS)).join(",");
  }

  patchmap.TiledLayer.include({
    _listen(map) {
      this._speakSoon = patchmap.debounced(() => this._speak(), SPEAK_AFTER_MS);
      this._heard = { click: this._clicked, mousemove: this._hovered, moveend: this._speakSoon };
      map.on(this._heard, this);
    },

    _fallSilent(map) {
      map.off(this._heard, this);
      map.getContainer().classList.remove("map-over-cell");
      this._hatching?.remove();
      patchmap.closeRecordOf(map, this.options.id);
      patchmap.offerRetry(map, this.options, null);
      patchmap.say(this.options.id, "", map);
    },

    /** None are held for good: the server answers for the cells in view, see `inView`. */
    records: () => [],

    /** Some of the cells within bounds, from the server, which has them busiest first. */
    async inView(bounds, offset, count, signal) {
      const address = patchmap.withParams(this.options.url, this._period);
      const bbox = bboxOf(bounds, address);
      const [west, south, east, north] = bbox.split(",").map(Number);
      if (west >= east || south >= north) {
        return { total: 0, order: "", records: [] };
      }
      const asked = patchmap.withParams(address, { bbox, limit: count, offset });
      const { features, numberMatched } = await patchmap.fetchJson(asked, signal);
      const records = features.map((feature) => ({
        options: this.options,
        properties: feature.properties,
        latlng: patchmap.placeOf(feature).latlng,
        corners: L.GeoJSON.coordsToLatLngs(feature.geometry.coordinates[0]),
      }));
      return { total: numberMatched, order: "Those with most records first.", records };
    },

    /** What names a cell in a list: many of an area may hold the same number. */
    nameOf({ properties, latlng }) {
      const nearest = patchmap.nearestPlace(this._map, latlng);
      const name = patchmap.fullName(this.options, properties);
      return nearest ? `${name}, near ${nearest}` : name;
    },

    /** Open the popup of a cell that `inView` told of. */
    openRecord(record, opener) {
      this._open(record, opener);
    },

    /** Open the cell that holds a place; answers whether there is one. */
    openAt(latlng, opener) {
      const found = this._cellAt(latlng);
      if (found) {
        this._open({ ...this._recordOf(found), latlng }, opener);
      }
      return Boolean(found);
    },

    _open({ properties, latlng, corners }, opener, options = {}) {
      const map = this._map;
      const request = new AbortController();
      const cellUrl = L.Util.template(this.options.cell_url, {
        id: encodeURIComponent(properties[this.options.id_field]),
      });
      const figures = patchmap.cellFigures(patchmap.withParams(cellUrl, this._period), request.signal);
      const popup = patchmap.openPopup(map, latlng, [{ options: this.options, properties }], opener,
        { ...options, more: [figures] });
      const outline = patchmap.outlineOf(map, corners).addTo(map);
      popup.on("remove", () => {
        outline.remove();
        request.abort();
      });
    },

    _cellAt(latlng) {
      const place = patchmap.tilePlace(this._map, latlng, this._tileZoom);
      const tile = this._tileOf(place);
      const cell = patchmap.cellUnder(tile?.cells ?? [], place);
      return cell ? { cell, coords: tile.coords } : null;
    },

    _recordOf({ cell, coords }) {
      return {
        properties: cell.properties,
        latlng: patchmap.latlngOf(this._map, coords, cell),
        corners: cell.corners.map((corner) => patchmap.latlngOf(this._map, coords, corner)),
      };
    },

    _clicked({ latlng }) {
      this.openAt(latlng, null);
    },

    _hovered({ latlng }) {
      const isOver = !patchmap.mode && this._cellAt(latlng) !== null;
      this._map.getContainer().classList.toggle("map-over-cell", isOver);
    },

    /** Each cell whose middle is in view, once, by its id. */
    _cellsInView() {
      const bounds = this._map.getBounds();
      const corner = (latlng) => this._map.project(latlng, this._tileZoom);
      const view = L.bounds(corner(bounds.getNorthWest()), corner(bounds.getSouthEast()));
      const unitPx = patchmap.TILE_PX / patchmap.TILE_EXTENT;
      const found = new Map();
      for (const { coords, cells } of this._current()) {
        const origin = L.point(coords.x, coords.y).multiplyBy(patchmap.TILE_PX);
        for (const cell of cells ?? []) {
          if (view.contains(origin.add([cell.x * unitPx, cell.y * unitPx]))) {
            found.set(String(cell.properties[this.options.id_field]), { cell, coords });
          }
        }
      }
      return found;
    },

    _openWanted() {
      const key = patchmap.takeRecordToOpen(this._map, this.options.id);
      const found = key ? this._cellsInView().get(key.slice(this.options.id.length + 1)) : null;
      if (found) {
        this._open(this._recordOf(found), null, { focus: false });
      }
    },

    _speak() {
      if (!this._map || this._waiting.size) {
        return;
      }
      const { id, title, drawn_as: drawnAs } = this.options;
      this._hatching?.remove();
      if (this._failed().length) {
        patchmap.sayFailed(id, `${title}: a part of the map could not be loaded. It is hatched; that is not zero.`, this._map);
        this._hatch(this._failed().map(({ coords }) => this._outlineOfTile(coords)), "map-failed");
        patchmap.offerRetry(this._map, this.options, () => this._retry());
        return;
      }
      const count = this._cellsInView().size;
      patchmap.say(id, `${title}: ${patchmap.grouped(count)} ${drawnAs} in view.`, this._map);
      if (!count) {
        this._tellIfNotHeld();
      }
    },

    _outlineOfTile(coords) {
      const corner = (x, y) => patchmap.latlngOf(this._map, coords, { x, y });
      const end = patchmap.TILE_EXTENT;
      return L.rectangle([corner(0, 0), corner(end, end)]).toGeoJSON();
    },

    /** Hatch a part of the ground, of which the map knows nothing. */
    _hatch(features, className) {
      this._hatching?.remove();
      this._hatching = L.geoJSON(features, {
        pane: "cells",
        renderer: patchmap.svgRenderer(this._map, "cells"),
        interactive: false,
        style: () => ({ stroke: false, fillColor: "url(#hatching)", fillOpacity: 0.35, className }),
      }).addTo(this._map);
    },

    /** Where nothing at all is held, an empty map would be read as zero: the ground is hatched. */
    async _tellIfNotHeld() {
      const map = this._map;
      const address = this.figuresUrl();
      if (this._figures?.address !== address) {
        this._figures = { address, answer: patchmap.fetchJson(address) };
      }
      const { gaps, counts } = await this._figures.answer.catch(() => ({ gaps: [], counts: {} }));
      const isStill = this._map === map && map && this.figuresUrl() === address && this._settled;
      if (isStill && gaps.length && !counts.surely && !counts.possibly) {
        patchmap.say(this.options.id, `${this.options.title}: ${gaps.join(" ")}`, map);
        this._hatch(patchmap.groundFeatures(map, "outlines"), "map-not-held");
      }
    },
  });

  /** A layer of cells from vector tiles, drawn by its legend. */
  patchmap.tiledLayer = (options) => new patchmap.TiledLayer(options);
})((window.patchmap ??= {}));
