/** The page's address (`u`), whole or one part of it. */
import { part } from "../address.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.variables.u = (settings) =>
    part.of(String(settings.customUrlSource || runtime.get("gtm.url") || location.href), settings);
};
