/* Cells of vector tiles: painted by class, found under a place, outlined, and told in figures. */
(function (patchmap) {
  "use strict";

  const EXTENT = 4096;
  const TILE_PX = 512;
  /** A tile is painted a little beyond its edge, so that no seam shows where tiles are scaled. */
  const OVERLAP_PX = 1;
  const STROKE_PX = 0.75;
  const STROKE = "#6F777B";
  /** Smaller cells would be all outline. */
  const SMALLEST_OUTLINED_PX = 5;
  const PALER = 0.6;
  const element = patchmap.element;

  patchmap.TILE_EXTENT = EXTENT;
  patchmap.TILE_PX = TILE_PX;
  patchmap.PAINTED_PX = TILE_PX + OVERLAP_PX;

  /** A colour mixed with white: opaque, since neighbouring tiles overlap. */
  function paler(colour) {
    const parts = [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
    return `rgb(${parts.map((part) => Math.round(part + (255 - part) * PALER)).join(" ")})`;
  }

  /** A cell of a tile: its properties, its corners in tile units, and their middle. */
  patchmap.cell = function (properties, corners) {
    const sum = (axis) => corners.reduce((total, corner) => total + corner[axis], 0) / corners.length;
    return { properties, corners, x: sum("x"), y: sum("y") };
  };

  function addTo(path, corners) {
    corners.forEach(({ x, y }, index) => (index ? path.lineTo(x, y) : path.moveTo(x, y)));
    path.closePath();
  }

  /** The outlines of the cells of each colour as one path. */
  function pathsByColour(cells, legend) {
    const paths = new Map();
    for (const { properties, corners } of cells) {
      const { colour } = patchmap.classOf(legend, properties);
      const shown = properties.in_period === "possibly" ? paler(colour) : colour;
      const path = paths.get(shown) ?? new Path2D();
      paths.set(shown, path);
      addTo(path, corners);
    }
    return paths;
  }

  /**
   * Paint the cells of a tile. `scale` is by how much the map enlarges it; the canvas has so many
   * more pixels, so that lines stay sharp and of one width between whole zooms.
   */
  patchmap.paintCells = function (canvas, cells, legend, scale) {
    if (!cells.length) {
      canvas.width = canvas.height = 0;
      return;
    }
    const perPx = (window.devicePixelRatio || 1) * Math.min(scale, 2);
    canvas.width = canvas.height = Math.ceil(patchmap.PAINTED_PX * perPx);
    const pen = canvas.getContext("2d");
    const unitPx = TILE_PX / EXTENT;
    pen.scale(perPx * unitPx, perPx * unitPx);
    const paths = [...pathsByColour(cells, legend)];
    for (const [colour, path] of paths) {
      pen.fillStyle = colour;
      pen.fill(path);
    }
    const [first] = cells;
    const radius = Math.max(...first.corners.map(({ x }) => Math.abs(x - first.x)));
    if (2 * radius * unitPx * scale >= SMALLEST_OUTLINED_PX) {
      pen.strokeStyle = STROKE;
      pen.lineWidth = STROKE_PX / unitPx / scale;
      paths.forEach(([, path]) => pen.stroke(path));
    }
  };

  function holds({ corners }, x, y) {
    let inside = false;
    corners.forEach((corner, index) => {
      const before = corners.at(index - 1);
      if ((corner.y > y) !== (before.y > y)
        && x < (before.x - corner.x) * (y - corner.y) / (before.y - corner.y) + corner.x) {
        inside = !inside;
      }
    });
    return inside;
  }

  /** A place in pixels of a whole zoom, as a tile and units within it. */
  patchmap.tilePlace = function (map, latlng, zoom) {
    const { x, y } = map.project(latlng, zoom).divideBy(TILE_PX);
    const column = Math.floor(x);
    const row = Math.floor(y);
    return { column, row, x: (x - column) * EXTENT, y: (y - row) * EXTENT };
  };

  /** The cell of a tile that holds a place in tile units. */
  patchmap.cellUnder = (cells, { x, y }) => cells.find((cell) => holds(cell, x, y));

  /** Where units of a tile lie on the ground. */
  patchmap.latlngOf = function (map, { x, y, z }, place) {
    const at = L.point(x + place.x / EXTENT, y + place.y / EXTENT).multiplyBy(TILE_PX);
    return map.unproject(at, z);
  };

  /** A line around the chosen cell, dark on light, so that it can be seen on any class. */
  patchmap.outlineOf = function (map, corners) {
    const shared = { pane: "areas", renderer: patchmap.svgRenderer(map, "areas"), interactive: false, fill: false };
    return L.layerGroup([
      L.polygon(corners, { ...shared, color: "#FFFFFF", weight: 6 }),
      L.polygon(corners, { ...shared, color: "#0B0C0C", weight: 3, className: "map-chosen" }),
    ]);
  };

  function rowsOf(rows) {
    return element("tbody", {}, rows.map(([name, figure]) => element("tr", {}, [
      element("th", { scope: "row" }, [name]), element("td", { class: "figure" }, [figure]),
    ])));
  }

  function table(title, column, rows) {
    const head = element("tr", {}, [
      element("th", { scope: "col" }, [column]),
      element("th", { scope: "col", class: "figure" }, ["Records"]),
    ]);
    return element("table", {}, [element("caption", {}, [title]), element("thead", {}, [head]), rowsOf(rows)]);
  }

  const records = ({ records: number, held }) => (held === false ? "none held" : patchmap.grouped(number));

  function tables(figures) {
    const month = (row) => patchmap.inWords({}, row.month);
    return [
      ...(figures.by_type.length
        ? [table("By type", "Type", figures.by_type.map((row) => [row.type, records(row)]))] : []),
      table("By month", "Month", figures.by_month.map((row) => [month(row), records(row)])),
    ];
  }

  /** Scroll a popup, and it alone, so that what was opened in it stands at its top. */
  function showFromTop(details) {
    const popup = details.closest(".popup");
    popup.scrollTop += details.getBoundingClientRect().top - popup.getBoundingClientRect().top;
  }

  /** What one cell holds by type and by month, fetched once its popup is open. */
  patchmap.cellFigures = function (address, signal) {
    const body = element("div", {}, [element("p", {}, ["Loading."])]);
    const details = element("details", { class: "cell-figures" }, [
      element("summary", {}, ["By type and by month"]), body,
    ]);
    details.addEventListener("toggle", () => details.open && showFromTop(details));
    patchmap.fetchJson(address, signal)
      .then((figures) => body.replaceChildren(...tables(figures)))
      .catch(() => {
        if (!signal.aborted) {
          body.replaceChildren(element("p", {}, ["This could not be loaded. Open the cell again to try once more."]));
        }
      });
    return details;
  };
})((window.patchmap ??= {}));
