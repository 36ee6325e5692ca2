/** What the panel says about one entry, and about the page: one function for each tab. */
import { element, listed, table } from "./elements.js";
import { conditionText, duration, words } from "./text.js";

/**
 * @typedef {import("./recorder.js").Entry} Entry
 * @typedef {import("./recorder.js").Run} Run
 * @typedef {ReturnType<typeof import("./recorder.js").record>} State
 * @typedef {import("../types.js").Runtime} Runtime
 */

/** After that long the runtime goes on without a tag, in ms. */
const tagWait = 1e4;

const stateTexts = {
  kept: ["odd", "not fired"], held: ["odd", "held"], runs: ["odd", "not ended yet"], done: ["good", "done"],
  failed: ["bad", "failed"],
};

/** @param {Runtime} runtime @param {State} state @param {(key: string) => boolean} isOpen of a `details` */
export const tabs = ({ data, granted, consent, site }, state, isOpen) => {
  const names = Object.assign({ V: [], T: [], G: [], L: [] }, data.N);
  const tagName = (/** @type {number} */ place) => names.G[place] || `tag ${data.G[place].i}`;
  const triggerName = (/** @type {number} */ place) => names.T[place] || `trigger ${data.T[place][3]}`;

  /**
   * Why a trigger does not hold.
   * @type {(place: number, entry: Entry) => Node}
   */
  const triggerLine = (place, entry) => {
    const [type, filters, { eventName }] = data.T[place];
    const name = element("b", {}, triggerName(place));
    if (entry.fired.includes(place)) return element("li", {}, name, element("span", { class: "good" }, " holds"));
    const failure = entry.failures.get(place);
    if (!failure) {
      return element("li", {}, name, ` is for another event (${type}): `,
        element("code", {}, eventName ? words(eventName, names.V) : "any"));
    }
    if (failure.at < 0) {
      return element("li", {}, name,
        " was not meant: what it listens to did not happen to it, or its own filters did not hold");
    }
    const lines = filters.map((filter, at) => {
      const [mark, sort] = at < failure.at ? ["✓ ", "good"]
        : at > failure.at ? ["– not looked at: ", "soft"] : ["✗ ", "bad"];
      return element("li", { class: sort }, `${mark}condition ${at + 1}: `,
        element("code", {}, conditionText(filter, names.V)),
        at == failure.at && element("div", {}, "it was ", element("code", {}, failure.subject || ""),
          Array.isArray(filter[2]) && " and was compared with ",
          Array.isArray(filter[2]) && element("code", {}, failure.wanted || "")));
    });
    return element("li", {}, name, ` failed at condition ${failure.at + 1}`, element("ul", {}, ...lines));
  };

  /** @type {(key: string, head: (Node|string)[], inner: () => Node[]) => HTMLElement} */
  const fold = (key, head, inner) => element("details", { open: isOpen(key), "data-key": key },
    element("summary", { "data-do": "fold", "data-key": "s" + key }, ...head), ...(isOpen(key) ? inner() : []));

  /** @type {(run: Run, at: number, entry: Entry) => Node} */
  const runLine = (run, at, entry) => {
    const [sort, word] = stateTexts[run.state];
    const tag = data.G[run.place];
    const isLate = run.state == "runs" && performance.now() - run.start > tagWait;
    const time = run.end ? ` in ${duration(run.end - run.start)}`
      : isLate ? ": after 10 s the page goes on without" : "";
    return fold("r" + at, [element("b", {}, tagName(run.place)), element("span", { class: "soft" }, ` ${tag.t} `),
      element("span", { class: sort }, word + time), run.reason ? ": " + run.reason : ""], () => [
      element("ul", {}, ...(tag.f || []).map((place) => triggerLine(place, entry))),
      table("Parameters", run.parameters.map(([key, value]) => [key, element("code", {}, value)])),
    ]);
  };

  /** @type {(place: number, entry: Entry) => Node} */
  const missedLine = (place, entry) => {
    const tag = data.G[place];
    const firing = tag.f || [];
    const blocking = (tag.b || []).filter((other) => entry.fired.includes(other));
    const isBlocked = firing.some((other) => entry.fired.includes(other));
    const why = !tag.f ? "only other tags call it"
      : isBlocked ? (blocking[0] == null ? "its turn has not come"
        : "blocked by " + blocking.map(triggerName).join(", "))
        : summary(firing, entry);
    const title = [element("b", {}, tagName(place)), element("span", { class: "soft" }, ` ${tag.t} `), why];
    return fold("t" + place, title, () => [
      element("ul", {}, ...firing.map((other) => triggerLine(other, entry)),
        ...(tag.b || []).map((other) => element("li", {}, "blocking: ", triggerName(other),
          blocking.includes(other) ? " holds" : " does not hold"))),
    ]);
  };

  /**
   * Whether a condition is about the event's name: a trigger that fails there is for another event.
   * @type {(condition: import("../types.js").Condition) => boolean}
   */
  const isName = ([, subject]) => Array.isArray(subject) && subject[0] === 0 && data.V[subject[1]][0] == "e";

  /**
   * The nearest miss in one line.
   * @type {(firing: number[], entry: Entry) => string}
   */
  const summary = (firing, entry) => {
    const near = firing.find((place) => {
      const { at } = entry.failures.get(place) || { at: -1 };
      return at >= 0 && !isName(data.T[place][1][at]);
    });
    if (near == null) return "no trigger of it is for this event";
    const { at, subject } = /** @type {any} */ (entry.failures.get(near));
    return `${triggerName(near)}: ${conditionText(data.T[near][1][at], names.V)} failed, it was ${subject}`;
  };

  const heading = (/** @type {string} */ text) => element("h3", {}, text);

  /** @type {(entry: Entry) => Node[]} */
  const tagsOf = (entry) => {
    if (!entry.isEvent) return [element("p", {}, "A message without an event fires no tags.")];
    const at = new Map(entry.runs.map((run, place) => [run, place]));
    const isKept = (/** @type {Run} */ run) => run.state == "kept" || run.state == "held";
    const fired = entry.runs.filter((run) => !isKept(run));
    const kept = entry.runs.filter(isKept);
    const seen = new Set(entry.runs.map((run) => run.place));
    const missed = [...data.G.keys()].filter((place) => !seen.has(place));
    const line = (/** @type {Run} */ run) => runLine(run, /** @type {number} */ (at.get(run)), entry);
    return [
      heading(`Fired (${fired.length})`), listed(fired, line),
      heading(`Not fired (${kept.length + missed.length})`), listed(kept, line),
      listed(missed, (place) => missedLine(place, entry)),
      ...(names.L.length ? [heading(`Not in the container (${names.L.length})`),
        table("Left out", names.L)] : []),
    ];
  };

  /** @type {(entry: Entry) => Node[]} */
  const variablesOf = (entry) => {
    if (!entry.isEvent) return [element("p", {}, "Variables are worked out for events.")];
    return [table("Variables", data.V.map(([type], place) => {
      const used = entry.used.get(place);
      const value = used === undefined ? entry.variables.get(place) : used;
      const note = used !== undefined ? "asked for" : value === undefined ? "nobody asked for it" : "not asked for";
      return [names.V[place] || `variable ${place}`, element("div", {},
        element("code", {}, value === undefined ? "" : value),
        element("span", { class: "soft" }, ` ${type}, ${note}`))];
    }))];
  };

  /** @type {(entry: Entry) => Node[]} */
  const layerOf = (entry) => [
    heading(`Message, ${duration(entry.at)} after the page began`), element("pre", {}, entry.message),
    ...(entry.isEvent ? [heading("Data layer after it"), element("pre", {}, entry.model)] : []),
  ];

  const consentOf = () => {
    const asked = /** @type {any[]} */ (data.G.map((tag) => (tag.c || []).slice(1)));
    const types = new Set(["ad_storage", "ad_user_data", "ad_personalization", "analytics_storage",
      "functionality_storage", "personalization_storage", "security_storage", ...[].concat(...asked)]);
    const hasGPC = /** @type {any} */ (navigator).globalPrivacyControl;
    /** @type {(type: string) => Node} */
    const line = (type) => element("span", {}, element("span", { class: granted(type) ? "good" : "bad" },
      granted(type) ? "granted" : "denied"), hasGPC && /^(ad_|stitching$)/.test(type) ? " by Global Privacy Control"
      : consent(type) == null ? (site() ? ": nothing was said, the site's setting" : ": nothing was said")
        : ": as the page said");
    return [
      heading("Now"), table("Consent", [...types].map((type) => [type, line(type)])),
      heading(`Commands (${state.consents.length})`),
      table("Commands", state.consents.map(({ at, where, what }) =>
        [`${where}, at ${duration(at)}`, element("code", {}, what)])),
      ...(state.consents.length ? [] : [element("p", {}, "The page has said nothing about consent.")]),
    ];
  };

  const errorsOf = () => (state.errors.length
    ? [table("Errors", state.errors.map(({ at, where, what }) =>
      [`${where}, at ${duration(at)}`, element("code", {}, what)]))]
    : [element("p", {}, "No errors.")]);

  return /** @type {Object<string, (entry: Entry) => Node[]>} */ ({
    Tags: tagsOf, Variables: variablesOf, "Data layer": layerOf, Consent: consentOf, Errors: errorsOf,
  });
};
