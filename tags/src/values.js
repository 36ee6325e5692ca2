/**
 * Variables, lowered values and conditions. A variable is worked out once an event; one that asks for itself is
 * undefined there, and so is what lies more than 99 variables deep. What throws is undefined.
 */
import { quietly } from "./dataLayer.js";

/**
 * @typedef {import("./types.js").Lowered} Lowered
 * @typedef {import("./types.js").LayerEvent} LayerEvent
 * @typedef {import("./types.js").TagCall} TagCall
 */

/** @type {(value: any) => string} */
const text = (value) => quietly(() => String(value)) || "";

/** @type {{[comparison: string]: (a: string, b: string, value: any, ignoresCase: number) => boolean}} */
const comparisons = {
  eq: (a, b) => a == b,
  cn: (a, b) => a.includes(b),
  sw: (a, b) => a.startsWith(b),
  ew: (a, b) => a.endsWith(b),
  re: (a, b, value, ignoresCase) => new RegExp(b, ignoresCase ? "i" : "").test(a),
  gt: (a, b, value) => +value > +b,
  ge: (a, b, value) => +value >= +b,
  lt: (a, b, value) => +value < +b,
  le: (a, b, value) => +value <= +b,
  css: (a, b, value) => value.matches(b),
  url: (a, b) => new URL(a, location.href).href == new URL(b, location.href).href,
};

/**
 * @param {import("./types.js").ContainerData} data
 * @param {any} runtime whose `variables` and `format` are used
 */
export default (data, runtime) => {
  /** @type {any[]|null} */
  let memo = null;
  /** @type {LayerEvent|undefined} */
  let event;
  /** @type {TagCall|undefined} */
  let call;
  let depth = 0;

  const value = (/** @type {number} */ place) => {
    const isFirst = !memo;
    const known = memo || (memo = []);
    if (place in known || depth > 99) return known[place];
    known[place] = undefined;
    depth++;
    quietly(() => {
      const [type, parameters, format] = data.V[place];
      const make = runtime.variables[type];
      const made = make(resolveAll(parameters), event, call);
      known[place] = format ? runtime.format(made, resolveAll(format)) : made;
    });
    depth--;
    const result = known[place];
    if (isFirst) memo = null;
    // What differs from tag to tag.
    else if (quietly(() => runtime.variables[data.V[place][0]].fresh)) delete known[place];
    return result;
  };

  /** @type {(lowered: any) => any} */
  const resolve = (lowered) => {
    if (!Array.isArray(lowered)) return lowered;
    const [kind, first] = lowered;
    const rest = lowered.slice(1);
    if (!kind) return value(first);
    if (kind == 1) return rest.map((part) => text(resolve(part))).join("");
    if (kind == 2) return rest.map(resolve);
    if (kind == 4) return text(value(first)).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
    if (kind == 5) return quietly(() => encodeURIComponent(text(value(first)))) || "";
    const map = /** @type {Object<string, any>} */ ({});
    for (let place = 0; place < rest.length; place += 2) {
      const key = resolve(rest[place]);
      if (key != "__proto__") map[key] = resolve(rest[place + 1]);
    }
    return map;
  };

  const resolveAll = (/** @type {Object<string, Lowered>} */ parameters) => {
    const resolved = /** @type {Object<string, any>} */ ({});
    for (const key in parameters) resolved[key] = resolve(parameters[key]);
    return resolved;
  };

  /**
   * Runs what asks for the values of an event, and of one tag's call.
   * @type {(event: LayerEvent, action: () => any, call?: TagCall) => any}
   */
  const within = (inner, action, innerCall) => {
    const before = /** @type {const} */ ([memo, event, call]);
    [memo, event, call] = [inner.memo, inner, innerCall];
    try {
      return action();
    } finally {
      [memo, event, call] = before;
    }
  };

  /**
   * What custom code asks: of one event and call, or of those at hand.
   * @type {(inner?: LayerEvent, innerCall?: TagCall) => any}
   */
  const resolver = (inner, innerCall) => {
    const ask = (/** @type {number} */ place) =>
      (inner ? within(inner, () => value(place), innerCall) : value(place));
    return Object.assign(ask, { s: (/** @type {number} */ place) => text(ask(place)) });
  };

  return {
    value,
    resolve,
    resolveAll,
    within,
    resolver,
    /** @type {(conditions: import("./types.js").Condition[]) => boolean} */
    holds: (conditions) =>
      conditions.every(([comparison, subject, wanted, flags]) => {
        const given = resolve(subject);
        const lower = (/** @type {any} */ part) =>
          flags & 2 && comparison != "re" ? text(part).toLowerCase() : text(part);
        const compare = comparisons[comparison];
        const result = quietly(() => compare(lower(given), lower(resolve(wanted)), given, flags & 2));
        return !!result != !!(flags & 1);
      }),
  };
};
