/** An element of the page (`d`): its text, or one of its attributes. Null where there is none. */
import { selected } from "../selected.js";
import { textOf } from "../texts.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.variables.d = (settings) => {
    const element = selected(settings);
    const name = settings.attributeName;
    if (!element) return null;
    if (!name) return textOf(element);
    // What was typed into a field is its value, not its attribute.
    return name === "value" && typeof element.value === "string" ? element.value : element.getAttribute(name);
  };
};
