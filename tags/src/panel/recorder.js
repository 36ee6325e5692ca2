/**
 * What happens in a container, written down while it happens, for the panel to show. It asks for no value that the
 * container itself would not ask for if that could run custom code, and changes none that tags get.
 *
 * Bounds: the last 500 entries, 100 errors and 100 consent commands; texts are cut. In an entry, 500 variables and
 * 1,000 triggers that failed a condition.
 */
import { show } from "./text.js";

export const entriesMax = 500;
const errorsMax = 100;
const variablesMax = 500;
const failuresMax = 1000;
const textMax = 8000;
const firstWord = "the consent manager's first word is waited for";
/** Of one wait for a consent manager, in ms: as in the runtime. */
const waitMax = 1e4;

/**
 * @typedef {import("../types.js").Runtime} Runtime
 * @typedef {import("../types.js").LayerEvent} LayerEvent
 *
 * @typedef {object} Run One tag at one event.
 * @property {number} place
 * @property {"kept"|"held"|"runs"|"done"|"failed"} state kept: by schedule, firing option or consent; held: by its
 *   set-up
 * @property {string} reason
 * @property {[string, string][]} parameters resolved
 * @property {number} start
 * @property {number} end
 *
 * @typedef {object} Failure Why a trigger that is for an event does not hold.
 * @property {number} at which condition; -1: the listener did not mean it
 * @property {string} [subject] its value
 * @property {string} [wanted]
 *
 * @typedef {object} Entry
 * @property {number} number
 * @property {string} name
 * @property {boolean} isEvent
 * @property {number} at ms since the page began
 * @property {string} message
 * @property {string} model
 * @property {Map<number, string>} variables as they would be, by place
 * @property {Map<number, string>} used as they were asked for
 * @property {number[]} fired triggers
 * @property {Map<number, Failure>} failures by the trigger's place
 * @property {Run[]} runs
 * @property {number} changes
 *
 * @typedef {{at: number, where: string, what: string}} Note
 */

/** @type {() => number} */
const now = () => performance.now();

/** @type {(list: any[], item: any, max: number) => void} */
const add = (list, item, max) => {
  list.push(item);
  if (list.length > max) list.shift();
};

/**
 * Places of the variables that lead to no custom code, which may be worked out without anybody noticing.
 *
 * @param {any[][]} variables
 * @returns {number[]}
 */
const harmless = (variables) => {
  /** @type {Set<number>[]} */
  const askers = variables.map(() => new Set());
  /** @type {(lowered: any, asker: number, depth: number) => void} */
  const scan = (lowered, asker, depth) => {
    if (!lowered || typeof lowered != "object" || depth > 99) return;
    const kind = Array.isArray(lowered) && lowered[0];
    if ((kind === 0 || (kind > 3 && kind < 10)) && askers[lowered[1]]) askers[lowered[1]].add(asker);
    Object.keys(lowered).forEach((key) => scan(lowered[/** @type {any} */ (key)], asker, depth + 1));
  };
  variables.forEach((variable, place) => [variable[1], variable[2]].forEach((part) => scan(part, place, 0)));
  /** @type {Set<number>} */
  const harmful = new Set();
  const open = variables.map((variable, place) => (variable[0] == "jsm" ? place : -1)).filter((place) => place >= 0);
  while (open.length) {
    const place = /** @type {number} */ (open.pop());
    if (harmful.has(place)) continue;
    harmful.add(place);
    open.push(...askers[place]);
  }
  return variables.map((_, place) => place).filter((place) => !harmful.has(place)).slice(0, variablesMax);
};

/**
 * @param {Runtime} runtime
 * @param {() => void} changed called after each change, often
 */
export const record = (runtime, changed) => {
  const { data, granted, holds, resolve, value, within } = runtime;
  const state = {
    /** @type {Entry[]} */
    entries: [],
    count: 0,
    /** @type {Note[]} */
    errors: [],
    /** @type {Note[]} */
    consents: [],
  };
  const quiet = harmless(data.V);
  /** @type {WeakMap<LayerEvent, Entry>} */
  const entryOf = new WeakMap();
  /** @type {LayerEvent[]} */
  const last = [];
  let isLooking = false;
  /** When consent's first word is no longer waited for; -1 when it came. */
  let waitsUntil = 0;
  /** @type {(milliseconds: any) => void} */
  const waitFor = (milliseconds) => {
    if (milliseconds > 0 && waitsUntil >= 0) waitsUntil = Math.max(waitsUntil, now() + Math.min(milliseconds, waitMax));
  };
  runtime.onVisible(() => waitFor((data.C || {}).w));

  /** @type {(where: string, what: any) => void} */
  const fault = (where, what) => {
    add(state.errors, { at: now(), where, what: String(what).slice(0, 1000) }, errorsMax);
    changed();
  };

  /** @type {(name: string, isEvent: boolean, message: any) => Entry} */
  const open = (name, isEvent, message) => {
    const entry = {
      number: ++state.count, name: name.slice(0, 200), isEvent, at: now(), message: show(message, textMax),
      model: "", variables: new Map(), used: new Map(), fired: [], failures: new Map(), runs: [], changes: 0,
    };
    add(state.entries, entry, entriesMax);
    changed();
    return entry;
  };

  /**
   * Takes the values that were asked for, before they can change.
   * @type {(event: LayerEvent, entry: Entry) => void}
   */
  const settle = (event, entry) => {
    event.memo.forEach((known, place) => {
      if (!entry.used.has(place)) entry.used.set(place, show(known));
    });
    entry.changes++;
    changed();
  };

  /** @type {(event: LayerEvent, entry: Entry) => void} */
  const explain = (event, entry) => data.T.forEach(([, filters, { eventName }, id], place) => {
    if (event.fired.includes(place) || entry.failures.size >= failuresMax) return;
    if (eventName && event.name != resolve(eventName)) return;
    const listed = event.message["gtm.triggers"];
    const isMeant = !eventName || !listed || String(listed).split(",").includes(id);
    const at = isMeant ? filters.findIndex((filter) => !holds([filter])) : -1;
    if (at < 0) {
      entry.failures.set(place, { at });
      return;
    }
    const [, subject, wanted] = filters[at];
    entry.failures.set(place, { at, subject: show(resolve(subject)), wanted: show(resolve(wanted)) });
  });

  runtime.onEvent((event) => {
    const entry = open(event.name, true, event.message);
    entryOf.set(event, entry);
    entry.fired = event.fired.slice();
    entry.model = show(runtime.model(), textMax);
    settle(event, entry);
    // On a copy of what is known: tags get what they would have got.
    isLooking = true;
    within({ ...event, memo: event.memo.slice() }, () => {
      explain(event, entry);
      quiet.forEach((place) => entry.variables.set(place, show(value(place))));
    });
    isLooking = false;
  });

  /** @type {(place: number, event: LayerEvent, states: string[]) => Run|undefined} */
  const find = (place, event, states) => {
    const entry = entryOf.get(event);
    return entry && entry.runs.filter((run) => run.place == place && states.includes(run.state)).pop();
  };

  /** @type {(event: LayerEvent, run: Run|undefined, more: Partial<Run>) => void} */
  const update = (event, run, more) => {
    const entry = entryOf.get(event);
    if (run) Object.assign(run, more);
    if (entry) settle(event, entry);
  };

  /** @type {(place: number, event: LayerEvent) => Run} */
  const begin = (place, event) => {
    /** @type {Run} */
    const run = { place, state: "kept", reason: "", parameters: [], start: now(), end: 0 };
    const entry = entryOf.get(event);
    if (entry && entry.runs.length < failuresMax) entry.runs.push(run);
    return run;
  };

  /**
   * Why a tag that is about to run would not.
   * @type {(place: number, event: LayerEvent) => string}
   */
  const keeping = (place, event) => {
    const { o, c, w } = data.G[place];
    const time = Date.now();
    if (w && time < w[0]) return "its schedule begins " + new Date(w[0]).toLocaleString();
    if (w && time >= w[1]) return "its schedule ended " + new Date(w[1]).toLocaleString();
    if (o && last[place] && (o > 1 || last[place] == event)) {
      return `it runs once ${o > 1 ? "a page load" : "an event"}, and has`;
    }
    const types = (c || []).slice(1);
    const lacking = types.filter((type) => !granted(type)).join(", ");
    if (c && now() < waitsUntil) return firstWord + (lacking && "; no consent yet: " + lacking);
    if (c && lacking) return (c[0] ? "it waits for consent: " : "consent is lacking: ") + lacking;
    return c ? "it waited for consent" : "";
  };

  const { around, lacks, run } = runtime;
  /** @type {(place: number, event: LayerEvent) => void} */
  const decide = (place, event) => void (begin(place, event).reason = keeping(place, event));

  runtime.lacks = (event, then, place) => {
    const isWaiting = lacks(event, then, place);
    if (!isWaiting && place != null) decide(place, event);
    return isWaiting;
  };
  runtime.run = (place, event, done, above) => {
    decide(place, event);
    run(place, event, done, above);
  };
  runtime.around = (place, event, chain, start, done) => {
    const one = find(place, event, ["kept"]) || begin(place, event);
    const { s } = data.G[place];
    const setup = s ? `its set-up tag “${nameOf(data.N && data.N.G, s[0])}”` : "its set-up";
    const reason = s ? setup + " has not ended" : "its code has not come";
    update(event, one, { state: "held", reason, start: now() });
    around(place, event, chain, (end) => {
      last[place] = event;
      update(event, one, { state: "runs", reason: "", start: now() });
      start(end);
    }, (ok) => {
      if (one.state == "held") {
        update(event, one, { state: "kept", reason: ok ? "it was at it already" : setup + " failed, or did not run" });
      }
      done(ok);
    });
  };

  /** @type {(names: string[]|undefined, place: number) => string} */
  const nameOf = (names, place) => (names && names[place]) || "#" + place;

  Object.keys(runtime.tags).forEach((type) => {
    const original = runtime.tags[type];
    /** @typedef {import("../types.js").TagCall} TagCall */
    runtime.tags[type] = Object.assign((/** @type {any} */ parameters, /** @type {TagCall} */ call) => {
      const { event, place, ok, fail } = call;
      const one = find(place, event, ["runs"]);
      const name = `tag “${nameOf(data.N && data.N.G, place)}”`;
      const isOpen = () => !!one && one.state == "runs";
      const keys = Object.keys(parameters).slice(0, 100);
      update(event, one, { parameters: keys.map((key) => [key, show(parameters[key])]) });
      call.ok = () => {
        if (isOpen()) update(event, one, { state: "done", end: now() });
        ok();
      };
      call.fail = (reason) => {
        if (isOpen()) {
          update(event, one, { state: "failed", reason: String(reason || "it failed").slice(0, 1000), end: now() });
          fault(name, reason || "it failed");
        }
        fail(reason);
      };
      try {
        original(parameters, call);
      } catch (error) {
        if (isOpen()) update(event, one, { state: "failed", reason: String(error).slice(0, 1000), end: now() });
        fault(name, error);
        throw error;
      }
    }, original);
  });

  Object.keys(runtime.variables).forEach((type) => {
    const original = runtime.variables[type];
    runtime.variables[type] = (parameters, event, call) => {
      try {
        return original(parameters, event, call);
      } catch (error) {
        const place = type == "jsm" ? data.V.findIndex(([kind, { javascript }]) =>
          kind == type && javascript === parameters.javascript) : -1;
        // A function that has not come yet is asked for again.
        if (!isLooking && (type != "jsm" || runtime.functions[parameters.javascript])) {
          const name = nameOf(data.N && data.N.V, place);
          fault(place < 0 ? `a variable of the type ${type}` : `variable “${name}”`, error);
        }
        throw error;
      }
    };
  });

  /**
   * A consent command.
   * @type {(command: any) => void}
   */
  const consented = ({ 1: action, 2: settings }) => {
    add(state.consents, { at: now(), where: String(action), what: show(settings) }, errorsMax);
    if (action == "update") waitsUntil = -1;
    if (action == "default" && settings) waitFor(settings.wait_for_update);
  };

  /**
   * What is pushed and is no event.
   * @type {(message: any) => void}
   */
  const pushed = (message) => {
    const isCommand = ({}).toString.call(message) == "[object Arguments]";
    if (isCommand) {
      if (message[0] == "consent") consented(message);
      if (message[0] != "event" && message[0] != "js") {
        open(`gtag: ${message[0]} ${message[1] || ""}`, false, [...message]);
      }
    } else if (typeof message == "function") open("function", false, message);
    else if (Array.isArray(message)) open(`method: ${message[0]}`, false, message);
    else if (message && typeof message == "object" && !message.event) open("message", false, message);
  };

  const page = /** @type {any} */ (window);
  const layer = page[page.google_tag_manager[data.i].dataLayer.name];
  const before = layer.push;
  /** @type {(message: any) => void} */
  const see = (message) => {
    try {
      pushed(message);
    } catch (error) {
      // A message that cannot be read; the container sees for itself.
    }
  };
  layer.forEach(see);
  layer.push = function () {
    for (const message of /** @type {any} */ (arguments)) see(message);
    return before.apply(layer, /** @type {any} */ (arguments));
  };

  runtime.onConsent(() => {
    // Those that waited have run by now, if they may.
    state.entries.forEach((entry) => entry.runs.forEach((one) => {
      if (one.state != "kept" || !one.reason.startsWith(firstWord)) return;
      one.reason = keeping(one.place, /** @type {any} */ ({}));
      entry.changes++;
    }));
    changed();
  });
  addEventListener("error", (event) => {
    if (event.message) fault("page", `${event.message} (${event.filename}:${event.lineno})`);
  });
  addEventListener("unhandledrejection", (event) => fault("page", "unhandled rejection: " + show(event.reason)));
  document.addEventListener("securitypolicyviolation", (event) =>
    fault("content security policy", `${event.effectiveDirective} refuses ${event.blockedURI}`));
  return state;
};
