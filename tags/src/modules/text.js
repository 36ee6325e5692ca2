/** The text of the element that was clicked, or of the form that was sent (`clickText`). */
import { textOf } from "../texts.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.variables.clickText = () => {
    const element = runtime.get("gtm.element");
    return element && textOf(element);
  };
};
