/** Tables: by the same text (`smm`) and by regular expression (`remm`). */

/** Longest text that a table's expressions are tried on, and the most expressions that are kept. */
const inputMax = 10000;
const cacheMax = 1000;

/** @param {any} settings @param {any} found */
const orDefault = (settings, found) =>
  found !== undefined || String(settings.setDefaultValue) === "false" ? found : settings.defaultValue;

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  /** @type {Map<string, {test: (text: string) => boolean} | null>} */
  const cache = new Map();

  /** @param {string} source @param {string} flags */
  const expression = (source, flags) => {
    const key = flags + source;
    let found = cache.get(key);
    if (found === undefined) {
      try {
        found = runtime.expression(source, flags);
      } catch (error) {
        found = null;
      }
      if (cache.size < cacheMax) cache.set(key, found);
    }
    return found;
  };

  runtime.variables.smm = (settings) => {
    const input = String(settings.input);
    const rows = (settings.map || []).filter((/** @type {any} */ row) => String(row.key) === input);
    return orDefault(settings, rows.length ? rows[rows.length - 1].value : undefined);
  };

  runtime.variables.remm = (settings) => {
    const input = String(settings.input).slice(0, inputMax);
    const flags = String(settings.ignoreCase) === "true" ? "i" : "";
    for (const row of settings.map || []) {
      const source = String(row.key);
      const pattern = expression(String(settings.fullMatch) === "true" ? `^(?:${source})$` : source, flags);
      if (!pattern || !pattern.test(input)) continue;
      if (String(settings.replaceAfterMatch) === "true") {
        return input.replace(/** @type {RegExp} */ (pattern), String(row.value));
      }
      return row.value;
    }
    return orDefault(settings, undefined);
  };
};
