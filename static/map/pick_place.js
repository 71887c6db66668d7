/* A field that takes a place can be filled from the map: by a click, or by the cross at its centre. */
(function (patchmap) {
  "use strict";

  const DECIMALS = 5;
  const element = patchmap.element;
  const SAID = "pick-place-said";

  /** One panel for all fields: where it says what to do, with a button for each way to do it. */
  const title = element("h3", { class: "map-panel-title" });
  const said = element("p", { class: "map-panel-said", id: SAID, role: "status" });
  const take = element("button", { type: "button" }, ["Use the place at the crosshair"]);
  const cancel = element("button", { type: "button" }, ["Cancel (Esc)"]);
  const panel = element("section", { class: "map-panel map-panel-drawing", "aria-label": "Choose a place", hidden: "" }, [
    title, said, element("div", { class: "map-toolbar" }, [take, cancel]),
  ]);

  let running = null;

  /** Latitude and longitude as the field has them, without needless noughts. */
  const degrees = ({ lat, lng }) => [lat, lng].map((value) => String(Number(value.toFixed(DECIMALS)))).join(", ");

  /** No more is picked; what was picked before stays marked on the map. */
  function end() {
    const { button, container, described, sketch } = running;
    running = null;
    panel.hidden = true;
    said.textContent = "";
    button.setAttribute("aria-pressed", "false");
    if (described) {
      container.setAttribute("aria-describedby", described);
    } else {
      container.removeAttribute("aria-describedby");
    }
    return { button, sketch };
  }

  function leave() {
    const { button, sketch } = end();
    sketch.remove();
    button.focus();
  }

  let marked = null;

  function fill([point]) {
    const { field } = running;
    const { sketch } = end();
    marked?.remove();
    marked = sketch;
    field.value = degrees(point);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    field.scrollIntoView({ block: "center" });
  }

  function begin(map, button, field) {
    const container = map.getContainer();
    const label = field.labels[0].textContent;
    running = { button, field, container, described: container.getAttribute("aria-describedby"), sketch: null };
    container.setAttribute("aria-describedby", SAID);
    button.setAttribute("aria-pressed", "true");
    panel.hidden = false;
    title.textContent = label;
    said.textContent = "Press the map at the place. With a keyboard, the arrow keys move the map under the "
      + "crosshair and Enter takes the place there.";
    running.sketch = patchmap.startSketch(map, { mode: "pick", closed: false, fewest: 1, few: "" }, {
      changed: (points) => points.length && running.sketch.finish(),
      followed: () => {},
      refused: (sentence) => {
        said.textContent = sentence;
      },
      finished: fill,
      cancelled: leave,
    });
    container.focus({ preventScroll: true });
    container.scrollIntoView({ block: "nearest" });
  }

  function pressed(map, button, field) {
    const mine = running?.button === button;
    if (running) {
      leave();
    }
    if (!mine) {
      begin(map, button, field);
    }
  }

  function offer(map) {
    document.querySelector(`[data-under="${map.getContainer().id}"]`)?.after(panel);
    take.addEventListener("click", () => running.sketch.addAtCrosshair());
    cancel.addEventListener("click", leave);
    panel.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && running) {
        leave();
      }
    });
    for (const button of document.querySelectorAll("[data-picks]")) {
      const field = document.getElementById(button.dataset.picks);
      button.hidden = false;
      button.addEventListener("click", () => pressed(map, button, field));
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const [map] = patchmap.maps;
    if (map && document.querySelector("[data-picks]")) {
      offer(map);
    }
  });
})((window.patchmap ??= {}));
