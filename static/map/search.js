/*
 * Search for a place: the field of a map's search form becomes a combobox. Without this script, or
 * when an answer fails, the form itself leads to a page of places.
 */
(function (patchmap) {
  "use strict";

  const WAIT_MS = 150;
  const MOST_OPTIONS = 8;
  const element = patchmap.element;

  /** The combobox of one form. `options` are pairs of an element and the place it stands for. */
  class PlaceSearch {
    constructor(form) {
      this.form = form;
      this.input = form.querySelector("input[type=search]");
      this.status = form.querySelector(".place-search-status");
      this.options = [];
      this.active = -1;
      this.list = element("div", {
        class: "place-options", id: `${this.input.id}-options`, role: "listbox", "aria-label": "Places", hidden: "",
      });
      this.input.after(this.list);
      for (const [name, value] of Object.entries({
        role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
      })) {
        this.input.setAttribute(name, value);
      }
      this.input.addEventListener("input", () => this.askSoon());
      this.input.addEventListener("keydown", (event) => this.press(event));
      this.input.addEventListener("blur", () => this.close());
      this.list.addEventListener("pointerdown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => this.click(event));
      form.addEventListener("submit", () => this.stop());
    }

    get isOpen() {
      return !this.list.hidden;
    }

    /** Ask no more, and take no answer that is still on its way. */
    stop() {
      window.clearTimeout(this.waiting);
      this.asking?.abort();
    }

    askSoon() {
      this.stop();
      if (!this.isOpen) {
        this.show([], []);
      }
      const text = this.input.value.trim();
      if (!text) {
        this.show([], []);
        this.status.textContent = "";
        patchmap.forgetPlace();
        return;
      }
      this.waiting = window.setTimeout(() => this.ask(text), WAIT_MS);
    }

    async ask(text) {
      const asking = new AbortController();
      this.asking = asking;
      const query = new URLSearchParams({ q: text, limit: MOST_OPTIONS });
      try {
        const response = await fetch(`/api/places?${query}`, {
          headers: { Accept: "application/json" }, signal: asking.signal,
        });
        if (!response.ok) {
          throw new Error(`${response.status}`);
        }
        const { places, near, note } = await response.json();
        if (!asking.signal.aborted) {
          this.show(places, near);
          this.status.textContent = note;
        }
      } catch {
        if (!asking.signal.aborted) {
          this.show([], []);
          this.status.textContent = "Places could not be searched just now. Find opens them on a page of their own.";
        }
      }
    }

    show(places, near) {
      this.options = [...places, ...near].map((place, index) => [this.option(place, index), place]);
      const rows = this.options.map(([row]) => row);
      if (near.length) {
        const heading = element("div", {
          class: "place-options-heading", id: `${this.list.id}-near`, role: "presentation",
        }, ["Did you mean"]);
        const group = element("div", { role: "group", "aria-labelledby": heading.id }, [heading, ...rows]);
        this.list.replaceChildren(group);
      } else {
        this.list.replaceChildren(...rows);
      }
      this.activate(-1);
      this.open(rows.length > 0 && document.activeElement === this.input);
    }

    option({ name, label }, index) {
      const rest = label.slice(name.length);
      return element("div", {
        class: "place-option", id: `${this.list.id}-${index}`, role: "option", "aria-selected": "false",
      }, [element("span", { class: "place-option-name" }, [name]), rest]);
    }

    open(isOpen) {
      this.list.hidden = !isOpen;
      this.input.setAttribute("aria-expanded", String(isOpen));
    }

    close() {
      this.activate(-1);
      this.open(false);
    }

    activate(index) {
      this.options[this.active]?.[0].setAttribute("aria-selected", "false");
      this.active = index;
      const row = this.options[index]?.[0];
      if (row) {
        row.setAttribute("aria-selected", "true");
        row.scrollIntoView({ block: "nearest" });
        this.input.setAttribute("aria-activedescendant", row.id);
      } else {
        this.input.removeAttribute("aria-activedescendant");
      }
    }

    /** What a key does; false where it keeps its own meaning. */
    act(key) {
      const last = this.options.length - 1;
      const chosen = this.isOpen && this.active >= 0;
      switch (key) {
        case "ArrowDown":
        case "ArrowUp": {
          if (last < 0) {
            return false;
          }
          const down = key === "ArrowDown";
          const next = this.active < 0 || !this.isOpen ? (down ? 0 : last) : this.active + (down ? 1 : -1);
          this.open(true);
          this.activate(next < 0 ? last : next > last ? 0 : next);
          return true;
        }
        case "Home":
        case "End":
          if (chosen) {
            this.activate(key === "Home" ? 0 : last);
          }
          return chosen;
        case "Enter":
          if (chosen) {
            this.choose(this.options[this.active][1]);
          }
          return chosen;
        case "Escape": {
          const wasOpen = this.isOpen;
          this.close();
          return wasOpen;
        }
        default:
          return false;
      }
    }

    press(event) {
      const plain = !event.isComposing && !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
      if (plain && this.act(event.key)) {
        event.preventDefault();
        event.stopPropagation();
      }
    }

    click(event) {
      const found = this.options.find(([row]) => row.contains(event.target));
      if (found) {
        this.choose(found[1]);
      }
    }

    choose(place) {
      this.stop();
      this.input.value = place.name;
      this.close();
      patchmap.goTo(place, { focus: true });
    }
  }

  for (const form of document.querySelectorAll("[data-place-search]")) {
    new PlaceSearch(form);
  }
})((window.patchmap ??= {}));
