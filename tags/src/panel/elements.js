/**
 * Makes an element; texts stay texts. `data-do` names what a click on it does, `data-key` what it is, so that it can be
 * found again when the panel is drawn anew.
 *
 * @param {string} name
 * @param {Object<string, any>} attributes `true` for one without a value; what is false or undefined is left out
 * @param {...(Node|string|number|undefined|false)} children
 * @returns {HTMLElement}
 */
export const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child !== undefined && child !== false) made.append(typeof child == "number" ? String(child) : child);
  }
  return made;
};

/**
 * The first of a long list, and how many more there are.
 *
 * @template T
 * @param {T[]} items
 * @param {(item: T) => Node} draw
 * @param {number} [max]
 * @returns {DocumentFragment}
 */
export const listed = (items, draw, max = 200) => {
  const whole = document.createDocumentFragment();
  items.slice(0, max).forEach((item) => whole.append(draw(item)));
  if (items.length > max) whole.append(element("p", { class: "soft" }, `… and ${items.length - max} more`));
  return whole;
};

/**
 * A table of two columns.
 *
 * @param {string} label
 * @param {[string, Node|string][]} rows
 */
export const table = (label, rows) => element("table", { "aria-label": label },
  listed(rows, ([name, value]) =>
    element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value)), 600));
