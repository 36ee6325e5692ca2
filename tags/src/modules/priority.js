/** The order of tags that one event fires; part of every container with a tag that has a priority. */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const priority = (/** @type {number} */ place) => +runtime.resolve(/** @type {any} */ (runtime.data.G[place].r)) || 0;
  runtime.inOrder = (places) => places.sort((a, b) => priority(b) - priority(a));
};
