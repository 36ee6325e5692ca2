/** Clicks on anything (`gtm.click`), seen before the page's own listeners, inside open shadow trees too. */
import { collect, guarded, tell } from "../listening.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => collect(runtime, "click", (triggers) =>
  document.addEventListener("click", guarded((event) =>
    tell(runtime, triggers, "gtm.click", (event.composedPath && event.composedPath()[0]) || event.target)), true));
