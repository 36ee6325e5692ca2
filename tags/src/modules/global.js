/** A JavaScript variable of the page (`j`), by dots. */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.variables.j = (settings) => {
    try {
      return String(settings.name).split(".")
        .reduce((/** @type {any} */ value, key) => value == null ? undefined : value[key], window);
    } catch (error) {
      // A getter of the page's threw, or another origin's window said no.
      return undefined;
    }
  };
};
