/**
 * The comparisons that few conditions have; part of every container with one of them. Numbers are compared as
 * numbers, and nothing holds for what is none; URLs are the same when
 * they are it once resolved against the page's.
 */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const absolute = (/** @type {string} */ url) => new URL(url, location.href).href;
  Object.assign(runtime.comparisons, /** @type {typeof runtime.comparisons} */ ({
    gt: (a, b, value) => +value > +b,
    ge: (a, b, value) => +value >= +b,
    lt: (a, b, value) => +value < +b,
    le: (a, b, value) => +value <= +b,
    url: (a, b) => absolute(a) == absolute(b),
  }));
};
