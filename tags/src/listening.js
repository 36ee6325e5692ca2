/**
 * What the modules of triggers share: guarded entries, those triggers that listen, and messages about an element.
 *
 * @typedef {import("./types.js").Runtime} Runtime
 * @typedef {import("./types.js").TriggerData} TriggerData
 */

import { quietly } from "./page.js";

/** Longest text that a message carries. A `data:` URL may have megabytes. */
const textMax = 4000;

/**
 * The function that does the same and never throws: an error of ours must not reach the page.
 *
 * @template {(...args: any[]) => any} F
 * @param {F} action
 * @returns {(...args: Parameters<F>) => any}
 */
export const guarded = (action) => (...args) => quietly(() => action(...args));

/**
 * True while the trigger listens: the conditions under which its author switched it on hold.
 *
 * @param {Runtime} runtime
 * @param {TriggerData} trigger
 */
export const isListening = (runtime, trigger) => runtime.holds(trigger[4] || []);

/**
 * An attribute as text, its beginning where it is very long, "" without one or for what is no element.
 *
 * @param {any} element
 * @param {string} name
 * @returns {string}
 */
export const attributeOf = (element, name) =>
  ((element.getAttribute && element.getAttribute(name)) || "").slice(0, textMax);

/**
 * A property that is a URL. A form's field of the same name hides the form's own, and SVG has an object there.
 *
 * @param {any} element
 * @param {string} name
 * @returns {string}
 */
const urlProperty = (element, name) => {
  let value = element[name];
  if (value && value.tagName) value = element.cloneNode()[name];
  if (value && value.baseVal) value = quietly(() => new URL(value.baseVal, element.baseURI).href);
  return typeof value == "string" ? value : "";
};

/**
 * Where an element leads, or what it shows.
 *
 * @param {any} element
 * @returns {string}
 */
export const urlOf = (element) =>
  (attributeOf(element, "formaction") && urlProperty(element, "formAction")) ||
  ["action", "href", "src", "code", "codebase"].reduce((found, name) => found || urlProperty(element, name), "");

/**
 * A message about an element, in Google's keys.
 *
 * @param {string} event
 * @param {any} element
 * @param {TriggerData[]} triggers which it is for
 * @returns {Object<string, any>}
 */
export const elementMessage = (event, element, triggers) => ({
  event,
  "gtm.element": element,
  "gtm.elementClasses": attributeOf(element, "class"),
  "gtm.elementId": attributeOf(element, "id"),
  "gtm.elementTarget": attributeOf(element, "target"),
  "gtm.elementUrl": urlOf(element).slice(0, textMax),
  "gtm.triggers": idsOf(triggers),
});

/** @param {TriggerData[]} triggers @returns {string} their ids, as `gtm.triggers` has them */
export const idsOf = (triggers) => triggers.map((trigger) => trigger[3]).join();


/**
 * Keeps the triggers of a type; what sees for all of them is begun with the first.
 *
 * @param {Runtime} runtime
 * @param {string} type
 * @param {(triggers: TriggerData[]) => void} begin
 */
export const collect = (runtime, type, begin) => {
  /** @type {TriggerData[]} */
  const triggers = [];
  runtime.triggers[type] = (trigger) => {
    if (triggers.push(trigger) < 2) begin(triggers);
  };
};

/**
 * Pushes a message about an element for those of the triggers that listen.
 *
 * @param {Runtime} runtime
 * @param {TriggerData[]} triggers
 * @param {string} event
 * @param {any} element
 * @param {Object<string, any>} [more] members of the message
 */
export const tell = (runtime, triggers, event, element, more) => {
  const listening = triggers.filter((trigger) => isListening(runtime, trigger));
  if (listening[0]) runtime.push({ ...elementMessage(event, element, listening), ...more });
};
