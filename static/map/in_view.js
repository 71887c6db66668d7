/* Every record in view as a list of buttons: what can be seen on a map can be read and opened. */
(function (patchmap) {
  "use strict";

  const AT_A_TIME = 20;
  const QUIET_MS = 500;
  const element = patchmap.element;
  const { grouped } = patchmap;

  /** The records of one layer in view, so many at a time. */
  class LayerList {
    constructor(list, layer) {
      this.list = list;
      this.layer = layer;
      this.items = element("ol", { class: "in-view-items" });
      this.note = element("p", { class: "hint" }, ["Loading."]);
      this.more = element("button", { type: "button", class: "in-view-more", hidden: "" }, []);
      this.more.addEventListener("click", () => this.showMore());
      this.section = element("section", {}, [
        element("h4", {}, [layer.options.title]), this.note, this.items, this.more,
      ]);
    }

    /** Fetch and add the next records; answers with the first of their buttons. */
    async add(bounds, signal) {
      const offset = this.items.childElementCount;
      try {
        const { total, order, records } = await this.layer.inView(bounds, offset, AT_A_TIME, signal);
        if (signal.aborted) {
          return null;
        }
        const buttons = records.map((record) => this.button(record));
        this.items.append(...buttons.map((button) => element("li", {}, [button])));
        this.tell(total, order);
        return buttons[0] ?? null;
      } catch {
        if (!signal.aborted) {
          this.note.textContent = "The list could not be loaded.";
          this.offer("Try again");
        }
        return null;
      }
    }

    tell(total, order) {
      const shown = this.items.childElementCount;
      const left = total - shown;
      const part = left > 0 ? ` The first ${grouped(shown)} are listed.` : "";
      this.note.textContent = total ? `${grouped(total)} in view.${part} ${order}` : "None in view.";
      this.offer(left > 0 ? `Show the next ${grouped(Math.min(left, AT_A_TIME))}` : "");
    }

    offer(text) {
      this.more.hidden = !text;
      this.more.replaceChildren(text, element("span", { class: "visually-hidden" }, [` of ${this.layer.options.title}`]));
    }

    async showMore() {
      const first = await this.add(this.list.bounds, this.list.request.signal);
      first?.focus();
    }

    button(record) {
      const key = patchmap.recordKey(record);
      const button = element("button", { type: "button", "data-listed": key }, [this.layer.nameOf(record)]);
      button.addEventListener("click", () => this.list.open(this.layer, record, key, button));
      return button;
    }
  }

  class InView {
    constructor(map, details) {
      this.map = map;
      this.details = details;
      this.body = details.querySelector("[data-in-view-body]");
      this.request = new AbortController();
      const updateSoon = patchmap.debounced(() => this.update(), QUIET_MS);
      const soon = () => details.open && updateSoon();
      details.addEventListener("toggle", () => this.update());
      map.on("moveend overlayadd overlayremove", soon);
      document.addEventListener("patchmap:drawn", soon);
    }

    /** List anew what is in view; a focused record stays focused while it is in view. */
    async update() {
      this.request.abort();
      if (!this.details.open) {
        return;
      }
      this.request = new AbortController();
      const { signal } = this.request;
      if (!this.body.childElementCount) {
        this.body.append(element("p", {}, ["Loading."]));
      }
      this.bounds = this.map.getBounds();
      const lists = patchmap.layersOf(this.map)
        .filter((layer) => layer.options.popup && this.map.hasLayer(layer))
        .map((layer) => new LayerList(this, layer));
      await Promise.all(lists.map((list) => list.add(this.bounds, signal)));
      if (!signal.aborted) {
        this.replace(lists);
      }
    }

    replace(lists) {
      const focused = this.body.contains(document.activeElement) ? document.activeElement : null;
      const none = element("p", {}, ["No layer of records is switched on."]);
      this.body.replaceChildren(...(lists.length ? lists.map(({ section }) => section) : [none]));
      if (focused) {
        (this.buttonOf(focused.dataset.listed) ?? this.details.querySelector("summary")).focus();
      }
    }

    buttonOf(key) {
      return key ? this.body.querySelector(`[data-listed="${CSS.escape(key)}"]`) : null;
    }

    /** Open a record on the map; once its popup is closed, the focus is back in the list. */
    open(layer, record, key, button) {
      this.map.getContainer().scrollIntoView({ block: "nearest" });
      layer.openRecord(record, () => (button.isConnected ? button : null)
        ?? this.buttonOf(key) ?? this.details.querySelector("summary"));
    }
  }

  /** Fill the list of a map, where the page has one. */
  patchmap.listInView = function (map) {
    const details = document.querySelector(`[data-in-view="${map.getContainer().id}"]`);
    if (details) {
      new InView(map, details);
    }
  };
})((window.patchmap ??= {}));
