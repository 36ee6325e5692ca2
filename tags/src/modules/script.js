/** Tag type `script`: one function of the custom script, with `this` = `window`. */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.tags.script = Object.assign(
    (/** @type {any} */ { code }, /** @type {import("../types.js").TagCall} */ call) => {
      runtime.functions[code].call(window, runtime.resolver(call));
      call.ok();
    }, { isCustom: 1 });
};
