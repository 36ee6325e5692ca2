/** A cookie of the site (`k`): the first of its name. */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.variables.k = (settings) => {
    const cookies = String(runtime.get("gtm.cookie") || document.cookie).split(";");
    const found = cookies.map((cookie) => cookie.trim()).find((cookie) => cookie.startsWith(settings.name + "="));
    if (!found) return undefined;
    const value = found.slice(String(settings.name).length + 1);
    if (String(settings.decodeCookie) !== "true") return value;
    try {
      return decodeURIComponent(value);
    } catch (error) {
      return value;
    }
  };
};
