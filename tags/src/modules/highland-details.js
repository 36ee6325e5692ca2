/**
 * Parameters of Highland's page views and events that say more than the page does: `url`, `title`, `userID`, `id`,
 * and `properties` (rows of key and value, or an object).
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */

/** @param {any} value @returns {string|undefined} its text, where there is any */
const text = (value) => (value == null || value === "" ? undefined : "" + value);

/** @param {any} properties */
const object = (properties) => {
  if (!Array.isArray(properties)) return properties && typeof properties == "object" ? properties : undefined;
  /** @type {Object<string, any>} */
  const result = {};
  properties.forEach((row) => {
    if (row && text(row.key) && row.key != "__proto__") result[row.key] = row.value;
  });
  return result;
};

/** @param {Runtime} runtime */
export default function (runtime) {
  const send = runtime.highland;
  runtime.highland = (name, parameters, more = {}) => {
    const { url, title, userID, id } = parameters;
    /** @type {Object<string, any>} */
    const members = { ...more, properties: { ...more.properties, ...object(parameters.properties) } };
    const told = { url, title, userID, id };
    for (const [key, value] of Object.entries(told)) {
      const known = text(value);
      if (known && !(key in more)) members[key] = known;
    }
    return send(name, parameters, members);
  };
}
