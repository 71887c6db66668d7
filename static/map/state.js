/*
 * How the map is looked at, kept in the page's address beside the query: reloading the page or
 * passing its address on restores the view, the layers, the open record, the month, and what was
 * drawn, measured or found.
 */
(function (patchmap) {
  "use strict";

  const NAMES = ["view", "on", "open", "month", "draw", "measure", "place"];
  /** What a form that changes the query leaves as it was. */
  const OUTLIVES_QUERY = ["view", "on", "draw", "measure", "place"];
  /** Browsers refuse addresses that are replaced too often. */
  const BETWEEN_MS = 350;

  const held = new URLSearchParams(window.location.search);
  let waiting = 0;
  let replacedAt = -Infinity;

  /** Parameters as text; what an address may hold as it is stays readable. */
  function readable(params) {
    return params.toString().replaceAll("%2F", "/").replaceAll("%2C", ",").replaceAll("%3A", ":");
  }

  function withParams(path, params, hash) {
    const text = readable(params);
    return `${path}${text ? `?${text}` : ""}${hash}`;
  }

  /** A link that names parts of the state keeps these alone. */
  function keepInLink(link) {
    const address = new URL(link.href);
    for (const name of link.dataset.keepsState ? link.dataset.keepsState.split(" ") : NAMES) {
      if (held.has(name)) {
        address.searchParams.set(name, held.get(name));
      } else {
        address.searchParams.delete(name);
      }
    }
    link.href = withParams(address.origin + address.pathname, address.searchParams, address.hash);
  }

  function replace() {
    waiting = 0;
    replacedAt = performance.now();
    const address = withParams(window.location.pathname, held, window.location.hash);
    window.history.replaceState(window.history.state, "", address);
  }

  function replaceSoon() {
    if (!waiting) {
      const due = Math.max(0, replacedAt + BETWEEN_MS - performance.now());
      waiting = window.setTimeout(replace, due);
    }
  }

  /** A new address is written at once when the page is left before its turn has come. */
  window.addEventListener("pagehide", () => {
    if (waiting) {
      window.clearTimeout(waiting);
      replace();
    }
  });

  document.addEventListener("formdata", ({ target, formData }) => {
    if (target.matches("[data-keeps-state]")) {
      for (const name of NAMES.filter((known) => OUTLIVES_QUERY.includes(known) || formData.has(known))) {
        formData.delete(name);
        if (held.has(name)) {
          formData.set(name, held.get(name));
        }
      }
    }
  });

  patchmap.state = Object.freeze({
    /** The value of a part of the state; an empty text where it is not set. */
    get: (name) => held.get(name) ?? "",

    /** Set a part of the state, or take it away by an empty value; tells `patchmap:state`. */
    set(name, value) {
      const text = value ?? "";
      if (text === (held.get(name) ?? "")) {
        return;
      }
      if (text) {
        held.set(name, text);
      } else {
        held.delete(name);
      }
      document.querySelectorAll("a[data-keeps-state]").forEach(keepInLink);
      replaceSoon();
      document.dispatchEvent(new CustomEvent("patchmap:state", { detail: { name, value: text } }));
    },

    /** A copy of all parameters of the page's address: its query and its state. */
    params: () => new URLSearchParams(held),

    /** The whole address of the page with all that it shows, though the browser's own may lag behind. */
    address: () => window.location.origin + withParams(window.location.pathname, held, ""),
  });
})((window.patchmap ??= {}));
