/** A whole number by chance (`r`), from `min` to `max`: anew for each event. */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.variables.r = (settings) => {
    const given = [settings.min, settings.max].map((bound) => (bound == null || bound === "" ? NaN : +bound));
    const [min, max] = given[0] <= given[1] ? given : [0, 2147483647];
    return Math.floor(Math.random() * (max - min + 1)) + min;
  };
};
