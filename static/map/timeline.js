/* The slider over the months of the page's period, which steps by itself while it plays. */
(function (patchmap) {
  "use strict";

  const QUIET_MS = 250;
  const STEP_MS = 1500;
  const SLOW_STEP_MS = 4000;
  const IDLE_KEYS = ["Tab", "Shift", "Control", "Alt", "Meta"];
  const SCROLL_KEYS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End"];
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const pause = (ms) => new Promise((resolve) => window.setTimeout(resolve, ms));

  class Timeline {
    constructor(root, data, view) {
      this.root = root;
      this.data = data;
      this.view = view;
      this.position = 0;
      this.playing = null;
      this.part = (name) => root.querySelector(`[data-timeline-part="${name}"]`);
      this.button = (name) => root.querySelector(`[data-timeline-press="${name}"]`);
      this.slider = root.querySelector("input[type=range]");
      this.status = patchmap.besideMap(view.map, "status");
      this.showSoon = patchmap.debounced(() => this.show(""), QUIET_MS);
      root.style.setProperty("--positions", data.steps.length + 1);
      this.slider.addEventListener("input", () => {
        this.stand(Number(this.slider.value));
        this.showSoon();
      });
      this.press("previous", () => this.go(this.position - 1));
      this.press("next", () => this.go(this.position + 1));
      this.press("all", () => this.go(0));
      this.press("play", () => (this.playing ? this.stop("Paused at") : this.play()));
      root.querySelectorAll("[data-timeline-part=controls]").forEach((part) => {
        part.hidden = false;
      });
      this.restore();
    }

    press(name, action) {
      this.button(name).addEventListener("click", action);
    }

    /** The month of the page's address, where it has one. */
    restore() {
      const month = patchmap.state.get("month");
      const index = this.data.steps.findIndex((step) => step.month === month);
      this.stand(index + 1);
      if (index >= 0) {
        this.show("");
      } else if (month) {
        this.part("now").textContent = `${patchmap.inWords({}, month)} is not in the period of this page. ${this.inWords()}`;
      }
    }

    get step() {
      return this.data.steps[this.position - 1] ?? null;
    }

    inWords() {
      return this.step ? `${this.step.title}: ${this.step.words}` : this.data.whole;
    }

    /** Move the slider and all that says where it stands; the map follows in `show`. */
    stand(position) {
      const last = this.data.steps.length;
      this.position = position;
      this.slider.value = String(position);
      this.slider.setAttribute("aria-valuetext", this.inWords());
      this.part("now").textContent = this.inWords();
      const chosen = this.part("chosen");
      chosen.setAttribute("x", position * Number(chosen.getAttribute("width")));
      chosen.setAttribute("visibility", this.step ? "visible" : "hidden");
      this.button("previous").setAttribute("aria-disabled", String(position === 0));
      this.button("next").setAttribute("aria-disabled", String(position === last));
      this.button("all").setAttribute("aria-disabled", String(position === 0));
      patchmap.state.set("month", this.step?.month ?? "");
    }

    go(position) {
      if (position !== this.position && position >= 0 && position <= this.data.steps.length) {
        this.stand(position);
        this.show("Now");
      }
    }

    /** Answers whether the map has come to show where the slider stands; says it after a word. */
    async show(word) {
      try {
        const isShown = await this.view.show(this.step);
        if (isShown && word) {
          this.say(word);
        }
        return isShown;
      } catch {
        this.stop("");
        this.part("said").textContent = `${this.step?.title ?? "The whole period"} could not be loaded whole.`;
        return false;
      }
    }

    say(word) {
      this.part("said").textContent = `${word} ${this.inWords()}.`;
    }

    /** One month after the other, each once the map has drawn the one before. */
    async play() {
      const last = this.data.steps.length;
      const playing = new AbortController();
      this.playing = playing;
      this.button("play").textContent = "Pause";
      this.part("said").textContent = "";
      this.status.setAttribute("aria-live", "off");
      this.stopByOthers(playing.signal);
      let next = this.position < last ? this.position + 1 : 1;
      while (!playing.signal.aborted) {
        this.stand(next);
        const isShown = await this.show("");
        if (!isShown || playing.signal.aborted) {
          break;
        }
        if (next === last) {
          this.stop("The last month.");
          break;
        }
        await pause(calm.matches ? SLOW_STEP_MS : STEP_MS);
        next = this.position + 1;
      }
      if (this.playing === playing) {
        this.stop("Stopped at");
      }
    }

    /** Whether a key only moves through the page: it scrolls, or goes on to what comes next. */
    passes(key, target) {
      const scrolls = SCROLL_KEYS.includes(key) || (key === " " && target === document.body);
      return IDLE_KEYS.includes(key) || (scrolls && !this.root.contains(target));
    }

    /** Anything else that is used stops the play, as does leaving the page; scrolling does not. */
    stopByOthers(signal) {
      const play = this.button("play");
      const stop = () => this.stop("Stopped at");
      const heed = (name, passes) => document.addEventListener(name, (event) => {
        if (!passes(event)) {
          stop();
        }
      }, { signal, capture: true });
      heed("click", ({ target }) => play.contains(target));
      heed("input", () => false);
      heed("keydown", ({ key, target }) => (
        this.passes(key, target) || (target === play && (key === "Enter" || key === " "))
      ));
      document.addEventListener("visibilitychange", () => document.hidden && stop(), { signal });
    }

    stop(word) {
      if (this.playing) {
        this.playing.abort();
        this.playing = null;
        this.button("play").textContent = "Play";
        this.status.setAttribute("aria-live", "polite");
        if (word) {
          this.say(word);
        }
      }
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const root = document.querySelector("[data-timeline]");
    const [map] = patchmap.maps ?? [];
    if (root && map) {
      const data = JSON.parse(root.dataset.timeline);
      const layer = patchmap.layersOf(map).find(({ options }) => options.id === data.layer_id);
      new Timeline(root, data, patchmap.monthView(map, layer, data));
    }
  });
})((window.patchmap ??= {}));
