/**
 * The panel on the page: a shadow tree of its own, at the end of the document. What happens in it the page does not
 * hear of: events are taken at the window, before anybody else, and their work is done there.
 */
import { element } from "./elements.js";
import { entriesMax } from "./recorder.js";
import { style } from "./style.js";
import { tabs } from "./tabs.js";

/**
 * @typedef {import("./recorder.js").Entry} Entry
 * @typedef {import("./tabs.js").State} State
 */

const silenced = "click dblclick auxclick contextmenu mousedown mouseup mousemove mouseover mouseout pointerdown " +
  "pointerup pointermove pointerover pointerout touchstart touchmove touchend wheel keydown keyup keypress focusin " +
  "focusout input change " +
  "copy cut paste selectstart dragstart";
/** In ms. */
const drawEvery = 100;
/** `details` that are remembered as open. */
const openMax = 1000;
const docks = ["bottom", "right", "small"];

/**
 * Attaches the styles: no CSP refuses adopted ones; browsers from before 2023 get an element with the script's nonce.
 *
 * @param {ShadowRoot} root
 * @param {string} nonce
 */
const dress = (root, nonce) => {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
  } catch (error) {
    const sheet = document.createElement("style");
    sheet.nonce = nonce;
    sheet.textContent = style;
    root.append(sheet);
  }
};

/**
 * The panel's parts.
 * @param {string[]} names of the tabs
 * @param {string} title
 */
const frame = (names, title) => {
  const count = element("span", {});
  const list = element("div", { class: "list", role: "group", "aria-label": "Events, the newest first" });
  const nav = element("nav", { role: "tablist", "aria-label": "About the event" }, ...names.map((name) =>
    element("button", {
      type: "button", role: "tab", id: "tab-" + name.replace(" ", "-"), "data-do": "tab", "data-key": "tab" + name,
      "data-tab": name, "aria-controls": "body",
    }, name)));
  const body = element("div", { class: "body", id: "body", role: "tabpanel", tabindex: "0", "data-key": "body" });
  const main = element("div", { class: "main" }, list, element("div", { class: "right" }, nav, body));
  const button = (/** @type {string} */ action, /** @type {string} */ text) =>
    element("button", { type: "button", "data-do": action, "data-key": action }, text);
  const dock = button("dock", "Dock right");
  const small = button("small", "Minimise");
  const panel = element("section", { class: "panel", "aria-label": "Highland preview" }, element("header", {},
    element("b", {}, title), count, dock, small, button("end", "End preview")), main);
  return { panel, count, list, nav, body, main, dock, small };
};

/**
 * @param {import("../types.js").Runtime} runtime
 * @param {State} state
 * @param {{dock: string, setDock: (dock: string) => void, end: () => void}} session
 * @returns {() => void} to be called after changes, as often as one likes
 */
export const view = (runtime, state, session) => {
  const { data, nonce } = runtime;
  const host = document.createElement("highland-preview");
  const root = host.attachShadow({ mode: "open" });
  /** @type {Set<string>} */
  const open = new Set();
  const contents = tabs(runtime, state, (key) => open.has(key));
  const parts = frame(Object.keys(contents), "Highland preview");
  /** @type {Map<number, HTMLElement>} */
  const rows = new Map();
  /** @type {Entry|undefined} */
  let chosen;
  let isFollowing = true;
  let tab = "Tags";
  let dock = docks.includes(session.dock) ? session.dock : "bottom";
  let lastDock = dock == "small" ? "bottom" : dock;
  let newest = 0;
  let drawn = "";
  let timer = 0;

  dress(root, nonce);
  root.append(parts.panel);

  const drawList = () => {
    const oldest = state.count - entriesMax;
    rows.forEach((row, number) => {
      if (number > oldest) return;
      row.remove();
      rows.delete(number);
    });
    state.entries.forEach((entry) => {
      if (entry.number > newest) {
        const row = element("button", { type: "button", "data-do": "choose", "data-key": "e" + entry.number,
          class: entry.isEvent ? false : "quiet" },
        element("i", {}, entry.number), element("span", {}, entry.name), element("em", {}));
        rows.set(entry.number, row);
        parts.list.prepend(row);
        newest = entry.number;
      }
      const row = /** @type {HTMLElement} */ (rows.get(entry.number));
      const fired = entry.runs.filter((run) => run.state != "kept" && run.state != "held").length;
      const text = fired ? `${fired} fired` : "";
      const mark = /** @type {HTMLElement} */ (row.lastChild);
      if (mark.textContent != text) mark.textContent = text;
      row.setAttribute("aria-current", String(entry == chosen));
    });
  };

  const drawBody = () => {
    const { body } = parts;
    const version = [tab, chosen && chosen.number, chosen && chosen.changes, state.errors.length,
      state.consents.length, open.size].join();
    if (version == drawn) return;
    const isSame = drawn.split(",").slice(0, 2).join() == version.split(",").slice(0, 2).join();
    drawn = version;
    const active = /** @type {HTMLElement|null} */ (root.activeElement);
    const key = active && body.contains(active) && active != body && active.dataset.key;
    const top = body.scrollTop;
    body.textContent = "";
    body.setAttribute("aria-labelledby", "tab-" + tab.replace(" ", "-"));
    if (chosen) body.append(...contents[tab](chosen));
    else body.append(element("p", {}, "Nothing has happened yet."));
    body.scrollTop = isSame ? top : 0;
    if (key) focusOn(key);
  };

  /** @type {(key: string) => void} */
  const focusOn = (key) => {
    const keyed = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-key]")]);
    const found = keyed.find((one) => one.dataset.key == key && one.tabIndex >= 0);
    if (found) found.focus();
  };

  const draw = () => {
    timer = 0;
    const above = document.documentElement;
    if (above && !host.isConnected) above.append(host);
    host.dataset.dock = dock;
    const isSmall = dock == "small";
    parts.main.hidden = parts.dock.hidden = isSmall;
    parts.small.textContent = isSmall ? "Open" : "Minimise";
    parts.small.setAttribute("aria-expanded", String(!isSmall));
    parts.dock.textContent = dock == "right" ? "Dock below" : "Dock right";
    const errors = state.errors.length;
    parts.count.textContent = `${data.i}, ${state.count} entries${errors ? `, ${errors} errors` : ""}`;
    if (isSmall) return;
    const newestEvent = state.entries.filter((entry) => entry.isEvent).pop();
    if (isFollowing || !chosen) chosen = newestEvent || state.entries[state.entries.length - 1];
    drawList();
    [...parts.nav.children].forEach((one) => {
      const isChosen = /** @type {HTMLElement} */ (one).dataset.tab == tab;
      one.setAttribute("aria-selected", String(isChosen));
      one.setAttribute("tabindex", isChosen ? "0" : "-1");
    });
    drawBody();
  };

  const setDock = (/** @type {string} */ to) => {
    if (to != "small") lastDock = to;
    dock = to;
    session.setDock(to);
    draw();
  };

  /** @type {Object<string, (inner: HTMLElement) => void>} */
  const actions = {
    choose: (inner) => {
      const number = Number((inner.dataset.key || "").slice(1));
      chosen = state.entries.find((entry) => entry.number == number);
      isFollowing = chosen == state.entries.filter((entry) => entry.isEvent).pop();
      open.clear();
      draw();
    },
    tab: (inner) => {
      tab = inner.dataset.tab || tab;
      draw();
    },
    fold: (inner) => {
      const key = (inner.dataset.key || "").slice(1);
      if (!open.delete(key) && open.size < openMax) open.add(key);
      drawn = drawn.replace(/[^,]*$/, "");
      draw();
    },
    dock: () => setDock(dock == "right" ? "bottom" : "right"),
    small: () => setDock(dock == "small" ? lastDock : "small"),
    end: session.end,
  };

  /**
   * Arrows go along events and tabs, Escape minimises.
   * @type {(event: KeyboardEvent, inner: HTMLElement) => void}
   */
  const keyed = (event, inner) => {
    const { key } = event;
    if (key == "Escape" && dock != "small") {
      setDock("small");
      return focusOn("small");
    }
    const action = inner.dataset && inner.dataset.do;
    const step = /^Arrow(Down|Right)$/.test(key) ? 1 : /^Arrow(Up|Left)$/.test(key) ? -1 : 0;
    if (!step || (action != "tab" && action != "choose")) return;
    event.preventDefault();
    const next = /** @type {HTMLElement|null} */ (step > 0 ? inner.nextElementSibling : inner.previousElementSibling);
    if (!next) return;
    next.focus();
    actions[action](next);
  };

  const heard = (/** @type {Event} */ event) => {
    if (event.target != host) return;
    event.stopImmediatePropagation();
    const inner = /** @type {HTMLElement} */ (event.composedPath()[0]);
    if (!inner.closest) return;
    if (event.type == "keydown") return keyed(/** @type {KeyboardEvent} */ (event), inner);
    const button = /** @type {HTMLElement|null} */ (inner.closest("[data-do]"));
    if (event.type != "click" || !button) return;
    // A `details` is drawn anew, open or closed.
    event.preventDefault();
    actions[button.dataset.do || ""](button);
  };
  silenced.split(" ").forEach((type) => window.addEventListener(type, (event) => {
    try {
      heard(event);
    } catch (error) {
      // The panel's own trouble stays in it.
    }
  }, { capture: true, passive: false }));

  return () => {
    timer = timer || setTimeout(() => {
      try {
        draw();
      } catch (error) {
        timer = 0;
      }
    }, drawEvery);
  };
};
