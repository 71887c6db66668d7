/* Which class of a legend a record falls into, and how a value is said to a reader. */
(function (patchmap) {
  "use strict";

  const NOT_CLASSED = Object.freeze({ label: "Not classed", colour: "#3D3D3D", shape: "circle" });
  const DATE = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/;
  const CHOICE = /^[a-z]+(-[a-z0-9]+)*$/;
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

  /** A choice with its legend's label, a date in the British order; an empty text for nothing. */
  patchmap.inWords = function (legend, property, value) {
    if (isBlank(value)) {
      return "";
    }
    if (typeof value === "boolean") {
      return value ? "Yes" : "No";
    }
    const text = String(value);
    const entry = property === legend.property
      && legend.classes.find((candidate) => candidate.value === text);
    if (entry) {
      return entry.label;
    }
    const date = DATE.exec(text);
    if (date) {
      const [, year, month, day] = date;
      return `${day ? `${Number(day)} ` : ""}${MONTHS[month - 1]} ${year}`;
    }
    if (typeof value === "number") {
      return value.toLocaleString("en-GB");
    }
    if (CHOICE.test(text)) {
      const words = text.replaceAll("-", " ");
      return words[0].toUpperCase() + words.slice(1);
    }
    return text;
  };
})((window.patchmap ??= {}));
