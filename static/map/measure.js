/* Measure: the length of a straight line through points, in kilometres and miles. */
(function (patchmap) {
  "use strict";

  const MILE_M = 1609.344;
  const SQUARE_MILE_M2 = MILE_M ** 2;
  const EARTH_RADIUS_M = 6371008.8;
  const DEGREE = Math.PI / 180;

  /** A figure as it is said: to two decimals below ten, to one above. */
  const figure = (value) => value.toLocaleString("en-GB", {
    minimumFractionDigits: value < 10 ? 2 : 1, maximumFractionDigits: value < 10 ? 2 : 1,
  });

  /** A length for a reader, such as "about 2.35 km (1.46 miles)". */
  patchmap.lengthInWords = (metres) => `about ${figure(metres / 1000)} km (${figure(metres / MILE_M)} miles)`;

  /** A surface for a reader, in square kilometres and miles. */
  patchmap.surfaceInWords = (squareMetres) => `about ${figure(squareMetres / 1e6)} square kilometres `
    + `(${figure(squareMetres / SQUARE_MILE_M2)} square miles)`;

  /** The surface of a polygon on a sphere, in square metres. */
  patchmap.surface = function (points) {
    const sum = points.reduce((total, point, index) => {
      const next = points[(index + 1) % points.length];
      return total + (next.lng - point.lng) * DEGREE
        * (2 + Math.sin(point.lat * DEGREE) + Math.sin(next.lat * DEGREE));
    }, 0);
    return Math.abs(sum) * EARTH_RADIUS_M ** 2 / 2;
  };

  const lengths = (points) => points.slice(1).map((point, index) => points[index].distanceTo(point));
  const total = (points) => lengths(points).reduce((sum, length) => sum + length, 0);

  function soFar(points) {
    if (points.length < 2) {
      return "Point 1 is placed.";
    }
    return `Point ${points.length}: ${patchmap.lengthInWords(total(points))} so far.`;
  }

  function finished(points, result, say) {
    const element = patchmap.element;
    const legs = lengths(points).map((length, index) => element("li", {}, [
      `From point ${index + 1} to point ${index + 2}: ${patchmap.lengthInWords(length)}`,
    ]));
    const sentence = `In all ${patchmap.lengthInWords(total(points))}, in straight lines from point to point.`;
    say(sentence);
    result.append(element("ol", { class: "map-panel-list" }, legs));
  }

  patchmap.tool(document.querySelector("[data-tool=measure]"), {
    title: "Measure a distance",
    first: "Press the map where the line begins.",
    keys: "Press the map at each point of the line; press twice at the last one. With a keyboard, the arrow "
      + "keys move the map under the crosshair, Enter adds a point and Backspace takes one away.",
    again: "Measure again",
    keptAs: "measure",
    sketch: { mode: "measure", closed: false, fewest: 2, few: "A line needs two points." },
    soFar,
    ahead: (metres) => `To the next point: ${patchmap.lengthInWords(metres)}`,
    finished,
  });
})((window.patchmap ??= {}));
