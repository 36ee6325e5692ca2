/** Whether an element is on screen now, or how much of it is (`vis`). Null where there is none. */
import { isHidden, visibleRatio } from "../sight.js";
import { selected } from "../selected.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.variables.vis = (settings) => {
    const element = selected(settings);
    if (!element) return null;
    const percent = isHidden(element) ? 0 : Math.round(visibleRatio(element) * 1000) / 10;
    return settings.outputMethod === "PERCENT"
      ? percent : percent > 0 && percent >= (Number(settings.onScreenRatio) || 0);
  };
};
