/** Clicks on anything (`gtm.click`), seen before the page's own listeners, inside open shadow trees too. */
import { elementMessage, guarded, isListening } from "../listening.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
    /** @type {import("../types.js").TriggerData[]} */
    const clicks = [];

    const see = guarded((event) => {
        const triggers = clicks.filter((trigger) => isListening(runtime, trigger));
        const target = (event.composedPath && event.composedPath()[0]) || event.target;
        if (triggers.length) runtime.push(elementMessage("gtm.click", target, triggers));
    });

    runtime.triggers.click = (trigger) => {
        if (clicks.push(trigger) < 2) document.addEventListener("click", see, true);
    };
};
