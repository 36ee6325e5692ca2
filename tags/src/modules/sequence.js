/**
 * Set-up and clean-up tags; part of every container that has a tag with `s` or `u`. A tag that fails its set-up,
 * where it shall stop then, counts as one that did not run. One that runs once and is at it is waited for. At most
 * 9 tags call one another, and none calls one that called it.
 *
 * @typedef {(ok: any) => void} Done
 */

const chainMax = 9;
/** Tags that may wait for one that is at it; more do not wait. */
const waitingMax = 50;

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { around } = runtime;
  /**
   * What is at it, with what waits for it.
   * @type {{[place: number]: {event: any, waits: Done[]} | undefined}}
   */
  const running = {};

  /**
   * Whether a tag that runs once is at it; then `done` is seen to.
   * @type {(place: number, event: any, done: Done) => boolean}
   */
  const joins = (place, event, done) => {
    const { o } = runtime.data.G[place];
    const other = running[place];
    if (!o || !other || (o < 2 && other.event != event)) return false;
    if (other.waits.length < waitingMax) other.waits.push(done);
    else done(1);
    return true;
  };

  runtime.around = (place, event, chain, start, done) => {
    if (joins(place, event, done)) return;
    const { s, u } = runtime.data.G[place];
    const waits = [done];
    const mine = (running[place] = { event, waits });
    const close = (/** @type {any} */ ok) => {
      if (running[place] == mine) running[place] = undefined;
      waits.forEach((action) => action(ok));
    };
    /** @type {(other: [number, number]|undefined, then: Done) => void} */
    const call = (other, then) => {
      if (!other || chain.length > chainMax || chain.includes(other[0])) then(1);
      else if (!joins(other[0], event, then)) runtime.run(other[0], event, then, chain);
    };
    call(s, (isSetUp) => {
      if (!isSetUp && s && s[1]) return close(0);
      around(place, event, chain, start, (ok) => call(u && (ok || !u[1]) ? u : undefined, () => close(ok)));
    });
  };
};
