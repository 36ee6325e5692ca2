/**
 * Variables, lowered values and conditions. A variable is worked out once an event; one that asks for itself is
 * undefined there, and so is what lies more than 99 variables deep. What throws is undefined.
 */
import { flat, get } from "./dataLayer.js";
import { quietly } from "./page.js";
import { runtime } from "./runtime.js";

/**
 * @typedef {import("./types.js").Lowered} Lowered
 * @typedef {import("./types.js").LayerEvent} LayerEvent
 * @typedef {import("./types.js").TagCall} TagCall
 */

/**
 * Values that are known; null where nobody has asked.
 * @type {any[]|null}
 */
let memo = null;
/** @type {LayerEvent|undefined} */
let event;
/** @type {TagCall|undefined} */
let call;
let depth = 0;

Object.assign(runtime.variables, {
  c: (/** @type {any} */ p) => p.value,
  e: (/** @type {any} */ p, /** @type {LayerEvent=} */ inner) => inner && inner.name,
  v: (/** @type {any} */ p) => {
    const found = p.dataLayerVersion == 1 ? flat[p.name] : get(p.name);
    return found === undefined && p.setDefaultValue ? p.defaultValue : found;
  },
});

/** @type {(value: any) => string} */
const text = (value) => quietly(() => String(value)) || "";

/** Module `compare` has the others. @type {import("./types.js").Comparisons} */
export const comparisons = {
  eq: (a, b) => a == b,
  cn: (a, b) => a.includes(b),
  sw: (a, b) => a.startsWith(b),
  ew: (a, b) => a.endsWith(b),
  re: (a, b, value, ignoresCase) => new RegExp(b, ignoresCase ? "i" : "").test(value),
};

/** @type {(place: number) => any} */
export const value = (place) => {
  const isFirst = !memo;
  const known = (memo = memo || []);
  let isFresh;
  depth++;
  if (!(place in known) && depth < 99) {
    known[place] = undefined;
    quietly(() => {
      const [type, parameters, format] = runtime.data.V[place];
      const make = runtime.variables[type];
      const made = make(resolveAll(parameters), event, call);
      isFresh = make.fresh;
      known[place] = format ? /** @type {any} */ (runtime).format(made, resolveAll(format)) : made;
    });
  }
  depth--;
  const result = known[place];
  if (isFresh) delete known[place];
  if (isFirst) memo = null;
  return result;
};

/** @type {(lowered: any) => any} */
export const resolve = (lowered) => {
  if (!Array.isArray(lowered)) return lowered;
  const [kind, first] = lowered;
  const rest = lowered.slice(1);
  if (!kind) return value(first);
  if (kind == 1) return rest.map((part) => text(resolve(part))).join("");
  if (kind == 2) return rest.map(resolve);
  if (kind > 3) return /** @type {any} */ (runtime).escapes[kind](text(value(first)));
  const map = /** @type {Object<string, any>} */ ({});
  while (rest.length) {
    const key = resolve(rest.shift());
    const member = resolve(rest.shift());
    if (key != "__proto__") map[key] = member;
  }
  return map;
};

/** @type {(parameters: Object<string, Lowered>) => Object<string, any>} */
export const resolveAll = (parameters) => {
  const resolved = /** @type {Object<string, any>} */ ({});
  for (const key in parameters) resolved[key] = resolve(parameters[key]);
  return resolved;
};

/**
 * Runs what asks for the values of an event, and of one tag's call.
 * @type {(event: LayerEvent, action: () => any, call?: TagCall) => any}
 */
export const within = (inner, action, innerCall) => {
  const before = /** @type {const} */ ([memo, event, call]);
  [memo, event, call] = [inner.memo, inner, innerCall];
  try {
    return action();
  } finally {
    [memo, event, call] = before;
  }
};

/** @type {(conditions: import("./types.js").Condition[]) => boolean} */
export const holds = (conditions) => conditions.every(([comparison, subject, wanted, flags]) => {
  const given = resolve(subject);
  const lower = (/** @type {any} */ part) =>
    flags & 2 && comparison != "re" ? text(part).toLowerCase() : text(part);
  return flags % 2 != +!!quietly(() =>
    comparisons[comparison](lower(given), lower(resolve(wanted)), given, flags & 2));
});
