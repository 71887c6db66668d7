/* One month of a layer, or all of them again: on the map, in the words above it, in the legend. */
(function (patchmap) {
  "use strict";

  const GIVEN_UP_MS = 30000;
  const SWATCH_PX = 24;
  const element = patchmap.element;

  function swatch({ shape, colour }) {
    const symbol = patchmap.symbol(shape, colour, SWATCH_PX);
    symbol.setAttribute("class", "swatch");
    return symbol;
  }

  /** The parts of the page's legend for a legend as the server tells it. */
  function legendParts({ title, classes, note }, headingName) {
    const entries = classes.map((entry) => element("li", {}, [swatch(entry), element("span", {}, [entry.label])]));
    const hint = `The classes are those of single months, the same for every month. ${note}`;
    return [
      element(headingName, { class: "legend-title" }, [`${title}, in one month`]),
      element("ul", { class: "legend-list" }, entries),
      element("p", { class: "hint" }, [hint.trim()]),
    ];
  }

  const periodOf = (step) => (step ? { from: step.date_from, to: step.date_to } : null);

  /** The period that a layer shows first, `{from, to}`: the month of the page's address, or null. */
  patchmap.firstPeriod = function (layerId) {
    const { layer_id: mine, steps } = JSON.parse(document.querySelector("[data-timeline]")?.dataset.timeline ?? "{}");
    const month = patchmap.state.get("month");
    return mine === layerId ? periodOf(steps.find((step) => step.month === month)) : null;
  };

  class MonthView {
    constructor(map, layer, { legend_by: legendBy, not_held: notHeld }) {
      this.map = map;
      this.layer = layer;
      this.legendBy = legendBy;
      this.notHeld = notHeld ? [notHeld] : [];
      this.request = new AbortController();
      this.caption = document.querySelector(`.caption[data-layer="${layer.options.id}"]`);
      this.key = document.querySelector(".legends > .legend");
      this.headingName = this.key.querySelector(".legend-title").localName;
      this.whole = {
        caption: [...this.caption.childNodes], key: [...this.key.childNodes], legend: layer.options.legend,
      };
    }

    /**
     * Show a month, `{date_from, date_to}`, or all with null. Answers once the map has drawn it
     * and the words are there: true, or false where another month was asked for meanwhile.
     * Throws where something could not be loaded.
     */
    async show(step) {
      this.request.abort();
      this.request = new AbortController();
      const { signal } = this.request;
      const legend = step && this.legendBy ? await this.legendOfMonths() : null;
      if (signal.aborted) {
        return false;
      }
      this.useLegend(legend);
      const drawn = this.drawn(signal);
      this.layer.setPeriod(periodOf(step));
      await Promise.all([drawn, this.tell(step, signal)]);
      return !signal.aborted;
    }

    /** The legend that suits each month; without it that of the whole period stays. */
    legendOfMonths() {
      const address = patchmap.withParams(this.layer.options.figures_url, this.legendBy);
      const withNotHeld = ({ legend }) => ({ ...legend, classes: [...legend.classes, ...this.notHeld] });
      this.monthly ??= patchmap.fetchJson(address).then(withNotHeld, () => {
        this.monthly = null;
        return null;
      });
      return this.monthly;
    }

    useLegend(legend) {
      const wanted = legend ?? this.whole.legend;
      if (this.layer.options.legend !== wanted) {
        this.key.replaceChildren(...(legend ? legendParts(legend, this.headingName) : this.whole.key));
        this.layer.setLegend(wanted);
      }
    }

    async tell(step, signal) {
      if (!step) {
        this.caption.replaceChildren(...this.whole.caption);
        return;
      }
      try {
        const { sentences } = await patchmap.fetchJson(this.layer.figuresUrl(), signal);
        if (!signal.aborted) {
          this.caption.replaceChildren(...sentences.map((sentence) => element("p", {}, [sentence])));
        }
      } catch (error) {
        if (!signal.aborted) {
          this.caption.replaceChildren(element("p", {}, [`${step.title}: ${step.words}.`]));
          throw error;
        }
      }
    }

    /** Waits until the map has drawn the layer; a layer that is switched off is not waited for. */
    drawn(signal) {
      if (!this.map.hasLayer(this.layer)) {
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        const done = new AbortController();
        const switchedOff = () => finish(resolve);
        const finish = (settle) => {
          window.clearTimeout(late);
          done.abort();
          this.map.off("overlayremove", switchedOff);
          settle();
        };
        const late = window.setTimeout(() => finish(() => reject(new Error("not drawn in time"))), GIVEN_UP_MS);
        const heard = ({ detail }) => {
          if (detail.layerId === this.layer.options.id) {
            finish(() => (detail.failed ? reject(new Error("not loaded")) : resolve()));
          }
        };
        document.addEventListener("patchmap:drawn", heard, { signal: done.signal });
        signal.addEventListener("abort", () => finish(resolve), { signal: done.signal });
        this.map.on("overlayremove", switchedOff);
      });
    }
  }

  /**
   * What shows the months of a layer on a map: `legend_by` asks its figures for the legend of
   * single months, `not_held` is the class of months of which nothing is held.
   */
  patchmap.monthView = (map, layer, data) => new MonthView(map, layer, data);
})((window.patchmap ??= {}));
