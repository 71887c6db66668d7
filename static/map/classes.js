/* Which class of a legend a record falls into, and how a value is said to a reader. */
(function (patchmap) {
  "use strict";

  const NOT_CLASSED = Object.freeze({ label: "Not classed", colour: "#3D3D3D", shape: "circle" });
  const DATE = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/;
  const LIST_SEPARATOR = "; ";
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December"];

  const isBlank = (value) => value === null || value === undefined || value === "";

  /** Bounds are inclusive; a missing value falls into the class of "" or the hatched one. */
  patchmap.classOf = function (legend, properties) {
    const value = properties[legend.property];
    const classes = legend.classes;
    if (isBlank(value)) {
      return classes.find((entry) => entry.value === "")
        || classes.find((entry) => entry.shape === "hatched") || NOT_CLASSED;
    }
    const text = String(value);
    const named = classes.find((entry) => entry.value !== null && entry.value === text);
    if (named) {
      return named;
    }
    const number = Number(value);
    const hasBounds = (entry) => entry.lower !== null || entry.upper !== null;
    return classes.find((entry) => entry.value === null && hasBounds(entry)
      && number >= (entry.lower ?? -Infinity) && number <= (entry.upper ?? Infinity))
      || NOT_CLASSED;
  };

  const wordsOf = (words, value) => (Object.hasOwn(words, value) ? words[value] : value);

  /** A choice in the words of its popup field, a date in the British order; "" for nothing. */
  patchmap.inWords = function (field, value) {
    if (isBlank(value)) {
      return "";
    }
    const text = String(value);
    if (field.is_choice) {
      const parts = text.split(LIST_SEPARATOR);
      return parts.map((part) => wordsOf(field.words, part)).join(LIST_SEPARATOR);
    }
    const date = DATE.exec(text);
    if (date) {
      const [, year, month, day] = date;
      return `${day ? `${Number(day)} ` : ""}${MONTHS[month - 1]} ${year}`;
    }
    if (Number.isInteger(value)) {
      return patchmap.grouped(value);
    }
    return typeof value === "number" ? value.toLocaleString("en-GB") : text;
  };
})((window.patchmap ??= {}));
