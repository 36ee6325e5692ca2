/**
 * Commands of `gtag()` that set consent: the compiler makes them of the parameters of consent mode's template. They
 * hold at once, for tags of the same event too.
 */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  /** @param {any[]} _ a command, which is one as an arguments object alone */
  const gtag = function (..._) {
    runtime.push(arguments);
  };

  runtime.tags.consentMode = ({ commands }, call) => {
    commands.forEach((/** @type {any[]} */ command) => gtag(...command));
    call.ok();
  };
};
