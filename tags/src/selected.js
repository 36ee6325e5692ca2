/** Elements that a variable names. */
import { quietly } from "./page.js";

/**
 * The element that settings name, by id or by selector; null where there is none. Programs that make exports write
 * `CSS_SELECTOR`.
 *
 * @param {any} settings `selectorType`, `elementId`, `elementSelector`
 * @returns {any}
 */
export const selected = (settings) => quietly(() => (/^CSS/.test(settings.selectorType)
  ? document.querySelector(settings.elementSelector)
  : document.getElementById(settings.elementId))) || null;
