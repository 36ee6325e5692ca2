/** Ids that Google Analytics keeps in cookies of the site: of the browser, of the visit, and the visit's number. */

/** @param {string} start of a cookie's name @returns {string} the first one's value, "" without one */
const cookie = (start) => {
  const found = document.cookie.split(";").map((part) => part.trim()).find((part) => part.startsWith(start));
  return found ? found.slice(found.indexOf("=") + 1) : "";
};

/**
 * A part of the visit's cookie: `GS1.1.ID.NUMBER.…`, since 2025 `GS2.1.sID$oNUMBER$…`.
 *
 * @param {number} place 0 its id, 1 its number
 */
const visit = (place) => () => {
  const part = cookie("_ga_").split(".").slice(2).join(".").split(/[.$]/)[place];
  return part ? part.replace(/^[so]/, "") : undefined;
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.variables.analyticsClientId = () => cookie("_ga=").split(".").slice(-2).join(".") || undefined;
  runtime.variables.analyticsSessionId = visit(0);
  runtime.variables.analyticsSessionNumber = visit(1);
};
