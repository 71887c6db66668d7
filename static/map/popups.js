/* Popups: one record or all records of a marker, opened from a mouse or a keyboard alike. */
(function (patchmap) {
  "use strict";

  const MOST_LISTED = 50;
  const BESIDE_ZOOM_PX = 50;
  const WEB_ADDRESS = /^https?:\/\/\S+$/;
  const element = patchmap.element;

  /** The first field of a popup, which also names the record's marker. */
  patchmap.heading = function (options, properties) {
    const [first] = options.popup;
    const text = first ? patchmap.inWords(first, properties[first.property]) : "";
    return text || options.title;
  };

  /** The host of a web address; an empty text for what is none. */
  function hostOf(text) {
    try {
      return WEB_ADDRESS.test(text) ? new URL(text).hostname : "";
    } catch {
      return "";
    }
  }

  function value(text) {
    const host = hostOf(text);
    return host ? element("a", { href: text, rel: "noopener noreferrer external" }, [host]) : text;
  }

  function section({ options, properties }, headingLevel) {
    const rows = options.popup.slice(1).flatMap((field) => {
      const text = patchmap.inWords(field, properties[field.property]);
      return text ? [element("div", {}, [element("dt", {}, [field.label]), element("dd", {}, [value(text)])])] : [];
    });
    if (properties.in_period === "possibly") {
      rows.push(element("div", {}, [element("dt", {}, ["Period"]), element("dd", {}, ["Possibly in it"])]));
    }
    const heading = element(headingLevel, { class: "popup-heading" }, [patchmap.heading(options, properties)]);
    return element("section", {}, [heading, element("dl", {}, rows)]);
  }

  function content(records) {
    if (records.length === 1) {
      return [section(records[0], "h3")];
    }
    const titles = [...new Set(records.map(({ options }) => options.title))].join(", ");
    const title = element("h3", { class: "popup-heading" }, [`${titles}: ${records.length} records here`]);
    const listed = records.slice(0, MOST_LISTED).map((record) => section(record, "h4"));
    const rest = records.length - listed.length;
    const note = rest > 0
      ? [element("p", {}, [`${rest} more are not listed here. Zoom in, or read the table below the map.`])]
      : [];
    return [title, ...listed, ...note];
  }

  /** Open a popup at a place; when it closes, the focus goes back to what opened it. */
  patchmap.openPopup = function (map, at, records, opener) {
    const name = records.length === 1
      ? patchmap.heading(records[0].options, records[0].properties) : `${records.length} records`;
    const body = element("div", { class: "popup", role: "group", tabindex: "0", "aria-label": name },
      content(records));
    const widest = map.getSize().x - BESIDE_ZOOM_PX - 50;
    const popup = L.popup({
      minWidth: Math.min(280, widest),
      maxWidth: Math.min(320, widest),
      autoPanPaddingTopLeft: [BESIDE_ZOOM_PX, 10],
      autoPanPaddingBottomRight: [10, 10],
      className: "patchmap-popup",
      closeOnEscapeKey: false,
    }).setLatLng(at).setContent(body);
    popup.on("remove", () => {
      const hadFocus = popup.getElement()?.contains(document.activeElement)
        || document.activeElement === document.body;
      if (hadFocus) {
        (opener?.isConnected ? opener : map.getContainer()).focus({ preventScroll: true });
      }
    });
    popup.openOn(map);
    body.focus({ preventScroll: true });
  };

  /** Esc closes a popup wherever in the map the focus is. */
  patchmap.closePopupsByEscape = function (map) {
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        map.closePopup();
      }
    });
  };
})((window.patchmap ??= {}));
