/* The ground: areas of policing and of councils, and the places people know. */
(function (patchmap) {
  "use strict";

  const LAND = "#FFFFFF";
  const SMALLEST_PLACE = [[10, 15000], [11, 5000], [12, 2000], [13, 700], [99, 0]];

  const ESSENTIAL_PLACE = 30000;

  function largestRing(geometry) {
    const polygons = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
    const rings = polygons.map(([outer]) => L.GeoJSON.coordsToLatLngs(outer));
    const size = (ring) => {
      const bounds = L.latLngBounds(ring);
      return (bounds.getEast() - bounds.getWest()) * (bounds.getNorth() - bounds.getSouth());
    };
    return rings.reduce((best, ring) => (size(ring) > size(best) ? ring : best));
  }

  function areas(map, features, pane, style) {
    return L.geoJSON(features, { pane, renderer: patchmap.svgRenderer(map, pane), interactive: false, style });
  }

  /**
   * Neighbours draw their common edge twice, so that dashes would fill each other's gaps: an
   * approximate outline comes last, and covers what lies below before its dashes are drawn.
   */
  function outlines(map, features) {
    const line = { color: "#3D3D3D", weight: 2, fill: false };
    const known = features.filter(({ properties }) => !properties.approximate);
    const approximate = features.filter(({ properties }) => properties.approximate);
    return [
      areas(map, known, "npas", () => line),
      ...approximate.flatMap((feature) => [
        areas(map, [feature], "npas", () => ({ ...line, color: LAND, weight: 4 })),
        areas(map, [feature], "npas", () => ({ ...line, dashArray: "7 5" })),
      ]),
    ];
  }

  function smallestZoom(population) {
    const [above] = SMALLEST_PLACE.find(([, smallest]) => population >= smallest);
    return above === 10 ? 0 : above - 1;
  }

  const KINDS = {
    outlines: {
      draw: (map, features) => [
        areas(map, features, "land", () => ({ stroke: false, fillColor: LAND, fillOpacity: 1 })),
        ...outlines(map, features),
      ],
      labels: (features) => features.map(({ geometry, properties }) => {
        const mark = properties.approximate ? " (approximate)" : "";
        const ring = largestRing(geometry);
        return {
          latlng: L.PolyUtil.polygonCenter(ring, L.CRS.EPSG3857),
          within: L.latLngBounds(ring),
          texts: [properties.npa_name + mark, properties.npa_code + mark],
          rank: properties.approximate ? 2 : 0,
          fromZoom: 0,
          essential: !properties.approximate,
          bold: true,
          dot: false,
        };
      }),
    },
    districts: {
      draw: (map, features) => [areas(map, features, "districts", () => ({
        color: "#6F777B", weight: 1, dashArray: "2 4", fill: false,
      }))],
      labels: () => [],
    },
    settlements: {
      draw: () => [],
      labels: (features) => features.map(({ geometry, properties }) => ({
        latlng: L.GeoJSON.coordsToLatLng(geometry.coordinates),
        within: null,
        texts: [properties.name],
        rank: 1 + 1 / (1 + properties.population / 1000),
        fromZoom: smallestZoom(properties.population),
        essential: properties.population >= ESSENTIAL_PLACE,
        bold: false,
        dot: true,
      })),
    },
  };

  /** The last zoom of each band in which outlines are equally fine. */
  const BANDS = [9, 11, 13, 18];
  const bandOf = (zoom) => BANDS.find((last) => Math.floor(zoom) <= last) ?? BANDS.at(-1);

  /** So long the ground waits at most while records are being drawn. */
  const LONGEST_WAIT_MS = 200;

  /** Outlines become finer as the map comes nearer; places are the same at each zoom. */
  const GroundLayer = patchmap.LazyLayer.extend({
    getEvents() {
      return { zoomend: this._refine };
    },

    _address() {
      return this.options.id === "settlements"
        ? this.options.url : patchmap.withParams(this.options.url, { zoom: bandOf(this._map.getZoom()) });
    },

    /** Records come first: the ground is drawn when the page has nothing else to do. */
    _turn() {
      return new Promise((resolve) => {
        if (window.requestIdleCallback) {
          window.requestIdleCallback(resolve, { timeout: LONGEST_WAIT_MS });
        } else {
          resolve();
        }
      });
    },

    _refine() {
      if (this._drawnFrom !== this._address()) {
        this._show();
      }
    },
  });

  /** A layer of the ground, with its names. */
  patchmap.groundLayer = function (options) {
    const kind = KINDS[options.id];
    return new GroundLayer(options, {
      draw(map, { id }, features) {
        patchmap.labels(map).set(id, kind.labels(features));
        return kind.draw(map, features);
      },
      removed: (map, { id }) => patchmap.labels(map).delete(id),
      summary: () => "",
    });
  };

  /** The name of the place nearest to a point, of those that are switched on; or an empty text. */
  patchmap.nearestPlace = function (map, latlng) {
    const [nearest] = patchmap.groundFeatures(map, "settlements")
      .map(({ geometry, properties }) => ({
        name: properties.name,
        distance_m: map.distance(L.GeoJSON.coordsToLatLng(geometry.coordinates), latlng),
      }))
      .sort((a, b) => a.distance_m - b.distance_m);
    return nearest?.name ?? "";
  };

  /** The features of a layer of the ground that are drawn now; none when it is switched off. */
  patchmap.groundFeatures = function (map, id) {
    const layer = patchmap.layersOf(map).find(({ options }) => options.id === id);
    return layer && map.hasLayer(layer) ? layer.records() : [];
  };
})((window.patchmap ??= {}));
