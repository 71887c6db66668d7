/* Elements built from text: nothing from data is ever read as HTML. */
(function (patchmap) {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";

  /** An element with attributes and children; a child that is a string becomes text. */
  patchmap.element = function (name, attributes = {}, children = []) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  };

  /** The symbol of a legend class, from the page's sprite. */
  patchmap.symbol = function (shape, colour, size) {
    const svg = document.createElementNS(SVG, "svg");
    const use = document.createElementNS(SVG, "use");
    const attributes = {
      width: size, height: size, viewBox: "0 0 24 24", fill: colour, color: colour,
      "aria-hidden": "true", focusable: "false",
    };
    for (const [key, value] of Object.entries(attributes)) {
      svg.setAttribute(key, value);
    }
    use.setAttribute("href", `#shape-${shape}`);
    svg.append(use);
    return svg;
  };

  const said = new Map();

  /** Put what a layer has to say into the page's status line; an empty text takes it away. */
  patchmap.say = function (layerId, text) {
    const status = document.getElementById("map-status");
    if (text) {
      said.set(layerId, text);
    } else {
      said.delete(layerId);
    }
    if (status) {
      status.textContent = [...said.values()].join(" ");
    }
  };
})((window.patchmap ??= {}));
