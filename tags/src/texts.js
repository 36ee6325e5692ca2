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

/**
 * True where an element is named by a selector; programs that make exports write `CSS_SELECTOR`.
 *
 * @param {any} settings
 */
export const isBySelector = (settings) => String(settings.selectorType).startsWith("CSS");

/**
 * The element that a variable names by id or by selector, null when there is none.
 *
 * @param {any} settings `selectorType`, `elementId`, `elementSelector`
 * @returns {any}
 */
export const selected = (settings) => {
    try {
        return isBySelector(settings)
            ? document.querySelector(settings.elementSelector)
            : document.getElementById(settings.elementId);
    } catch (error) {
        return null;
    }
};
