/*
 * Draw an area and read what the layers hold in it. The figures are the server's, for the query of
 * the page cut to the area; an area in the page's address is drawn on its map.
 */
(function (patchmap) {
  "use strict";

  const button = document.querySelector("[data-tool=area]");
  const element = patchmap.element;

  function withArea(address, points) {
    const url = new URL(address, window.location.href);
    url.searchParams.set("area", patchmap.pointsText(points));
    return url.pathname + url.search;
  }

  /** What the server says and counts of a layer there; its refusal is a sentence too. */
  async function figures(layer, points, signal) {
    const options = { signal, headers: { Accept: "application/json" } };
    const response = await fetch(withArea(layer.figuresUrl(), points), options);
    const body = await response.json();
    if (!response.ok && !body.detail) {
      throw new Error(`${response.status}`);
    }
    return response.ok ? body : { sentences: [body.detail], tables: null };
  }

  function table({ title, columns, rows }) {
    const kind = (cell) => (/^[\d,]+$/.test(cell) ? { class: "figure" } : {});
    const head = columns.map((name, index) => element("th", { scope: "col", ...kind(rows[0][index]) }, [name]));
    const body = rows.map(([first, ...rest]) => element("tr", {}, [
      element("th", { scope: "row" }, [first]), ...rest.map((cell) => element("td", kind(cell), [cell])),
    ]));
    const whole = element("table", {}, [
      element("caption", {}, [title]), element("thead", {}, [element("tr", {}, head)]), element("tbody", {}, body),
    ]);
    return element("div", { class: "table-region", role: "region", "aria-label": `${title} in the area`, tabindex: "0" }, [whole]);
  }

  function downloads(layer, points) {
    const links = [["CSV", ".csv"], ["GeoJSON", ".geojson"]].map(([kind, ending]) => {
      const href = withArea(layer.figuresUrl().replace(/\/figures(?=\?|$)/, ending), points);
      return element("li", {}, [element("a", { href }, [`Download ${layer.options.title} in the area as ${kind}`])]);
    });
    return element("ul", { class: "links" }, links);
  }

  const FIXED = "What is published of this layer are fixed counts, which cannot be had of a drawn area.";
  const FAILED = "The figures of this layer could not be loaded. Draw the area again to try once more.";

  /** One layer's part of the panel. */
  async function section(layer, points, signal) {
    const { id, title, cut_to_area: canBeCut } = layer.options;
    const part = (sentences, rest = []) => element("section", { "data-layer": id }, [
      element("h4", {}, [title]), ...sentences.map((sentence) => element("p", {}, [sentence])), ...rest,
    ]);
    if (!canBeCut) {
      return part([FIXED]);
    }
    try {
      const { sentences, tables } = await figures(layer, points, signal);
      const filled = tables?.slice(0, 1).filter(({ rows }) => rows.length).map(table);
      return part(sentences, filled && [...filled, downloads(layer, points)]);
    } catch (error) {
      if (signal.aborted) {
        throw error;
      }
      return part([FAILED]);
    }
  }

  function onlyThisArea(points) {
    const params = patchmap.state.params();
    params.set("area", patchmap.pointsText(points));
    params.delete("open");
    params.delete("draw");
    const attributes = { href: `${window.location.pathname}?${params}`, "data-keeps-state": "view on month place" };
    return element("p", {}, [element("a", attributes, ["Show only this area on the whole page"])]);
  }

  let asked = null;

  async function finished(points, result, say) {
    const [map] = patchmap.maps;
    const layers = patchmap.layersOf(map).filter((layer) => map.hasLayer(layer) && layer.options.figures_url);
    const surface = patchmap.surfaceInWords(patchmap.surface(points));
    asked = new AbortController();
    result.append(element("p", {}, [`The area measures ${surface}.`]));
    if (!layers.length) {
      say("No layer with figures is switched on. Switch one on and draw the area again.");
      return;
    }
    say("Counting what lies in the area.");
    try {
      const sections = await Promise.all(layers.map((layer) => section(layer, points, asked.signal)));
      result.append(...sections);
      if (button.hasAttribute("data-takes-area")) {
        result.append(onlyThisArea(points));
      }
      say("The figures of the area are below.");
    } catch {
      // The panel was closed before the answer came.
    }
  }

  patchmap.tool(button, {
    title: "Draw an area and get its figures",
    first: "Press the map at the first corner.",
    keys: "Press the map at each corner, and the first one again to close the area. With a keyboard, the "
      + "arrow keys move the map under the crosshair, Enter adds a corner and Backspace takes one away.",
    again: "Draw another area",
    keptAs: "draw",
    sketch: { mode: "area", closed: true, fewest: 3, few: "An area needs three corners or more." },
    soFar: ({ length }) => `${length} ${length === 1 ? "corner is" : "corners are"} placed.`,
    ahead: () => "",
    finished,
    stopped: () => asked?.abort(),
  });

  function showArea(map, points) {
    patchmap.sketchLine(map, points, { closed: true, dashes: "14 4 3 4", pane: "drawn-area" }).addTo(map);
    const name = element("span", { class: "map-drawn-name" }, ["Area drawn"]);
    const icon = L.divIcon({ html: name, className: "map-label", iconSize: null });
    const bounds = L.latLngBounds(points);
    L.marker([bounds.getNorth(), bounds.getCenter().lng], { icon, pane: "drawn-area", interactive: false, keyboard: false }).addTo(map);
  }

  /** The area that the page is cut to, on every map of it. */
  L.Map.addInitHook(function () {
    const text = new URLSearchParams(window.location.search).get("area");
    if (text) {
      this.whenReady(() => showArea(this, patchmap.pointsOf(text)));
    }
  });
})((window.patchmap ??= {}));
