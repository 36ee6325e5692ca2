/**
 * What the modules for other vendors' scripts share; bundled into each that uses it.
 *
 * @typedef {import("./types.js").Runtime} Runtime
 * @typedef {import("./types.js").TagCall} TagCall
 */

import { none } from "./page.js";

export { page } from "./page.js";

/**
 * A script that is added once, however many tags need it; each of them is told when it has loaded or failed, in the
 * order in which they came. One that failed is tried again by the next tag that needs it.
 *
 * @param {Runtime} runtime
 * @returns {(url: string, call: TagCall, loaded?: () => void) => void} `loaded` comes before the tag's `ok`
 */
export const scripts = (runtime) => {
  /** @type {Object<string, [TagCall, (() => void)?][]|null>} what waits, by URL; null when it has loaded */
  const waiting = none();
  return (url, call, loaded) => {
    /** @param {[TagCall, (() => void)?]} one */
    const done = ([{ ok, fail }, then]) => {
      try {
        if (then) then();
        ok();
      } catch (error) {
        fail("" + error);
      }
    };
    const calls = waiting[url];
    if (calls === null) return done([call, loaded]);
    if (calls) return void calls.push([call, loaded]);
    /** @type {[TagCall, (() => void)?][]} */
    const mine = (waiting[url] = [[call, loaded]]);
    runtime.script(
      url,
      () => {
        waiting[url] = null;
        mine.forEach(done);
      },
      () => {
        delete waiting[url];
        mine.forEach(([one]) => one.fail("not loaded: " + url));
      },
    );
  };
};
