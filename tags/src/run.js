/**
 * Runs one tag, with what goes before and after it.
 *
 * @typedef {import("./types.js").LayerEvent} LayerEvent
 */
import { quietly } from "./dataLayer.js";

/** How long a tag may take before those after it go on as if it had failed, in ms. */
const tagWait = 1e4;
/** Tags that may stand waiting for consent; more are dropped. */
const waitingMax = 50;
/** Tags in one chain of set-up and clean-up tags. */
const chainMax = 9;

/**
 * @param {any} runtime
 * @param {import("./consent.js").Consent} consent
 */
export default (runtime, consent) => {
  const all = /** @type {import("./types.js").TagData[]} */ (runtime.data.G);
  /**
   * How each tag ran last; `then` is there while it runs.
   * @typedef {{event: LayerEvent, ok?: boolean, then?: ((ok: any) => void)[]|null}} Ran
   * @type {Ran[]}
   */
  const last = [];
  /** @type {(() => void)[]} */
  const waiting = [];

  const note = (/** @type {number} */ place, /** @type {LayerEvent} */ event, /** @type {string} */ what) => {
    if (runtime.hooks.tag) quietly(() => runtime.hooks.tag(place, event, what));
  };

  /**
   * Works out what a tag and those that it calls ask for, and gives whether one of them is custom code.
   * @type {(place: number, depth?: number) => any}
   */
  const warm = (place, depth = 0) => {
    const { t, p, s, u } = all[place];
    runtime.resolveAll(p);
    const others = [s, u].filter((other) => other && depth < chainMax && warm(other[0], depth + 1));
    return (runtime.tags[t] || 0).isCustom || others.length;
  };

  /**
   * @param {number} place
   * @param {LayerEvent} event
   * @param {(ok: any) => void} done once; a tag that waits for consent is done with, and did not succeed
   * @param {number[]} [above] the tags that called for this one
   */
  const run = (place, event, done, above = []) => {
    const { t, p, s, u, o, c, w } = all[place];
    const chain = above.concat(place);
    const now = Date.now();
    const before = last[place];
    const end = (/** @type {any} */ ok, /** @type {string} */ what) => {
      note(place, event, what);
      done(ok);
    };
    const calls = (/** @type {any} */ other) =>
      other && above.length < chainMax && !chain.includes(other[0]);

    if (w && (now < w[0] || (w[1] && now >= w[1]))) return end(false, "time");
    if (o && before && (o > 1 || before.event == event)) {
      if (before.then && above[0] != null && before.then.length < waitingMax) return before.then.push(done);
      return end(before.ok != false, "once");
    }
    const verdict = consent.verdict(c);
    if (verdict < 1) {
      const waits = (verdict < 0 || /** @type {any} */ (c)[0]) && waiting.length < waitingMax;
      const isOpen = waits && verdict < 0;
      if (waits) {
        runtime.within(event, () => warm(place));
        waiting.push(() => run(place, event, isOpen ? done : () => {}, above));
      }
      return isOpen ? note(place, event, "wait") : end(false, waits ? "wait" : "consent");
    }

    /** @type {Ran} */
    const state = (last[place] = { event, then: [done] });
    const close = (/** @type {any} */ ok) => {
      const { then } = state;
      state.then = null;
      state.ok = ok;
      if (then) then.forEach((action) => action(ok));
    };
    const main = () => {
      let isOver = false;
      const finish = (/** @type {any} */ ok) => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        note(place, event, ok ? "ok" : "fail");
        if (calls(u) && (ok || !/** @type {any} */ (u)[1])) run(/** @type {any} */ (u)[0], event, () => close(ok), chain);
        else close(ok);
      };
      const timer = setTimeout(() => finish(false), tagWait);
      /** @type {any} */
      const call = { place, event, ok: () => finish(true), fail: () => finish(false) };
      note(place, event, "run");
      try {
        call.v = runtime.resolver(event, call);
        runtime.within(event, () => runtime.tags[t](runtime.resolveAll(p), call), call);
      } catch (error) {
        finish(false);
      }
    };
    if (!calls(s)) return main();
    run(/** @type {any} */ (s)[0], event, (ok) => {
      if (ok || !/** @type {any} */ (s)[1]) return main();
      note(place, event, "setup");
      close(false);
      delete last[place];
    }, chain);
  };

  runtime.onConsent(() => waiting.splice(0).forEach((action) => action()));
  return { run, warm, note };
};
