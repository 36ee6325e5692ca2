/**
 * Forms that are sent (`gtm.formSubmit`): by people, and by the page's own `form.submit()`. Where a trigger asks
 * whether the page prevented it, or waits for tags, module `form-wait` does it all.
 */
import { collect, guarded, tell } from "../listening.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => collect(runtime, "formSubmission", (triggers) => {
  const prototype = HTMLFormElement.prototype;
  const { submit } = prototype;
  const see = guarded((form, button) =>
    tell(runtime, triggers, "gtm.formSubmit", form, { "gtm.formSubmitElement": button || null }));
  addEventListener("submit", ({ target, submitter }) => see(target, submitter));
  prototype.submit = function () {
    see(this);
    submit.call(this);
  };
});
