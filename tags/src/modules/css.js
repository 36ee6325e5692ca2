/** The comparison with a selector, which has to match the element itself; part of every container with one. */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.comparisons.css = (a, b, value) => value.matches(b);
};
