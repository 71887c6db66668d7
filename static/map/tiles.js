/*
 * A layer of very many cells, drawn from vector tiles: fetched for the view alone, decoded once,
 * and kept to be painted anew and asked about. What is said and asked of them is in cell_layer.js.
 */
(function (patchmap) {
  "use strict";

  const OPACITY = 0.8;
  /* Tiles are drawn twice as wide as the plane has them, at the zoom before: fewer are asked for. */
  const NEAREST_TILES = 17;
  const keyOf = ({ x, y, z }) => `${z}/${x}/${y}`;

  /** The reader of tiles, fetched when the first layer of tiles is switched on. */
  async function decoder() {
    const [{ VectorTile }, { PbfReader }] = await Promise.all([
      import("../vendor/vector-tile/vector-tile.js"),
      import("../vendor/vector-tile/pbf.js"),
    ]);
    return (buffer, name) => {
      const layer = buffer.byteLength ? new VectorTile(new PbfReader(buffer)).layers[name] : null;
      return Array.from({ length: layer?.length ?? 0 }, (_, index) => {
        const feature = layer.feature(index);
        const [ring] = feature.loadGeometry();
        return patchmap.cell(feature.properties, ring.slice(0, -1));
      });
    };
  }

  patchmap.TiledLayer = L.GridLayer.extend({
    initialize(options) {
      L.GridLayer.prototype.initialize.call(this, {
        ...options,
        pane: "cells",
        className: "map-cells",
        opacity: OPACITY,
        tileSize: patchmap.TILE_PX,
        maxNativeZoom: NEAREST_TILES,
        keepBuffer: 1,
      });
      this._held = new Map();
      this._waiting = new Set();
      this._settled = false;
      this._period = patchmap.firstPeriod(options.id);
      this.on("tileunload", ({ coords }) => this._forget(keyOf(coords)));
    },

    onAdd(map) {
      this.options.bounds = patchmap.groundBounds(map).pad(0.05);
      L.GridLayer.prototype.onAdd.call(this, map);
      map.on("zoomend", this._paintAll, this);
      this._listen(map);
      this._settled = false;
      this._settleSoon();
    },

    onRemove(map) {
      map.off("zoomend", this._paintAll, this);
      L.GridLayer.prototype.onRemove.call(this, map);
      delete map.getContainer().dataset.tiles;
      patchmap.setBusy(map, this.options.id, false);
      this._fallSilent(map);
    },

    /** Show another period's cells, `{from, to}`, or those of the page's own with null. */
    setPeriod(period) {
      const before = this.figuresUrl();
      this._period = period;
      if (!this._map) {
        return;
      }
      if (this.figuresUrl() !== before) {
        patchmap.closeRecordOf(this._map, this.options.id);
        this._current().forEach((tile) => this._load(tile));
      }
      this._settled = false;
      this._settleSoon();
    },

    /** Paint the cells by other classes. */
    setLegend(legend) {
      this.options.legend = legend;
      this._paintAll();
    },

    /** Where the figures of what is shown are told. */
    figuresUrl() {
      return patchmap.withParams(this.options.figures_url, this._period);
    },

    createTile(coords, done) {
      const canvas = patchmap.element("canvas", { "aria-hidden": "true" });
      const tile = { coords, canvas, cells: null, next: null, failed: false, done: () => done(null, canvas) };
      this._held.set(keyOf(coords), tile);
      this._load(tile);
      return canvas;
    },

    _initTile(canvas) {
      L.GridLayer.prototype._initTile.call(this, canvas);
      canvas.style.width = canvas.style.height = `${patchmap.PAINTED_PX}px`;
    },

    /** Called by Leaflet when the zoom changes: tiles that are still to come are not wanted. */
    _abortLoading() {
      for (const tile of [...this._waiting].filter(({ coords }) => coords.z !== this._tileZoom)) {
        const key = this._tileCoordsToKey(tile.coords);
        if (tile.cells === null && this._tiles[key]) {
          this._removeTile(key);
        } else {
          this._stopLoading(tile);
        }
      }
    },

    _stopLoading(tile) {
      tile.request?.abort();
      this._waiting.delete(tile);
      this._settleSoon();
    },

    _forget(key) {
      if (this._held.has(key)) {
        this._stopLoading(this._held.get(key));
        this._held.delete(key);
      }
    },

    /** The tiles of the zoom that is shown. */
    _current() {
      return [...this._held.values()].filter(({ coords }) => coords.z === this._tileZoom);
    },

    /** The tile of the zoom that is shown at a column and a row. */
    _tileOf({ column, row }) {
      return this._held.get(keyOf({ x: column, y: row, z: this._tileZoom }));
    },

    async _load(tile) {
      tile.request?.abort();
      const { signal } = tile.request = new AbortController();
      this._waiting.add(tile);
      this._tellLoading();
      const cells = await this._cellsOf(tile.coords, signal).catch(() => null);
      if (!signal.aborted) {
        tile.next = cells ?? [];
        tile.failed = cells === null;
        this._arrived(tile);
      }
    },

    async _cellsOf(coords, signal) {
      const address = patchmap.withParams(this.options.tiles_url, this._period);
      const asked = { ...coords, z: coords.z - 1 };
      const [decode, response] = await Promise.all([
        decoder(), fetch(L.Util.template(address, asked), { signal }),
      ]);
      if (!response.ok) {
        throw new Error(`${response.status}`);
      }
      return decode(await response.arrayBuffer(), this.options.id);
    },

    /** A new tile shows at once; those that replace others show together. */
    _arrived(tile) {
      this._waiting.delete(tile);
      if (tile.cells === null) {
        this._show(tile);
      }
      this._settleSoon();
    },

    _show(tile) {
      tile.cells = tile.next;
      tile.next = null;
      this._paint(tile);
      tile.done();
    },

    _paint(tile) {
      const scale = this._map.getZoomScale(this._map.getZoom(), tile.coords.z);
      patchmap.paintCells(tile.canvas, tile.cells, this.options.legend, scale);
    },

    _paintAll() {
      if (this._map) {
        this._current().filter(({ cells }) => cells).forEach((tile) => this._paint(tile));
      }
    },

    _settleSoon() {
      queueMicrotask(() => this._map && !this._waiting.size && !this._settled && this._settle());
    },

    /** All tiles of the view have come, or will not: they show first, and are told of after that. */
    _settle() {
      const hasFailed = this._failed().length > 0;
      this._settled = true;
      this._held.forEach((tile) => tile.next && this._show(tile));
      patchmap.setBusy(this._map, this.options.id, false);
      this._map.getContainer().dataset.tiles = hasFailed ? "failed" : "painted";
      requestAnimationFrame(() => setTimeout(() => this._speak()));
      this._openWanted();
      patchmap.tellDrawn(this._map, this.options.id, hasFailed);
    },

    _failed() {
      return this._current().filter(({ failed }) => failed);
    },

    _retry() {
      this._failed().forEach((tile) => this._load(tile));
    },

    _tellLoading() {
      this._settled = false;
      this._map.getContainer().dataset.tiles = "loading";
      patchmap.setBusy(this._map, this.options.id, true);
      patchmap.offerRetry(this._map, this.options, null);
      patchmap.say(this.options.id, `${this.options.title}: loading.`, this._map);
    },
  });
})((window.patchmap ??= {}));
