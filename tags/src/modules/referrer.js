/** The address that the page was reached from (`f`), whole or one part of it. */
import { part } from "../address.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.variables.f = (settings) => {
    const url = String(runtime.get("gtm.referrer") || document.referrer);
    return url && part.of(url, settings);
  };
};
