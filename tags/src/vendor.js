/**
 * What the modules for other vendors' scripts share; bundled into each that uses it.
 *
 * @typedef {import("./types.js").Runtime} Runtime
 * @typedef {import("./types.js").TagCall} TagCall
 */

/** @type {any} the page's globals, where vendors keep their queues */
export const page = window;

/**
 * A script that is added once, however many tags need it; each of them is told when it has loaded or failed, in the
 * order in which they came. One that failed is tried again by the next tag that needs it.
 *
 * @param {Runtime} runtime
 * @returns {(url: string, call: TagCall, loaded?: () => void) => void} `loaded` comes before the tag's `ok`
 */
export const scripts = (runtime) => {
  /** @type {Object<string, [TagCall, (() => void)?][]|null>} what waits, by URL; null when it has loaded */
  const waiting = Object.create(null);
  return (url, call, loaded) => {
    /** @param {[TagCall, (() => void)?]} one */
    const done = ([{ ok, fail }, then]) => {
      try {
        if (then) then();
        ok();
      } catch (error) {
        fail("" + error);
      }
    };
    const calls = waiting[url];
    if (calls === null) return done([call, loaded]);
    if (calls) return void calls.push([call, loaded]);
    /** @type {[TagCall, (() => void)?][]} */
    const mine = (waiting[url] = [[call, loaded]]);
    runtime.script(
      url,
      () => {
        waiting[url] = null;
        mine.forEach(done);
      },
      () => {
        delete waiting[url];
        mine.forEach(([one]) => one.fail("not loaded: " + url));
      },
    );
  };
};

/**
 * Rows of a table as one object, the later ones winning. Dots in names open objects (`user_data.email`); what has no
 * value and what would reach prototypes is left out.
 *
 * @param {any} rows
 * @param {string} [name] the column of names
 * @param {string} [value] the column of values
 * @param {Object<string, any>} [into]
 */
export const table = (rows, name = "parameter", value = "parameterValue", into = {}) => {
  if (!rows || !rows.forEach) return rows && typeof rows == "object" ? Object.assign(into, rows) : into;
  rows.forEach((/** @type {any} */ row) => {
    if (!row || row[name] == null || row[value] === undefined) return;
    const path = ("" + row[name]).split(".");
    if (path.some((key) => key == "__proto__" || key == "constructor" || key == "prototype")) return;
    const last = /** @type {string} */ (path.pop());
    const place = path.reduce((object, key) => {
      const inner = object[key];
      return (object[key] = inner && typeof inner == "object" ? inner : {});
    }, into);
    place[last] = row[value];
  });
  return into;
};

/** @param {any} value a flag, as exports write it @returns {boolean} */
export const isOn = (value) => value === true || value === "true";

/**
 * The members that have a value.
 *
 * @param {Object<string, any>} members
 * @returns {Object<string, any>}
 */
export const given = (members) => {
  /** @type {Object<string, any>} */
  const result = {};
  for (const key in members) if (members[key] !== undefined && members[key] !== "") result[key] = members[key];
  return result;
};
