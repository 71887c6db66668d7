/*
 * Layers that fetch their records when they are switched on, and say how that went.
 *
 * A layer's source draws its records (`draw`), takes away what it shares with other layers when
 * it is switched off (`removed`), and puts the outcome into words (`summary`).
 */
(function (patchmap) {
  "use strict";

  const LazyLayer = L.LayerGroup.extend({
    initialize(options, source) {
      L.LayerGroup.prototype.initialize.call(this, [], options);
      this._source = source;
      this._features = null;
    },

    onAdd(map) {
      L.LayerGroup.prototype.onAdd.call(this, map);
      if (this._features) {
        this._draw();
      } else {
        this._load();
      }
    },

    onRemove(map) {
      L.LayerGroup.prototype.onRemove.call(this, map);
      this._source.removed(map);
      patchmap.say(this.options.id, "");
    },

    async _load() {
      const { id, title, url } = this.options;
      patchmap.say(id, `${title}: loading.`);
      try {
        const response = await fetch(url, { headers: { Accept: "application/geo+json" } });
        if (!response.ok) {
          throw new Error(`${response.status}`);
        }
        this._features = (await response.json()).features;
      } catch {
        patchmap.say(id, `${title} could not be loaded. Switch the layer off and on to try again.`);
        return;
      }
      if (this._map) {
        this._draw();
      }
    },

    _draw() {
      const located = this._features.filter(({ geometry }) => geometry);
      this.clearLayers();
      for (const layer of this._source.draw(this._map, located)) {
        this.addLayer(layer);
      }
      patchmap.say(this.options.id, this._source.summary(this._features, located));
    },
  });

  const isPoint = ({ geometry }) => geometry.type === "Point";

  /** A layer of records, drawn by its legend. */
  patchmap.dataLayer = function (options) {
    return new LazyLayer(options, {
      draw(map, features) {
        const polygons = features.filter((feature) => !isPoint(feature));
        const few = polygons.length <= patchmap.MOST_FOCUSABLE;
        patchmap.points(map).set(options, features.filter(isPoint), few ? polygons : []);
        return polygons.length ? [patchmap.polygons(map, options, polygons)] : [];
      },
      removed: (map) => patchmap.points(map).delete(options.id),
      summary(all, located) {
        if (!located.length) {
          return `${options.title}: nothing to show on the map for this choice.`;
        }
        const missing = all.length - located.length;
        const rest = missing ? `, ${missing.toLocaleString("en-GB")} without a place` : "";
        return `${options.title}: ${located.length.toLocaleString("en-GB")} ${options.drawn_as} on the map${rest}.`;
      },
    });
  };

  /** A layer of the ground, with its names. */
  patchmap.groundLayer = function (options) {
    const kind = patchmap.groundKind(options.id);
    return new LazyLayer(options, {
      draw(map, features) {
        patchmap.labels(map).set(options.id, kind.labels(features));
        return kind.draw(map, features);
      },
      removed: (map) => patchmap.labels(map).delete(options.id),
      summary: () => "",
    });
  };
})((window.patchmap ??= {}));
