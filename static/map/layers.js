/*
 * Layers that fetch their records when they are switched on, and say how that went.
 *
 * A layer's source draws its records (`draw`), takes away what it shares with other layers when
 * it is switched off (`removed`), and puts the outcome into words (`summary`).
 */
(function (patchmap) {
  "use strict";

  const SPEAK_AFTER_MS = 400;
  const { grouped } = patchmap;

  /** An address with some of its parameters replaced; what is null stays as the address has it. */
  patchmap.withParams = function (address, changes) {
    const [path, query = ""] = address.split("?");
    const params = new URLSearchParams(query);
    for (const [name, value] of Object.entries(changes ?? {})) {
      if (value !== null) {
        params.set(name, value);
      }
    }
    const text = params.toString();
    return text ? `${path}?${text}` : path;
  };

  /** What an address answers, as JSON; any other answer is an error. */
  patchmap.fetchJson = async function (address, signal) {
    const response = await fetch(address, { signal, headers: { Accept: "application/json, application/geo+json" } });
    if (!response.ok) {
      throw new Error(`${response.status} for ${address}`);
    }
    return response.json();
  };

  /** Runs an action once things have been quiet for a while. */
  patchmap.debounced = function (action, afterMs) {
    let waiting = 0;
    return () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(action, afterMs);
    };
  };

  patchmap.LazyLayer = L.LayerGroup.extend({
    initialize(options, source) {
      L.LayerGroup.prototype.initialize.call(this, [], options);
      this._source = source;
      this._features = [];
      this._drawnFrom = "";
      this._period = patchmap.firstPeriod(options.id);
      this._request = null;
      this._speakSoon = patchmap.debounced(() => this._map && this._speak(), SPEAK_AFTER_MS);
    },

    getEvents() {
      return { moveend: this._speakSoon };
    },

    onAdd(map) {
      L.LayerGroup.prototype.onAdd.call(this, map);
      this._show();
    },

    onRemove(map) {
      this._stopWaiting(map);
      patchmap.closeRecordOf(map, this.options.id);
      patchmap.offerRetry(map, this.options, null);
      L.LayerGroup.prototype.onRemove.call(this, map);
      this._source.removed(map, this.options);
      patchmap.say(this.options.id, "", map);
    },

    /** Show another period's records, `{from, to}`, or those of the page's own with null. */
    setPeriod(period) {
      const before = this._address();
      this._period = period;
      const isOther = this._address() !== before;
      if (!this._map || (this._request && !isOther)) {
        return;
      }
      if (isOther) {
        patchmap.closeRecordOf(this._map, this.options.id);
      }
      this._show();
    },

    /** Draw the records by other classes. */
    setLegend(legend) {
      this.options.legend = legend;
      if (this._map && this._drawnFrom === this._address()) {
        this._draw();
      }
    },

    /** The features held now. */
    records() {
      return this._features;
    },

    /** Where the figures of what is shown are told. */
    figuresUrl() {
      return patchmap.withParams(this.options.figures_url, this._period);
    },

    /** Some of the records within bounds: how many there are, in which order, and these. */
    async inView(bounds, offset, count) {
      const found = this._locatedIn(bounds).map((feature) => ({
        options: this.options, properties: feature.properties, ...patchmap.placeOf(feature),
      })).sort((a, b) => patchmap.readingOrder(a.latlng, b.latlng));
      return {
        total: found.length,
        order: "From north to south, then from west to east.",
        records: found.slice(offset, offset + count),
      };
    },

    /** What names a record in a list. */
    nameOf: ({ options, properties }) => patchmap.fullName(options, properties),

    /** Open the popup of a record that `inView` told of. */
    openRecord(record, opener) {
      patchmap.openPopup(this._map, record.latlng, [record], opener);
    },

    /** Open all areas of the layer that hold a place; answers whether there are any. */
    openAt(latlng, opener) {
      const records = this._features.filter(({ geometry }) => geometry && patchmap.contains(geometry, latlng))
        .map(({ properties }) => ({ options: this.options, properties }));
      if (records.length) {
        patchmap.openPopup(this._map, latlng, records, opener);
      }
      return records.length > 0;
    },

    _address() {
      return patchmap.withParams(this.options.url, this._period);
    },

    _locatedIn(bounds) {
      return this._features.filter((feature) => feature.geometry && patchmap.liesIn(bounds, feature));
    },

    _show() {
      this._stopWaiting(this._map);
      if (this._drawnFrom === this._address()) {
        this._draw();
      } else {
        this._load(this._address());
      }
    },

    _stopWaiting(map) {
      this._request?.abort();
      this._request = null;
      patchmap.setBusy(map, this.options.id, false);
    },

    /** Fulfilled when what has come may be drawn: for records at once. */
    async _turn() {},

    async _load(address) {
      const { id, title } = this.options;
      const request = new AbortController();
      this._request = request;
      patchmap.setBusy(this._map, id, true);
      patchmap.offerRetry(this._map, this.options, null);
      patchmap.say(id, `${title}: loading.`, this._map);
      try {
        const { features } = await patchmap.fetchJson(address, request.signal);
        await this._turn();
        if (!request.signal.aborted) {
          this._features = features;
          this._drawnFrom = address;
          this._stopWaiting(this._map);
          this._draw();
        }
      } catch (error) {
        if (!request.signal.aborted) {
          this._stopWaiting(this._map);
          this._fail();
        }
      }
    },

    /** What is drawn may be another period's: better nothing than that. */
    _fail() {
      this._features = [];
      this._drawnFrom = "";
      this.clearLayers();
      this._source.removed(this._map, this.options);
      patchmap.sayFailed(this.options.id, `${this.options.title} could not be loaded.`, this._map);
      patchmap.offerRetry(this._map, this.options, () => this._show());
      patchmap.tellDrawn(this._map, this.options.id, true);
    },

    _draw() {
      const located = this._features.filter(({ geometry }) => geometry);
      patchmap.keepingFocus(this._map, () => {
        this.clearLayers();
        for (const layer of this._source.draw(this._map, this.options, located)) {
          this.addLayer(layer);
        }
      });
      this._speak();
      this._openWanted(located);
      patchmap.tellDrawn(this._map, this.options.id);
    },

    _speak() {
      if (this._drawnFrom && !this._request) {
        const inView = this._locatedIn(this._map.getBounds()).length;
        patchmap.say(this.options.id, this._source.summary(this.options, this._features, inView), this._map);
      }
    },

    /** Open the record that the page's address names, where the reader is: the focus stays. */
    _openWanted(located) {
      const key = patchmap.takeRecordToOpen(this._map, this.options.id);
      const named = ({ properties }) => patchmap.recordKey({ options: this.options, properties }) === key;
      const feature = key ? located.find(named) : null;
      const group = key ? patchmap.points(this._map).groupOf(key) : null;
      if (group) {
        patchmap.points(this._map).open(group, { key, focus: false });
      } else if (feature) {
        const record = { options: this.options, properties: feature.properties };
        patchmap.openPopup(this._map, patchmap.placeOf(feature).latlng, [record],
          patchmap.finder(this._map, record, null), { focus: false });
      }
    },
  });

  const isPoint = ({ geometry }) => geometry.type === "Point";

  function summary({ title, drawn_as: drawnAs }, all, inView) {
    const located = all.filter(({ geometry }) => geometry).length;
    if (!located) {
      return `${title}: nothing to show on the map for this choice.`;
    }
    const part = inView < located ? `, ${grouped(inView)} of them in view` : "";
    const missing = all.length - located;
    const rest = missing ? `; ${grouped(missing)} without a place` : "";
    return `${title}: ${grouped(located)} ${drawnAs} on the map${part}${rest}.`;
  }

  /** A layer of records, drawn by its legend. */
  patchmap.dataLayer = function (options) {
    return new patchmap.LazyLayer(options, {
      draw(map, current, features) {
        const polygons = features.filter((feature) => !isPoint(feature));
        const few = polygons.length <= patchmap.MOST_FOCUSABLE;
        patchmap.points(map).set(current, features.filter(isPoint), few ? polygons : []);
        return polygons.length ? [patchmap.polygons(map, current, polygons)] : [];
      },
      removed: (map, { id }) => patchmap.points(map).delete(id),
      summary,
    });
  };
})((window.patchmap ??= {}));
