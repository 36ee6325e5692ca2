/** Start options of triggers, and the lists of numbers in their settings. */

/**
 * The numbers of a comma-separated list, ascending and at most 100; none of them when one is not a number.
 *
 * @param {any} text
 * @returns {number[]}
 */
export const numbersOf = (text) => {
  const numbers = String(text == null ? "" : text).split(",").filter((part) => part.trim()).map(Number);
  return numbers.every(isFinite) ? numbers.sort((a, b) => a - b).slice(0, 100) : [];
};

/**
 * Calls at a start option of Google's: CONTAINER_LOAD now, DOM_READY when the page is parsed, else when it has loaded.
 *
 * @param {any} option
 * @param {() => void} action
 */
export const whenStarted = (option, action) => {
  const state = document.readyState;
  const isEarly = option == "DOM_READY";
  if (option == "CONTAINER_LOAD" || state == "complete" || (isEarly && state != "loading")) action();
  else addEventListener(isEarly ? "DOMContentLoaded" : "load", action);
};
