/**
 * Variables, lowered values and conditions; part of every container with one of them. A variable is worked out once an
 * event; one that asks for itself is undefined there. What throws is undefined, and so is what lies deeper than the
 * browser's stack.
 *
 * @typedef {import("../types.js").Lowered} Lowered
 * @typedef {import("../types.js").LayerEvent} LayerEvent
 * @typedef {import("../types.js").TagCall} TagCall
 */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { get, model, quietly } = runtime;
  /**
   * The event that values are asked for, what is known of them there, and the tag's call; nothing outside of events.
   * @type {{memo?: any[], event?: LayerEvent, call?: TagCall}}
   */
  let now = {};

  Object.assign(runtime.variables, {
    c: (/** @type {any} */ p) => p.value,
    e: (/** @type {any} */ p, /** @type {LayerEvent=} */ inner) => inner && inner.name,
    v: (/** @type {any} */ p) => {
      const found = p.dataLayerVersion == 1 ? model(1)[p.name] : get(p.name);
      return found === undefined && p.setDefaultValue ? p.defaultValue : found;
    },
  });

  /**
   * Module `compare` has the others.
   * @type {import("../types.js").Comparisons}
   */
  const comparisons = {
    eq: (a, b) => a == b,
    cn: (a, b) => a.includes(b),
    sw: (a, b) => a.startsWith(b),
    ew: (a, b) => a.endsWith(b),
    // The compiler lets no expression through that could run for ever; this bounds the rest.
    re: (a, b, value, ignoresCase) => runtime.expression(b, ignoresCase ? "i" : "").test(a.slice(0, 1e4)),
  };

  /** @type {(place: number) => any} */
  const value = (place) => {
    const before = now;
    const { memo = [], event, call } = now;
    now = { memo, event, call };
    if (!(place in memo)) {
      memo[place] = undefined;
      quietly(() => {
        const [type, parameters, format] = runtime.data.V[place];
        const made = runtime.variables[type](resolveAll(parameters), event, call);
        memo[place] = format ? /** @type {any} */ (runtime).format(made, resolveAll(format)) : made;
      });
    }
    now = before;
    return memo[place];
  };

  /** @type {(lowered: any) => any} */
  const resolve = (lowered) => {
    if (!Array.isArray(lowered)) return lowered;
    const [kind, ...rest] = lowered;
    if (!kind) return value(rest[0]);
    if (kind == 1) return rest.map((part) => String(resolve(part))).join("");
    if (kind == 2) return rest.map(resolve);
    if (kind > 3 && kind < 10) return /** @type {any} */ (runtime).escapes[kind](String(value(rest[0])));
    const map = /** @type {Object<string, any>} */ ({});
    while (rest.length) {
      const key = resolve(rest.shift());
      const member = resolve(rest.shift());
      if (key != "__proto__" && (kind < 9 || member !== undefined)) map[key] = member;
    }
    return map;
  };

  /** @type {(parameters: Object<string, Lowered>) => Object<string, any>} */
  const resolveAll = (parameters) => {
    const resolved = /** @type {Object<string, any>} */ ({});
    for (const key in parameters) resolved[key] = resolve(parameters[key]);
    return resolved;
  };

  /**
   * Runs what asks for the values of an event, and of one tag's call; what throws gives undefined.
   * @type {(event: LayerEvent, action: () => any, call?: TagCall) => any}
   */
  const within = (event, action, call) => {
    const before = now;
    now = { memo: event.memo, event, call };
    const result = quietly(action);
    now = before;
    return result;
  };

  /** @type {(conditions: import("../types.js").Condition[]) => boolean} */
  const holds = (conditions) => conditions.every(([comparison, subject, wanted, flags]) => {
    const given = resolve(subject);
    const lower = (/** @type {any} */ part) =>
      flags & 2 && comparison != "re" ? String(part).toLowerCase() : String(part);
    const result = quietly(() =>
      comparisons[comparison](lower(given), lower(resolve(wanted)), given, flags & 2));
    return !result == !!(flags & 1);
  });

  /** @type {(source: string, flags: string) => RegExp} */
  const expression = (source, flags) => new RegExp(source, flags);
  Object.assign(runtime, { comparisons, expression, holds, resolve, resolveAll, value, within });
};
