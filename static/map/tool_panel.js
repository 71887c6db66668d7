/* The panel below the map in which a tool says what to do, what was found and how to end it. */
(function (patchmap) {
  "use strict";

  const part = (name) => document.querySelector(`[data-tool-panel="${name}"]`);

  let running = null;

  function say(text) {
    part("said").textContent = text;
  }

  /** While points are placed there are other buttons than afterwards. */
  function showButtons(drawing) {
    part("drawing").hidden = !drawing;
    part("done").hidden = drawing;
    part("panel").classList.toggle("map-panel-drawing", drawing);
  }

  function close() {
    const { sketch, button, tool } = running;
    running = null;
    tool.stopped?.();
    patchmap.state.set(tool.keptAs, "");
    sketch.remove();
    button.setAttribute("aria-pressed", "false");
    part("panel").hidden = true;
    part("result").replaceChildren();
    say("");
    if (button.isConnected) {
      button.focus({ preventScroll: true });
    }
  }

  /** The result takes the focus where it stands below the map, which stays in view. */
  function lookAtResult(map) {
    part("title").focus({ preventScroll: true });
    map.getContainer().scrollIntoView({ block: "start" });
    part("title").scrollIntoView({ block: "nearest" });
  }

  function finished(tool, points) {
    showButtons(false);
    part("ahead").textContent = "";
    patchmap.state.set(tool.keptAs, patchmap.pointsText(points));
    tool.finished(points, part("result"), say);
  }

  function begin(map, tool, button) {
    part("title").textContent = tool.title;
    part("keys").textContent = tool.keys;
    part("again").textContent = tool.again;
    part("result").replaceChildren();
    part("panel").hidden = false;
    showButtons(true);
    say(tool.first);
    button.setAttribute("aria-pressed", "true");
    const owner = {
      changed: (points) => {
        say(points.length ? tool.soFar(points) : tool.first);
      },
      followed: (metres) => {
        part("ahead").textContent = metres === null ? "" : tool.ahead(metres);
      },
      refused: say,
      finished(points) {
        finished(tool, points);
        if (!running.restored) {
          lookAtResult(map);
        }
      },
      cancelled: close,
    };
    const sketch = patchmap.startSketch(map, tool.sketch, owner);
    running = { tool, button, sketch, map, restored: false };
  }

  function start(map, tool, button) {
    begin(map, tool, button);
    map.getContainer().focus({ preventScroll: true });
    map.getContainer().scrollIntoView({ block: "nearest" });
  }

  /** What the page's address says was drawn by a tool, with its result; the page stays where it is. */
  function restore(tool, button) {
    const text = patchmap.state.get(tool.keptAs);
    const [map] = patchmap.maps;
    if (text && map) {
      begin(map, tool, button);
      running.restored = true;
      running.sketch.restore(patchmap.pointsOf(text));
    }
  }

  /**
   * Let a button start a tool: its `title`, what to do `first`, the `keys`, `again`, the `sketch` it
   * needs, the words `soFar` for the points placed and `ahead` for the way to the next one, what to do when
   * `finished` and when `stopped`, and as which part of the state its points are `keptAs`.
   */
  patchmap.tool = function (button, tool) {
    if (button) {
      document.addEventListener("DOMContentLoaded", () => restore(tool, button));
    }
    button?.addEventListener("click", () => {
      const mine = running?.button === button;
      if (running) {
        close();
      }
      const [map] = patchmap.maps ?? [];
      if (!mine && map) {
        start(map, tool, button);
      }
    });
  };

  const press = {
    add: () => running.sketch.addAtCrosshair(),
    undo: () => running.sketch.undo(),
    clear: () => running.sketch.clear(),
    finish: () => running.sketch.finish(),
    cancel: close,
    close,
    again() {
      const { map, tool, button } = running;
      close();
      start(map, tool, button);
    },
  };

  part("panel")?.addEventListener("click", ({ target }) => {
    const name = target.closest("[data-press]")?.dataset.press;
    if (running && name) {
      press[name]();
    }
  });

  for (const place of [part("panel"), document.getElementById("map-tools")]) {
    place?.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && running) {
        close();
      }
    });
  }
})((window.patchmap ??= {}));
