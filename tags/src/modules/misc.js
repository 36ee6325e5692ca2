/** What the container says of itself: id, version, environment, preview, and where it was loaded from. */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { variables, data } = runtime;
  // Pages compare with the id that the container had before it was imported; both find it.
  variables.containerId = () => data.a || data.i;
  variables.ctv = () => String(data.v || "QUICK_PREVIEW");
  variables.debugMode = () => !!data.p;
  variables.environmentName = () => data.e.charAt(0).toUpperCase() + data.e.slice(1);
  variables.firstPartyServingUrl = () => runtime.base;
};
