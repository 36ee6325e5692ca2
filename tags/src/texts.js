/** Longest text of an element that a variable has. */
const textMax = 10000;

/**
 * What an element says, in one line: the text that people see, else all of it.
 *
 * @param {any} element
 * @returns {string}
 */
export const textOf = (element) =>
  String(element.innerText || element.textContent || "").slice(0, textMax).trim().replace(/\s+/g, " ");
