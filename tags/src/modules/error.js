/** Errors of the page's scripts that nobody caught (`gtm.pageError`). */
import { guarded, idsOf, isListening } from "../listening.js";

/** After so many errors a page is not listened to any more; an error in a tag for errors ends here too. */
const errorsMax = 50;

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  /** @type {import("../types.js").TriggerData[]} */
  const triggers = [];
  let count = 0;

  const see = guarded((event) => {
    const listening = triggers.filter((trigger) => isListening(runtime, trigger));
    if (event.message === undefined || !listening.length || count++ >= errorsMax) return;
    runtime.push({
      event: "gtm.pageError",
      "gtm.errorMessage": String(event.message).slice(0, 2000),
      "gtm.errorUrl": event.filename || "",
      "gtm.errorLineNumber": event.lineno || 0,
      "gtm.triggers": idsOf(listening),
    });
  });

  runtime.triggers.jsError = (trigger) => {
    if (triggers.push(trigger) < 2) window.addEventListener("error", see);
  };
};
