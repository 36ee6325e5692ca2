/** Runs one tag, with what goes before and after it. */
import { onConsent, verdict } from "./consent.js";
import { runtime } from "./runtime.js";

/**
 * @typedef {import("./types.js").LayerEvent} LayerEvent
 * @typedef {(ok: any) => void} Done
 */

/** How long a tag may take before those after it go on as if it had failed, in ms. */
const tagWait = 1e4;
/** Tags that may stand waiting for consent; more are dropped. */
const waitingMax = 50;

/**
 * At which event each tag ran last.
 * @type {LayerEvent[]}
 */
const last = [];
/** @type {(() => void)[]} */
const waiting = [];

onConsent(() => waiting.splice(0).forEach((action) => action()));

/**
 * @param {number} place
 * @param {LayerEvent} event
 * @param {Done} done once; with consent lacking at once, even where the tag waits for it
 * @param {number[]} above the tags that called for this one
 */
export const run = (place, event, done, above) => {
  const { t, p, o, c, w } = runtime.data.G[place];
  const now = Date.now();
  const state = verdict(c);
  if (w && (now < w[0] || now >= w[1])) return done(0);
  if (o && last[place] && (o > 1 || last[place] == event)) return done(1);
  if (state < 1) {
    if ((state || /** @type {any} */ (c)[0]) && waiting.length < waitingMax) {
      // The values are those of the event, whenever it runs.
      runtime.within(event, () => runtime.resolveAll(p));
      waiting.push(() => run(place, event, state ? done : () => {}, above));
      if (state) return;
    }
    return done(0);
  }
  const start = (/** @type {Done} */ end) => {
    let isOver = 0;
    const finish = (/** @type {any} */ ok) => isOver++ || end(ok);
    const call = { place, event, ok: () => finish(1), fail: () => finish(0) };
    last[place] = event;
    setTimeout(finish, tagWait);
    if (!runtime.within(event, () => (runtime.tags[t](runtime.resolveAll(p), call), 1), call)) finish(0);
  };
  runtime.around(place, event, above.concat(place), start, done);
};
