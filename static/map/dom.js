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

  /** A whole number with commas. The browser's own formatter costs a first view up to 30 ms. */
  patchmap.grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

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

  /**
   * A part of the page that belongs to a map, such as its status: that which names the map, or
   * else the page's only one.
   */
  patchmap.besideMap = function (map, part) {
    return document.querySelector(`[data-${part}-of="${map.getContainer().id}"]`)
      ?? document.getElementById(`map-${part}`);
  };

  const said = new WeakMap();

  function tell(map, about, sentence) {
    const status = patchmap.besideMap(map, "status");
    const sentences = said.get(status) ?? new Map();
    said.set(status, sentences);
    if (sentence.text) {
      sentences.set(about, sentence);
    } else {
      sentences.delete(about);
    }
    const held = [...sentences.values()];
    const all = held.map(({ text }) => text).join(" ");
    status.classList.toggle("map-status-failed", held.some(({ failed }) => failed));
    if (status.textContent !== all) {
      status.textContent = all;
    }
  }

  /** Put what a layer has to say into its map's status line; an empty text takes it away. */
  patchmap.say = (about, text, map = patchmap.maps[0]) => tell(map, about, { text, failed: false });

  /** The same for what went wrong, which is shown as such. */
  patchmap.sayFailed = (about, text, map) => tell(map, about, { text, failed: true });

  const busy = new WeakMap();

  /** Mark a map as waiting for a layer, or no longer. */
  patchmap.setBusy = function (map, layerId, isBusy) {
    const waitedFor = busy.get(map) ?? new Set();
    busy.set(map, waitedFor);
    if (isBusy) {
      waitedFor.add(layerId);
    } else {
      waitedFor.delete(layerId);
    }
    map.getContainer().setAttribute("aria-busy", String(waitedFor.size > 0));
  };

  const retries = new WeakMap();

  /** Offer a button to try a layer again beside its map's status; without an action take it away. */
  patchmap.offerRetry = function (map, { id, title }, action) {
    const offered = retries.get(map) ?? new Map();
    retries.set(map, offered);
    if (!action) {
      offered.get(id)?.remove();
      offered.delete(id);
    } else if (!offered.has(id)) {
      const button = patchmap.element("button", { type: "button", class: "map-retry" }, [`Try again: ${title}`]);
      button.addEventListener("click", () => {
        map.getContainer().focus({ preventScroll: true });
        action();
      });
      offered.set(id, button);
      patchmap.besideMap(map, "status").after(button);
    }
  };

  /** Tell the page's other parts that a layer has been drawn, or that it could not be. */
  patchmap.tellDrawn = function (map, layerId, failed = false) {
    const detail = { layerId, mapId: map.getContainer().id, failed };
    document.dispatchEvent(new CustomEvent("patchmap:drawn", { detail }));
  };
})((window.patchmap ??= {}));
