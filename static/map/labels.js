/* Names on the ground that cover neither each other nor a marker: the most important first. */
(function (patchmap) {
  "use strict";

  const PADDING_PX = 3;
  const HEIGHT_PX = 16;
  const DOT_PX = 7;
  /** Of an essential name so much may lie under markers; more of it cannot be read. */
  const MOST_COVERED = 0.4;
  /** So little of it may be covered rather than that its code stands in its place. */
  const LITTLE_COVERED = 0.2;
  const FONT = "13px Arial, Helvetica, sans-serif";
  const pen = document.createElement("canvas").getContext("2d");

  const widths = new Map();

  /** How wide a name is; measured once, since names are placed anew at each zoom. */
  function textWidth(text, bold) {
    const font = bold ? `bold ${FONT}` : FONT;
    const key = `${font} ${text}`;
    if (!widths.has(key)) {
      pen.font = font;
      widths.set(key, pen.measureText(text).width);
    }
    return widths.get(key);
  }

  const besides = (side, down) => [[side, down], [-side, down]];

  /** Where the middle of a label may stand, in pixels from its place, best first. */
  function offsets(label, width) {
    const side = width / 2 + DOT_PX;
    const near = HEIGHT_PX + PADDING_PX;
    return label.dot
      ? [...besides(side, 0), [0, -near], [0, near], ...besides(side, -near), ...besides(side, near)]
      : [0, -near, near, -2 * near, 2 * near].flatMap((down) => [[0, down], ...besides(side, down)]);
  }

  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  const sizeOf = ({ left, right, top, bottom }) => (right - left) * (bottom - top);

  /** How many square pixels of a box lie under others. */
  function covered(box, others) {
    return others.filter((other) => overlap(other, box)).reduce((sum, other) => sum
      + (Math.min(box.right, other.right) - Math.max(box.left, other.left))
      * (Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top)), 0);
  }

  /** Which of two candidates is better: the longer text if little of it is lost, else the one that loses less. */
  function betterFor({ texts, essential }) {
    const little = essential ? LITTLE_COVERED : 0;
    const order = ({ text, lost, box }) => (lost <= little * sizeOf(box) ? texts.indexOf(text) : texts.length);
    return (one, other) => order(one) - order(other) || one.lost - other.lost;
  }

  /**
   * Labels of one map: each has a place, texts from long to short, a rank and a smallest zoom.
   * An essential one may stand partly under a marker rather than be left out, but not mostly.
   */
  class Labels {
    constructor(map) {
      this.map = map;
      this.labels = new Map();
      this.shown = L.layerGroup().addTo(map);
      map.on("zoomend", this.place, this);
    }

    set(owner, labels) {
      this.labels.set(owner, labels);
      this.placeSoon();
    }

    delete(owner) {
      this.labels.delete(owner);
      this.placeSoon();
    }

    /** Names come once, with the frame after that of the lines and cells below them. */
    placeSoon() {
      this.waiting ??= requestAnimationFrame(() => setTimeout(() => this.place()));
    }

    place() {
      this.waiting = undefined;
      const zoom = this.map.getZoom();
      const markers = patchmap.points(this.map).boxes();
      const names = [];
      const waiting = [...this.labels.values()].flat()
        .filter(({ fromZoom }) => zoom >= fromZoom)
        .sort((a, b) => a.rank - b.rank);
      this.shown.clearLayers();
      for (const label of waiting) {
        const candidates = this.candidates(label, this.map.project(label.latlng, zoom))
          .filter(({ box }) => !names.some((name) => overlap(name, box)))
          .map((candidate) => ({ ...candidate, lost: covered(candidate.box, markers) }));
        const [best] = candidates.sort(betterFor(label));
        const bearable = label.essential ? MOST_COVERED : 0;
        const found = best && best.lost <= bearable * sizeOf(best.box) ? best : null;
        if (found) {
          names.push(found.box);
          this.shown.addLayer(this.marker(label, found));
        }
      }
    }

    /** The box in which an area's name must stay; a place's name may stand anywhere. */
    room(label) {
      if (!label.within) {
        return null;
      }
      const zoom = this.map.getZoom();
      const { x: left, y: top } = this.map.project(label.within.getNorthWest(), zoom);
      const { x: right, y: bottom } = this.map.project(label.within.getSouthEast(), zoom);
      return { left, right, top, bottom };
    }

    candidates(label, at) {
      const room = this.room(label);
      return label.texts.flatMap((text) => {
        const width = textWidth(text, label.bold);
        return offsets(label, width).map(([dx, dy]) => ({
          text,
          dx,
          dy,
          box: {
            left: at.x + dx - width / 2 - PADDING_PX, right: at.x + dx + width / 2 + PADDING_PX,
            top: at.y + dy - HEIGHT_PX / 2, bottom: at.y + dy + HEIGHT_PX / 2,
          },
        }));
      }).filter(({ box }) => !room || (box.left >= room.left && box.right <= room.right
        && box.top >= room.top && box.bottom <= room.bottom));
    }

    marker(label, { text, dx, dy }) {
      const name = patchmap.element("span", { class: label.bold ? "map-area-name" : "map-place" }, [text]);
      name.style.left = `${dx}px`;
      name.style.top = `${dy}px`;
      const html = patchmap.element("span", { class: label.dot ? "map-dot" : "" }, [name]);
      const icon = L.divIcon({ html, className: "map-label", iconSize: null });
      return L.marker(label.latlng, { icon, pane: "labels", interactive: false, keyboard: false });
    }
  }

  const held = new WeakMap();

  patchmap.labels = function (map) {
    if (!held.has(map)) {
      held.set(map, new Labels(map));
    }
    return held.get(map);
  };
})((window.patchmap ??= {}));
