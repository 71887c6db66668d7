/* What is looked at in a page that is open: most functions answer with a list of faults in words. */
(() => {
  "use strict";

  const TARGET_PX = 24;
  const INTERACTIVE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=option]";
  const CLIPS = new Set(["hidden", "clip"]);
  const SCROLLS = new Set(["auto", "scroll"]);
  /** Shown to the ear alone, or only once the focus is on it. */
  const UNSEEN = ".visually-hidden, .sprite, .skip-link:not(:focus), .map-skip:not(:focus), noscript, script, style";

  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !element.closest(UNSEEN);

  const named = (element) => {
    const name = (element.getAttribute("aria-label") || element.textContent || element.name || "").trim();
    const classes = typeof element.className === "string" ? element.className : "";
    return `${element.localName}.${classes.split(" ").join(".")} “${name.slice(0, 40).replace(/\s+/g, " ")}”`;
  };

  /** A link within a sentence: its line height is that of the text around it (WCAG 2.5.8, inline). */
  function inSentence(element) {
    if (getComputedStyle(element).display !== "inline") {
      return false;
    }
    const around = [...element.parentElement.childNodes].filter((node) => node !== element);
    return around.some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim().length > 1);
  }

  /** The size of what answers to a press: a label's is its control's too. */
  function sizeOf(element) {
    const label = element.matches("input") ? element.closest("label") : null;
    const { width, height } = (label ?? element).getBoundingClientRect();
    return { width, height, px: Math.min(width, height) };
  }

  /** An area too small for its size on the screen has a marker, which is pressed in its stead. */
  const hasMarker = (element) => element.matches("path")
    && patchmap.maps.some((map) => patchmap.points(map).groupOf(element.dataset.record));

  const targets = () => [...document.querySelectorAll(INTERACTIVE)]
    .filter((element) => seen(element) && !inSentence(element) && !hasMarker(element))
    .map((element) => ({ element, ...sizeOf(element) }));

  /** The target whose lesser side is the least. */
  function smallestTarget() {
    const [{ element, px }] = targets().sort((a, b) => a.px - b.px);
    return { px, name: named(element) };
  }

  /** Targets of less than so many pixels each way; none is excused for standing far from others. */
  function smallTargets(within = "body", least = TARGET_PX) {
    return targets().filter(({ element, px }) => px < least - 0.01 && element.closest(within))
      .map(({ element, width, height }) => `${named(element)} is ${width.toFixed(1)} by ${height.toFixed(1)} px`);
  }

  /** Markers whose middles are so near to each other that a finger may take one for another. */
  function crowdedMarkers() {
    const middles = [...document.querySelectorAll(".map-marker")].filter(seen).map((marker) => {
      const { x, y, width, height } = marker.getBoundingClientRect();
      return { marker, x: x + width / 2, y: y + height / 2 };
    });
    return middles.flatMap((one, index) => middles.slice(index + 1).flatMap((other) => {
      const apart = Math.hypot(one.x - other.x, one.y - other.y);
      return apart < TARGET_PX ? [`${named(one.marker)} and ${named(other.marker)} are ${apart.toFixed(1)} px apart`] : [];
    }));
  }

  /** How far the page runs over its width, and what runs over. */
  function tooWide() {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) {
      return [];
    }
    const over = [...document.body.querySelectorAll("*")].filter(seen)
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1 && !clippingParent(element));
    return [`the page is ${scrollWidth} px in a window of ${clientWidth}`, ...over.map(named)];
  }

  function clippingParent(element) {
    for (let parent = element.parentElement; parent && parent !== document.body; parent = parent.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(parent);
      if (overflowX !== "visible" || overflowY !== "visible") {
        return parent;
      }
    }
    return null;
  }

  /** The pieces of text of the page that are seen, outside of the drawing of a map. */
  function pieces() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (node.textContent.trim() && seen(element) && !element.closest(".map, select, svg")) {
        const range = document.createRange();
        range.selectNodeContents(node);
        const boxes = [...range.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
        found.push(...boxes.map((box) => ({ element, node, box })));
      }
    }
    return found;
  }

  /** Text that is cut off by a box that does not scroll. */
  function clippedText() {
    const cut = pieces().filter(({ element, box }) => {
      const frame = clippingParent({ parentElement: element });
      if (!frame) {
        return false;
      }
      const { overflowX, overflowY } = getComputedStyle(frame);
      const within = frame.getBoundingClientRect();
      const across = CLIPS.has(overflowX) && (box.left < within.left - 1 || box.right > within.right + 1);
      const down = CLIPS.has(overflowY) && (box.top < within.top - 1 || box.bottom > within.bottom + 1);
      return across || down;
    });
    const spilt = [...document.querySelectorAll("button, select, input")].filter((element) => seen(element)
      && !element.closest(".map") && !SCROLLS.has(getComputedStyle(element).overflowX)
      && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1));
    return [...cut.map(({ element }) => `cut off: ${named(element)}`), ...spilt.map((element) => `runs over: ${named(element)}`)];
  }

  /** Text that lies on other text. */
  function overlappingText() {
    const sorted = pieces().sort((a, b) => a.box.top - b.box.top);
    const faults = [];
    sorted.forEach((one, index) => {
      for (let next = index + 1; next < sorted.length && sorted[next].box.top < one.box.bottom - 4; next += 1) {
        const other = sorted[next];
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        const apart = one.node !== other.node && clippingParent(one.element) === clippingParent(other.element);
        if (across > 2 && down > 4 && apart) {
          faults.push(`${named(one.element)} lies on ${named(other.element)}`);
        }
      }
    });
    return faults;
  }

  /** What moves sideways in a frame of its own, but for tables and the row of pages on a phone. */
  const sidewaysFrames = () => [...document.querySelectorAll("body *")].filter((element) => seen(element)
    && !element.matches(".table-region, .site-nav ul")
    && SCROLLS.has(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1)
    .map(named);

  /** Cells and captions that cannot be read without moving their table to and fro. */
  const cellsTooWide = () => [...document.querySelectorAll(".table-region :is(td, th, caption)")].filter((cell) => seen(cell)
    && !(cell.colSpan > 1) && cell.getBoundingClientRect().width > cell.closest(".table-region").clientWidth + 1)
    .map((cell) => `${named(cell)} is ${cell.getBoundingClientRect().width.toFixed(0)} px wide`);

  const POINTS = [0.5, 0.15, 0.85];

  /** What is wrong with how the focus is shown where it is now: it must be seen, and not be covered. */
  function focusFaults() {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const { left, top, width, height } = element.getBoundingClientRect();
    const ringed = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
      || style.boxShadow !== "none";
    const thick = element.matches("path") && parseFloat(style.strokeWidth) >= 4;
    const faults = ringed || thick ? [] : ["shows no focus"];
    const near = (hit) => hit && (hit === element || element.contains(hit) || hit.contains(element));
    const at = (x, y) => document.elementFromPoint(left + x * width, top + y * height);
    const points = element.matches("path") ? POINTS.flatMap((x) => POINTS.map((y) => [x, y])) : [[0.5, 0.5]];
    if (!points.some(([x, y]) => near(at(x, y)))) {
      faults.push("is covered, or out of sight");
    }
    return faults.map((fault) => `${named(element)} ${fault}`);
  }

  const reachable = () => [...document.querySelectorAll(`${INTERACTIVE}, [tabindex]`)].filter((element) => element.tabIndex >= 0
    && !element.disabled && element.checkVisibility({ visibilityProperty: true }));

  /** Number what Tab should reach, so that it can be told what it did reach. */
  function numberReachable() {
    reachable().forEach((element, index) => element.setAttribute("data-stop", index));
    return reachable().map(named);
  }

  /** Controls that could be taken for text: without a border, and without a line below their words. */
  function unmarkedControls() {
    return [...document.querySelectorAll("button, select, input:not([type=hidden])")].filter((element) => {
      const style = getComputedStyle(element);
      const bordered = ["Top", "Bottom"].every((side) => style[`border${side}Style`] !== "none"
        && parseFloat(style[`border${side}Width`]) >= 1);
      const own = element.matches("[type=checkbox], [type=radio], [type=range], .map-marker") || style.textDecorationLine === "underline";
      return seen(element) && !bordered && !own;
    }).map(named);
  }

  /** The colours of all that is told by colour: swatches, markers and shapes of maps, bars. */
  const colours = () => [...document.querySelectorAll(".swatch, .swatch *, .map-marker svg, .map path")].map((element) => {
    const { fill, stroke, color, backgroundColor } = getComputedStyle(element);
    return [element.getAttribute("class") ?? element.localName, fill, stroke, color, backgroundColor].join(" ");
  });

  /** What moves now, and what would move when it changes. */
  function motion() {
    const long = (durations) => durations.split(",").some((duration) => parseFloat(duration) > 0);
    const styled = [...document.querySelectorAll("*")].flatMap((element) => ["", "::before", "::after"]
      .filter((pseudo) => {
        const style = getComputedStyle(element, pseudo || undefined);
        return long(style.transitionDuration) || (style.animationName !== "none" && long(style.animationDuration))
          || style.scrollBehavior === "smooth";
      }).map((pseudo) => `${named(element)}${pseudo} would move`));
    return [...styled, ...document.getAnimations().map((animation) => `${animation.constructor.name} runs`)];
  }

  window.checks = {
    smallestTarget, smallTargets, crowdedMarkers, tooWide, clippedText, overlappingText, sidewaysFrames, cellsTooWide,
    focusFaults, numberReachable, unmarkedControls, colours, motion,
  };
})();
