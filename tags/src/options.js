/**
 * What the options of Highland's page views share; bundled into each.
 *
 * @typedef {import("./types.js").Runtime} Runtime
 * @typedef {import("./types.js").TagCall} TagCall
 */

export { isOn } from "./flags.js";

/**
 * Calls `viewed` before a page view is counted for a tag.
 *
 * @param {Runtime} runtime
 * @param {(parameters: any, call: TagCall) => boolean|void} viewed false: is not counted, and what becomes of the call
 *   is the callee's affair
 */
export const beforeView = (runtime, viewed) => {
  const count = runtime.tags.highland;
  runtime.tags.highland = (parameters, call) => {
    if (viewed(parameters, call) !== false) count(parameters, call);
  };
};

/**
 * Sends an event that nobody fired a tag for, on behalf of one that counts page views, if that may still run.
 *
 * @param {Runtime} runtime
 * @param {number} place of the tag
 * @param {string} name
 * @param {any} parameters of the tag
 * @param {Object<string, any>} more members of the event
 */
export const send = (runtime, place, name, { site, userID }, more) => {
  if ((runtime.data.G[place].c || []).slice(1).every(runtime.granted)) runtime.highland(name, { site, userID }, more);
};

/**
 * The tags that have an option switched on, by place, with their parameters; a listener is begun with the first one.
 *
 * @param {Runtime} runtime
 * @param {(parameters: any) => boolean} has
 * @param {() => void} begin
 */
export const tagsWith = (runtime, has, begin) => {
  /** @type {Map<number, any>} */
  const found = new Map();
  beforeView(runtime, (parameters, { place }) => {
    if (!has(parameters)) return;
    if (!found.size) begin();
    found.set(place, parameters);
  });
  return found;
};
