/** Tables of parameters whose names are worked out in the page. */

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
