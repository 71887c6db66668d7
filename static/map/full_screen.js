/* Full screen: the map with all that belongs to it, by the browser or, where it cannot, by our style. */
(function (patchmap) {
  "use strict";

  const FALLBACK = "map-frame-full";
  const frame = document.getElementById("map-frame");
  const button = document.querySelector("[data-tool=full-screen]");
  if (!frame || !button) {
    return;
  }

  const leave = patchmap.element("button", { type: "button", class: "map-leave", hidden: "" }, ["Leave full screen"]);
  let silenced = [];

  const isFull = () => document.fullscreenElement === frame || frame.classList.contains(FALLBACK);

  /** All that lies beside the frame, at every level up to the body. */
  function beside(element) {
    const parent = element.parentElement;
    if (!parent || element === document.body) {
      return [];
    }
    return [...[...parent.children].filter((child) => child !== element), ...beside(parent)];
  }

  function changed() {
    const full = isFull();
    leave.hidden = !full;
    button.hidden = full;
    for (const map of patchmap.maps ?? []) {
      map.invalidateSize();
    }
    if (full) {
      patchmap.maps?.[0]?.getContainer().scrollIntoView({ block: "start" });
    } else {
      button.scrollIntoView({ block: "nearest" });
    }
    (full ? leave : button).focus({ preventScroll: true });
    patchmap.sayOfTool(full ? "The map fills the screen. Leave by the button or by Esc." : "The map is back in its page.");
  }

  /** What lies behind cannot be reached or scrolled while the frame covers it. */
  function cover() {
    frame.classList.add(FALLBACK);
    document.documentElement.classList.add("map-frame-behind");
    silenced = beside(frame).filter((element) => !element.inert);
    for (const element of silenced) {
      element.inert = true;
    }
    changed();
  }

  function uncover() {
    frame.classList.remove(FALLBACK);
    document.documentElement.classList.remove("map-frame-behind");
    for (const element of silenced) {
      element.inert = false;
    }
    silenced = [];
    changed();
  }

  async function enter() {
    if (!frame.requestFullscreen) {
      cover();
      return;
    }
    try {
      await frame.requestFullscreen();
    } catch {
      cover();
    }
  }

  frame.prepend(leave);
  button.addEventListener("click", enter);
  leave.addEventListener("click", () => {
    if (frame.classList.contains(FALLBACK)) {
      uncover();
    } else {
      document.exitFullscreen();
    }
  });

  document.addEventListener("fullscreenchange", changed);

  const CLOSED_FIRST = ".leaflet-popup, [role=combobox][aria-expanded=true], .map-panel:not([hidden]),"
    + " .map-tool-more[open]:focus-within";

  /** Esc closes what is open in the frame first: a popup, a list, a tool. */
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && frame.classList.contains(FALLBACK) && !frame.querySelector(CLOSED_FIRST)) {
      uncover();
    }
  }, true);
})((window.patchmap ??= {}));
