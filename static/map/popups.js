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

  /** Fields that tell records of one heading apart, in the order in which they are said. */
  const TELLING = ["date", "starts", "records", "reports", "npa_name"];

  const counted = (text, plural) => `${text} ${text === "1" ? plural.replace(/s$/, "") : plural}`;

  /** What names a record to someone who does not see where it lies: heading, date, count, area. */
  patchmap.fullName = function (options, properties) {
    const heading = patchmap.heading(options, properties);
    const told = TELLING.flatMap((property) => {
      const field = options.popup.find((known) => known.property === property);
      const text = field ? patchmap.inWords(field, properties[property]) : "";
      const isCount = typeof properties[property] === "number";
      return text && text !== heading ? [isCount ? counted(text, field.label.toLowerCase()) : text] : [];
    });
    return [heading, ...told].join(", ");
  };

  /** A record's part of the page's address, `layer:id`; an empty text where it has no id. */
  patchmap.recordKey = function ({ options, properties }) {
    const id = properties[options.id_field] ?? "";
    return id === "" ? "" : `${options.id}:${id}`;
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

  /** Give the focus back to what opened a popup; the map takes it where that is gone. */
  function giveBack(map, opener) {
    const container = map.getContainer();
    const target = opener?.() ?? container;
    target.focus({ preventScroll: container.contains(target) });
  }

  function popupOf(map, at, body) {
    const widest = map.getSize().x - BESIDE_ZOOM_PX - 50;
    return L.popup({
      minWidth: Math.min(280, widest),
      maxWidth: Math.min(320, widest),
      autoPanPaddingTopLeft: [BESIDE_ZOOM_PX, 10],
      autoPanPaddingBottomRight: [10, 10],
      className: "patchmap-popup",
      closeOnEscapeKey: false,
    }).setLatLng(at).setContent(body);
  }

  /**
   * Open a popup at a place and move the focus in, unless the page opens it by itself. When it
   * closes, the focus goes back to the element that `opener` finds then. What is `more` stands
   * below the facts. Answers with the popup.
   */
  patchmap.openPopup = function (map, at, records, opener, { focus = true, more = [] } = {}) {
    const [first] = records;
    const name = records.length === 1
      ? patchmap.fullName(first.options, first.properties) : `${records.length} records`;
    const body = element("div", { class: "popup", role: "group", tabindex: "0", "aria-label": name },
      [...content(records), ...more]);
    const popup = popupOf(map, at, body);
    const key = patchmap.recordKey(first);
    popup.options.layerIds = records.map(({ options }) => options.id);
    popup.on("remove", () => {
      const hadFocus = popup.getElement()?.contains(document.activeElement)
        || document.activeElement === document.body;
      if (hadFocus) {
        giveBack(map, opener);
      }
      if (patchmap.state.get("open") === key) {
        patchmap.state.set("open", "");
      }
    });
    popup.openOn(map);
    patchmap.state.set("open", key);
    if (focus) {
      body.focus({ preventScroll: true });
    }
    return popup;
  };

  /** Close the popup of a layer's records, as when the layer is switched off. */
  patchmap.closeRecordOf = function (map, layerId) {
    map.eachLayer((layer) => layer.options.layerIds?.includes(layerId) && map.closePopup(layer));
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
