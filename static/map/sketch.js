/*
 * Points placed on a map one after the other, by a click, a tap or a key: nothing is dragged.
 * While a sketch is made, `patchmap.mode` names what it is for, and the map opens no popup.
 */
(function (patchmap) {
  "use strict";

  const DECIMALS = 5;
  const MOST_POINTS = 100;
  const NEAR_PX = 14;
  const INK = "#801650";
  /** Above markers and below popups while it is drawn; below names and markers once the page is cut to it. */
  const PANES = { "sketch": 640, "sketch-points": 645, "drawn-area": 440 };

  patchmap.mode = null;

  /** Points as an address has them: longitude and latitude, with blanks between. */
  patchmap.pointsText = (points) => points.map(({ lat, lng }) => (
    `${lng.toFixed(DECIMALS)},${lat.toFixed(DECIMALS)}`
  )).join(" ");

  patchmap.pointsOf = (text) => text.trim().split(/\s+/).map((pair) => {
    const [lng, lat] = pair.split(",").map(Number);
    return L.latLng(lat, lng);
  });

  const rounded = ({ lat, lng }) => L.latLng(Number(lat.toFixed(DECIMALS)), Number(lng.toFixed(DECIMALS)));

  /** Degrees apart in whole steps of the last decimal, so that it is known what lies on a line. */
  const steps = (from, to) => Math.round((to - from) * 10 ** DECIMALS);

  /** On which side of the line from a to b the point c lies. */
  const side = (a, b, c) => Math.sign(steps(a.lng, b.lng) * steps(a.lat, c.lat)
    - steps(a.lat, b.lat) * steps(a.lng, c.lng));

  const within = (a, b, c) => Math.min(a.lng, b.lng) <= c.lng && c.lng <= Math.max(a.lng, b.lng)
    && Math.min(a.lat, b.lat) <= c.lat && c.lat <= Math.max(a.lat, b.lat);

  const onLine = (a, b, c) => side(a, b, c) === 0 && within(a, b, c);

  /** Whether two sides meet anywhere but at an end that they share. */
  function meet([a, b], [c, d]) {
    if (b.equals(c)) {
      return onLine(a, b, d) || onLine(c, d, a);
    }
    if (a.equals(d)) {
      return onLine(a, b, c) || onLine(c, d, b);
    }
    const parted = side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
    return parted || onLine(a, b, c) || onLine(a, b, d) || onLine(c, d, a) || onLine(c, d, b);
  }

  /** Whether a line through points, closed or not, crosses or touches itself. */
  patchmap.crossesItself = function (points, closed) {
    const ends = closed ? [...points.slice(1), points[0]] : points.slice(1);
    const sides = ends.map((end, index) => [points[index], end]);
    return sides.some((one, index) => sides.slice(index + 1).some((other) => meet(one, other)));
  };

  /** A pane of what is drawn by hand, never in the way of a click. */
  function paneOf(map, name) {
    const pane = map.getPane(name) ?? map.createPane(name);
    pane.style.zIndex = PANES[name];
    pane.style.pointerEvents = "none";
    return name;
  }

  /** A dark line on a light one, so that it can be seen on any ground. */
  patchmap.sketchLine = function (map, points, { closed = false, dashes = null, pane = "sketch" } = {}) {
    const renderer = patchmap.svgRenderer(map, paneOf(map, pane));
    const shared = { pane, renderer, interactive: false, fill: false };
    const draw = closed ? L.polygon : L.polyline;
    return L.layerGroup([
      draw(points, { ...shared, color: "#FFFFFF", weight: 6, opacity: 0.9 }),
      draw(points, { ...shared, color: INK, weight: 3, dashArray: dashes }),
    ]);
  };

  function pointMarker(map, point, number) {
    const label = patchmap.element("span", {}, [String(number)]);
    const icon = L.divIcon({ html: label, className: "sketch-point", iconSize: [22, 22] });
    return L.marker(point, { icon, pane: paneOf(map, "sketch-points"), interactive: false, keyboard: false });
  }

  /**
   * Points being placed. `owner` is told of every change (`changed`), of what cannot be done
   * (`refused`, with a sentence), and of the end (`finished`, `cancelled`).
   */
  class Sketch {
    constructor(map, { mode, closed, fewest, few }, owner) {
      Object.assign(this, { map, closed, fewest, few, owner, points: [] });
      this.shown = L.layerGroup().addTo(map);
      this.preview = L.layerGroup().addTo(map);
      this.stops = [];
      patchmap.mode = mode;
      map.closePopup();
      map.getContainer().classList.add("map-sketching");
      map.doubleClickZoom.disable();
      this.listen();
    }

    listen() {
      const container = this.map.getContainer();
      const heed = (name, handle) => {
        container.addEventListener(name, handle, true);
        this.stops.push(() => container.removeEventListener(name, handle, true));
      };
      heed("click", (event) => this.clicked(event));
      heed("keydown", (event) => this.pressed(event));
      const follow = ({ latlng }) => this.follow(latlng);
      const centre = () => this.follow(this.map.getCenter());
      const leave = () => this.follow(null);
      this.map.on({ mousemove: follow, move: centre, mouseout: leave });
      this.stops.push(() => this.map.off({ mousemove: follow, move: centre, mouseout: leave }));
    }

    /** Before Leaflet and the markers hear of it: a click places a point, whatever lies there. */
    clicked(event) {
      if (event.target.closest(".leaflet-control, .leaflet-popup")) {
        return;
      }
      event.stopImmediatePropagation();
      event.preventDefault();
      if (this.map.dragging.moved()) {
        return;
      }
      if (event.detail === 2) {
        this.finish();
      } else if (event.detail < 2) {
        this.place(event);
      }
    }

    /** A marker that is pressed by a key stands for its own place. */
    place(event) {
      const box = event.target.getBoundingClientRect();
      const at = event.detail === 0
        ? this.map.mouseEventToContainerPoint({ clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 })
        : this.map.mouseEventToContainerPoint(event);
      const [first] = this.points;
      const closing = this.closed && this.points.length >= this.fewest
        && this.map.latLngToContainerPoint(first).distanceTo(at) <= NEAR_PX;
      if (closing) {
        this.finish();
      } else {
        this.add(this.map.containerPointToLatLng(at));
      }
    }

    pressed(event) {
      const actions = {
        Enter: () => this.addAtCrosshair(),
        Backspace: () => this.undo(),
        Escape: () => this.owner.cancelled(),
      };
      const act = actions[event.key];
      const elsewhere = event.target.closest("button, a, input, .leaflet-popup") && event.key !== "Escape";
      const popupFirst = event.key === "Escape" && this.map.getContainer().querySelector(".leaflet-popup");
      if (!act || elsewhere || popupFirst || event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      act();
    }

    /** Why a point cannot be added; an empty text where it can. */
    problem(point) {
      if (this.points.length >= MOST_POINTS) {
        return `No more than ${MOST_POINTS} points can be placed.`;
      }
      if (this.points.some((known) => known.equals(point))) {
        return "There is a point at this place already. Choose another place.";
      }
      return this.closed && patchmap.crossesItself([...this.points, point], false)
        ? "A side of the area would cross or touch another. Choose another place." : "";
    }

    add(latlng) {
      const point = rounded(latlng);
      const problem = this.problem(point);
      if (problem) {
        this.owner.refused(problem);
        return;
      }
      this.points.push(point);
      this.draw();
    }

    addAtCrosshair() {
      this.add(this.map.getCenter());
    }

    undo() {
      if (this.points.length) {
        this.points.pop();
        this.draw();
      } else {
        this.owner.refused("There is no point to take away.");
      }
    }

    clear() {
      this.points = [];
      this.draw();
    }

    /** Show points that were placed before, as when they were finished. */
    restore(points) {
      this.points = points;
      this.finish();
    }

    finish() {
      if (this.points.length < this.fewest) {
        this.owner.refused(this.few);
      } else if (this.closed && patchmap.crossesItself(this.points, true)) {
        this.owner.refused("The last side would cross or touch another. Take a point away, or add one.");
      } else {
        this.stop();
        this.draw();
        this.owner.finished(this.points);
      }
    }

    draw() {
      const ended = !this.stops.length;
      this.preview.clearLayers();
      this.shown.clearLayers();
      if (this.points.length > 1) {
        patchmap.sketchLine(this.map, this.points, { closed: ended && this.closed }).addTo(this.shown);
      }
      this.points.forEach((point, index) => pointMarker(this.map, point, index + 1).addTo(this.shown));
      if (!ended) {
        this.owner.changed(this.points);
        this.owner.followed(null);
      }
    }

    /** The line to where the next point would be. */
    follow(latlng) {
      this.preview.clearLayers();
      const last = this.points.at(-1);
      if (last && latlng) {
        patchmap.sketchLine(this.map, [last, latlng], { dashes: "4 6" }).addTo(this.preview);
      }
      this.owner.followed(last && latlng ? this.map.distance(last, latlng) : null);
    }

    /** No more points are taken; what was drawn stays. */
    stop() {
      this.stops.forEach((stop) => stop());
      this.stops = [];
      this.preview.clearLayers();
      this.map.getContainer().classList.remove("map-sketching");
      patchmap.mode = null;
      // Not before the double click that ended the sketch is over.
      window.setTimeout(() => patchmap.mode || this.map.doubleClickZoom.enable());
    }

    remove() {
      if (this.stops.length) {
        this.stop();
      }
      this.preview.remove();
      this.shown.remove();
    }
  }

  patchmap.startSketch = (map, kind, owner) => new Sketch(map, kind, owner);
})((window.patchmap ??= {}));
