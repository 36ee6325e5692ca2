/**
 * Custom templates: tags and variables whose code sees nothing but `data` and `require`. What goes in and out of it is
 * copied; functions are wrapped, with the members they have, so that nothing that a template throws reaches the page. A
 * call that its permissions do not cover throws in the template. `data.P` has templates as `[place of the function,
 * permissions]`.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 * @typedef {import("../types.js").LayerEvent} LayerEvent
 * @typedef {import("../types.js").TagCall} TagCall
 */

/** How deep values are copied, and how many objects of one value. */
const depthMax = 50;
const objectsMax = 1e4;

/** @param {any} value @returns {string} */
const kind = (value) => ({}).toString.call(value).slice(8, -1);
const isList = (/** @type {any} */ value) => Array.isArray(value) || kind(value) == "Arguments";

/** @param {Runtime} runtime */
export default (runtime) => {
  const { data } = runtime;

  /** @type {(value: any, wrap: (code: Function, self: any) => any, owner?: any) => any} */
  const copy = (value, wrap, owner) => {
    /** @type {Map<any, any>} */
    const seen = new Map();
    /** @type {(from: any, self: any, depth: number) => any} */
    const one = (from, self, depth) => {
      const isCode = typeof from == "function";
      if (!isCode && (!from || typeof from != "object")) return /^(sym|big)/.test(typeof from) ? undefined : from;
      if (seen.has(from)) return seen.get(from);
      // Another origin's window throws when it is asked for anything.
      const isForeign = runtime.quietly(() => from.nodeType || from.window === from ? 2 : 1) != 1;
      if (isForeign || depth > depthMax || seen.size > objectsMax) return undefined;
      /** @type {any} */
      const to = isCode ? wrap(from, self) : isList(from) ? [] : {};
      seen.set(from, to);
      for (const key of Object.keys(from)) {
        if (key != "__proto__") to[key] = runtime.quietly(() => one(from[key], from, depth + 1));
      }
      return to;
    };
    return one(value, owner, 0);
  };

  /** @type {(value: any, owner?: any) => any} of the page, as a template has it; a function is called as its owner's */
  const inward = (value, owner) => copy(value, (code, self) => (/** @type {any[]} */ ...args) =>
    inward(code.apply(self, args.map((arg) => outward(arg)))), owner);

  /** @type {(error: any) => void} */
  const tell = (error) => {
    if (data.p) console.warn(error);
  };

  /** @type {(value: any, call?: TagCall) => any} of a template, as the page has it */
  const outward = (value, call) => copy(value, (code) => (/** @type {any[]} */ ...args) => {
    try {
      return outward(code(...args.map((arg) => inward(arg))));
    } catch (error) {
      tell(error);
      if (call) call.fail();
    }
  });

  runtime.sandbox = {
    inward,
    apis: {
      callLater: ({ later }) => (action) => void setTimeout(later(action)),
      getTimestamp: () => Date.now,
      getTimestampMillis: () => Date.now,
      getType: () => (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value),
      logToConsole: ({ need, given }) => (...parts) => {
        need("logging");
        if (given.logging || data.p) console.log(...parts);
      },
      makeInteger: () => (value) => {
        const number = Math.trunc(Number(value));
        return number || 0;
      },
      makeNumber: () => Number,
      makeString: () => String,
      makeTableMap: () => (rows, key, value) => {
        if (!Array.isArray(rows)) return null;
        /** @type {any} */
        const map = {};
        rows.forEach((row) => {
          if (row && row[key] != "__proto__") map[row[key]] = row[value];
        });
        return map;
      },
      queryPermission: ({ may }) => may,
      JSON: () => ({
        parse: (/** @type {any} */ text) => runtime.quietly(() => JSON.parse(text)),
        stringify: (/** @type {any[]} */ ...args) =>
          runtime.quietly(() => JSON.stringify(.../** @type {[any]} */ (args))),
      }),
      Math: () => {
        const { abs, ceil, floor, max, min, pow, round, sqrt } = Math;
        return { abs, ceil, floor, max, min, pow, round, sqrt };
      },
      Object: () => {
        const { keys, values, entries, freeze } = Object;
        return {
          keys, values, entries, freeze,
          delete: (/** @type {any} */ object, /** @type {string} */ key) => delete object[key],
        };
      },
    },
    permissions: { logging: () => true },
  };

  /** @type {(parameters: any, event?: LayerEvent, call?: TagCall) => any} */
  const run = ({ i, d }, event, call) => {
    const [place, given] = /** @type {any} */ (data.P)[i];
    const { apis, permissions } = runtime.sandbox;
    const has = (/** @type {any} */ object, /** @type {string} */ key) => ({}).hasOwnProperty.call(object, key);
    /** @type {import("../types.js").TemplateRun["may"]} */
    const may = (name, ...args) =>
      has(given, name) && has(permissions, name) && !!permissions[name](given[name], ...args);
    /** @type {import("../types.js").TemplateRun} */
    const context = {
      template: i,
      given,
      event,
      call,
      may,
      need: (...args) => {
        if (!may(...args)) throw Error("a template may not: " + args.join(" "));
      },
      outward: (value) => outward(value, call),
      later: (action) => (typeof action == "function" ? outward(action, call) : () => {}),
    };
    const code = runtime.variables.jsm({ javascript: place });
    const values = inward(d);
    if (event) values.gtmEventId = event.id;
    if (call) {
      values.gtmTagId = +data.G[call.place].i;
      values.gtmOnSuccess = () => call.ok();
      values.gtmOnFailure = () => call.fail();
    }
    return code(values, (/** @type {string} */ name) => {
      if (!has(apis, name)) throw Error("templates have no " + name);
      return apis[name](context);
    });
  };

  runtime.tags.template = Object.assign((/** @type {any} */ parameters, /** @type {TagCall} */ call) => {
    try {
      run(parameters, call.event, call);
    } catch (error) {
      tell(error);
      call.fail();
    }
  }, { isCustom: 1 });
  runtime.variables.template = (parameters, event) => run(parameters, event);
};
