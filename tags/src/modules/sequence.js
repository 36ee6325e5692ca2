/**
 * Set-up and clean-up tags; part of every container that has a tag with `s` or `u`. A tag that fails its set-up, where it
 * shall stop then, counts as one that did not run. At most 9 tags call one another, and none calls one that called it.
 */

const chainMax = 9;

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.around = (place, event, chain, start, close) => {
    const { s, u } = runtime.data.G[place];
    /** @type {(other: [number, number]|undefined, then: (ok: any) => void) => void} */
    const call = (other, then) => {
      if (other && chain.length <= chainMax && !chain.includes(other[0])) runtime.run(other[0], event, then, chain);
      else then(1);
    };
    call(s, (isSetUp) => {
      if (!isSetUp && s && s[1]) return close(0, 1);
      start((ok) => call(u && (ok || !u[1]) ? u : undefined, () => close(ok)));
    });
  };
};
